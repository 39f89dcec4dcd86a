"""`KEY=VALUE` and `KEY-` as `label`, `annotate`, `taint` and `set` take them after the names.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/util/helpers.go GetResourcesAndPairs(),
ParsePairs(); pkg/cmd/label/label.go parseLabels().
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from svcnet.errors import SvcnetError, go_quote
from svcnet.lean_namedtuple import NamedTuple


class Changes(NamedTuple):
    """What is to become of a mapping of texts."""

    wanted: Mapping[str, str] = {}
    """Keys to set."""
    unwanted: tuple[str, ...] = ()
    """Keys to take away."""

    @property
    def empty(self) -> bool:
        """Whether nothing is asked for."""
        return not self.wanted and not self.unwanted

    def applied(self, before: Mapping[str, str]) -> dict[str, str]:
        """Return `before` with the changes made."""
        both = {**before, **self.wanted}
        # Removal comes last, although no key can stand in both.
        return {key: value for key, value in both.items() if key not in self.unwanted}

    def overwritten(self, before: Mapping[str, str]) -> dict[str, str]:
        """Return what stands in `before` and would get another value, by key."""
        return {
            key: before[key]
            for key in self.wanted
            if before.get(key, self.wanted[key]) != self.wanted[key]
        }


def names_and_pairs(words: Iterable[str], what: str) -> tuple[list[str], list[str]]:
    """Part a verb's words into those that name objects and those that change them.

    Args:
        words: all words after the verb.
        what: what a change is called in an error: `label`.

    Raises:
        SvcnetError: a name follows a change.
    """
    names: list[str] = []
    pairs: list[str] = []
    for word in words:
        if ("=" in word and not word.startswith("=")) or (word.endswith("-") and word != "-"):
            pairs.append(word)
        elif pairs:
            raise SvcnetError(f"all resources must be specified before {what} changes: {word}")
        else:
            names.append(word)
    return names, pairs


_LABEL_VALUE = re.compile(r"(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?")
_LABEL_LENGTH = 63
_LABEL_RULE = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or "
    "'.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  "
    "or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
)


def label_value_faults(value: str) -> list[str]:
    """Return what keeps `value` from being a label's value."""
    # Go's len() counts bytes.
    long = len(value.encode(errors="surrogateescape")) > _LABEL_LENGTH
    faults = [f"must be no more than {_LABEL_LENGTH} bytes"] if long else []
    return faults if _LABEL_VALUE.fullmatch(value) else [*faults, _LABEL_RULE]


def label_changes(pairs: Sequence[str]) -> Changes:
    """Read what `label` is to change.

    Raises:
        SvcnetError: a word is no label, or a label is both set and taken away.
    """
    wanted = {}
    for pair in pairs:
        key, assigned, value = pair.partition("=")
        # It ends with a minus, and is read below.
        if not assigned:
            continue
        # kubectl splits at every equals sign and wants two parts.
        if "=" in value:
            raise SvcnetError(f"invalid label spec: {pair}")
        if faults := label_value_faults(value):
            raise SvcnetError(f"invalid label value: {go_quote(pair)}: {';'.join(faults)}")
        wanted[key] = value
    unwanted = tuple(pair[:-1] for pair in pairs if "=" not in pair)
    if any(key in wanted for key in unwanted):
        raise SvcnetError("can not both modify and remove a label in the same command")
    return Changes(wanted, unwanted)


def annotation_changes(pairs: Sequence[str]) -> Changes:
    """Read what `annotate` is to change; a value may hold anything.

    Raises:
        SvcnetError: an annotation is both set and taken away.
    """
    both = [pair.partition("=") for pair in pairs]
    wanted = {key: value for key, assigned, value in both if assigned}
    unwanted = tuple(key[:-1] for key, assigned, _ in both if not assigned)
    if clash := sorted({key for key in unwanted if key in wanted}):
        raise SvcnetError(
            "can not both modify and remove the following annotation(s) in the same command: "
            + ", ".join(clash)
        )
    return Changes(wanted, unwanted)
