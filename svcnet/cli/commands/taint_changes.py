"""Taints as `taint` takes them: `key=value:Effect`, `key:Effect-`, `key-`.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/taint/utils.go.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from svcnet.cli.commands.key_value_pairs import label_value_faults
from svcnet.errors import SvcnetError, go_quote
from svcnet.lean_namedtuple import NamedTuple

Taint: TypeAlias = dict[str, Any]

EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")


class TaintChanges(NamedTuple):
    """What is to become of a node's taints."""

    wanted: tuple[Taint, ...]
    unwanted: tuple[Taint, ...]
    """Without an effect all taints of the key are meant."""


def read_taints(words: Sequence[str]) -> TaintChanges:
    """Read the changes that a user asks for.

    Raises:
        SvcnetError: a word is no taint, or two set the same key and effect.
    """
    wanted, unwanted = [], []
    for word in words:
        if word.endswith("-"):
            unwanted.append(_read(word[:-1], removal=True))
        else:
            wanted.append(_read(word, removal=False))
    # core/v1: a node has no two taints of one key and effect, whatever their values.
    pairs = [_identity(each) for each in wanted]
    for index, pair in enumerate(pairs):
        if pair in pairs[:index]:
            raise SvcnetError(
                f"duplicated taints with the same key and effect: {_message(wanted[index])}"
            )
    return TaintChanges(tuple(wanted), tuple(unwanted))


def _identity(taint: Taint) -> tuple[str, str]:
    """Return what no two taints of a node may have in common."""
    return taint["key"], taint.get("effect", "")


def _message(taint: Taint) -> str:
    """Return a taint as Go prints the struct; the last field is timeAdded."""
    return f"{{{taint['key']} {taint.get('value', '')} {taint.get('effect', '')} <nil>}}"


def _read(word: str, *, removal: bool) -> Taint:
    """Read one taint; an effect may be missing only where taints are taken away."""
    parts = word.split(":")
    if len(parts) > len(("pair", "effect")):
        raise SvcnetError(f"invalid taint spec: {word}")
    if len(parts) == 1 and not removal:
        raise SvcnetError(f"invalid taint spec: {word}")
    effect = parts[1] if len(parts) > 1 else ""
    if effect not in EFFECTS and not (removal and not effect):
        raise SvcnetError(f"invalid taint effect: {effect}, unsupported taint effect")
    key, *values = parts[0].split("=")
    if len(values) > 1:
        raise SvcnetError(f"invalid taint spec: {word}")
    if values and (faults := label_value_faults(values[0])):
        raise SvcnetError(f"invalid taint spec: {word}, {'; '.join(faults)}")
    # Empty fields are left out as Go omits them; the key has to be there.
    taint = {"key": key, "value": values[0] if values else "", "effect": effect}
    return {name: value for name, value in taint.items() if value or name == "key"}


def tainted(
    node: str, before: Sequence[Taint], changes: TaintChanges, *, overwrite: bool
) -> tuple[list[Taint], str]:
    """Return a node's taints after the changes, and what was done in a word.

    Raises:
        SvcnetError: a taint is there already and may not be overwritten, or is not there to be
            taken away.
    """
    held = {_identity(each) for each in before}
    clash = [each["key"] for each in changes.wanted if _identity(each) in held]
    if clash and not overwrite:
        keys = ", ".join(dict.fromkeys(clash))
        raise SvcnetError(
            f"node {node} already has {keys} taint(s) with same effect(s) and --overwrite is false"
        )
    new = {_identity(each) for each in changes.wanted}
    kept = [each for each in before if _identity(each) not in new]
    for gone in changes.unwanted:
        if not any(_is(gone, each) for each in kept):
            spec = f"{gone['key']}:{gone['effect']}" if gone.get("effect") else gone["key"]
            raise SvcnetError(f"taint {go_quote(spec)} not found")
        kept = [each for each in kept if not _is(gone, each)]
    # New taints stand first: reorganizeTaints() in taint/utils.go.
    return [*changes.wanted, *kept], _done(changes, overwrite=overwrite)


def _is(wanted: Taint, taint: Taint) -> bool:
    """Tell whether a taint is the one that is meant; without an effect, any of the key is."""
    same_effect = wanted.get("effect", taint["effect"]) == taint["effect"]
    return bool(wanted["key"] == taint["key"] and same_effect)


def _done(changes: TaintChanges, *, overwrite: bool) -> str:
    # --overwrite says `modified` even where nothing was there.
    if overwrite or (changes.wanted and changes.unwanted):
        return "modified"
    return "tainted" if changes.wanted else "untainted"
