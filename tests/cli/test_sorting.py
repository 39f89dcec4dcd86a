"""`--sort-by`, and sorting as Go does it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcnet.api.drawing import draw
from svcnet.api.keys import Document
from svcnet.cli.printers import gosort
from svcnet.cli.printers.sorting import Unsortable, is_less, natural_less, ordered


@given(st.lists(st.integers(0, 30), max_size=200))
def test_sorting_puts_everything_in_order(values: list[int]) -> None:
    order = gosort.sort(len(values), comparing(values))

    assert sorted(order) == list(range(len(values)))
    assert [values[index] for index in order] == sorted(values)


def comparing(values: list[int]) -> gosort.Less:
    return lambda i, j: values[i] < values[j]


@pytest.mark.parametrize("count", [60, 500, 3000])
def test_long_runs_with_patterns_are_sorted_as_well(count: int) -> None:
    """Runs that defeat simple pivots: turned round, saw teeth, organ pipes, shuffled, all equal."""
    shuffled = [draw("seed", n) for n in range(count)]
    runs = [
        list(range(count, 0, -1)),
        [n % 7 for n in range(count)],
        [min(n, count - n) for n in range(count)],
        shuffled,
        [1] * count,
    ]
    for values in runs:
        order = gosort.sort(count, comparing(values))

        assert [values[index] for index in order] == sorted(values)


@given(st.integers(0, 12))
def test_what_is_each_before_the_other_is_turned_round(count: int) -> None:
    """So kubectl shows objects that lack the field: the last one first."""
    assert gosort.sort(count, lambda _i, _j: True) == list(reversed(range(count)))


@given(st.integers(0, 12))
def test_few_equal_things_stay_in_their_order(count: int) -> None:
    assert gosort.sort(count, lambda _i, _j: False) == list(range(count))


def services(*ports: int | None) -> list[Document]:
    return [{"name": index, **({"port": port} if port else {})} for index, port in enumerate(ports)]


def test_objects_without_the_field_come_first() -> None:
    found = ordered(services(30, None, 9, 100), ".port", lambda each: each)

    assert [each["name"] for each in found] == [1, 2, 0, 3]


@pytest.mark.parametrize("field", [".nothing", "{.bad", "{.name}{.port}", ""])
def test_a_field_that_nobody_has_sorts_nothing(field: str) -> None:
    with pytest.raises(Unsortable):
        ordered(services(1, 2), field, lambda each: each)


@pytest.mark.parametrize(("one", "other"), [(1, "a"), ({}, {}), (True, False), (1, 1.5)])
def test_some_values_have_no_order(one: object, other: object) -> None:
    with pytest.raises(Unsortable):
        is_less(one, other)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_numbers_in_names_count_by_their_value(one: int, other: int) -> None:
    assert natural_less(f"web-{one}-x", f"web-{other}-x") == (one < other)


def test_amounts_are_compared_as_such() -> None:
    assert is_less("500m", "1")
    assert is_less("900Mi", "1Gi")
    assert not is_less("1e3", "1k")
    # No suffix that there is: text, in which digits count by value.
    assert is_less("2Zi", "10Zi")
