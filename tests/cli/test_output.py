"""`-o`: which format is meant, and what is wrong with it; words as recorded."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from svcnet.cli.printers.output import EDIT_FORMATS, GET_FORMATS, as_text, chosen, list_of
from svcnet.errors import SvcnetError

SERVICE = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"managedFields": [{"manager": "kubectl"}], "name": "a"},
}


@pytest.mark.parametrize(
    ("output", "template", "message"),
    [
        (
            "toml",
            "",
            'unable to match a printer suitable for the output format "toml", allowed formats are: '
            "custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,"
            "jsonpath-as-json,jsonpath-file,kyaml,name,template,templatefile,wide,yaml",
        ),
        ("jsonpath", "", "template format specified but no template given"),
        ("jsonpath=", "", "template format specified but no template given"),
        ("go-template", "", "template format specified but no template given"),
        ("jsonpath={.spec", "", "error parsing jsonpath {.spec, unclosed action"),
        (
            "go-template={{.a",
            "",
            "error parsing template {{.a, template: output:1: unclosed action",
        ),
        ("", "{{.a", "error parsing template {{.a, template: output:1: unclosed action"),
        (
            "jsonpath-file=no.txt",
            "",
            "error reading --template no.txt, open no.txt: no such file or directory",
        ),
        (
            "custom-columns-file=no.txt",
            "",
            "error reading template no.txt, open no.txt: no such file or directory",
        ),
        ("custom-columns=", "", "custom-columns format specified but no custom columns given"),
        (
            "custom-columns=NAME",
            "",
            "unexpected custom-columns spec: NAME, expected <header>:<json-path-expr>",
        ),
    ],
)
def test_a_format_that_makes_no_sense_is_refused(
    output: str, template: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SvcnetError) as error:
        chosen(output, template, allowed=GET_FORMATS)

    assert str(error.value) == message


def test_the_format_is_told_as_it_was_typed() -> None:
    with pytest.raises(SvcnetError) as error:
        chosen('jsonpath={.a}{"\\n"}', allowed=EDIT_FORMATS)

    assert str(error.value) == (
        'unable to match a printer suitable for the output format "jsonpath={.a}{\\"\\\\n\\"}", '
        "allowed formats are: json,kyaml,yaml"
    )


@pytest.mark.parametrize("output", ["json=x", "wide=1", "name=", "YAML=a"])
def test_plain_formats_take_no_argument(output: str) -> None:
    with pytest.raises(SvcnetError, match="unable to match a printer"):
        chosen(output, allowed=GET_FORMATS)


@pytest.mark.parametrize("output", ["JSON", "Yaml", "WIDE", "Name"])
def test_plain_formats_are_known_in_any_case(output: str) -> None:
    assert chosen(output, allowed=GET_FORMATS).name == output.lower()


def test_a_template_alone_is_one_of_gos() -> None:
    wanted = chosen("", "{{.kind}} {{.metadata.name}}")

    assert as_text(wanted, SERVICE) == "Service a"


def test_templates_may_stand_in_files(tmp_path: Path) -> None:
    path = tmp_path / "t.txt"
    path.write_text("{.kind}")

    assert as_text(chosen(f"jsonpath-file={path}"), SERVICE) == "Service"


def test_managed_fields_are_hidden_unless_asked_for() -> None:
    assert "managedFields" not in as_text(chosen("json"), SERVICE)
    assert "managedFields" not in as_text(chosen("yaml"), list_of([SERVICE]))
    assert "managedFields" in as_text(chosen("json", managed_fields=True), SERVICE)


def test_custom_columns_show_each_object_of_a_list() -> None:
    wanted = chosen("custom-columns=N:.metadata.name", allowed=GET_FORMATS, headers=False)

    assert as_text(wanted, list_of([SERVICE, SERVICE])) == "a\na\n"
    assert as_text(wanted, SERVICE) == "a\n"


def test_both_streams_in_one_pipe_keep_their_order(tmp_path: Path) -> None:
    service = "{{apiVersion: v1, kind: Service, metadata: {{name: {}}}, spec: {}}}\n---\n"
    old_fashioned = "{externalIPs: [192.0.2.1], ports: [{port: 80}]}"
    plain = "{ports: [{port: 80}]}"
    manifest = tmp_path / "three.yaml"
    manifest.write_text(
        service.format("a", plain) + service.format("b", old_fashioned) + service.format("a", plain)
    )
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}

    done = subprocess.run(
        [sys.executable, "-m", "svcnet", "create", "-f", "three.yaml"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**environment, "SVCNET_DB": "state.db"},
    )

    assert done.stdout.splitlines()[1:] == [
        "service/a created",
        "Warning: spec.externalIPs is deprecated and may no longer be implemented in some clusters",
        "service/b created",
        'Error from server (AlreadyExists): error when creating "three.yaml": '
        'services "a" already exists',
    ]
