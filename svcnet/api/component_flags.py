"""What decides the ranges of a cluster: flags of its API server and controllers, read and checked.

A range that a real cluster would not start with is refused here, in its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import TypeAlias

from svcnet.api import addresses
from svcnet.api.addresses import Address
from svcnet.api.content import dns_subdomain, label_value
from svcnet.errors import SvcnetError, go_quote

Network: TypeAlias = IPv4Network | IPv6Network

MIN_SERVICE_ADDRESSES = 8
MAX_SERVICE_BITS = 64
"""A service range has at most this many host bits; that is no limit for IPv4."""

MAX_PORT = 65535
# Source: kubernetes pkg/kubeapiserver/options/options.go DefaultServiceNodePortRange.
DEFAULT_PORTS = (30000, 32767)
DEFAULT_MASKS = {4: 24, 6: 64}
"""Prefix lengths of a node's pod range."""

ADVERTISED = {"IPv4": "192.168.50.10", "IPv6": "fd00:192:168:50::10"}
"""Where the API server is when nobody says where: beside the nodes."""

MAX_SUBNET_BITS = 16
"""An IPv6 cluster range is divided into at most 2**16 ranges for nodes."""


def nodes(text: str) -> tuple[str, ...]:
    """Read ``--nodes``: names with a comma between them, each with its zone or without.

    Raises:
        SvcnetError: a name or zone is not good, or a name comes twice.

    >>> nodes("n1:zone-a, n2"), nodes("")
    (('n1:zone-a', 'n2'), ())
    """
    asked = tuple(each.strip() for each in text.split(",")) if text.strip() else ()
    names = []
    for each in asked:
        name, colon, zone = each.partition(":")
        for complaint in (*dns_subdomain(name), *label_value(zone)):
            raise invalid_argument("nodes", text, complaint)
        if colon and not zone:
            raise invalid_argument("nodes", text, f"node {name} has no zone behind its colon")
        if name in names:
            raise invalid_argument("nodes", text, f"node {name} comes twice")
        names.append(name)
    return asked


def service_cidrs(text: str) -> tuple[str, ...]:
    """Read ``--service-cluster-ip-range``: one range, or two of different families.

    Host bits are masked off.

    Raises:
        SvcnetError: the API server would not start.

    Source: kubernetes pkg/controlplane/apiserver/options/options.go ServiceIPRange... and
    cmd/kube-apiserver/app/options/validation.go validateClusterIPFlags().

    >>> service_cidrs("10.96.0.5/12,fd00:10:96::/112")
    ('10.96.0.0/12', 'fd00:10:96::/112')
    """
    entries = text.split(",")
    primary = _network(entries[0])
    if primary is None:
        raise SvcnetError("service-cluster-ip-range[0] is not a valid cidr")
    if primary.num_addresses < MIN_SERVICE_ADDRESSES:
        raise SvcnetError(
            "error determining service IP ranges for primary service cidr: the service cluster IP "
            f"range must be at least {MIN_SERVICE_ADDRESSES} IP addresses"
        )
    ranges = [primary]
    if len(entries) > 1:
        secondary = _network(entries[1])
        if secondary is None:
            # Other words than for the first range; so it is in options.go.
            raise SvcnetError("service-cluster-ip-range[1] is not an ip net")
        ranges.append(secondary)
    complaints = tuple(_check_service_ranges(ranges, len(entries)))
    if complaints:
        raise SvcnetError(complaints[0] if len(complaints) == 1 else f"[{', '.join(complaints)}]")
    return tuple(map(str, ranges))


def _check_service_ranges(ranges: Sequence[Network], entries: int) -> Iterator[str]:
    """Yield why the API server would not start with these ranges, in its order."""
    flag = "--service-cluster-ip-range"
    if entries > 2:  # noqa: PLR2004 - one for each family
        yield f"{flag} must not contain more than two entries"
    names = (flag, f"{flag}[1]")
    faults = [
        f"specified {name} is too large; for {each.max_prefixlen}-bit addresses, the mask must be "
        f">= {each.max_prefixlen - MAX_SERVICE_BITS}"
        if each.max_prefixlen - each.prefixlen > MAX_SERVICE_BITS
        else ""
        for name, each in zip(names, ranges, strict=False)
    ]
    if faults[0]:
        yield faults[0]
    if len({each.version for each in ranges}) < len(ranges):
        yield f"{flag}[0] and {flag}[1] must be of different IP family"
    yield from filter(None, faults[1:])


