"""Hashes in names; that templates have the very ones of a cluster is in `tests/conformance`."""

from __future__ import annotations

import pytest

from svcnet.api.go.spew import sprintf
from svcnet.api.keys import Document
from svcnet.control.objects.hashing import (
    fnv_32,
    fnv_32_multiplied_first,
    fnv_128,
    revision_hash,
    template_hash,
)
from tests.control.workbench import template

LETTERS = "bcdfghjklmnpqrstvwxz2456789"


# From the test vectors of the FNV authors (Noll's test_fnv.c) and Go's hash/fnv/fnv_test.go.
@pytest.mark.parametrize(
    ("text", "multiplied_first", "multiplied_last"),
    [
        (b"", 0x811C9DC5, 0x811C9DC5),
        (b"a", 0x050C5D7E, 0xE40C292C),
        (b"ab", 0x70772D38, 0x4D2505CA),
        (b"abc", 0x439C2F4B, 0x1A47E90B),
    ],
)
def test_fnv_comes_in_two_orders(text: bytes, multiplied_first: int, multiplied_last: int) -> None:
    assert fnv_32_multiplied_first(text) == multiplied_first
    assert fnv_32(text) == multiplied_last


def test_fnv_of_128_bits() -> None:
    assert fnv_128(b"abc") == 0xA68D622CEC8B5822836DBC7977AF7F3B


def encoded(number: int) -> str:
    """SafeEncodeString() of rand.go: each digit's byte, modulo the number of letters."""
    return "".join(LETTERS[(48 + int(digit)) % 27] for digit in str(number))


@pytest.mark.parametrize(
    ("collisions", "behind"),
    # PutUint32() into a slice of eight bytes, and nothing at all without a count.
    [(None, b""), (0, bytes(8)), (1, b"\1" + bytes(7)), (258, b"\2\1" + bytes(6))],
)
def test_a_count_of_collisions_changes_a_templates_hash(
    collisions: int | None, behind: bytes
) -> None:
    wanted: Document = template("web")
    text = sprintf(wanted, "core/v1.PodTemplateSpec").encode()

    assert template_hash(wanted, collisions) == encoded(fnv_32(text + behind))


@pytest.mark.parametrize("collisions", [0, 3])
def test_a_revisions_hash_is_that_of_its_json_and_the_count_in_digits(collisions: int) -> None:
    text = '{"spec":{"a":"\\u003c\\u003e\\u0026é","b":null}}%d' % collisions  # noqa: UP031 - braces

    found = revision_hash({"spec": {"b": None, "a": "<>&é"}}, collisions)

    assert found == encoded(fnv_32_multiplied_first(text.encode()))
