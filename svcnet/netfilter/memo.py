"""What was printed before, so that it need not be printed again."""

from __future__ import annotations

from typing import TypeAlias

ChainText: TypeAlias = tuple[str, str]
"""A chain's name, and its text."""


class Memo:
    """Texts of chains, groups of chains and rules, found by what they were printed from.

    Values are told apart by identity, and kept alive so that no identity is ever another's.
    """

    def __init__(self) -> None:
        # The chain is part of the key: its name stands in every line that its rules print.
        self._texts: dict[tuple[str, int], tuple[object, tuple[ChainText, ...]]] = {}

    def recall(self, chain: str, printed: object) -> tuple[ChainText, ...] | None:
        """Return the texts that `printed` had in `chain`, or None when it is new."""
        found = self._texts.get((chain, id(printed)))
        return found[1] if found else None

    def keep(self, chain: str, printed: object, texts: tuple[ChainText, ...]) -> None:
        """Remember the texts that `printed` has in `chain`."""
        self._texts[chain, id(printed)] = (printed, texts)
