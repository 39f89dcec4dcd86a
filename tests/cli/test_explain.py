"""Fields, their types and what they are for."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest

from svcnet.api.kinds import BUILT_IN
from svcnet.api.struct_table import fields_of_struct
from svcnet.cli.commands.explain import explanation, heading
from tests.api.structs import STRUCTS
from tests.cli.conftest import Kubectl

TEXTS: dict[str, dict[str, str]] = json.loads(
    files("svcnet.cli.commands").joinpath("explanations.json").read_text(encoding="utf-8")
)


def test_a_field_is_told_with_its_type_and_its_choices(kubectl: Kubectl) -> None:
    status, out, err = kubectl("explain", "service.spec.type")

    assert (status, err) == (0, "")
    assert out.startswith(
        "KIND:       Service\nVERSION:    v1\n\n"
        "FIELD: type <string>\nENUM:\n    ClusterIP\n    ExternalName\n    LoadBalancer\n"
        "    NodePort\n\nDESCRIPTION:\n    "
    )


def test_a_kind_of_a_group_is_told_with_its_fields(kubectl: Kubectl) -> None:
    out = kubectl("explain", "deploy")[1]

    assert out.startswith("GROUP:      apps\nKIND:       Deployment\nVERSION:    v1\n\n")
    assert "\nFIELDS:\n  apiVersion\t<string>\n" in out
    assert "\n  spec\t<DeploymentSpec>\n" in out


def test_recursion_tells_names_and_types_only(kubectl: Kubectl) -> None:
    lines = kubectl("explain", "svc", "--recursive")[1].splitlines()

    at = lines.index("    ports\t<[]ServicePort>")
    assert lines[at + 1 : at + 5] == [
        "      appProtocol\t<string>",
        "      name\t<string>",
        "      nodePort\t<integer>",
        "      port\t<integer> -required-",
    ]


def test_an_unknown_field_is_told_after_the_kind(kubectl: Kubectl) -> None:
    status, out, err = kubectl("explain", "service.spec.nothing")

    assert (status, out) == (1, "KIND:       Service\nVERSION:    v1\n\n")
    assert err == 'error: field "nothing" does not exist\n'


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("widgets",), 'the server doesn\'t have a resource type "widgets"\n'),
        (("a", "b"), "error: We accept only this format: explain RESOURCE\n"),
        (
            (),
            "error: You must specify the type of resource to explain. "
            'Use "kubectl api-resources" for a complete list of supported resources.\n',
        ),
    ],
)
def test_what_cannot_be_explained(kubectl: Kubectl, words: tuple[str, ...], error: str) -> None:
    assert kubectl("explain", *words) == (1, "", error)


def test_every_kind_can_be_explained() -> None:
    for kind in BUILT_IN:
        assert heading(kind).endswith(f"KIND:       {kind.kind}\nVERSION:    {kind.version}\n\n")
        assert "DESCRIPTION:" in explanation(kind, [], recursive=False)
        assert "DESCRIPTION:" in explanation(kind, [], recursive=True)


def test_every_field_of_a_service_has_words() -> None:
    service = next(kind for kind in BUILT_IN if kind.kind == "Service")

    for path in ([], ["spec"], ["spec", "ports"], ["status"], ["metadata"]):
        assert "<no description>" not in explanation(service, path, recursive=False)


def test_words_are_about_fields_that_there_are() -> None:
    structs: dict[str, set[str]] = {}
    for name in STRUCTS:
        structs.setdefault(name.rpartition(".")[2], set()).update(fields_of_struct(name))

    assert {
        (struct, field)
        for struct, texts in TEXTS.items()
        for field in texts
        if struct != "*" and field and field not in structs[struct]
    } == set()
