"""Whatever stands in a file: kubectl's words come back, and the state can be used afterwards."""

from __future__ import annotations

import io
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svcnet.cli.app import main
from svcnet.control import manager
from tests.cli import dumped, poison, valid_documents
from tests.cli.conftest import Kubectl, Said

FEW, MANY = 40, 4000
"""Documents that are tried: always, and with ``--every-case``."""

ROUNDS = 200
"""More than any of these documents takes, and soon reached."""

STORING = ("apply -f m.yaml", "apply --server-side -f m.yaml", "import -f m.yaml",
           "import --new -f d.yaml")  # fmt: skip
SHOWING = ("rules --node n1 -f m.yaml", "rules --node cp-1 --proxy-mode nftables -f d.yaml")
AFTERWARDS = (
    "get -A -o yaml all,nodes,servicecidrs,ipaddresses,endpointslices,endpoints,pv,pvc,hpa,pdb",
    "get -A -o wide KIND",
    "describe -A KIND",
    "create service nodeport later --tcp=80",
    "scale deployment other --replicas=2",
    "rules --node n1 --proxy-mode iptables",
    "rules --node n1 --proxy-mode nftables",
    "get events -A",
    "label -A KIND --all a=b",
    "rollout status deployment other --watch=false",
    "rollout history KIND",
    "scale KIND/web --replicas=3",
    "create deployment later --image=x",
    "annotate node n1 a=b",
    "delete KIND --all -A --wait=false",
    "get pods,services -A",
)


