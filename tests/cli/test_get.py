"""`get`, from the words typed to the text printed; tables and messages as recorded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from svcnet.api.keys import Document
from tests.cli.conftest import Kubectl

SERVICES = """\
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Service, metadata: {name: a, labels: {app: x}}, spec: {ports: [{port: 1}]}}
- {apiVersion: v1, kind: Service, metadata: {name: b}, spec: {clusterIP: None, ports: [{port: 2}]}}
"""
CRD = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {plural: widgets, singular: widget, kind: Widget, shortNames: [wd]}
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
    additionalPrinterColumns:
    - {name: Size, type: integer, jsonPath: .spec.size}
"""
WIDGET = "{apiVersion: example.com/v1, kind: Widget, metadata: {name: w}, spec: {size: 3}}\n"


@pytest.fixture
def stocked(kubectl: Kubectl) -> Kubectl:
    Path("s.yaml").write_text(SERVICES)
    assert kubectl("create", "-f", "s.yaml").status == 0
    return kubectl


def test_a_new_cluster_has_one_service(kubectl: Kubectl) -> None:
    assert kubectl("get", "svc") == (
        0,
        "NAME         TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)   AGE\n"
        "kubernetes   ClusterIP   10.96.0.1    <none>        443/TCP   0s\n",
        "",
    )


def test_several_kinds_are_set_apart(kubectl: Kubectl) -> None:
    said = kubectl("get", "ns,svc", "--no-headers")

    assert said.out.splitlines()[-2:] == [
        "namespace/kube-system       Active   0s",
        "service/kubernetes   ClusterIP   10.96.0.1   <none>   443/TCP   0s",
    ]
    assert "\n\nNAME  " in kubectl("get", "ns,svc").out


@pytest.mark.parametrize(
    ("line", "err"),
    [
        ("deploy", "No resources found in default namespace.\n"),
        ("deploy -n team", "No resources found in team namespace.\n"),
        ("deploy -A", "No resources found\n"),
        ("deploy,pv", "No resources found\n"),
        ("deploy --ignore-not-found", ""),
        ("svc -l app=nope", "No resources found in default namespace.\n"),
        ("svc --sort-by=.spec.nothing", "No resources found in default namespace.\n"),
        (
            "ep -n kube-system -o name",
            "Warning: v1 Endpoints is deprecated in v1.33+; "
            "use discovery.k8s.io/v1 EndpointSlice\n",
        ),
    ],
)
def test_nothing_to_show_is_no_error(kubectl: Kubectl, line: str, err: str) -> None:
    assert kubectl("get", *line.split()) == (0, "", err)


def test_nothing_is_an_empty_list_of_documents(kubectl: Kubectl) -> None:
    assert json.loads(kubectl("get", "deploy", "-o", "json").out) == {
        "apiVersion": "v1",
        "items": [],
        "kind": "List",
        "metadata": {"resourceVersion": ""},
    }


def test_what_is_missing_does_not_hide_what_is_there(stocked: Kubectl) -> None:
    said = stocked("get", "svc", "a", "nope", "b", "-o", "name")

    assert said == (
        1,
        "service/a\nservice/b\n",
        'Error from server (NotFound): services "nope" not found\n',
    )


def test_a_single_object_is_printed_by_itself(stocked: Kubectl) -> None:
    single: Document = json.loads(stocked("get", "svc", "a", "-o", "json").out)
    several: Document = json.loads(stocked("get", "svc/a", "svc/b", "-o", "json").out)

    assert single["kind"] == "Service"
    assert several["kind"] == "List"
    assert several["items"][0] == single
    assert json.loads(stocked("get", "svc", "nope", "x", "-o", "json").out)["items"] == []
    assert stocked("get", "svc", "nope", "-o", "json").out == ""


def test_objects_in_files_are_fetched(stocked: Kubectl) -> None:
    said = stocked(
        "get", "-f", "s.yaml", "-o", "custom-columns=N:.metadata.name,IP:.spec.clusterIP"
    )

    assert said.status == 0
    assert [line.split()[0] for line in said.out.splitlines()] == ["N", "a", "b"]


def test_the_order_can_be_chosen(stocked: Kubectl) -> None:
    by_port = stocked("get", "svc", "--sort-by={.spec.ports[0].port}", "-o", "name").out

    assert by_port == "service/a\nservice/b\nservice/kubernetes\n"


