"""A new cluster: what it holds before anybody has asked for anything, and what comes of that."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from svcnet.api.config import ClusterSettings
from svcnet.api.keys import Document, Key
from svcnet.api.kinds import NAMESPACE, NODE, PRIORITY_CLASS, SERVICE_CIDR
from svcnet.api.system_priority_classes import system_priority_classes
from svcnet.control.apiserver import allocated, namespace_lifecycle
from svcnet.control.apiserver.cluster_ips import DEFAULT_CIDR
from svcnet.control.apiserver.kubernetes_service import (
    ITS_ENDPOINTS,
    ITS_SLICE,
    KUBERNETES,
    kubernetes_endpoints,
    kubernetes_service,
    kubernetes_slice,
)
from svcnet.control.controllers.node_ipam import allocate_pod_cidrs
from svcnet.control.controllers.servicecidrs import ready
from svcnet.control.kubelet.node import ZONE, Machine, machine, node
from svcnet.control.manager import settle
from svcnet.errors import StateExists
from svcnet.snapshot import Put
from svcnet.store.opening import create
from svcnet.store.reader import EmptyReader, Reader
from svcnet.store.transaction import Transaction


def create_default(where: str, nodes: Sequence[str], now: str) -> bool:
    """Make the cluster that a user gets who did not ask for one; tell whether it was made.

    It is not when another command did so at the same moment.
    """
    try:
        found_cluster(where, ClusterSettings(), nodes, now, force=False)
    except StateExists:
        return False
    return True


def found_cluster(
    where: str, settings: ClusterSettings, nodes: Sequence[str], now: str, *, force: bool
) -> None:
    """Make a cluster at `where` with what every cluster starts with, and let controllers run.

    Raises:
        StateExists: there is one, and `force` does not replace it.
    """
    with create(where, settings, force=force) as store, store.transaction(now) as txn:
        bootstrap(txn, nodes)
        settle(txn)


def bootstrap(txn: Transaction, nodes: Iterable[str | Machine]) -> None:
    """Fill an empty state with what a new cluster has.

    Args:
        txn: a transaction over a state that holds nothing but its settings.
        nodes: the machines, in the order in which they register; as text, ``n1`` or ``n1:zone-a``.
    """
    make_namespaces(txn)
    allocated.write_new(txn, Key(SERVICE_CIDR.resource, "", DEFAULT_CIDR), _service_cidr(txn))
    make_priority_classes(txn)
    allocated.write(txn, KUBERNETES, kubernetes_service(txn))
    if address := txn.settings.advertise_address:
        allocated.write_new(txn, ITS_ENDPOINTS, kubernetes_endpoints(address))
        allocated.write_new(txn, ITS_SLICE, kubernetes_slice(address))
    for each in nodes:
        asked = machine(each) if isinstance(each, str) else each
        document = node(asked, txn.settings, txn.list(NODE.resource), txn.now)
        allocated.write_new(txn, Key(NODE.resource, "", asked.name), document)
    for change in tuple(allocate_pod_cidrs(txn.snapshot())):
        if isinstance(change, Put):
            name = change.document["metadata"]["name"]
            allocated.write(txn, Key(NODE.resource, "", name), change.document)


def make_namespaces(txn: Transaction, *, given: Container[str] = ()) -> None:
    """Make the namespaces that every cluster has, but for those that are `given`."""
    for name in namespace_lifecycle.FIRST:
        if name not in given:
            key = Key(NAMESPACE.resource, "", name)
            allocated.write_new(txn, key, namespace_lifecycle.namespace(name))


def make_priority_classes(txn: Transaction, *, given: Container[str] = ()) -> None:
    """Make the priority classes that every cluster has, but for those that are `given`.

    Source: kubernetes pkg/registry/scheduling/rest/storage_scheduling.go
    AddSystemPriorityClasses().
    """
    for priority in system_priority_classes():
        name = priority["metadata"]["name"]
        if name not in given:
            allocated.write_new(txn, Key(PRIORITY_CLASS.resource, "", name), priority)


def is_untouched(reader: Reader) -> bool:
    """Tell whether a state holds a new cluster and nothing else: nobody has asked it for anything.

    It is made again in memory, and must come out the same.
    """
    nodes = sorted(reader.list(NODE.resource), key=_revision)
    first = reader.get(Key(NAMESPACE.resource, "", namespace_lifecycle.FIRST[0]))
    if first is None:
        return False
    txn = Transaction(EmptyReader(reader.settings), first["metadata"]["creationTimestamp"])
    bootstrap(txn, map(_machine, nodes))
    settle(txn)
    resources = txn.resources()
    return reader.resources() == resources and all(
        reader.list(each) == txn.list(each) for each in resources
    )


def _revision(document: Document) -> int:
    return int(document["metadata"]["resourceVersion"])


def _machine(node: Document) -> Machine:
    labels = node["metadata"].get("labels") or {}
    return Machine(node["metadata"]["name"], labels.get(ZONE, ""))


def _service_cidr(txn: Transaction) -> Document:
    document = {
        "apiVersion": SERVICE_CIDR.api_version,
        "kind": SERVICE_CIDR.kind,
        "metadata": {"name": DEFAULT_CIDR},
        "spec": {"cidrs": list(txn.settings.service_cidrs)},
    }
    return ready(document, txn.now)
