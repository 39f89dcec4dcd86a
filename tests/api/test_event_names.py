"""What Events are called."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from svcnet.api.event_names import LONGEST, drawn_name, is_drawn

revisions = st.integers(min_value=1, max_value=2**28 - 1)
places = st.integers(min_value=0, max_value=2**20 - 1)


@given(numbers=st.lists(st.tuples(revisions, places), unique=True), draw=st.integers(min_value=0))
def test_names_sort_by_revision_and_place(numbers: list[tuple[int, int]], draw: int) -> None:
    names = [
        drawn_name("web", revision, place, draw % (revision + place))
        for revision, place in sorted(numbers)
    ]

    assert names == sorted(set(names))


@given(revision=revisions, subject=st.from_regex(r"[a-z][a-z0-9.-]{0,200}", fullmatch=True))
def test_names_are_known_again(revision: int, subject: str) -> None:
    assert is_drawn(drawn_name(subject, revision, 3, revision * 31))


def test_who_has_no_room_for_a_number_gets_a_uid() -> None:
    name = drawn_name("a" * (LONGEST - 16), 1, 0, 1)

    assert len(name) == len("756b1551-84d7-4274-b163-b354c035feea")


def test_names_of_kubernetes_are_not_ours() -> None:
    assert not is_drawn("web.18a1b2c3d4e5f607")
    assert not is_drawn("web")
