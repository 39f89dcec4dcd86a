"""Sums of what pods ask for, as descriptions of nodes show them.

Source: kubernetes staging/src/k8s.io/apimachinery/pkg/api/resource/quantity.go;
staging/src/k8s.io/component-helpers/resource/helpers.go PodRequests(), PodLimits().
"""

from __future__ import annotations

from collections.abc import Iterable

from svcnet.api import quantity
from svcnet.api.keys import Document
from svcnet.cli.printers.cells import items, part
from svcnet.lean_namedtuple import NamedTuple


class Amount(NamedTuple):
    """An amount of something, and how its owner likes to write it."""

    thousandths: int = 0
    binary: bool = False
    """In powers of 1024 (`1Gi`), not of 1000."""

    @classmethod
    def parse(cls, text: object) -> Amount:
        """Return the amount that `text` stands for; nothing if it is none."""
        return cls(quantity.millis(text), str(text).endswith("i"))

    def plus(self, other: Amount) -> Amount:
        """Return the sum, in the form of the first that is not zero."""
        first = self if self.thousandths else other
        return Amount(self.thousandths + other.thousandths, first.binary)

    def most(self, other: Amount) -> Amount:
        """Return the larger one."""
        return max(self, other, key=lambda each: each.thousandths)

    def percent_of(self, whole: Amount) -> int:
        """Return what share of `whole` this is, in whole percents, rounded down."""
        # describeNodeResource() cuts the fraction off, and shows 0% where there is no whole.
        return self.thousandths * 100 // whole.thousandths if whole.thousandths else 0

    def __str__(self) -> str:
        """Return the amount in its largest unit that needs no fraction.

        >>> [str(Amount.parse(text)) for text in ("1500m", "2000m", "1024Mi", "1.5Gi", "2000")]
        ['1500m', '2', '1Gi', '1536Mi', '2k']
        """
        written = "binary" if self.binary else "decimal"
        return quantity.formatted(self.thousandths * (quantity.NANO // 1000), written)


def of_pod(pod: Document, which: str) -> dict[str, Amount]:
    """Return what a pod needs at most at one time; `which` is ``requests`` or ``limits``.

    That is what its containers need together, with those that start before them and stay, or
    what one that starts before them needs, if that is more; and the pod's overhead.
    """
    spec = part(pod, "spec")
    together = total(_of_container(each, which) for each in items(spec, "containers"))
    staying: dict[str, Amount] = {}
    starting: dict[str, Amount] = {}
    for container in items(spec, "initContainers"):
        needs = _of_container(container, which)
        # It stays beside the containers, and beside those that start after it.
        if container.get("restartPolicy") == "Always":
            staying = total((staying, needs))
            needs = staying
        else:
            needs = total((staying, needs))
        starting = _largest(starting, needs)
    needed = _largest(total((together, staying)), starting)
    needed |= _of_container(spec, which)  # what is said of the whole pod counts instead
    overhead = {name: Amount.parse(each) for name, each in part(spec, "overhead").items()}
    # A runtime's overhead raises a limit, but does not make one.
    if which == "limits":
        overhead = {name: each for name, each in overhead.items() if name in needed}
    return total((needed, overhead))


def _of_container(container: Document, which: str) -> dict[str, Amount]:
    """Return what one container, or the pod as a whole, says it needs."""
    amounts = part(container, "resources", which)
    return {name: Amount.parse(each) for name, each in amounts.items()}


def _largest(first: dict[str, Amount], second: dict[str, Amount]) -> dict[str, Amount]:
    """Return the larger need of each resource."""
    names = dict.fromkeys((*first, *second))
    return {name: first.get(name, Amount()).most(second.get(name, Amount())) for name in names}


def total(needs: Iterable[dict[str, Amount]]) -> dict[str, Amount]:
    """Return sums by resource."""
    sums: dict[str, Amount] = {}
    for each in needs:
        for name, amount in each.items():
            sums[name] = sums.get(name, Amount()).plus(amount)
    return sums
