"""Which nodes a pod asks for.

Source: kubernetes staging/src/k8s.io/component-helpers/scheduling/corev1/nodeaffinity.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from svcnet.api.objects import Node
from svcnet.api.workloads import PodSpec


def matches_node_affinity(spec: PodSpec, node: Node) -> bool:
    """Tell whether `node` is one that the pod asks for, by label or by required affinity."""
    labels = node.labels
    if any(labels.get(key) != value for key, value in (spec.node_selector or {}).items()):
        return False
    # Preferences do not count: they only order nodes that fit.
    affinity = (spec.affinity or {}).get("nodeAffinity") or {}
    required = affinity.get("requiredDuringSchedulingIgnoredDuringExecution")
    if required is None:
        return True
    return meets_any(required, node)


def meets_any(selector: Mapping[str, Any], node: Node) -> bool:
    """Tell whether `node` meets a NodeSelector: terms are alternatives, no term is no node."""
    return any(_meets(term, node) for term in selector.get("nodeSelectorTerms") or ())


def named_nodes(spec: PodSpec) -> frozenset[str] | None:
    """Return the only nodes that a pod can go to by their names; None when it names none.

    Source: kubernetes pkg/scheduler/framework/plugins/nodeaffinity/node_affinity.go PreFilter().
    """
    affinity = (spec.affinity or {}).get("nodeAffinity") or {}
    required = affinity.get("requiredDuringSchedulingIgnoredDuringExecution") or {}
    found: set[str] = set()
    for term in required.get("nodeSelectorTerms") or ():
        lists = [
            each.get("values") or ()
            for each in term.get("matchFields") or ()
            if each.get("key") == "metadata.name" and each.get("operator") == "In"
        ]
        # A term without names leaves all nodes open.
        if not lists:
            return None
        found.update(set(lists[0]).intersection(*lists[1:]))
    return frozenset(found) if required.get("nodeSelectorTerms") else None


def _meets(term: Mapping[str, Any], node: Node) -> bool:
    """Tell whether a node meets all parts of one term; a term without parts takes in nothing."""
    expressions, fields = term.get("matchExpressions") or (), term.get("matchFields") or ()
    return bool(expressions or fields) and (
        all(_holds(each, node.labels) for each in expressions)
        and all(_holds(each, {"metadata.name": node.name}) for each in fields)
    )


def _holds(expression: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    """Tell whether labels meet one expression of a term."""
    value = labels.get(expression.get("key", ""))
    values = expression.get("values") or ()
    match expression.get("operator"):
        case "In":
            return value in values
        case "NotIn":
            return value not in values
        case "Exists":
            return value is not None
        case "DoesNotExist":
            return value is None
        case "Gt" | "Lt" as operator:
            return _compares(value, values, operator)
        case _:
            return False


def _compares(value: str | None, values: Iterable[str], operator: str) -> bool:
    """Compare a label with a number; labels that are no numbers compare with none."""
    try:
        left, right = int(value or ""), int(next(iter(values)))
    except (ValueError, StopIteration):
        return False
    return left > right if operator == "Gt" else left < right
