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
    # Terms are alternatives; an empty term takes in nothing.
    return any(_meets(term, node) for term in required.get("nodeSelectorTerms") or ())


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
