"""How endpoints are laid out in slices."""

from __future__ import annotations

from typing import Any

from svcnet.api.keys import Document
from svcnet.control.controllers.slice_packing import identity, lay_out

# --- packing ----------------------------------------------------------------------------------


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


def test_new_endpoints_go_where_they_leave_the_least_room() -> None:
    layout = lay_out({"a": listed(1), "b": listed(2, 3)}, wanted(1, 2, 3, 4), limit=3)

    assert layout.written == {"b": listed(2, 3, 4)}


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
