"""What kubectl was seen to print of an object by a user's template."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from svcnet.cli.templates import gotemplate, jsonpath
from svcnet.cli.templates.errors import RenderError
from svcnet.errors import UsageError

CAPTURED = Path(__file__).with_name("captured")


def captured(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((CAPTURED / name).read_text(encoding="utf-8"))
    return found


JSONPATH, GO_TEMPLATE = captured("jsonpath.json"), captured("gotemplate.json")


def told(error: UsageError) -> str:
    """Return an error as it stands on standard error; all of kubectl's lines end."""
    return f"error: {str(error).rstrip()}\n"


@pytest.mark.parametrize("case", JSONPATH["cases"], ids=lambda case: case["template"])
def test_a_jsonpath_prints_what_kubectl_printed(case: dict[str, Any]) -> None:
    document = jsonpath.as_generated(JSONPATH["object"])
    try:
        printed, error = (
            jsonpath.render(case["template"], document, missing_ok=case.get("missing_ok", True)),
            "",
        )
    except UsageError as fault:
        printed, error = "", f"error: {fault}\n"

    assert printed == case["printed"]
    assert error.partition("object given to")[0].rstrip() == case.get("error", "").rstrip()


@pytest.mark.parametrize("case", GO_TEMPLATE["cases"], ids=lambda case: case["template"])
def test_a_go_template_prints_what_kubectl_printed(case: dict[str, Any]) -> None:
    error = ""
    try:
        printed = gotemplate.render(
            case["template"], GO_TEMPLATE["object"], missing_ok=case.get("missing_ok", True)
        )
    except RenderError as fault:
        printed, error = fault.printed.partition("raw data was:\n")[0], told(fault)
    except UsageError as fault:
        printed, error = "", told(fault)

    assert printed == case["printed"]
    assert error.rstrip() == case.get("error", "").rstrip()


def test_a_failed_go_template_shows_the_object_on_standard_output() -> None:
    with pytest.raises(RenderError) as caught:
        gotemplate.render(
            "{{.kind}} {{.kind.x}}", {"kind": "Service", "spec": {"ports": [{"port": 80}]}}
        )

    assert caught.value.printed == (
        'Service Error executing template: template: output:1:17: executing "output" at '
        "<.kind.x>: can't evaluate field x in type interface {}. "
        "Printing more information for debugging the template:\n"
        "\ttemplate was:\n\t\t{{.kind}} {{.kind.x}}\n"
        '\traw data was:\n\t\t{"kind":"Service","spec":{"ports":[{"port":80}]}}\n'
        "\tobject given to template engine was:\n"
        "\t\tmap[kind:Service spec:map[ports:[map[port:80]]]]\n\n"
    )


def test_a_failed_jsonpath_shows_the_object_as_a_go_program_spells_it() -> None:
    with pytest.raises(UsageError) as caught:
        jsonpath.render("{.a[0]}", {"a": "x", "b": [1, None, True]})

    assert str(caught.value) == (
        'error executing jsonpath "{.a[0]}": Error executing template: '
        "string is not array or slice. Printing more information for debugging the template:\n"
        "\ttemplate was:\n\t\t{.a[0]}\n"
        "\tobject given to jsonpath engine was:\n"
        '\t\tmap[string]interface {}{"a":"x", '
        '"b":[]interface {}{1, interface {}(nil), true}}\n\n'
    )


def test_whole_numbers_of_stored_objects_compare_with_numbers() -> None:
    document = {"ports": [{"name": "a", "port": 80}, {"name": "b", "port": 443}]}

    assert jsonpath.render("{.ports[?(@.port>80)].name}", document) == "b"


def test_as_json_prints_an_array_for_each_action() -> None:
    printed = jsonpath.render("{.a}{.b[*]}", {"a": "<x>", "b": [1, 2]}, as_json=True)

    assert printed == '[\n    "\\u003cx\\u003e"\n]\n[\n    1,\n    2\n]\n'


@pytest.mark.parametrize(
    ("expression", "template"),
    [
        ("metadata.name", "{.metadata.name}"),
        (".metadata.name", "{.metadata.name}"),
        ("{metadata.name}", "{.metadata.name}"),
        ("{.metadata.name}", "{.metadata.name}"),
        ("", ""),
    ],
)
def test_a_path_may_lack_its_braces_and_its_dot(expression: str, template: str) -> None:
    assert jsonpath.relaxed(expression) == template


def test_braces_within_a_path_are_refused() -> None:
    with pytest.raises(UsageError, match=r"^unexpected path string, "):
        jsonpath.relaxed("a{.b}")


def test_templates_that_call_themselves_for_ever_are_stopped() -> None:
    with pytest.raises(RenderError, match=r"exceeded maximum template depth \(100000\)"):
        gotemplate.render('{{define "t"}}{{template "t"}}{{end}}{{template "t"}}', {})