def node_ports(text: str) -> tuple[int, int]:
    """Read ``--service-node-port-range``: ``30000-32767``, ``30000+2767`` or a single port.

    Nothing means Kubernetes' own range.

    Raises:
        SvcnetError: it is no range of ports.

    Source: kubernetes staging/src/k8s.io/apimachinery/pkg/util/net/port_range.go Set().

    >>> node_ports("30000-32767"), node_ports("30000+99"), node_ports("30000"), node_ports("")
    ((30000, 32767), (30000, 30099), (30000, 30000), (30000, 32767))
    """
    value = text.strip()
    if not value:
        return DEFAULT_PORTS
    try:
        first, last = _port_bounds(value)
    except ValueError as error:
        raise invalid_argument("service-node-port-range", text, str(error)) from None
    # 0 is good as a bound, but in a Service it means that no port is asked for.
    return max(first, 1), last


def _port_bounds(value: str) -> tuple[int, int]:
    first, last = _port_numbers(value)
    if first > MAX_PORT or last > MAX_PORT:
        raise ValueError(f"the port range cannot be greater than {MAX_PORT}: {value}")
    if last < first:
        raise ValueError(f"end port cannot be less than start port: {value}")
    return first, last


def _port_numbers(value: str) -> tuple[int, int]:
    """Return the two ends of a range of ports, in whichever way it is written."""
    match "-" in value, "+" in value:
        case True, True:
            raise ValueError(f"unable to parse port range: {value}")
        case True, False:
            first, _, last = value.partition("-")
            return _number(first), _number(last)
        case False, True:
            first, _, offset = value.partition("+")
            return _number(first), _number(first) + _number(offset)
        case _:
            return _number(value), _number(value)


def _number(text: str) -> int:
    if not re.fullmatch(r"[-+]?[0-9]+", text):
        raise ValueError(f'strconv.Atoi: parsing "{text}": invalid syntax')
    return int(text)


