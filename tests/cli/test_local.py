"""`--local`: what stands in files is changed and printed, and nobody is asked.

What is expected here is what kubectl itself prints, which needs no server for it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Kubectl

DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: d}
spec:
  selector: {matchLabels: {a: b}}
  template:
    metadata: {labels: {a: b}}
    spec:
      containers: [{name: c, image: x, env: [{name: A, value: "1"}]}]
"""
SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: s}
spec: {ports: [{port: 80}], selector: {a: b}}
"""
THING = """
apiVersion: example.com/v1
kind: Thing
metadata: {name: t}
spec: {x: 1}
"""
LABELED = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, labels: {a: b}}\n"

NAMED = """error: you must specify resources by --filename when --local is set.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'
"""
NOTHING = """error: You must provide one or more resources by argument or filename.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'
   '<resource> <name>'
   '<resource>'
"""
ONLY = (
    "error: can only use local files by -f {0}.yaml or --filename={0}.json when --local=true is set"
)
SERVER = "error: cannot specify --local and --dry-run=server - did you mean --dry-run=client?\n"
NO_PODS = "the object is not a pod or does not have a pod template: *v1.Service\n"


@pytest.fixture
def local(kubectl: Kubectl) -> Kubectl:
    """Files to change, and a state that holds none of it."""
    for name, text in {"d": DEPLOYMENT, "s": SERVICE, "t": THING, "l": LABELED}.items():
        Path(f"{name}.yaml").write_text(text)
    return kubectl


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("set image deploy/d c=y", NAMED),
        ("set image -f d.yaml pods c=y", NAMED),
        ("set resources deploy d --limits=cpu=1", NAMED),
        ("set selector svc s a=b -o yaml", NAMED),
        ("set env deploy/d A=2", NOTHING),
        ("set serviceaccount deploy d sa", NOTHING),
        ("label deploy/d a=b", ONLY.format("pod") + "\n"),
        ("annotate deploy/d a=b", ONLY.format("rsrc") + "\n"),
        (
            "label a=b",
            "error: one or more files must be specified as -f pod.yaml or --filename=pod.json\n",
        ),
        ("label -f d.yaml a=b --dry-run=server", SERVER),
        ("annotate -f d.yaml a=b --dry-run=server", SERVER),
        ("set image -f d.yaml c=y --dry-run=server", SERVER),
        ("patch -f d.yaml -p {} --dry-run=server", SERVER),
        ("set image -f s.yaml c=y", f"error: service/s {NO_PODS}"),
        ("set env -f s.yaml C=y", f"error: service/s {NO_PODS}"),
        (
            "set selector -f d.yaml a=c",
            "error: setting a selector is only supported for Services\n",
        ),
        (
            "set image -f t.yaml a=b",
            'error: unable to decode "t.yaml": no kind "Thing" is registered for version '
            '"example.com/v1" in scheme "pkg/scheme/scheme.go:28"\n',
        ),
        (
            "patch -f t.yaml -p {}",
            "error: strategic merge patch is not supported for example.com/v1, Kind=Thing locally, "
            "try --type merge\n",
        ),
        (
            "patch -f s.yaml --type=json -p {}",
            "error: json: cannot unmarshal object into Go value of type jsonpatch.Patch\n",
        ),
        (
            "set env -f d.yaml A=2 --overwrite=false",
            "error: deployment.apps/d\n 'A' already has a value (1), and --overwrite is false\n",
        ),
        (
            "set resources -f d.yaml --limits=cpu=1 -c zz",
            "error: unable to find container named zz\n",
        ),
        (
            "set resources -f d.yaml --limits=cpu=x",
            "error: quantities must match the regular expression "
            "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'\n",
        ),
        (
            "set resources -f d.yaml --limits=cpu",
            "error: Invalid argument syntax cpu, expected <resource>=<value>\n",
        ),
        (
            "label -f d.yaml -f s.yaml a=b --resource-version=3",
            "error: --resource-version may only be used with a single resource\n",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(local: Kubectl, line: str, told: str) -> None:
    assert local(*line.split(), "--local") == (1, "", told)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("set env -f d.yaml --list", "# Deployment d, container c\nA=1\n"),
        ("set env -f d.yaml --list B=2", "# Deployment d, container c\nA=1\nB=2\n"),
        ("set env -f d.yaml pods A=1", ""),  # What is named is passed over; nothing changes.
        ("set env -f d.yaml B=2", "deployment.apps/d env updated\n"),
        ("set serviceaccount -f d.yaml sa", "deployment.apps/d serviceaccount updated\n"),
        ("set selector -f s.yaml a=b --all", "service/s selector updated\n"),
        ("set image -f d.yaml c=y -l no=match", "deployment.apps/d image updated\n"),
        ("label -f d.yaml --list x=y", "x=y\n"),
        ("annotate -f d.yaml --list x=y", "x=y\n"),
        (
            "label -f d.yaml -f s.yaml a=b --list",
            "Listing labels for Deployment.apps/d:\n a=b\nListing labels for Service./s:\n a=b\n",
        ),
        ("label -f t.yaml a=b -o name", "thing.example.com/t\n"),
        ("annotate -f t.yaml a=b", "thing.example.com/t annotated\n"),
        ("label -f l.yaml a-", "configmap/x unlabeled\n"),
        ("patch -f d.yaml -p {}", "deployment.apps/d patched (no change)\n"),
        (
            'patch -f d.yaml -p {"spec":{"replicas":null}}',
            "deployment.apps/d patched (no change)\n",
        ),
        ("patch -f t.yaml --type=merge -p {}", "thing.example.com/t patched (no change)\n"),
    ],
)
def test_files_are_changed_without_a_server(local: Kubectl, line: str, told: str) -> None:
    assert local(*line.split(), "--local") == (0, told, "")


@pytest.mark.parametrize(
    "line",
    [
        "label -f s.yaml a=b -o yaml",
        "annotate -f s.yaml a=b -o yaml",
        'patch -f s.yaml -p {"spec":{"type":"NodePort"}} -o yaml',
        'patch -f s.yaml --type=merge -p {"spec":{"type":"NodePort"}} -o yaml',
    ],
)
def test_nothing_is_filled_in(local: Kubectl, line: str) -> None:
    said = local(*line.split(), "--local")

    assert said.status == 0
    for filled in ("namespace", "targetPort", "protocol", "status", "clusterIP"):
        assert filled not in said.out


def test_set_prints_the_go_struct_it_holds(local: Kubectl) -> None:
    said = local(*["set", "selector", "-f", "s.yaml", "a=c", "--local", "-o", "json"])

    assert said.out == (
        '{\n    "kind": "Service",\n    "apiVersion": "v1",\n    "metadata": {\n'
        '        "name": "s"\n    },\n    "spec": {\n        "ports": [\n            {\n'
        '                "port": 80,\n                "targetPort": 0\n            }\n        ],\n'
        '        "selector": {\n            "a": "c"\n        }\n    },\n    "status": {\n'
        '        "loadBalancer": {}\n    }\n}\n'
    )


def test_a_pattern_without_a_match_is_only_a_warning(local: Kubectl) -> None:
    said = local(*["set", "env", "-f", "d.yaml", "-c", "nope", "--local", "B=2"])

    assert said == (0, "", 'Warning: Deployment/d does not have any containers matching "nope"\n')


def test_an_image_is_set_although_another_container_is_missing(local: Kubectl) -> None:
    said = local(*["set", "image", "-f", "d.yaml", "c=1", "zz=2", "--local"])

    assert said == (
        1, "deployment.apps/d image updated\n", 'error: unable to find container named "zz"\n'
    )  # fmt: skip


def test_errors_of_several_objects_keep_their_line_ends(local: Kubectl) -> None:
    said = local(*["set", "serviceaccount", "-f", "s.yaml", "-f", "s.yaml", "sa", "--local"])

    assert said.err == f"error: service/s {NO_PODS}\nerror: service/s {NO_PODS}\n"


def test_most_verbs_find_all_objects_before_they_change_any(local: Kubectl) -> None:
    said = local("set", "image", "-f", "d.yaml", "-f", "t.yaml", "c=y", "--local")

    assert (said.status, said.out) == (1, "")
    assert local("set", "selector", "-f", "s.yaml", "-f", "t.yaml", "a=c", "--local").out == (
        "service/s selector updated\n"
    )
