"""Where pods go, and what becomes of them when their node is not well."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from svcnet.api.keys import Document
from svcnet.control.apiserver import registry
from svcnet.store.pools import Pool
from svcnet.store.transaction import Transaction
from tests.control.clusters import DUAL, cluster
from tests.control.workbench import (
    HOLD,
    UNREADY,
    changed,
    conditions,
    deleted,
    deployment,
    key,
    names,
    pod,
    pods,
    read,
    resettled,
    scaled,
    settled,
    template,
    turned,
    workload,
)


def where(txn: Transaction) -> dict[str, int]:
    """How many pods are on each node; an empty name for those without."""
    return dict(Counter(each["spec"].get("nodeName", "") for each in pods(txn)))


def tainted(txn: Transaction, name: str, effect: str, **more: Any) -> Transaction:
    taint = {"key": "k", "value": "v", "effect": effect}
    return changed(txn, "Node", name, taints=[taint], **more)


def taints(txn: Transaction, name: str) -> list[tuple[str, str]]:
    found = read(txn, "Node", name)["spec"].get("taints") or ()
    return sorted((each["key"], each["effect"]) for each in found)


def test_pods_of_a_kind_are_spread_evenly() -> None:
    txn = settled(deployment("web", 7))

    assert where(txn) == {"n1": 3, "n2": 2, "n3": 2}


def test_addresses_count_up_from_the_third_of_the_nodes_range() -> None:
    txn = settled(deployment("web", 3), nodes=["n1"])

    addresses = sorted(each["status"]["podIP"] for each in pods(txn))
    assert addresses == ["10.244.0.2", "10.244.0.3", "10.244.0.4"]


def test_an_address_that_came_free_is_given_again() -> None:
    txn = settled(pod("a"), pod("b"), nodes=["n1"])
    deleted(txn, "Pod", "a")

    registry.create(txn, pod("c"))
    resettled(txn)

    assert read(txn, "Pod", "c")["status"]["podIP"] == "10.244.0.2"
    assert txn.owner(Pool.POD_IPS, "10.244.0.2") == key("Pod", "c")


def test_a_full_range_leaves_pods_waiting_on_their_node() -> None:
    txn = cluster(nodes=["n1"], node_masks=(29,))
    registry.create(txn, deployment("web", 7))
    resettled(txn)

    phases = Counter(each["status"]["phase"] for each in pods(txn))
    assert phases == {"Running": 5, "Pending": 2}
    scaled(txn, "Deployment", "web", 5)
    assert {each["status"]["phase"] for each in pods(txn)} == {"Running"}


def test_pods_of_a_dual_stack_cluster_have_an_address_of_each_family() -> None:
    txn = cluster(DUAL)
    registry.create(txn, pod("p"))
    resettled(txn)

    status = read(txn, "Pod", "p")["status"]
    assert status["podIPs"] == [{"ip": "10.244.0.2"}, {"ip": "fd00:10:244::2"}]
    assert status["podIP"] == "10.244.0.2"


def test_pods_on_the_hosts_network_have_its_address() -> None:
    txn = settled(pod("a", hostNetwork=True), pod("b", hostNetwork=True), nodes=["n1"])

    assert [each["status"]["podIP"] for each in pods(txn)] == ["192.168.50.11"] * 2


def test_a_started_pod_says_what_a_kubelet_would() -> None:
    txn = settled(pod("p"), nodes=["n1:zone-a"])

    started = read(txn, "Pod", "p")
    assert [each["type"] for each in started["status"]["conditions"]] == [
        "PodReadyToStartContainers",
        "Initialized",
        "Ready",
        "ContainersReady",
        "PodScheduled",
    ]
    assert started["metadata"]["labels"]["topology.kubernetes.io/zone"] == "zone-a"
    (container,) = started["status"]["containerStatuses"]
    assert (container["ready"], container["state"]) == (True, {"running": {"startedAt": txn.now}})


def test_a_pod_that_never_becomes_ready_runs_all_the_same() -> None:
    txn = settled(pod("p", annotations=UNREADY))

    status = read(txn, "Pod", "p")["status"]
    assert status["phase"] == "Running"
    assert conditions({"status": status})["Ready"] == ("False", "ContainersNotReady")


def test_nobody_wants_a_cordoned_node() -> None:
    txn = changed(settled(nodes=["n1", "n2"]), "Node", "n1", unschedulable=True)

    registry.create(txn, deployment("web", 3))
    resettled(txn)

    assert where(txn) == {"n2": 3}
    assert taints(txn, "n1") == [("node.kubernetes.io/unschedulable", "NoSchedule")]
    changed(txn, "Node", "n1", unschedulable=None)
    assert taints(txn, "n1") == []


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"nodeSelector": {"no": "such"}}, "didn't match Pod's node affinity/selector"),
        ({}, "had untolerated taint {k: v}"),
    ],
)
def test_a_pod_that_fits_nowhere_is_pending_and_says_why(asked: Document, why: str) -> None:
    txn = tainted(settled(nodes=["n1"]), "n1", "NoSchedule")
    tolerations = [{"key": "k", "operator": "Exists"}] if asked else []

    registry.create(txn, pod("p", **asked, tolerations=tolerations))
    resettled(txn)

    status = read(txn, "Pod", "p")["status"]
    assert status["phase"] == "Pending"
    (told,) = status["conditions"]
    assert (told["type"], told["reason"]) == ("PodScheduled", "Unschedulable")
    assert told["message"].startswith(f"0/1 nodes are available: 1 node(s) {why}. ")


def test_a_waiting_pod_runs_once_a_node_fits() -> None:
    txn = settled(pod("p", nodeSelector={"disk": "ssd"}), nodes=["n1", "n2"])
    node = read(txn, "Node", "n2")
    labels = {**node["metadata"]["labels"], "disk": "ssd"}

    registry.update(txn, {**node, "metadata": {**node["metadata"], "labels": labels}})
    resettled(txn)

    assert where(txn) == {"n2": 1}


def test_required_node_affinity_is_met() -> None:
    term = {
        "matchExpressions": [
            {"key": "kubernetes.io/hostname", "operator": "NotIn", "values": ["n1", "n3"]}
        ]
    }
    required = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [term]}}

    txn = settled(pod("p", affinity={"nodeAffinity": required}))

    assert where(txn) == {"n2": 1}


def near(kind: str, app: str, topology: str) -> Document:
    term = {"labelSelector": {"matchLabels": {"app": app}}, "topologyKey": topology}
    return {"affinity": {kind: {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}}


def test_pods_that_keep_away_from_each_other_leave_one_waiting() -> None:
    apart = near("podAntiAffinity", "web", "kubernetes.io/hostname")

    txn = settled(deployment("web", 4, template("web", **apart)))

    assert where(txn) == {"n1": 1, "n2": 1, "n3": 1, "": 1}
    waiting = next(each for each in pods(txn) if "nodeName" not in each["spec"])
    (told,) = waiting["status"]["conditions"]
    assert "3 node(s) didn't match pod anti-affinity rules" in told["message"]


def test_a_pod_is_kept_away_by_those_that_keep_away_from_it() -> None:
    apart = near("podAntiAffinity", "db", "kubernetes.io/hostname")

    txn = settled(pod("web", **apart), pod("db", "db"), nodes=["n1", "n2"])

    assert where(txn) == {"n1": 1, "n2": 1}


def test_pods_that_want_to_be_together_are() -> None:
    together = near("podAffinity", "web", "topology.kubernetes.io/zone")

    txn = settled(deployment("web", 4, template("web", **together)), nodes=["n1:a", "n2:b", "n3:b"])

    assert where(txn) == {"n1": 4}


def test_taints_that_do_not_execute_leave_running_pods_alone() -> None:
    txn = settled(deployment("web", 2), nodes=["n1", "n2"])

    tainted(txn, "n1", "NoSchedule")

    assert where(txn) == {"n1": 1, "n2": 1}


def test_taints_that_execute_send_pods_elsewhere() -> None:
    txn = settled(deployment("web", 2), nodes=["n1", "n2"])

    tainted(txn, "n1", "NoExecute")

    assert where(txn) == {"n2": 2}


def test_pods_pinned_to_a_node_that_evicts_them_do_not_come_and_go_for_ever() -> None:
    txn = tainted(settled(nodes=["n1", "n2"]), "n1", "NoExecute")
    registry.create(txn, deployment("web", 2, template("web", nodeName="n1")))

    assert where(resettled(txn)) == {"n1": 2}


def test_a_node_that_is_not_ready_makes_its_pods_unready_until_it_is_well_again() -> None:
    txn = settled(deployment("web", 2), nodes=["n1", "n2"])

    turned(txn, "Node", "n1", ready=False)

    assert read(txn, "Deployment", "web")["status"]["readyReplicas"] == 1
    assert taints(txn, "n1") == [
        ("node.kubernetes.io/not-ready", "NoExecute"),
        ("node.kubernetes.io/not-ready", "NoSchedule"),
    ]
    turned(txn, "Node", "n1", ready=True)
    assert read(txn, "Deployment", "web")["status"]["readyReplicas"] == 2
    assert taints(txn, "n1") == []


def test_pods_of_a_node_that_goes_away_go_with_it() -> None:
    txn = settled(deployment("web", 2), nodes=["n1", "n2"])

    deleted(txn, "Node", "n1")

    assert where(txn) == {"n2": 2}


def test_the_least_useful_pods_go_first_when_there_are_too_many() -> None:
    txn = settled(deployment("web", 3), nodes=["n1"])
    useless = names(pods(txn))[1]
    turned(txn, "Pod", useless, ready=False)

    scaled(txn, "Deployment", "web", 2)

    assert useless not in names(pods(txn))


def test_pods_that_cost_little_go_before_others() -> None:
    txn = settled(deployment("web", 3), nodes=["n1"])
    cheap = pods(txn)[2]
    metadata = {
        **cheap["metadata"],
        "annotations": {"controller.kubernetes.io/pod-deletion-cost": "-5"},
    }
    registry.update(txn, {**cheap, "metadata": metadata})

    scaled(resettled(txn), "Deployment", "web", 2)

    assert cheap["metadata"]["name"] not in names(pods(txn))


# --- stateful and daemon sets -----------------------------------------------------------------


def images(txn: Transaction) -> dict[str, str]:
    return {each["metadata"]["name"]: each["spec"]["containers"][0]["image"] for each in pods(txn)}


def test_a_stateful_set_makes_pods_with_names_that_stay() -> None:
    txn = settled(workload("StatefulSet", "db", replicas=2))

    first = read(txn, "Pod", "db-0")
    (revision,) = names(txn.list("controllerrevisions.apps"))
    assert names(pods(txn)) == ["db-0", "db-1"]
    assert first["metadata"]["labels"] == {
        "app": "db",
        "apps.kubernetes.io/pod-index": "0",
        "controller-revision-hash": revision,
        "statefulset.kubernetes.io/pod-name": "db-0",
    }
    assert (first["spec"]["hostname"], first["spec"]["subdomain"]) == ("db-0", "db")


def test_a_stateful_set_waits_for_the_pod_before() -> None:
    txn = settled(workload("StatefulSet", "db", template("db", UNREADY), replicas=3))

    assert names(pods(txn)) == ["db-0"]


def test_a_parallel_stateful_set_does_not_wait() -> None:
    document = workload(
        "StatefulSet", "db", template("db", UNREADY), replicas=2, podManagementPolicy="Parallel"
    )

    assert names(pods(settled(document))) == ["db-0", "db-1"]


def test_a_stateful_set_is_updated_backwards_down_to_its_partition() -> None:
    strategy = {"type": "RollingUpdate", "rollingUpdate": {"partition": 1}}
    txn = settled(workload("StatefulSet", "db", replicas=3, updateStrategy=strategy))

    changed(txn, "StatefulSet", "db", template=template("db", image="nginx:2"))

    assert images(txn) == {"db-0": "nginx:1", "db-1": "nginx:2", "db-2": "nginx:2"}
    status = read(txn, "StatefulSet", "db")["status"]
    assert status["currentRevision"] != status["updateRevision"]
    assert (status["currentReplicas"], status["updatedReplicas"]) == (1, 2)


def test_a_stateful_set_that_is_scaled_down_loses_its_last_pods() -> None:
    txn = settled(workload("StatefulSet", "db", replicas=3))

    scaled(txn, "StatefulSet", "db", 1)

    assert names(pods(txn)) == ["db-0"]


def test_a_held_pod_keeps_its_name_until_it_is_gone() -> None:
    txn = settled(workload("StatefulSet", "db", template("db", HOLD), replicas=1))
    uid = read(txn, "Pod", "db-0")["metadata"]["uid"]

    deleted(txn, "Pod", "db-0")

    assert read(txn, "Pod", "db-0")["metadata"]["uid"] == uid
    registry.delete(txn, key("Pod", "db-0"), grace_period=0)
    resettled(txn)
    assert read(txn, "Pod", "db-0")["metadata"]["uid"] != uid


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
