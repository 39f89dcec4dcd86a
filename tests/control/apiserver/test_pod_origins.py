"""Which template a pod was made from."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcnet.api.keys import Document
from svcnet.control.apiserver.pod_origins import latest_of, since, template_of
from tests.control.workbench import pods, read, settled, template, workload


def pod(at: str = "", **spec: Any) -> Document:
    metadata: Document = {"name": "p", "labels": {"app": "web"}}
    if at:
        metadata["creationTimestamp"] = at
    return {"kind": "Pod", "metadata": metadata, "spec": spec}


CONTAINER = {"name": "c", "image": "a", "env": [{"name": "A", "value": "1"}], "resources": {}}
TEMPLATE = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [CONTAINER]}}
SIDECAR = {"name": "s", "image": "s"}
FITTING = {**CONTAINER, "env": [{"name": "B"}, {"name": "A", "value": "1"}], "stdin": True}
OTHER = {**CONTAINER, "image": "b"}


@pytest.mark.parametrize(
    ("groups", "hint", "latest"),
    [
        ({}, "", ""),
        # One group is the present one, whether it fits or not, unless something else is said.
        ({"x": [pod(containers=[OTHER])]}, "", "x"),
        ({"x": [pod(containers=[FITTING])]}, "y", ""),
        ({"x": [pod()], "y": [pod()]}, "x", "x"),
        # Of several the one that has all that is wanted; it may have more.
        (
            {
                "x": [pod("2026-01-01T00:00:00Z", containers=[SIDECAR, FITTING])],
                "y": [pod("2026-01-02T00:00:00Z", containers=[OTHER])],
            },
            "",
            "x",
        ),
        # Of several that fit, or none, the youngest.
        (
            {
                "x": [pod("2026-01-02T00:00:00Z", containers=[FITTING])],
                "y": [pod("2026-01-01T00:00:00Z", containers=[FITTING])],
            },
            "",
            "x",
        ),
        (
            {
                "x": [pod("2026-01-02T00:00:00Z", containers=[OTHER])],
                "y": [pod("2026-01-01T00:00:00Z", containers=[SIDECAR])],
            },
            "",
            "x",
        ),
    ],
)
def test_the_latest_pods_are_told_by_what_is_said_and_by_what_they_have(
    groups: dict[str, list[Document]], hint: str, latest: str
) -> None:
    assert latest_of(groups, TEMPLATE, hint) == latest


def test_pods_are_as_old_as_the_first_of_them() -> None:
    moments = ["2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z", ""]

    assert since(map(pod, moments)) == "2026-01-01T00:00:00Z"
    assert since([pod()]) == ""


SPECS = st.fixed_dictionaries(
    {},
    optional={
        "serviceAccountName": st.sampled_from(["default", "robot"]),
        "nodeSelector": st.just({"kubernetes.io/os": "linux"}),
        "hostNetwork": st.just(True),
        "enableServiceLinks": st.booleans(),
        "tolerations": st.just(
            [{"effect": "NoExecute", "key": "node.kubernetes.io/not-ready", "operator": "Exists"}]
        ),
        "volumes": st.just([{"name": "v", "emptyDir": {}}]),
        "affinity": st.just({"podAntiAffinity": {}}),
        "initContainers": st.just([{"name": "i", "image": "i"}]),
    },
)


@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet", "DaemonSet"])
@given(spec=SPECS, restarted=st.booleans())
def test_a_template_is_made_out_from_the_pod_it_makes(
    kind: str, spec: Document, restarted: bool
) -> None:
    """The law of it, for what controllers, admission and the scheduler add."""
    notes = {"kubectl.kubernetes.io/restartedAt": "2026-01-01T00:00:00Z"} if restarted else None
    txn = settled(workload(kind, "web", template("web", notes, **spec)), nodes=["n1"])
    wanted = read(txn, kind, "web")["spec"]["template"]

    (made,) = pods(txn)
    assert template_of(made, like=wanted) == wanted


def test_a_claim_of_its_own_is_no_part_of_a_pods_template() -> None:
    claims = [{"metadata": {"name": "data"}, "spec": {"accessModes": ["ReadWriteOnce"]}}]
    form = template("db")
    form["spec"]["containers"][0]["volumeMounts"] = [{"name": "data", "mountPath": "/data"}]
    txn = settled(workload("StatefulSet", "db", form, volumeClaimTemplates=claims))
    wanted = read(txn, "StatefulSet", "db")["spec"]["template"]

    (made,) = pods(txn)
    assert made["spec"]["volumes"] == [
        {"name": "data", "persistentVolumeClaim": {"claimName": "data-db-0"}}
    ]
    assert template_of(made, like=wanted) == wanted


def test_what_a_real_cluster_puts_into_every_pod_is_no_part_of_its_template() -> None:
    """The token's volume, and what a network plugin notes."""
    token = {"name": "kube-api-access-x7x2z", "projected": {"sources": []}}
    mount = {"name": "kube-api-access-x7x2z", "mountPath": "/var/run/secrets/x", "readOnly": True}
    given_pod = pod(
        containers=[{**CONTAINER, "volumeMounts": [mount]}],
        volumes=[token],
        serviceAccountName="default",
        serviceAccount="default",
        nodeName="n1",
        priority=0,
        preemptionPolicy="PreemptLowerPriority",
        ephemeralContainers=[SIDECAR],
    )
    given_pod["metadata"]["annotations"] = {"cni.example/ip": "10.0.0.1", "note": "old"}
    given_pod["metadata"]["labels"] |= {"pod-template-hash": "x", "controller-revision-hash": "y"}
    model = {"metadata": {"annotations": {"note": "new"}}, "spec": {}}

    assert template_of(given_pod, like=model) == {
        "metadata": {"annotations": {"note": "old"}, "labels": {"app": "web"}},
        "spec": {"containers": [CONTAINER]},
    }
