"""The ranges of the cluster that files show: for pods, for nodes, for Services.

No object says where a cluster's pods are; kube-proxy was told.  Where what it was told is not in
the files, the pod ranges of the nodes say nearly as much.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import ip_network

from svcnet.api.addresses import Network, parse, parse_range, pod_ranges
from svcnet.api.config import ClusterSettings
from svcnet.api.keys import Document
from svcnet.api.kinds import NODE, POD, SERVICE, SERVICE_CIDR
from svcnet.api.lean_msgspec import msgspec
from svcnet.control.dump.contents import WORKLOADS, Contents
from svcnet.lean_namedtuple import NamedTuple

IPV4, IPV6 = 4, 6
_WIDEST = {IPV4: 16, IPV6: 56}
"""Prefix length that installers give a cluster whose nodes have ranges of `_NODE` length."""
_NODE = {IPV4: 24, IPV6: 64}
_KUBEADM = ip_network("10.96.0.0/12")


class PodRange(NamedTuple):
    """Where pods are, and who says so."""

    cidrs: tuple[str, ...]
    """At most one of a family; empty: it cannot be known."""
    source: str
    """As words; empty where there is nothing to say."""


def settings_of(
    contents: Contents, nodes: Sequence[Document], base: ClusterSettings, cluster_cidr: str
) -> ClusterSettings:
    """Return the settings of the cluster that `contents` shows.

    Args:
        contents: what files hold.
        nodes: the nodes they hold or name.
        base: what holds where they say nothing.
        cluster_cidr: what kube-proxy was told of pods; empty: nothing.

    Nobody is there to give load balancers addresses, and nodes that came without pod ranges get
    none, unless they were written by hand together with workloads whose pods want addresses.
    """
    if not contents.is_dump:
        return base
    changes: dict[str, object] = {
        "load_balancer_cidr": "",
        "service_cidrs": service_cidrs(contents, base.service_cidrs),
    }
    if nodes and not ranges_to_be_given(contents):
        # What kube-proxy would refuse is not for settings either.
        told = tuple(each for each in cluster_cidr.split(",") if parse_range(each))
        cidrs = told or pod_range(nodes, base).cidrs
        changes |= {"cluster_cidrs": cidrs, "node_masks": _masks(nodes, cidrs)}
    return msgspec.structs.replace(base, **changes)


def ranges_to_be_given(contents: Contents) -> bool:
    """Tell whether nodes get pod ranges of the cluster that the files do not describe."""
    nodes = contents.of(NODE)
    if not nodes or any(each["metadata"].get("uid") or pod_ranges(each) for each in nodes):
        return False
    wanted = any(each.kind.resource in WORKLOADS for each in contents.items)
    return wanted or any(not (each.get("status") or {}).get("podIP") for each in contents.of(POD))


# --- pods -------------------------------------------------------------------------------------


def pod_range(nodes: Iterable[Document], base: ClusterSettings) -> PodRange:
    """Return where the pods are of a cluster with these nodes, as far as those tell.

    The base's ranges hold where the nodes' lie in them, also as to which families there are: a
    cluster with nodes of both may have told kube-proxy of one.  Otherwise it is the range around
    those of the nodes, as wide as installers choose it.
    """
    found = _networks(nodes)
    if not found:
        return PodRange((), "")
    families = dict.fromkeys(each.version for each in found)
    known = {
        network.version: network for each in base.cluster_cidrs if (network := parse_range(each))
    }
    if known and all(
        version in families and all(_holds(network, each) for each in found)
        for version, network in known.items()
    ):
        return PodRange(base.cluster_cidrs, "")
    cidrs = tuple(str(_around([n for n in found if n.version == each])) for each in families)
    return PodRange(cidrs, "after the podCIDRs of the nodes")


def families(cidrs: Iterable[str]) -> set[int]:
    """Return the families of ranges."""
    return {network.version for each in cidrs if (network := parse_range(each))}


def _networks(nodes: Iterable[Document]) -> list[Network]:
    texts = (each for node in nodes for each in pod_ranges(node))
    return [network for each in texts if (network := parse_range(each))]


def node_families(nodes: Iterable[Document]) -> set[int]:
    """Return the families in which nodes have pod ranges."""
    return {each.version for each in _networks(nodes)}


def _holds(network: Network, other: Network) -> bool:
    """Tell whether `network` holds a range; those of the other family are not asked about."""
    if network.version != other.version:
        return True
    return network.prefixlen <= other.prefixlen and other.network_address in network


def _around(networks: Sequence[Network]) -> Network:
    """Return the range around those of nodes."""
    version = networks[0].version
    shortest = min(each.prefixlen for each in networks)
    # Nodes with shares of another size belong to ranges that somebody has thought about.
    length = min(shortest, max(0, _WIDEST[version] + min(0, shortest - _NODE[version])))
    around = networks[0].supernet(new_prefix=length)
    while not all(_holds(around, each) for each in networks):
        around = around.supernet()
    return around


def _masks(nodes: Sequence[Document], cidrs: Sequence[str]) -> tuple[int, ...]:
    """Return the size of a node's share of each range; none where nodes are without."""
    if not all(pod_ranges(each) for each in nodes):
        return ()
    sizes = {each.version: each.prefixlen for each in _networks(nodes)}
    versions = [network.version for each in cidrs if (network := parse_range(each))]
    return tuple(sizes.get(each, _NODE[each]) for each in versions)


# --- Services ---------------------------------------------------------------------------------


def service_cidrs(contents: Contents, base: tuple[str, ...]) -> tuple[str, ...]:
    """Return where cluster IPs come from: as ServiceCIDRs say, or around those that are given."""
    named = {each["metadata"]["name"]: each for each in contents.of(SERVICE_CIDR)}
    if named:
        first = named.get("kubernetes", next(iter(named.values())))
        given = (first.get("spec") or {}).get("cidrs") or ()
        cidrs = tuple(str(network) for each in given if (network := parse_range(str(each))))
        if cidrs:
            return cidrs
    return _around_addresses(contents.of(SERVICE)) or base


def _around_addresses(services: Iterable[Document]) -> tuple[str, ...]:
    """Return the ranges, of the usual size, that hold the cluster IPs; the first ones' family."""
    addresses = [
        address
        for each in services
        for text in (each.get("spec") or {}).get("clusterIPs")
        or [(each.get("spec") or {}).get("clusterIP")]
        if text and (address := parse(str(text)))
    ]
    found: dict[int, Network] = {}
    for address in addresses:
        usual = _KUBEADM if address in _KUBEADM else None
        length = 16 if address.version == IPV4 else 112
        around = usual or ip_network(f"{address}/{length}", strict=False)
        known = found.setdefault(address.version, around)
        while address not in known:
            known = found[address.version] = known.supernet()
    return tuple(map(str, found.values()))
