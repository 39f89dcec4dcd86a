"""`init` and `import`: verbs that kubectl does not have, for a cluster's beginning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, TypeAlias

from svcnet.api.config import DEFAULT_NODES, ClusterSettings
from svcnet.api.names import Document
from svcnet.cli.choosing import files
from svcnet.cli.frame.options import Filenames, Recursive
from svcnet.cli.frame.parameters import Context, argument, option
from svcnet.cli.frame.session import session
from svcnet.errors import StateExists, SvcnetError

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
    str, option("--cluster-cidr", help="A CIDR for pods, or two of different families.")
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
Seed: TypeAlias = Annotated[
    int, option("--seed", help="Another number draws other addresses and names.")
]
Force: TypeAlias = Annotated[bool, option("--force", help="Replace the cluster that is there.")]
ALL_NODES = ",".join(DEFAULT_NODES)

NoWords: TypeAlias = Annotated[list[str] | None, argument(hidden=True)]


def init(
    ctx: Context,
    words: NoWords = None,
    *,
    nodes: Nodes = ALL_NODES,
    service_cluster_ip_range: ServiceRange = "10.96.0.0/12",
    service_node_port_range: NodePorts = "30000-32767",
    cluster_cidr: ClusterCidr = "10.244.0.0/16",
    node_cidr_mask_size: NodeMask = None,
    load_balancer_ip_range: LoadBalancerRange = "203.0.113.0/24",
    seed: Seed = 0,
    force: Force = False,
) -> None:
    """Make a new cluster.

    Its state is a file, or a database, that --db or SVCNET_DB names. What is decided here cannot
    be changed later.
    """
    # Imported here: a first `get` makes its cluster with this module, but reads no flags of it.
    from svcnet.api import founding
    from svcnet.store.places import shown

    here = session(ctx)
    if words:
        raise here.usage(f"Unexpected args: [{' '.join(words)}]")
    cidrs, masks = founding.cluster_cidrs(cluster_cidr, node_cidr_mask_size)
    settings = ClusterSettings(
        seed=str(seed),
        service_cidrs=founding.service_cidrs(service_cluster_ip_range),
        node_ports=founding.node_ports(service_node_port_range),
        cluster_cidrs=cidrs,
        node_masks=masks,
        load_balancer_cidr=founding.load_balancer_cidr(load_balancer_ip_range),
    )
    asked = founding.nodes(nodes)
    # All flags were read by now: --force must not remove a cluster over a mistake in another.
    _found(here.db, settings, asked, here.now, force=force)
    here.say(f"cluster made in {shown(here.db)}: {_described(settings, asked)}")


def create_default(where: str, nodes: Sequence[str], now: str) -> bool:
    """Make the cluster that a user gets who did not ask for one; tell whether it was made.

    It is not when another command did so at the same moment.
    """
    try:
        _found(where, ClusterSettings(), nodes, now, force=False)
    except StateExists:
        return False
    return True


def _found(
    where: str, settings: ClusterSettings, nodes: Sequence[str], now: str, *, force: bool
) -> None:
    """Make a cluster at `where` with what every cluster starts with, and let controllers run.

    Raises:
        StateExists: there is one, and `force` does not replace it.
    """
    from svcnet.control.bootstrap import bootstrap
    from svcnet.control.settle import settle
    from svcnet.store.opening import create

    with create(where, settings, force=force) as store, store.transaction(now) as txn:
        bootstrap(txn, nodes)
        settle(txn)


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


def import_(
    ctx: Context,
    words: NoWords = None,
    *,
    filenames: Filenames = None,
    recursive: Recursive = False,
) -> None:
    """Take objects over from a real cluster, just as they are.

    Reads what `kubectl get -o json` or `-o yaml` printed there. What is given stands: status,
    addresses, node ports, EndpointSlices, bound pods. What is missing is derived.
    """
    from svcnet.control.importing import import_objects

    here = session(ctx)
    if words:
        raise here.usage(f"Unexpected args: [{' '.join(words)}]")
    if not filenames:
        raise SvcnetError("must specify -f")
    # All files are read before the state is opened, so that a bad one changes nothing.
    given = list(_documents(files.paths(filenames, recursive=recursive)))
    if not given:
        raise SvcnetError("no objects passed to import")
    with here.write() as txn:
        for each in import_objects(txn, given):
            here.say(f"{each.kind.singular_resource}/{each.key.name} {each.outcome}")


def _documents(paths: Sequence[str]) -> Iterator[Document]:
    """Yield the objects in files.

    Raises:
        SvcnetError: a file cannot be read, or holds what is no object.
    """
    from svcnet.api.manifest import check_type

    for path in paths:
        for document in files.documents(path):
            check_type(document, files.called(path))
            yield document
