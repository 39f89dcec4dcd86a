"""`init` and `import`: verbs that kubectl does not have, for a cluster's beginning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, TypeAlias

from svcnet.api.config import DEFAULT_NODES, ClusterSettings
from svcnet.cli.command.session import Session
from svcnet.cli.flags.declarations import argument, option

Nodes: TypeAlias = Annotated[
    str,
    option("--nodes", help='Names, each with its zone or without: n1,n2:zone-b; "" for none.'),
]
ServiceRange: TypeAlias = Annotated[
    str,
    option(
        "--service-cluster-ip-range", help="A CIDR for cluster IPs, or two of different families."
    ),
]
NodePorts: TypeAlias = Annotated[
    str, option("--service-node-port-range", help="First and last node port.")
]
ClusterCidr: TypeAlias = Annotated[
    str,
    option(
        "--cluster-cidr",
        help="A CIDR for pods, or two of different families; if not given, 10.244.0.0/16 and "
        "fd00:10:244::/56 as services have families.",
    ),
]
NodeMask: TypeAlias = Annotated[
    int | None,
    option(
        "--node-cidr-mask-size",
        help="Prefix length of a node's share of it; 24 for IPv4, 64 for IPv6 if not given.",
    ),
]
LoadBalancerRange: TypeAlias = Annotated[
    str,
    option(
        "--load-balancer-ip-range",
        help="A CIDR for load balancers; none: they stay pending, as on bare metal.",
    ),
]
AdvertiseAddress: TypeAlias = Annotated[
    str | None,
    option(
        "--apiserver-advertise-address",
        help=(
            "The endpoint of default/kubernetes, on port 6443; none: it has none. "
            "192.168.50.10 if not given, fd00:192:168:50::10 where Services are IPv6 first."
        ),
    ),
]
Seed: TypeAlias = Annotated[
    int, option("--seed", help="Another number draws other addresses and names.")
]
Force: TypeAlias = Annotated[bool, option("--force", help="Replace the cluster that is there.")]
ALL_NODES = ",".join(DEFAULT_NODES)

NoWords: TypeAlias = Annotated[list[str] | None, argument(hidden=True)]


def init(
    session: Session,
    words: NoWords = None,
    *,
    nodes: Nodes = ALL_NODES,
    service_cluster_ip_range: ServiceRange = "10.96.0.0/12",
    service_node_port_range: NodePorts = "30000-32767",
    cluster_cidr: ClusterCidr = "",
    node_cidr_mask_size: NodeMask = None,
    load_balancer_ip_range: LoadBalancerRange = "203.0.113.0/24",
    apiserver_advertise_address: AdvertiseAddress = None,
    seed: Seed = 0,
    force: Force = False,
) -> None:
    """Make a new cluster.

    Its state is a file, or a database, that --db or SVCNET_DB names. What is decided here cannot
    be changed later.
    """
    # Imported here: a first `get` makes its cluster with this module, but reads no flags of it.
    from svcnet.api import component_flags
    from svcnet.store.locations import shown

    if words:
        raise session.usage(f"Unexpected args: [{' '.join(words)}]")
    service_cidrs = component_flags.service_cidrs(service_cluster_ip_range)
    pods = cluster_cidr or component_flags.default_cluster_cidrs(service_cidrs)
    cidrs, masks = component_flags.cluster_cidrs(pods, node_cidr_mask_size)
    settings = ClusterSettings(
        seed=str(seed),
        service_cidrs=service_cidrs,
        node_ports=component_flags.node_ports(service_node_port_range),
        cluster_cidrs=cidrs,
        node_masks=masks,
        load_balancer_cidr=component_flags.load_balancer_cidr(load_balancer_ip_range),
        advertise_address=component_flags.advertise_address(
            apiserver_advertise_address, service_cidrs[0]
        ),
    )
    query = component_flags.nodes(nodes)
    from svcnet.control.bootstrap import found_cluster

    # All flags were read by now: --force must not remove a cluster over a mistake in another.
    found_cluster(session.db, settings, query, session.now, force=force)
    session.print_result(f"cluster made in {shown(session.db)}: {_described(settings, query)}")


def _described(settings: ClusterSettings, nodes: Sequence[str]) -> str:
    """Return what was made, in one line."""
    named = ", ".join(nodes) or "none"
    first, last = settings.node_ports
    return "; ".join(
        (
            f"nodes {named}",
            f"services {','.join(settings.service_cidrs)}",
            f"node ports {first}-{last}",
            f"pods {','.join(settings.cluster_cidrs)}",
            f"load balancers {settings.load_balancer_cidr or 'pending'}",
        )
    )
