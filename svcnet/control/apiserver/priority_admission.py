"""The admission plugin that knows priorities: it gives pods theirs, and allows one default class.

Source: kubernetes plugin/pkg/admission/priority/admission.go.
"""

from __future__ import annotations

from svcnet.api.keys import Document, Key
from svcnet.api.kinds import POD, PRIORITY_CLASS
from svcnet.control.objects.priorities import Refused, default_class, prioritised
from svcnet.errors import Forbidden
from svcnet.store.transaction import Transaction


def admitted(txn: Transaction, key: Key, document: Document) -> Document:
    """Return a new pod with its priority, and any other object as it is.

    Raises:
        Forbidden: a pod cannot have the priority that it asks for, or a class wants to be the
            default where another one is.
    """
    if key.resource == POD.resource:
        return {**document, "spec": _prioritised(txn, key, document.get("spec") or {})}
    if key.resource == PRIORITY_CLASS.resource and document.get("globalDefault"):
        other = default_class(txn.list(PRIORITY_CLASS.resource))
        name = other["metadata"]["name"] if other else key.name
        if name != key.name or (txn.get(key) is None and other):
            why = f"PriorityClass {name} is already marked as default. Only one default can exist"
            raise Forbidden(key.resource, key.name, why)
    return document


def _prioritised(txn: Transaction, key: Key, spec: Document) -> Document:
    try:
        return prioritised(txn.list(PRIORITY_CLASS.resource), spec)
    except Refused as why:
        raise Forbidden(key.resource, key.name, str(why)) from None
