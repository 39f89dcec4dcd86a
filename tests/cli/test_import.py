"""`import`: objects of a real cluster, taken as they are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from svcnet.store.opening import open_reader
from svcnet.store.pools import Pool
from tests.cli.conftest import run

SERVICE: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "web", "namespace": "shop", "uid": "0ddba11"},
    "spec": {"clusterIP": "172.30.0.7", "clusterIPs": ["172.30.0.7"], "ports": [{"port": 80}]},
}


@pytest.mark.usefixtures("db")
def test_import_takes_objects_as_they_are(
    db: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dump = tmp_path / "dump.json"
    dump.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": [SERVICE]}))
    run("init", capsys=capsys)

    assert run("import", "-f", str(dump), capsys=capsys)[:2] == (0, "service/web created\n")
    assert run("import", "-f", str(dump), capsys=capsys)[:2] == (0, "service/web unchanged\n")

    status, out, _ = run("get", "svc", "web", "-n", "shop", "-o", "json", capsys=capsys)
    stored = json.loads(out)
    assert status == 0
    assert stored["metadata"]["uid"] == "0ddba11"
    assert stored["spec"]["clusterIP"] == "172.30.0.7"
    with open_reader(db) as reader:
        assert [each.owner.name for each in reader.claims(Pool.CLUSTER_IPS, "", "~", 9)] == [
            "kubernetes",
            "web",
        ]


@pytest.mark.usefixtures("db")
def test_an_import_happens_whole_or_not_at_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Two Services cannot have one address; that is seen when the first of them is written.
    other = {**SERVICE, "metadata": {**SERVICE["metadata"], "name": "other", "uid": "0ddba12"}}
    dump = tmp_path / "dump.json"
    dump.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": [SERVICE, other]}))
    run("init", capsys=capsys)

    status, out, err = run("import", "-f", str(dump), capsys=capsys)

    assert (status, out) == (1, "")
    assert "172.30.0.7 belongs to services shop/web" in err
    assert run("get", "svc", "-n", "shop", capsys=capsys)[1] == ""


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no objects passed to import"),
        ("null", "no objects passed to import"),
        ("[1, 2]", "invalid object to validate"),
        ('{"kind": "List", "items": ["a"]}', "invalid object to validate"),
        ('{"kind": "Service"}', "apiVersion not set"),
        ('{"apiVersion": "v1", "kind": "List"}', 'no matches for kind "List" in version "v1"'),
        ("{a: b: c", "error parsing"),
    ],
)
def test_what_is_no_object_is_not_imported(
    text: str, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dump = tmp_path / "dump.json"
    dump.write_text(text)

    status, out, err = run("import", "-f", str(dump), capsys=capsys)

    assert (status, out) == (1, "")
    assert err.startswith("error: ")
    assert why in err


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(
    ("words", "why"),
    [
        ([], "must specify -f"),
        (["-f", "nothing.json"], 'the path "nothing.json" does not exist'),
        (["-f", "x", "y"], "Unexpected args: [y]"),
    ],
)
def test_import_needs_files(words: list[str], why: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = run("import", *words, capsys=capsys)

    assert status == 1
    assert err.splitlines()[0] == f"error: {why}"


SHOP = """
apiVersion: v1
kind: Service
metadata: {name: shop}
spec: {clusterIP: None, selector: {app: shop}, ports: [{port: 80}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: shop}
spec:
  replicas: 2
  serviceName: shop
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec: {containers: [{name: c, image: "nginx:1"}]}
"""


@pytest.mark.usefixtures("db")
def test_what_people_dump_keeps_its_pods_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without ReplicaSets and ControllerRevisions, of a version whose hashes are others."""
    manifest, dump = tmp_path / "shop.yaml", tmp_path / "dump.yaml"
    manifest.write_text(SHOP)
    assert run("apply", "-f", str(manifest), capsys=capsys).status == 0
    assert run("create", "deploy", "web", "--image=nginx:1", capsys=capsys).status == 0
    told = run("get", "controllerrevisions", "-o", "name", capsys=capsys).out
    code = told.strip().rpartition("-")[2]
    kinds = "nodes,svc,endpointslices,pods,deploy,sts,ds"
    out = run("get", kinds, "-A", "-o", "yaml", capsys=capsys).out
    assert code in out
    dump.write_text(out.replace(code, "5b5bb6f7c"))
    shown = ("get", "pods,endpointslices", "-o", "wide", "--no-headers")
    before = run(*shown, capsys=capsys).out

    monkeypatch.setenv("SVCNET_DB", str(tmp_path / "other.db"))
    assert run("init", "--nodes", "", capsys=capsys).status == 0
    assert run("import", "-f", str(dump), capsys=capsys).status == 0

    assert run(*shown, capsys=capsys).out == before
    assert "shop-5b5bb6f7c" in run("get", "controllerrevisions", capsys=capsys).out
    for owner in ("deploy/web", "sts/shop"):
        assert run("set", "image", owner, "*=nginx:2", capsys=capsys).status == 0
    images = ("get", "pods", "-o", "jsonpath={.items[*].spec.containers[*].image}")
    assert run(*images, capsys=capsys).out == "nginx:2 nginx:2 nginx:2"
    assert run("scale", "sts/shop", "--replicas=3", capsys=capsys).status == 0
    assert run(*images, capsys=capsys).out == " ".join(["nginx:2"] * 4)
