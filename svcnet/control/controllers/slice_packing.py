"""How endpoints are laid out in slices: as few moves as possible, at most so many in each.

Source: kubernetes staging/src/k8s.io/endpointslice/reconciler.go reconcileByPortMapping().
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from svcnet.api.keys import Document
from svcnet.lean_namedtuple import NamedTuple

MAX_ENDPOINTS = 100
"""Endpoints in one slice; the controller's own default."""

Identity: TypeAlias = tuple[Any, ...]


class Layout(NamedTuple):
    """What becomes of the slices of one list of ports."""

    unchanged: list[str]
    """Slices that stay as they are."""
    written: dict[str, list[Document]]
    """What each slice that changes is to hold, by the slice's name."""
    emptied: list[str]
    """Slices of which nothing is left."""
    added: list[list[Document]]
    """What new slices are to hold."""


def identity(endpoint: Document) -> Identity:
    """Return what makes an endpoint the same one, whatever state it is in.

    Source: staging/src/k8s.io/endpointslice/endpointset.go.
    """
    target = endpoint.get("targetRef") or {}
    return (
        *(endpoint.get("addresses") or ()),
        endpoint.get("hostname"),
        target.get("name"),
        target.get("uid"),
    )


def lay_out(
    existing: Mapping[str, Sequence[Document]],
    desired: Mapping[Identity, Document],
    stale: frozenset[str] = frozenset(),
    limit: int = MAX_ENDPOINTS,
) -> Layout:
    """Return where each of `desired` is to stand.

    An endpoint stays in its slice.  New ones fill up slices that are written anyway, the fullest
    first; what is left goes into new ones, and what does not fill one of these into the unchanged
    slice that it fills best.

    Args:
        existing: the endpoints of each slice, by its name.
        desired: the endpoints there are to be, in order.
        stale: slices that are written anyway, because something else about them changed.
        limit: how many endpoints a slice may hold.
    """
    # What is found in a slice is taken out; what is left has no place yet.
    left = dict(desired)
    kept: dict[str, list[Document]] = {}
    written: list[str] = []
    unchanged: list[str] = []
    emptied: list[str] = []
    for name, endpoints in existing.items():
        found = [left.pop(identity(each), None) for each in endpoints]
        # In their new state, where that is another one.
        staying = [each for each in found if each is not None]
        # A slice that was empty before is one to fill.
        if not staying and endpoints:
            emptied.append(name)
            continue
        kept[name] = staying
        same = len(staying) == len(endpoints) and all(map(_alike, endpoints, staying))
        (unchanged if same and name not in stale else written).append(name)
    waiting = list(left.values())
    # Cheaper than another slice: these are written whatever happens.
    for name in sorted(written, key=lambda each: -len(kept[each])):
        room = limit - len(kept[name])
        kept[name] += waiting[:room]
        waiting = waiting[room:]
    # As many full slices as there can be, before anything is squeezed in.
    full = len(waiting) // limit * limit
    added = [waiting[start : start + limit] for start in range(0, full, limit)]
    if rest := waiting[full:]:
        if name := _best(unchanged, kept, len(rest), limit):
            kept[name] += rest
            unchanged.remove(name)
            written.append(name)
        else:
            added.append(rest)
    return Layout(unchanged, {name: kept[name] for name in written}, emptied, added)


def _alike(old: Document, new: Document) -> bool:
    """Tell whether an endpoint is in the state it was in; hints do not count."""
    return all(old.get(field) == new.get(field) for field in ("conditions", "nodeName", "zone"))


def _best(
    names: Sequence[str], kept: Mapping[str, Sequence[Document]], count: int, limit: int
) -> str:
    """Return the slice that `count` more endpoints fill best; empty when none has the room."""
    fitting = [name for name in names if len(kept[name]) + count <= limit]
    return max(fitting, key=lambda name: len(kept[name]), default="")
