"""Columns as Go's tabwriter makes them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from svcnet.cli.printers.tabwriter import aligned

CELLS = st.text(st.characters(exclude_characters="\t\n", exclude_categories=["Cs"]), max_size=6)
LINES = st.lists(st.lists(CELLS, min_size=1, max_size=4).map("\t".join), max_size=8)


def test_a_line_with_fewer_cells_ends_a_column() -> None:
    assert aligned("a:\tx\nlonger:\ty\nalone\nb:\tz\n", padding=2) == (
        "a:       x\nlonger:  y\nalone\nb:  z\n"
    )


def test_what_follows_the_last_tab_is_not_padded() -> None:
    assert aligned("a\tb\t\naaa\tb\t\n", padding=1) == "a   b \naaa b \n"


def test_columns_have_a_least_width() -> None:
    assert aligned("a\tb\n", padding=3, minimum=6) == "a     b\n"


@given(lines=LINES, padding=st.integers(0, 4))
def test_only_blanks_are_added(lines: list[str], padding: int) -> None:
    text = aligned("\n".join(lines), padding=padding)

    assert text.replace(" ", "") == "\n".join(lines).replace("\t", "").replace(" ", "")


@given(rows=st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=8), padding=st.integers(1, 4))
def test_cells_of_one_column_begin_at_the_same_place(
    rows: list[tuple[str, str]], padding: int
) -> None:
    printed = aligned("\n".join("\t".join(row) for row in rows), padding=padding).split("\n")

    width = max(len(first) for first, _ in rows) + padding
    assert [line[width:] for line in printed] == [second for _, second in rows]
