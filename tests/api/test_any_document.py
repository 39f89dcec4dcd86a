"""Whatever a document holds, it is accepted or refused in the API server's words."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from svcnet.api.defaulting import default
from svcnet.api.fields import decode
from svcnet.api.keys import Document
from svcnet.api.kinds import BUILT_IN, Kind
from svcnet.api.struct_table import fields_of_struct, is_struct, struct_of_kind
from svcnet.api.validation.objects import check, check_update
from svcnet.api.warnings import warn
from svcnet.errors import StatusError

WORDS = ("", "x", "a.b", "A_b", "-", "None", "ClusterIP", "ExternalName", "LoadBalancer", "TCP",
         "10.96.0.1", "fd00::1", "10.0.0.0/8", "1Gi", "25%", "2026-11-23T17:18:50Z", "In", "Local",
         "RollingUpdate", "Always", "IPv4", "\x00", "é" * 70)  # fmt: skip
LEAVES = st.none() | st.booleans() | st.integers(-2, 70000) | st.floats() | st.sampled_from(WORDS)
ANYTHING = st.recursive(
    LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(WORDS), inner)
)
DEEPEST = 7
_NUMBERS = st.integers(-2, 70000)
_MAPS = st.dictionaries(st.sampled_from(WORDS), st.sampled_from(WORDS), max_size=2)
LEAVES_OF: dict[str, st.SearchStrategy[Any]] = {
    "bool": st.booleans(),
    "int32": _NUMBERS,
    "int64": _NUMBERS,
    "util/intstr.IntOrString": _NUMBERS | st.sampled_from(WORDS),
    "map": _MAPS,
    "core/v1.ResourceList(map)": _MAPS,
}


@st.composite
def values(draw: st.DrawFn, go_type: str, depth: int = 0) -> Any:
    """Draw a value of a Go type: mostly a fitting one."""
    bare = go_type.removeprefix("*")
    if depth > DEEPEST or draw(st.integers(0, 30)) == 0:
        return draw(ANYTHING if depth < DEEPEST else LEAVES)
    if bare.startswith("[]"):
        return [draw(values(bare[2:], depth + 1)) for _ in range(draw(st.integers(0, 2)))]
    if is_struct(bare):
        return draw(structs(bare, depth + 1))
    return draw(LEAVES_OF.get("map" if bare.startswith("map") else bare, st.sampled_from(WORDS)))


@st.composite
def structs(draw: st.DrawFn, name: str, depth: int = 0) -> Document:
    """Draw a mapping with some fields of a struct."""
    table = fields_of_struct(name)
    fields = draw(st.lists(st.sampled_from(sorted(table)), max_size=6, unique=True))
    return {field: draw(values(table[field].go_type, depth)) for field in fields}


@st.composite
def documents(draw: st.DrawFn) -> tuple[Kind, Document]:
    kind = draw(st.sampled_from(BUILT_IN))
    body = draw(structs(struct_of_kind(kind.api_version, kind.kind)))
    return kind, {**body, "apiVersion": kind.api_version, "kind": kind.kind}


def _accepted(document: Document, kind: Kind, old: Document | None) -> Document | None:
    try:
        found = default(decode(document, "Warn").document, kind)
    except StatusError:
        return None
    faults = check(found, kind) if old is None else check_update(found, old, kind)
    for fault in faults:
        assert str(fault).startswith(fault.path)
    list(warn(found, kind, old))
    return found


@given(documents(), documents())
def test_it_is_accepted_or_refused(first: tuple[Kind, Document], second: Any) -> None:
    kind, document = first
    old = _accepted(document, kind, None)
    if old is not None:
        _accepted(
            {**document, **{key: second[1].get(key) for key in ("spec", "metadata")}}, kind, old
        )


@given(documents())
def test_defaults_are_filled_in_once(drawn: tuple[Kind, Document]) -> None:
    kind, document = drawn
    try:
        decoded = decode(document, "Ignore").document
    except StatusError:
        return
    before = json.dumps(decoded)

    found = default(decoded, kind)

    assert default(found, kind) == found
    assert json.dumps(decoded) == before


@given(documents())
def test_what_was_decoded_is_decoded_to_itself(drawn: tuple[Kind, Document]) -> None:
    _, document = drawn
    try:
        decoded = decode(document, "Ignore").document
    except StatusError:
        return

    assert decode(decoded).document == decoded
