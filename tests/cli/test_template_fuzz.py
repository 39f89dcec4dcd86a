"""Whatever a user types as a template, the answer is text or an error that says what is wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcnet.cli.printers import customcolumns
from svcnet.cli.templates import gotemplate, jsonpath
from svcnet.errors import SvcnetError

DOCUMENT = {
    "kind": "Service",
    "metadata": {"name": "a", "labels": {"app": "x"}, "gone": None},
    "spec": {"ports": [{"name": "http", "port": 80}, {"port": 443}], "weight": 0.5, "on": True},
}
JSONPATH_PARTS = st.sampled_from(
    [
        "{", "}", "[", "]", "(", ")", "?", "@", "$", ".", "..", "*", ":", ",", "'", '"', "\\", "-",
        "0", "1", "9", "a", "=", "==", "<", "range ", "end", ".spec", ".ports", ".name", " ", "\n",
        "true", "{.spec.ports[", "{range .spec.ports[*]}", "{end}", "é",
    ]
)  # fmt: skip
GO_PARTS = st.sampled_from(
    [
        "{{", "}}", "{{-", "-}}", ".", "$", "$x", ":=", "=", "|", "(", ")", '"', "`", "'", "\\",
        " ", "\n", ",", "if ", "else ", "end", "range ", "with ", "define ", "template ", "block ",
        "break", "continue", ".spec", ".ports", ".kind", "index ", "printf ", "len ", "eq ", "and ",
        "slice ", "not ", '"%d"', "0", "1.5", "-1", "nil", "true", "/*", "*/", "{{end}}", "é",
    ]
)  # fmt: skip


def tried(render: Callable[[], str]) -> None:
    try:
        printed = render()
    except SvcnetError as error:
        assert str(error)  # noqa: PT017 - any error will do
    else:
        assert isinstance(printed, str)


@given(st.lists(JSONPATH_PARTS, max_size=12).map("".join), st.booleans())
def test_jsonpath(template: str, missing_ok: bool) -> None:
    tried(lambda: jsonpath.render(template, DOCUMENT, missing_ok=missing_ok))


@given(st.lists(GO_PARTS, max_size=14).map("".join), st.booleans())
def test_go_templates(template: str, missing_ok: bool) -> None:
    tried(lambda: gotemplate.render(template, DOCUMENT, missing_ok=missing_ok))


@given(st.lists(GO_PARTS, max_size=10).map(lambda parts: "{{" + "".join(parts) + "}}"))
def test_go_templates_of_one_action(template: str) -> None:
    tried(lambda: gotemplate.render(template, DOCUMENT))


@given(st.lists(JSONPATH_PARTS, max_size=8).map("".join))
def test_custom_columns(path: str) -> None:
    tried(lambda: customcolumns.render(customcolumns.columns(f"A:{path}"), [DOCUMENT]))


@pytest.mark.parametrize("deep", ["(" * 2000, "{{if .a}}" * 2000, "." * 2000])
def test_what_is_very_deep(deep: str) -> None:
    tried(lambda: gotemplate.render("{{" + deep, DOCUMENT))
    tried(lambda: jsonpath.render("{" + deep, DOCUMENT))
