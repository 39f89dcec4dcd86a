"""What a cluster holds before anybody has asked for anything."""

from __future__ import annotations

from collections.abc import Iterable

from svcnet.api.keys import Document, Key
from svcnet.api.kinds import NAMESPACE, NODE, SERVICE_CIDR
from svcnet.control.apiserver import allocated
from svcnet.control.apiserver.cluster_ips import DEFAULT_CIDR
from svcnet.control.apiserver.namespace_lifecycle import FIRST
from svcnet.control.controllers.node_ipam import give_pod_ranges
from svcnet.control.controllers.servicecidrs import ready
from svcnet.control.kubelet.node import Machine, machine, node
from svcnet.control.objects.kubernetes_service import KUBERNETES, kubernetes_service
from svcnet.store.transaction import Transaction


def bootstrap(txn: Transaction, nodes: Iterable[str | Machine]) -> None:
    """Fill an empty state with what a new cluster has.

    Args:
        txn: a transaction over a state that holds nothing but its settings.
        nodes: the machines, in the order in which they register; as text, ``n1`` or ``n1:zone-a``.
    """
    for name in FIRST:
        store(txn, Key(NAMESPACE.resource, "", name), namespace(name))
    store(txn, Key(SERVICE_CIDR.resource, "", DEFAULT_CIDR), _service_cidr(txn))
    allocated.write(txn, KUBERNETES, kubernetes_service(txn))
    for each in nodes:
        asked = machine(each) if isinstance(each, str) else each
        document = node(asked, txn.list(NODE.resource), txn.now)
        store(txn, Key(NODE.resource, "", asked.name), document)
    for change in tuple(give_pod_ranges(txn.snapshot())):
        name = change.document["metadata"]["name"]
        allocated.write(txn, Key(NODE.resource, "", name), change.document)


def namespace(name: str) -> Document:
    """Return a namespace, as it is when it is new."""
    return {
        "apiVersion": NAMESPACE.api_version,
        "kind": NAMESPACE.kind,
        "metadata": {"labels": {"kubernetes.io/metadata.name": name}, "name": name},
        "spec": {"finalizers": ["kubernetes"]},
        "status": {"phase": "Active"},
    }


def store(txn: Transaction, key: Key, document: Document) -> None:
    """Store an object of the cluster's own making, new and without further ado."""
    made = {"creationTimestamp": txn.now, "uid": txn.fresh_uid(key)}
    allocated.write(txn, key, {**document, "metadata": {**document["metadata"], **made}})


def _service_cidr(txn: Transaction) -> Document:
    document = {
        "apiVersion": SERVICE_CIDR.api_version,
        "kind": SERVICE_CIDR.kind,
        "metadata": {"name": DEFAULT_CIDR},
        "spec": {"cidrs": list(txn.settings.service_cidrs)},
    }
    return ready(document, txn.now)
