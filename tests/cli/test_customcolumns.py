"""custom-columns: specifications, cells, and what is wrong with them."""

from __future__ import annotations

import pytest

from svcnet.cli.printers.customcolumns import columns, columns_of_file, render
from svcnet.cli.templates.errors import RenderError
from svcnet.errors import UsageError

SERVICES = [
    {
        "metadata": {"name": "a", "labels": {"app": "shop"}},
        "spec": {"selector": {"app": "shop"}, "ports": [{"port": 80}, {"port": 443}]},
    },
    {"metadata": {"name": "bee"}, "spec": {"ports": [{"port": 9000}], "note": None}},
]


def test_columns_are_three_apart_and_six_wide_at_least() -> None:
    wanted = columns("NAME:.metadata.name,PORTS:.spec.ports[*].port")

    assert render(wanted, SERVICES) == "NAME   PORTS\na      80,443\nbee    9000\n"


def test_maps_are_printed_as_go_prints_them_and_what_is_missing_as_none() -> None:
    wanted = columns("NAME:metadata.name,SEL:{.spec.selector},MISSING:.spec.foo")

    assert render(wanted, SERVICES) == (
        "NAME   SEL             MISSING\n"
        "a      map[app:shop]   <none>\n"
        "bee    <none>          <none>\n"
    )


def test_widths_come_from_the_rows_alone_without_headers() -> None:
    wanted = columns("N:.metadata.name,NULL:.spec.note")

    assert render(wanted, SERVICES, headers=False) == "a     <none>\nbee   <nil>\n"


def test_a_file_holds_a_line_of_headers_and_one_of_paths() -> None:
    wanted = columns_of_file("NAME           KIND\nmetadata.name  .kind\n")

    assert render(wanted, SERVICES[:1]) == "NAME   KIND\na      <none>\n"


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("", "custom-columns format specified but no custom columns given"),
        ("NAME", "unexpected custom-columns spec: NAME, expected <header>:<json-path-expr>"),
        (
            "NAME:a{b",
            "unexpected path string, expected a 'name1.name2' or '.name1.name2' or "
            "'{name1.name2}' or '{.name1.name2}'",
        ),
    ],
)
def test_a_bad_specification_is_refused_at_once(spec: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        columns(spec)

    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "invalid template, missing header line. Expected format is"),
        ("A B", "invalid template, missing spec line. Expected format is"),
        ("A B\n.a", r"number of headers \(2\) and field specifications \(1\) don't match"),
    ],
)
def test_a_bad_file_is_refused(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        columns_of_file(text)


def test_a_bad_path_is_told_after_the_headers() -> None:
    with pytest.raises(RenderError) as caught:
        render(columns("NAME:.metadata["), SERVICES)

    assert (str(caught.value), caught.value.printed) == ("unterminated array", "NAME\n")


def test_rows_before_one_that_fails_are_printed() -> None:
    with pytest.raises(RenderError) as caught:
        render(columns("P:.spec.ports[1].port"), SERVICES)

    assert caught.value.printed == "P\n443\n"
    assert str(caught.value) == "array index out of bounds: index 1, length 1"


def test_nothing_in_a_cell_steers_the_terminal() -> None:
    assert render(columns("A:.a"), [{"a": "\x1b[31mred\r"}], headers=False) == "^[[31mred\\r\n"
