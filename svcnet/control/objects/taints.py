"""Which taints of a node a pod tolerates.

Source: kubernetes staging/src/k8s.io/component-helpers/scheduling/corev1/helpers.go,
pkg/apis/core/v1/helper.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from svcnet.api.objects import Node, Taint
from svcnet.api.workloads import Toleration

UNSCHEDULABLE = Taint(key="node.kubernetes.io/unschedulable", effect="NoSchedule")
"""What a cordoned node is said to have, whether or not the taint is there yet."""

REPELLING = ("NoSchedule", "NoExecute")


def untolerated(
    tolerations: Iterable[Toleration], node: Node, effects: tuple[str, ...]
) -> Iterator[Taint]:
    """Yield the taints of `node` with one of `effects` that none of `tolerations` covers."""
    given = tuple(tolerations)
    for taint in node.spec.taints or ():
        if taint.effect in effects and not tolerates(given, taint):
            yield taint


def tolerates(tolerations: Iterable[Toleration], taint: Taint) -> bool:
    """Tell whether one of `tolerations` covers `taint`.

    >>> tolerates([Toleration(operator="Exists")], UNSCHEDULABLE), tolerates([], UNSCHEDULABLE)
    (True, False)
    """
    return any(
        each.effect in ("", taint.effect)
        and each.key in ("", taint.key)
        and (each.operator == "Exists" or (each.key and each.value == taint.value))
        for each in tolerations
    )