@pytest.mark.parametrize(
    ("line", "err"),
    [
        (
            "svc --show-labels -o yaml",
            "error: --show-labels option cannot be used with yaml printer\n",
        ),
        ("svc -k dir -f x", "error: only one of -f or -k can be specified\n"),
        (
            "svc --subresource=status",
            "error: subresource cannot be used when bulk resources are specified\n",
        ),
        (
            "svc a --subresource=bogus",
            'error: invalid subresource value: "bogus". Must be one of [status scale resize]\n',
        ),
        (
            "svc --output-watch-events",
            "error: --output-watch-events option can only be used with --watch or --watch-only\n",
        ),
        ("--raw /healthz svc", "error: arguments may not be passed when --raw is specified\n"),
        (
            "--raw /api",
            "error: svcnet has no server that could answer /api: use `get TYPE -o json` instead of "
            "--raw\n",
        ),
        (
            "svc/kubernetes --subresource=scale",
            "Error from server (NotFound): the server could not find the requested resource\n",
        ),
    ],
)
def test_what_cannot_be_is_refused(kubectl: Kubectl, line: str, err: str) -> None:
    assert kubectl("get", *line.split()) == (1, "", err)


def test_the_server_is_well(kubectl: Kubectl) -> None:
    assert kubectl("get", "--raw", "/readyz?verbose") == (0, "ok", "")


def test_a_watch_ends_with_an_error_unless_it_would_end_by_itself(kubectl: Kubectl) -> None:
    endless, limited = (
        kubectl("get", "svc", "-w"),
        kubectl("get", "svc", "-w", "--request-timeout=1s"),
    )

    assert endless.out == limited.out
    assert (limited.status, limited.err) == (0, "")
    assert (endless.status, endless.err) == (
        1,
        "error: nothing happens to a stored state by itself, so there is nothing to watch for\n",
    )
    assert kubectl("get", "svc", "--watch-only", "--request-timeout=1s").out == ""


def test_a_scale_is_a_part_of_what_has_replicas(kubectl: Kubectl) -> None:
    kubectl("create", "deployment", "web", "--image=nginx", "--replicas=2")

    said = kubectl("get", "deploy", "web", "--subresource=scale")

    assert [line.split() for line in said.out.splitlines()] == [
        ["NAME", "DESIRED", "AVAILABLE", "AGE"],
        ["web", "2", "2", "0s"],
    ]


def test_custom_resources_are_shown_by_their_definition(kubectl: Kubectl) -> None:
    Path("crd.yaml").write_text(CRD)
    Path("w.yaml").write_text(WIDGET)
    assert kubectl("apply", "-f", "crd.yaml").err == ""
    assert kubectl("apply", "-f", "w.yaml").err == ""

    assert kubectl("get", "wd").out == "NAME   SIZE\nw      3\n"
    assert kubectl("get", "widgets.example.com", "-o", "name").out == "widget.example.com/w\n"
    assert kubectl("get", "wd", "--server-print=false").out == "NAME   AGE\nw      0s\n"


def test_warnings_can_be_made_to_count(kubectl: Kubectl) -> None:
    said = kubectl("get", "ep", "-A", "-o", "name", "--warnings-as-errors")

    assert said.status == 1
    assert said.err.endswith("error: 1 warning received\n")


def test_the_users_own_state_is_made_where_it_does_not_exist(
    kubectl: Kubectl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SVCNET_DB")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))

    first, second = (kubectl("get", "nodes", "-o", "name") for _ in range(2))

    assert first.out == second.out == "node/n1\nnode/n2\nnode/n3\n"
    assert str(tmp_path / "data" / "svcnet" / "cluster.db") in first.err
    assert second.err == ""


@pytest.mark.parametrize(
    "line",
    [
        "get nodes",
        "describe svc",
        "rules --node n1",
        "wait --for=create svc/kubernetes",
        "create namespace x --dry-run=server",
        "cluster-info",
    ],
)
@pytest.mark.parametrize("names", ["--db", "SVCNET_DB"])
def test_a_state_that_was_named_and_is_not_there_is_an_error_for_who_only_reads(
    kubectl: Kubectl, tmp_path: Path, line: str, names: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(tmp_path / "new" / "state.db")
    if names == "SVCNET_DB":
        monkeypatch.setenv("SVCNET_DB", path)

    said = kubectl(*line.split(), *(["--db", path] if names == "--db" else []))

    assert said == (1, "", f"error: no cluster in {path}; make one with 'svcnet init'\n")
    assert not (tmp_path / "new").exists()


def test_a_write_makes_the_state_that_was_named(kubectl: Kubectl, tmp_path: Path) -> None:
    path = str(tmp_path / "new" / "state.db")

    said = kubectl("create", "namespace", "x", "--db", path)

    assert said == (
        0,
        "namespace/x created\n",
        f"svcnet: made a new cluster with nodes n1, n2, n3 in {path}\n",
    )


def test_what_was_written_can_be_told(kubectl: Kubectl) -> None:
    said = kubectl("create", "deployment", "web", "--image=nginx", "-v1")

    assert said.out == "deployment.apps/web created\n"
    first, second, third = said.err.splitlines()
    assert first == "svcnet: wrote deployments.apps default/web"
    assert second.startswith("svcnet: wrote replicasets.apps default/web-")
    assert third.startswith("svcnet: wrote pods default/web-")
    assert second.endswith(third[-13:])
    assert third.endswith(" (controllers)")
    assert kubectl("get", "svc", "-v=9").err == ""