@pytest.fixture(scope="session")
def used(fresh: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state in which somebody works."""
    path = tmp_path_factory.mktemp("used") / "state.db"
    shutil.copy(fresh, path)
    assert main(["create", "deployment", "other", "--image=x", "--db", str(path)]) == 0
    return path


class Cluster:
    """A cluster that can be put back."""

    def __init__(self, fresh: Path, state: Path, said: pytest.CaptureFixture[str]) -> None:
        self._fresh, self._state, self._said = fresh, state, said

    def renew(self) -> None:
        """Forget all that was done."""
        for rest in self._state.parent.glob(f"{self._state.name}-*"):
            rest.unlink()
        shutil.copy(self._fresh, self._state)

    def run(self, line: str) -> Said:
        """Run a command line."""
        self._said.readouterr()
        return Said(main(line.split()), *self._said.readouterr())


@pytest.fixture
def cluster(
    used: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Cluster:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SVCNET_DB", str(tmp_path / "state.db"))
    monkeypatch.setattr(sys, "argv", ["svcnet"])
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
    monkeypatch.setattr(manager, "MAX_ROUNDS", ROUNDS)
    return Cluster(used, tmp_path / "state.db", capsys)


@st.composite
def documents(draw: st.DrawFn) -> Any:
    """Draw a document with something wrong in it."""
    return poison.poisoned(lambda options: draw(st.sampled_from(options)))


def test_no_document_breaks_the_program_or_the_state(
    cluster: Cluster, request: pytest.FixtureRequest
) -> None:
    many = request.config.getoption("--every-case")

    # The same documents every time, until there are others: what fails here fails everywhere.
    @settings(max_examples=MANY if many else FEW, derandomize=True, database=None)
    @given(documents(), st.sampled_from(STORING), st.sampled_from(SHOWING))
    def hold(document: Any, storing: str, showing: str) -> None:
        text = poison.text_of(document)
        Path("m.yaml").write_text(text)
        Path("d.yaml").write_text(f"{dumped.as_list(valid_documents.CLUSTER)}\n---\n{text}")
        cluster.renew()
        for line in (showing, storing, *_afterwards(document)):
            said = cluster.run(line)

            assert said.status in (0, 1), line
            assert said.err or not said.status, line

    hold()


def _afterwards(document: Any) -> Iterator[str]:
    kind = document.get("kind")
    known = isinstance(kind, str) and kind.isascii() and kind.isalpha()
    return (line.replace("KIND", kind if known else "pods") for line in AFTERWARDS)


# --- what is told, and that nothing is stored ---------------------------------------------------

TEMPLATE = "{metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: b}]}}"


def deployment(name: str, replicas: int = 1) -> str:
    return (
        f"{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: {name}}}, "
        f"spec: {{replicas: {replicas}, selector: {{matchLabels: {{a: b}}}}, "
        f"template: {TEMPLATE}}}}}"
    )


def stateful_set(pod: str) -> str:
    return (
        "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: x}, spec: {serviceName: x, "
        "selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, "
        f"spec: {pod}}}}}}}"
    )


NOT_A_CIDR = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"
NOT_AN_IP = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"
SUBDOMAIN = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or "
    "'.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used "
    r"for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
)
HELD = {
    "a range of Services": (
        "{apiVersion: networking.k8s.io/v1, kind: ServiceCIDR, metadata: {name: c}, "
        "spec: {cidrs: [x]}}",
        f'The ServiceCIDR "c" is invalid: spec.cidrs[0]: Invalid value: "x": {NOT_A_CIDR}\n',
    ),
    "a range of pods": (
        "{apiVersion: v1, kind: Node, metadata: {name: m}, spec: {podCIDR: x, podCIDRs: [x]}}",
        f'The Node "m" is invalid: spec.podCIDRs[0]: Invalid value: "x": {NOT_A_CIDR}\n',
    ),
    "a name": (
        deployment(r'"x\ny"'),
        f'The Deployment "x\ny" is invalid: metadata.name: Invalid value: "x\\ny": {SUBDOMAIN}\n',
    ),
    "a port's name": (
        '{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {ports: [{name: "a.b", '
        "port: 80}]}}",
        'The Service "s" is invalid: spec.ports[0].name: Invalid value: "a.b": must not contain '
        "dots\n",
    ),
    "a pod's address": (
        "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: a, image: b}"
        "]}, status: {podIPs: [{ip: x}]}}",
        f'The Pod "p" is invalid: status.podIPs[0]: Invalid value: "x": {NOT_AN_IP}\n',
    ),
    "a balancer's address": (
        "{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {type: LoadBalancer, ports: ["
        "{port: 80}]}, status: {loadBalancer: {ingress: [{ip: x}]}}}",
        'The Service "s" is invalid: status.loadBalancer.ingress[0].ip: Invalid value: "x": '
        f"{NOT_AN_IP}\n",
    ),
    "no containers": (
        stateful_set("{containers: null}"),
        'The StatefulSet "x" is invalid: spec.template.spec.containers: Required value\n',
    ),
    "no template": (
        stateful_set("null"),
        'The StatefulSet "x" is invalid: spec.template.spec.containers: Required value\n',
    ),
    "a container without a name": (
        stateful_set("{containers: [{image: b}]}"),
        'The StatefulSet "x" is invalid: spec.template.spec.containers[0].name: Required value\n',
    ),
    "a type": (
        "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: x}, spec: {replicas: many}}",
        'Error from server (BadRequest): error when creating "m.yaml": StatefulSet in version '
        '"v1" cannot be handled as a StatefulSet: json: cannot unmarshal string into Go struct '
        "field StatefulSetSpec.spec.replicas of type int32\n",
    ),
    "versions of a definition": (
        "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: "
        "a.b}, spec: {versions: [x]}}",
        'Error from server (BadRequest): error when creating "m.yaml": CustomResourceDefinition '
        'in version "v1" cannot be handled as a CustomResourceDefinition: json: cannot unmarshal '
        "string into Go struct field CustomResourceDefinitionSpec.spec.versions of type "
        "v1.CustomResourceDefinitionVersion\n",
    ),
}


@pytest.mark.parametrize("verb", ["import", "rules --node n1"])
@pytest.mark.parametrize("case", HELD)
def test_what_is_derived_from_is_held(case: str, verb: str, kubectl: Kubectl) -> None:
    text, told = HELD[case]
    good = "{apiVersion: v1, kind: ConfigMap, metadata: {name: good}}"
    Path("m.yaml").write_text(f"{good}\n---\n{text}\n")

    assert kubectl(*verb.split(), "-f", "m.yaml") == (1, "", told)
    # One command is one transaction: what is good was not taken either.
    assert kubectl("get", "configmap", "good").status == 1


@pytest.mark.parametrize("case", ["no containers", "no template"])
def test_apply_looks_into_the_template_of_a_stateful_set(case: str, kubectl: Kubectl) -> None:
    """Source: kubernetes pull request 131790, in 1.34."""
    text, told = HELD[case]

    assert kubectl("apply", "-f", "-", stdin=text) == (1, "", told)


def test_a_stateful_sets_containers_mount_what_it_claims(kubectl: Kubectl) -> None:
    mounts = "[{name: data, mountPath: /d}, {name: other, mountPath: /o}]"
    pod = f"{{containers: [{{name: a, image: b, volumeMounts: {mounts}}}]}}"
    claim = "{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], resources: {requests: "
    claims = f"volumeClaimTemplates: [{claim}{{storage: 1Gi}}}}}}}}]"
    text = stateful_set(pod).replace("serviceName: x", f"serviceName: x, {claims}")

    assert kubectl("apply", "-f", "-", stdin=text).err == (
        'The StatefulSet "x" is invalid: spec.template.spec.containers[0].volumeMounts[1].name: '
        'Not found: "other"\n'
    )


def test_half_a_surrogate_pair_is_a_letter_nobody_knows(kubectl: Kubectl) -> None:
    text = r'{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": DATA}'

    kubectl("apply", "-f", "-", stdin=text.replace("DATA", r'{"a": "x\ud800y\ud83d\ude00"}'))

    assert kubectl("get", "cm", "c", "-o", "jsonpath={.data.a}").out == "x\ufffdy\U0001f600"


def test_books_that_cannot_be_read_are_begun_anew(kubectl: Kubectl) -> None:
    """Source: apimachinery managedfields fieldmanager.go emptyManagedFieldsOnErr()."""
    entry = "{manager: m, operation: Update, apiVersion: v1, fieldsType: FieldsV1, fieldsV1: [1]}"
    metadata = f"{{name: c, uid: u, managedFields: [{entry}]}}"
    text = f"{{apiVersion: v1, kind: ConfigMap, metadata: {metadata}}}"
    assert kubectl("import", "-f", "-", stdin=text).status == 0

    assert kubectl("label", "cm", "c", "a=b").status == 0
    path = "jsonpath={.metadata.managedFields[*].manager}"
    assert kubectl("get", "cm", "c", "--show-managed-fields", "-o", path).out == "kubectl-label"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "{apiVersion: batch/v1, kind: Job, metadata: {name: j}, spec: {completions: "
            "2147483647, parallelism: 2147483647, template: {spec: {"
            "restartPolicy: Never, containers: [{name: a, image: b}]}}}}",
            'error: Job "j" asks for 2147483647 pods; svcnet makes at most 150000\n',
        ),
        (deployment("web", 2**31 - 1), "asks for 2147483647 pods; svcnet makes at most 150000\n"),
        (
            stateful_set("{containers: [{name: a, image: b}]}").replace(
                "serviceName", "replicas: 5001, serviceName"
            ),
            'error: StatefulSet "x" asks for 5001 pods; svcnet makes at most 5000\n',
        ),
    ],
)
def test_more_pods_than_can_be_are_not_begun(text: str, told: str, kubectl: Kubectl) -> None:
    said = kubectl("apply", "-f", "-", stdin=text)

    assert said.status == 1
    assert said.err.endswith(told)
    assert kubectl("get", "deployments,statefulsets,jobs,pods").out == ""


def test_a_range_that_an_earlier_svcnet_took_is_named(kubectl: Kubectl) -> None:
    good = "{apiVersion: networking.k8s.io/v1, kind: ServiceCIDR, metadata: {name: c}, spec: "
    kubectl("apply", "-f", "-", stdin=f"{good}{{cidrs: [10.112.0.0/16]}}}}")
    with sqlite3.connect(os.environ["SVCNET_DB"]) as state:
        state.execute(
            "UPDATE documents SET body = replace(body, '10.112.0.0/16', 'x') WHERE name = 'c'"
        )
    state.close()

    assert kubectl("create", "service", "clusterip", "s", "--tcp=80") == (
        1,
        "",
        'error: failed to create ClusterIP service: ServiceCIDR.networking.k8s.io "c" is invalid: '
        f'spec.cidrs[0]: Invalid value: "x": {NOT_A_CIDR}\n',
    )
    assert kubectl("delete", "servicecidr", "c").status == 0
    assert kubectl("create", "service", "clusterip", "s", "--tcp=80").status == 0


def test_a_node_that_an_earlier_svcnet_took_is_named(kubectl: Kubectl) -> None:
    with sqlite3.connect(os.environ["SVCNET_DB"]) as state:
        state.execute(
            """UPDATE documents SET body = replace(body, '"podCIDRs":[', '"podCIDRs":[1,')
            WHERE resource = 'nodes' AND name = 'n2'"""
        )
    state.close()

    said = kubectl("rules", "--node", "n1")

    assert (said.status, said.out) == (1, "")
    assert said.err.startswith('Error from server (BadRequest): Node "n2" cannot be read: ')


def test_owners_that_own_each_other_can_be_taken_and_deleted(kubectl: Kubectl) -> None:
    def owned(name: str, owner: str) -> str:
        reference = f"{{apiVersion: v1, kind: ConfigMap, name: {owner}, uid: u-{owner}}}"
        return (
            f"{{apiVersion: v1, kind: ConfigMap, metadata: {{name: {name}, uid: u-{name}, "
            f"ownerReferences: [{reference}]}}}}"
        )

    text = "\n---\n".join([owned("a", "b"), owned("b", "a"), owned("c", "c")])
    assert kubectl("import", "-f", "-", stdin=text).status == 0

    assert kubectl("delete", "configmap", "a").status == 0
    # What a deleted object owned goes with it; who owns himself stays until he is deleted.
    assert kubectl("get", "configmap", "a", "b").out == ""
    assert kubectl("delete", "configmap", "c").status == 0
