"""The names that revisions have: hashes of templates, as a real 1.36 cluster made them.

`hashes/templates.yaml` has Deployments, StatefulSets and DaemonSets in namespaces of those names;
it was applied, and `hashes.json` has the hash of each ReplicaSet and ControllerRevision.  In its
second table are the names, or hashes, once `plain` also had the image nginx:1.28.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from svcnet.api.keys import Document
from svcnet.cli.app import main

FOLDER = Path(__file__).parent / "hashes"
KINDS = ("daemonset", "deployment", "statefulset")


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cluster to which the templates were applied."""
    monkeypatch.setenv("SVCNET_DB", str(tmp_path / "state.db"))
    assert main(["init", "--nodes", "n1"]) == 0
    for kind in KINDS:
        assert main(["create", "namespace", kind]) == 0
    assert main(["apply", "-f", str(FOLDER / "templates.yaml")]) == 0


def listed(capsys: pytest.CaptureFixture[str], *words: str) -> list[Document]:
    capsys.readouterr()
    assert main(["get", *words, "-A", "-o", "json"]) == 0
    found: list[Document] = json.loads(capsys.readouterr().out)["items"]
    return found


def code(document: Document) -> str:
    """The hash that a ReplicaSet or a ControllerRevision bears."""
    labels = document["metadata"]["labels"]
    (found,) = (
        labels[name]
        for name in (
            "pod-template-hash",
            "controller-revision-hash",
            "controller.kubernetes.io/hash",
        )
        if name in labels
    )
    return str(found)


@pytest.mark.usefixtures("cluster")
def test_every_template_has_the_hash_that_a_real_cluster_gave_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found: dict[str, dict[str, str]] = {kind: {} for kind in KINDS}
    for document in listed(capsys, "replicasets,controllerrevisions"):
        metadata = document["metadata"]
        owner = metadata["ownerReferences"][0]["name"]
        found[metadata["namespace"]][owner] = code(document)
        assert metadata["name"] == f"{owner}-{code(document)}"

    assert found == json.loads((FOLDER / "hashes.json").read_text("utf-8"))["hashes"]


@pytest.mark.usefixtures("cluster")
def test_a_changed_template_has_another_hash_beside_the_one_it_had(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for kind in KINDS:
        assert main(["set", "image", f"{kind}/plain", "c=nginx:1.28", "-n", kind]) == 0

    found: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for document in listed(capsys, "replicasets,controllerrevisions", "-l", "app=plain"):
        metadata = document["metadata"]
        kind = metadata["namespace"]
        found[kind].append(code(document) if kind == "deployment" else metadata["name"])

    wanted = json.loads((FOLDER / "hashes.json").read_text("utf-8"))
    assert found == wanted["plain with image nginx:1.28 too"]


@pytest.mark.usefixtures("cluster")
def test_pods_bear_the_hash_of_a_daemon_set_and_the_revision_of_a_stateful_set(
    capsys: pytest.CaptureFixture[str],
) -> None:
    wanted = json.loads((FOLDER / "hashes.json").read_text("utf-8"))["hashes"]

    borne = {
        each["metadata"]["namespace"]: each["metadata"]["labels"].get("controller-revision-hash")
        for each in listed(capsys, "pods", "-l", "app=plain")
    }

    assert borne == {
        "daemonset": wanted["daemonset"]["plain"],
        "deployment": None,
        "statefulset": f"plain-{wanted['statefulset']['plain']}",
    }
