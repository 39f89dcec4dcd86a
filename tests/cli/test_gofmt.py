"""Go's ways of printing values."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcnet.api.go.fmt import sprint
from svcnet.api.go.json import marshal_numbers
from svcnet.api.go.printf import sprintf
from svcnet.api.go.strconv import format_float
from svcnet.errors import go_quote

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (80.0, "80"),
        (0.5, "0.5"),
        (100000.0, "100000"),
        (1e6, "1e+06"),
        (123456789.25, "1.2345678925e+08"),
        (-0.00012, "-0.00012"),
        (0.00001, "1e-05"),
        (1e23, "1e+23"),
        (0.0, "0"),
        (-0.0, "-0"),
        (float("inf"), "+Inf"),
        (float("nan"), "NaN"),
    ],
)
def test_floats_are_printed_with_the_fewest_digits(value: float, printed: str) -> None:
    assert format_float(value) == printed


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_printed_float_is_the_same_float(value: float) -> None:
    assert float(format_float(value)) == value


@given(VALUES)
def test_json_that_is_printed_reads_back(value: object) -> None:
    assert json.loads(marshal_numbers(value)) == value


@given(st.text())
def test_a_quoted_text_is_one_line_of_ascii_controls_escaped(text: str) -> None:
    quoted = go_quote(text)

    assert quoted[0] == quoted[-1] == '"'
    assert quoted.isprintable()


@given(VALUES)
def test_v_prints_what_sprint_prints(value: object) -> None:
    assert sprintf("%v", [value]) == sprint(value)


@pytest.mark.parametrize(
    ("template", "values", "printed"),
    [
        ("%5d|%-5d|%05d|%+d", [42, 42, 42, 42], "   42|42   |00042|+42"),
        ("%x %X %o %b %c %U", [255, 255, 8, 5, 65, 233], "ff FF 10 101 A U+00E9"),
        ("%.2f %8.3f|%e", [1.005, 2.5, 1234.5], "1.00    2.500|1.234500e+03"),
        ("%s|%5s|%-5s|%.2s|%q", ["a", "a", "a", "abc", 'a"'], 'a|    a|a    |ab|"a\\""'),
        ("%t %v", [True, None], "true <nil>"),
        ("%d %s", ["x"], "%!d(string=x) %!s(MISSING)"),
        ("a", [1], "a%!(EXTRA int64=1)"),
        ("100%", [], "100%!(NOVERB)"),
        ("%[2]v %[1]v", [1, 2], "2 1"),
        ("%*d|%-*d|", [4, 1, 4, 1], "   1|1   |"),
        ("%d", [[1, "a"]], "[1 %!d(string=a)]"),
        ("%T %T", [1, {}], "int64 map[string]interface {}"),
    ],
)
def test_printf_prints_as_go_does(template: str, values: list[object], printed: str) -> None:
    assert sprintf(template, values) == printed


@given(st.text(max_size=20), st.lists(VALUES, max_size=4))
def test_printf_never_fails(template: str, values: list[object]) -> None:
    assert isinstance(sprintf(template, values), str)