def cluster_cidrs(text: str, mask: int | None) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Read ``--cluster-cidr`` and ``--node-cidr-mask-size``: where pods get addresses.

    Args:
        text: one range, or two of different families.
        mask: prefix length of a node's range; None means 24 for IPv4 and 64 for IPv6.

    Returns:
        The ranges, and the prefix length of a node's range in each.

    Raises:
        SvcnetError: the controller manager would not start.

    Source: kubernetes cmd/kube-controller-manager/app/core.go startNodeIpamController(),
    pkg/controller/nodeipam/node_ipam_controller.go, ipam/cidrset/cidr_set.go NewCIDRSet().

    >>> cluster_cidrs("10.244.0.0/16,fd00:10:244::/56", None)
    (('10.244.0.0/16', 'fd00:10:244::/56'), (24, 64))
    """
    ranges = [_cluster_network(index, each) for index, each in enumerate(text.split(","))]
    families = len({each.version for each in ranges})
    # The order of core.go: three ranges of one family are refused for the family.
    if len(ranges) > 1 and families < 2:  # noqa: PLR2004 - there are two
        raise SvcnetError(
            f"len of ClusterCIDRs=={len(ranges)} and they are not configured as dual stack (at "
            "least one from each IPFamily)"
        )
    if len(ranges) > 2:  # noqa: PLR2004
        raise SvcnetError(f"length of clusterCIDRs is:{len(ranges)} more than max allowed of 2")
    # One number cannot fit both families; a real cluster has a flag for each.
    if len(ranges) > 1 and mask is not None:
        raise SvcnetError("usage of --node-cidr-mask-size is not allowed with dual-stack clusters")
    masks = tuple(mask or DEFAULT_MASKS[each.version] for each in ranges)
    for each, length in zip(ranges, masks, strict=True):
        _check_mask(each, length)
    return tuple(map(str, ranges)), masks


def default_cluster_cidrs(services: Iterable[str]) -> str:
    """Return where pods get addresses when nobody says: a range for each family of `services`.

    >>> default_cluster_cidrs(("10.96.0.0/16", "fd00:10:96::/112"))
    '10.244.0.0/16,fd00:10:244::/56'
    """
    return ",".join("fd00:10:244::/56" if ":" in each else "10.244.0.0/16" for each in services)


def node_ips(given: Iterable[str]) -> tuple[str, ...]:
    """Read the addresses of a node: one, or one of each family, in canonical spelling.

    Raises:
        SvcnetError: a kubelet with that ``--node-ip`` would not start, or not register.

    Source: kubernetes cmd/kubelet/app/server.go RunKubelet(); pkg/kubelet/kubelet_node_status.go
    validateNodeIP().

    >>> node_ips(["192.0.2.1,2001:DB8::1"])
    ('192.0.2.1', '2001:db8::1')
    """
    texts = [each.strip() for text in given for each in text.split(",")]
    found = [_node_ip(each) for each in texts]
    if len(found) != len({each.version for each in found}):
        raise SvcnetError(
            f"bad --internal-ip {go_quote(','.join(texts))}; must contain either a single IP or a "
            "dual-stack pair of IPs"
        )
    return tuple(map(str, found))


def _node_ip(text: str) -> Address:
    """Read one address that others can reach a node at."""
    for why in addresses.ip(text):
        raise SvcnetError(f"bad --internal-ip {go_quote(text)}: {why}")
    address = ip_address(text)
    for is_so, what in (
        (address.is_loopback, "loopback"),
        (address.is_multicast, "a multicast"),
        (address.is_link_local, "a link-local unicast"),
        (address.is_unspecified, "an all zeros"),
    ):
        if is_so:
            raise SvcnetError(f"bad --internal-ip {go_quote(text)}: nodeIP can't be {what} address")
    return address


def _cluster_network(index: int, text: str) -> Network:
    found = _network(text)
    if found is None:
        raise SvcnetError(f"invalid CIDR[{index}]: {text} (invalid CIDR address: {text})")
    return found


def _check_mask(cluster: Network, mask: int) -> None:
    if not cluster.prefixlen <= mask <= cluster.max_prefixlen:
        raise SvcnetError(
            "Controller: Invalid --cluster-cidr, mask size of cluster CIDR must be less than or "
            "equal to --node-cidr-mask-size configured for CIDR family"
        )
    if cluster.version == 6 and mask - cluster.prefixlen > MAX_SUBNET_BITS:  # noqa: PLR2004
        raise SvcnetError("New CIDR set failed; the node CIDR size is too big")


def load_balancer_cidr(text: str) -> str:
    """Read ``--load-balancer-ip-range``; an empty result means that load balancers stay pending.

    Raises:
        SvcnetError: it is neither a range nor ``none``.

    >>> load_balancer_cidr("203.0.113.9/24"), load_balancer_cidr("none")
    ('203.0.113.0/24', '')
    """
    if text in ("", "none"):
        return ""
    found = _network(text)
    if found is None:
        raise invalid_argument("load-balancer-ip-range", text, f"invalid CIDR address: {text}")
    return str(found)


def advertise_address(text: str | None, service_cidr: str) -> str:
    """Read ``--apiserver-advertise-address``; an empty result means that there are no endpoints.

    Args:
        text: an address, or ``none``; None: one of the family that Services have.
        service_cidr: the first range of cluster IPs.

    Raises:
        SvcnetError: it is neither, or the API server would not start with it.

    Source: kubernetes pkg/controlplane/instance.go, pkg/kubeapiserver/options;
    pkg/controlplane/controller/kubernetesservice/controller.go.

    >>> advertise_address(None, "10.96.0.0/12"), advertise_address("none", "10.96.0.0/12")
    ('192.168.50.10', '')
    """
    if text is None:
        return ADVERTISED[addresses.family(service_cidr)]
    if text == "none":
        return ""
    flag = "apiserver-advertise-address"
    if addresses.parse(text) is None:
        raise invalid_argument(flag, text, f'failed to parse IP: "{text}"')
    for complaint in addresses.special(text):
        raise invalid_argument(flag, text, complaint)
    if addresses.family(text) != addresses.family(service_cidr):
        raise SvcnetError(
            f'service IP family "{service_cidr}" must match public address family "{text}"'
        )
    return str(addresses.parse(text))


def invalid_argument(flag: str, value: str, why: str) -> SvcnetError:
    """Return the error that pflag gives for a value it cannot read."""
    return SvcnetError(f'invalid argument "{value}" for "--{flag}" flag: {why}')


def _network(text: str) -> Network | None:
    """Return a range as Go's ParseCIDR reads it, host bits masked off; None: it is none."""
    if not re.fullmatch(r"[^/%]+/[0-9]{1,3}", text):
        return None
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None
