"""How endpoints are laid out in slices."""

from __future__ import annotations

from typing import Any

import pytest

from svcnet.api.keys import Document
from svcnet.control.controllers.slice_packing import identity, lay_out


def listed(*numbers: int, ready: bool = True) -> list[Document]:
    return [
        {"addresses": [f"10.0.0.{number}"], "conditions": {"ready": ready}} for number in numbers
    ]


def wanted(*numbers: int, ready: bool = True) -> dict[Any, Document]:
    return {identity(each): each for each in listed(*numbers, ready=ready)}


def test_endpoints_stay_where_they_are() -> None:
    layout = lay_out({"a": listed(1, 2), "b": listed(3)}, wanted(3, 2, 1))

    assert (layout.unchanged, layout.written, layout.added) == (["a", "b"], {}, [])


def test_new_endpoints_fill_the_slice_that_is_written_anyway() -> None:
    layout = lay_out({"a": listed(1, 2), "b": listed(3)}, wanted(2, 3, 4), limit=3)

    assert layout.written == {"a": listed(2, 4)}
    assert layout.unchanged == ["b"]


def test_of_slices_that_are_written_anyway_the_fullest_is_filled_first() -> None:
    """Source: endpointslice/reconciler.go, `filling up the fullest ones first`."""
    held = {"a": listed(1), "b": listed(2, 3), "c": listed(4)}
    stale = frozenset(held)

    one = lay_out(held, wanted(1, 2, 3, 4, 5), stale, limit=3)
    assert one.written == {"a": listed(1), "b": listed(2, 3, 5), "c": listed(4)}

    # What is left goes to the next fullest; of equals, to the first by name.
    more = lay_out(held, wanted(1, 2, 3, 4, 5, 6, 7), stale, limit=3)
    assert more.written == {"a": listed(1, 6, 7), "b": listed(2, 3, 5), "c": listed(4)}


def test_how_full_a_slice_is_counts_what_stays_in_it() -> None:
    """`a` had three endpoints and keeps one, `b` two and keeps both."""
    held = {"a": listed(1, 8, 9), "b": listed(2, 3)}

    layout = lay_out(held, wanted(1, 2, 3, 4), frozenset({"b"}), limit=3)

    assert layout.written == {"a": listed(1), "b": listed(2, 3, 4)}


def test_a_slice_holds_as_many_as_the_limit_and_no_more() -> None:
    exact = lay_out({"a": listed(1, 2)}, wanted(1, 2, 3), limit=3)
    assert (exact.written, exact.added) == ({"a": listed(1, 2, 3)}, [])

    over = lay_out({"a": listed(1, 2)}, wanted(1, 2, 3, 4), limit=3)
    assert (over.unchanged, over.added) == (["a"], [listed(3, 4)])

    # As many as fill a slice of their own are not squeezed in anywhere.
    full = lay_out({"a": []}, wanted(1, 2, 3), limit=3)
    assert (full.unchanged, full.added) == (["a"], [listed(1, 2, 3)])


def test_a_hundred_endpoints_are_the_limit() -> None:
    layout = lay_out({}, wanted(*range(101)))

    assert [len(each) for each in layout.added] == [100, 1]


def test_an_empty_slice_is_one_to_fill_and_does_not_go() -> None:
    layout = lay_out({"a": [], "b": listed(1)}, wanted(1))

    assert (layout.unchanged, layout.emptied) == (["a", "b"], [])


def test_a_slice_that_is_stale_is_written_with_what_it_holds() -> None:
    layout = lay_out({"a": listed(1)}, wanted(1), frozenset({"a"}))

    assert (layout.unchanged, layout.written) == ([], {"a": listed(1)})


def test_new_endpoints_go_where_they_leave_the_least_room() -> None:
    layout = lay_out({"a": listed(1), "b": listed(2, 3)}, wanted(1, 2, 3, 4), limit=3)

    assert layout.written == {"b": listed(2, 3, 4)}
    other = lay_out({"a": listed(2, 3), "b": listed(1)}, wanted(1, 2, 3, 4), limit=3)
    assert other.written == {"a": listed(2, 3, 4)}


def test_a_slice_that_nothing_is_left_of_goes() -> None:
    layout = lay_out({"a": listed(1), "b": listed(2)}, wanted(2))

    assert (layout.emptied, layout.unchanged) == (["a"], ["b"])


def test_what_fits_nowhere_gets_slices_of_its_own() -> None:
    layout = lay_out({"a": listed(1, 2)}, wanted(1, 2, 3, 4, 5, 6), limit=3)

    assert layout.added == [listed(3, 4, 5)]
    assert layout.written == {"a": listed(1, 2, 6)}


def test_a_changed_state_is_written_in_place() -> None:
    layout = lay_out({"a": listed(1)}, wanted(1, ready=False))

    assert layout.written == {"a": listed(1, ready=False)}


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({"nodeName": "n2"}, False),
        ({"zone": "b"}, False),
        ({"conditions": {"ready": True, "serving": True}}, False),
        # Hints are given later, and by somebody else.
        ({"hints": {"forZones": [{"name": "a"}]}}, True),
    ],
)
def test_state_is_where_an_endpoint_is_and_whether_it_serves(
    change: Document, *, same: bool
) -> None:
    before = {**listed(1)[0], "nodeName": "n1", "zone": "a"}
    after = {**before, **change}

    layout = lay_out({"a": [before]}, {identity(after): after})

    assert (layout.unchanged == ["a"]) is same
    assert layout.written == ({} if same else {"a": [after]})


@pytest.mark.parametrize(
    "other",
    [
        {"addresses": ["10.0.0.2"]},
        {"addresses": ["10.0.0.1"], "hostname": "h", "targetRef": {"name": "p", "uid": "u"}},
        {"addresses": ["10.0.0.1"], "targetRef": {"name": "p", "uid": "v"}},
        {"addresses": ["10.0.0.1"], "targetRef": {"name": "q", "uid": "u"}},
    ],
)
def test_another_address_hostname_or_pod_is_another_endpoint(other: Document) -> None:
    assert identity(other) != identity(
        {"addresses": ["10.0.0.1"], "targetRef": {"name": "p", "uid": "u"}}
    )
