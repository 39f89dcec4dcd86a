"""Whether something may be put into a namespace, and which namespaces may go.

Source: kubernetes staging/src/k8s.io/apiserver/pkg/admission/plugin/namespace/lifecycle/
admission.go.
"""

from __future__ import annotations

from svcnet.api.keys import Document, Key
from svcnet.api.kinds import NAMESPACE, PRIORITY_CLASS
from svcnet.api.system_priority_classes import SYSTEM_PRIORITIES
from svcnet.errors import Forbidden, NotFound
from svcnet.store.transaction import Transaction

FIRST = ("default", "kube-node-lease", "kube-public", "kube-system")
"""The namespaces of a new cluster."""

IMMORTAL = frozenset(("default", "kube-public", "kube-system"))
"""Namespaces that may not be deleted."""


def namespace(name: str) -> Document:
    """Return a namespace, as it is when it is new."""
    return {
        "apiVersion": NAMESPACE.api_version,
        "kind": NAMESPACE.kind,
        "metadata": {"labels": {"kubernetes.io/metadata.name": name}, "name": name},
        "spec": {"finalizers": ["kubernetes"]},
        "status": {"phase": "Active"},
    }


def check_namespace(txn: Transaction, key: Key, *, new: bool) -> None:
    """Refuse to write `key` where its namespace is missing, or is on its way out.

    Objects that exist may still be changed in a namespace that is being deleted.

    Raises:
        NotFound: there is no such namespace.
        Forbidden: the namespace is being deleted.
    """
    if not key.namespace:
        return
    namespace = txn.get(Key(NAMESPACE.resource, "", key.namespace))
    if namespace is None:
        raise NotFound(NAMESPACE.resource, key.namespace)
    # Updates must pass, or no finalizer in a dying namespace could be taken away.
    if new and namespace["metadata"].get("deletionTimestamp"):
        why = f"unable to create new content in namespace {key.namespace} because it is being"
        raise Forbidden(key.resource, key.name, f"{why} terminated")


def check_mortal(key: Key) -> None:
    """Refuse to delete the namespaces, and priority classes, without which there is no cluster.

    Raises:
        Forbidden: `key` is one of them.
    """
    if key.resource == PRIORITY_CLASS.resource and key.name in SYSTEM_PRIORITIES:
        why = "this is a system priority class and cannot be deleted"
        raise Forbidden(key.resource, key.name, why)
    if key.resource == NAMESPACE.resource and key.name in IMMORTAL:
        raise Forbidden(key.resource, key.name, "this namespace may not be deleted")
