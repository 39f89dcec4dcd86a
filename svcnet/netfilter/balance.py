"""The two shapes that make up most of a large rule set, each as one compact value.

Spreading connections over *n* targets takes *n* jumps and *n* chains of two rules.
`LoadBalanceRules` and `EndpointChains` hold what is different about them, and are sequences of
ordinary rules and chains to whoever looks inside.  A renderer may print one in a single go instead;
that it prints the same text either way is a law of the tests.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple, overload

from svcnet.netfilter.model import (
    Chain,
    Comment,
    Dnat,
    Jump,
    Match,
    RecentCheck,
    RecentSet,
    Rule,
    Source,
    Statistic,
    Transport,
)


class Target(NamedTuple):
    """Where a connection may be sent, and the chain that sends it there."""

    chain: str
    address: str
    port: int
    socket: str
    """Address and port as people write them: ``10.0.0.1:80``, ``[fd00::1]:80``."""


class LoadBalanceRules(Sequence[Rule]):
    """Rules that pick one of `targets`, each with the same probability.

    Rule *i* of *n* takes 1/(n-i) of what reaches it, and the last one takes the rest: the shares
    come out equal although the numbers in the rules are not.  With `sticky` seconds, one rule per
    target in front keeps a client with the target it was sent to last.

    Without a `label` the rules carry no comments.
    """

    __slots__ = ("label", "sticky", "targets")

    def __init__(self, targets: tuple[Target, ...], label: str = "", sticky: int = 0) -> None:
        self.targets, self.label, self.sticky = targets, label, sticky

    def __len__(self) -> int:
        # With affinity, each target has a rule that checks and one that picks.
        return len(self.targets) * (2 if self.sticky else 1)

    def __iter__(self) -> Iterator[Rule]:
        count = len(self.targets)
        if self.sticky:
            # All checks come first: a client that any target remembers must not be spread anew.
            for target in self.targets:
                check = RecentCheck(target.chain, self.sticky)
                yield Rule((*self._comment(target), check), (Jump(target.chain),))
        for index, target in enumerate(self.targets):
            # The last rule says no probability: rounding must not leave packets over.
            last = index == count - 1
            chance = () if last else (Statistic(Fraction(1, count - index)),)
            yield Rule((*self._comment(target), *chance), (Jump(target.chain),))

    def _comment(self, target: Target) -> tuple[Match, ...]:
        return (Comment(f"{self.label} -> {target.socket}"),) if self.label else ()

    @overload
    def __getitem__(self, index: int) -> Rule: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Rule, ...]: ...
    def __getitem__(self, index: int | slice) -> Rule | tuple[Rule, ...]:
        return tuple(self)[index]


class EndpointChains(Sequence[Chain]):
    """For each of `targets` the chain that sends a connection there.

    A target that reaches itself through the service is marked by a jump to `mark_chain`, so that
    its own answer comes back the same way.  With `sticky` the client is put on the list that is
    called like the chain.
    """

    __slots__ = ("label", "mark_chain", "protocol", "sticky", "targets")

    def __init__(
        self,
        targets: tuple[Target, ...],
        protocol: str,
        mark_chain: str,
        *,
        label: str = "",
        sticky: bool = False,
    ) -> None:
        self.targets, self.protocol, self.mark_chain = targets, protocol, mark_chain
        self.label, self.sticky = label, sticky

    def __len__(self) -> int:
        return len(self.targets)

    def __iter__(self) -> Iterator[Chain]:
        comment = (Comment(self.label),) if self.label else ()
        for chain, address, port, _ in self.targets:
            remember = (RecentSet(chain),) if self.sticky else ()
            # Ports can only be rewritten where the protocol is known to have some.
            rewrite = (*comment, *remember, Transport(self.protocol))
            yield Chain(
                chain,
                (
                    Rule((Source(address), *comment), (Jump(self.mark_chain),)),
                    Rule(rewrite, (Dnat(address, port),)),
                ),
            )

    @overload
    def __getitem__(self, index: int) -> Chain: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Chain, ...]: ...
    def __getitem__(self, index: int | slice) -> Chain | tuple[Chain, ...]:
        return tuple(self)[index]


class Joined(Sequence[Rule]):
    """Rules of a chain that several parts contribute to, in the order of `parts`."""

    __slots__ = ("parts",)

    def __init__(self, parts: tuple[Sequence[Rule], ...]) -> None:
        self.parts = parts

    def __len__(self) -> int:
        return sum(map(len, self.parts))

    def __iter__(self) -> Iterator[Rule]:
        for part in self.parts:
            yield from part

    @overload
    def __getitem__(self, index: int) -> Rule: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Rule, ...]: ...
    def __getitem__(self, index: int | slice) -> Rule | tuple[Rule, ...]:
        return tuple(self)[index]
