"""One pod on every node that fits."""

from __future__ import annotations

from svcnet.control.apiserver import registry
from tests.control.workbench import (
    UNREADY,
    changed,
    images,
    pods,
    read,
    resettled,
    settled,
    tainted,
    template,
    where,
    workload,
)


def test_a_daemon_set_has_a_pod_on_every_node_cordoned_or_not() -> None:
    txn = changed(settled(), "Node", "n3", unschedulable=True)
    registry.create(txn, workload("DaemonSet", "agent"))
    resettled(txn)

    assert where(txn) == {"n1": 1, "n2": 1, "n3": 1}
    assert read(txn, "DaemonSet", "agent")["status"] == {
        "currentNumberScheduled": 3,
        "desiredNumberScheduled": 3,
        "numberAvailable": 3,
        "numberMisscheduled": 0,
        "numberReady": 3,
        "observedGeneration": 1,
        "updatedNumberScheduled": 3,
    }


def test_a_daemon_set_keeps_off_nodes_it_does_not_bear() -> None:
    txn = tainted(settled(), "n2", "NoSchedule")
    registry.create(txn, workload("DaemonSet", "agent"))

    assert where(resettled(txn)) == {"n1": 1, "n3": 1}


def test_a_daemon_set_is_updated_and_stops_at_a_pod_that_does_not_serve() -> None:
    txn = settled(workload("DaemonSet", "agent"))

    changed(txn, "DaemonSet", "agent", template=template("agent", image="nginx:2"))
    assert set(images(txn).values()) == {"nginx:2"}

    annotations = read(txn, "DaemonSet", "agent")["metadata"]["annotations"]
    assert annotations == {"deprecated.daemonset.template.generation": "2"}
    assert pods(txn)[0]["metadata"]["labels"]["pod-template-generation"] == "2"

    broken = template("agent", UNREADY, image="nginx:3")
    changed(txn, "DaemonSet", "agent", template=broken)
    assert sorted(images(txn).values()) == ["nginx:2", "nginx:2", "nginx:3"]
