"""Formats of strings."""

from __future__ import annotations

import pytest

from svcnet.api.schemas.formats import fits, is_known


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("ipv4", "192.0.2.1", "fd00::1"),
        ("ipv6", "fd00::1", "192.0.2.1"),
        ("cidr", "192.0.2.0/24", "192.0.2.0"),
        ("mac", "00:00:5e:00:53:01", "00:00:5e"),
        ("hostname", "a.example.com", "a_b..c"),
        ("email", "a@example.com", "example.com"),
        ("uri", "https://example.com/a", "example"),
        ("uuid", "123e4567-e89b-12d3-a456-426614174000", "123"),
        ("uuid4", "123e4567-e89b-42d3-a456-426614174000", "123e4567-e89b-12d3-a456-426614174000"),
        ("date", "2026-11-28", "2026-13-28"),
        ("date-time", "2026-11-28T22:00:00.5Z", "2026-11-28"),
        ("duration", "1h30m", "1 fortnight"),
        ("byte", "aGVsbG8=", "a"),
        ("hexcolor", "#fff", "#ff"),
        ("quantity", "10Gi", "10Q"),
        ("k8s-short-name", "Web-1", "-web"),
        ("k8s-long-name", "a.b-c", "a..b"),
    ],
)
def test_a_format_tells_good_from_bad(name: str, good: str, bad: str) -> None:
    assert is_known(name)
    assert fits(good, name)
    assert not fits(bad, name)


@pytest.mark.parametrize("name", ["int32", "int64", "double", "made-up"])
def test_what_is_no_format_of_strings_holds_nobody(name: str) -> None:
    assert not is_known(name)
    assert fits("anything", name)
