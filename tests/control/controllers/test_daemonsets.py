"""One pod on every node that fits."""

from __future__ import annotations

import pytest

from svcnet.control.apiserver import allocated, registry
from svcnet.store.transaction import Transaction
from tests.control.workbench import (
    HOLD,
    UNREADY,
    changed,
    deleted,
    ended,
    images,
    key,
    names,
    pod,
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


@pytest.mark.parametrize(
    ("missing", "replaced"),
    [
        (1, 1),
        (2, 2),
        (3, 3),
        # Of three nodes, rounded up: daemonset_util.go UnavailableCount().
        ("33%", 1),
        ("34%", 2),
        ("67%", 3),
        ("100%", 3),
        # Nothing would move if nothing might be missing; an import may say so all the same.
        (0, 1),
        ("0%", 1),
        # Nothing is said.
        (None, 1),
    ],
)
def test_so_many_daemons_may_be_missing_at_once(missing: int | str | None, replaced: int) -> None:
    """New pods that never serve stop the update as soon as so many are missing."""
    rolling = {} if missing is None else {"rollingUpdate": {"maxUnavailable": missing}}
    strategy = {"type": "RollingUpdate", **rolling}
    txn = settled(workload("DaemonSet", "agent"))
    document = read(txn, "DaemonSet", "agent")
    broken = template("agent", UNREADY, image="nginx:2")
    spec = {**document["spec"], "updateStrategy": strategy, "template": broken}

    # Past the API server, which would refuse some of these numbers, and counts templates.
    numbered = {"annotations": {"deprecated.daemonset.template.generation": "2"}}
    txn.put({**document, "metadata": document["metadata"] | numbered, "spec": spec})
    resettled(txn)

    assert sorted(images(txn).values()) == ["nginx:1"] * (3 - replaced) + ["nginx:2"] * replaced


def test_daemons_that_do_not_serve_are_replaced_at_once() -> None:
    """They are missing already, and nothing is lost by it."""
    txn = settled(workload("DaemonSet", "agent", template("agent", UNREADY)))

    changed(txn, "DaemonSet", "agent", template=template("agent", UNREADY, image="nginx:2"))

    assert set(images(txn).values()) == {"nginx:2"}


def test_daemons_are_only_replaced_by_hand_on_delete() -> None:
    txn = settled(workload("DaemonSet", "agent", updateStrategy={"type": "OnDelete"}))

    changed(txn, "DaemonSet", "agent", template=template("agent", image="nginx:2"))

    assert set(images(txn).values()) == {"nginx:1"}
    assert read(txn, "DaemonSet", "agent")["status"].get("updatedNumberScheduled") is None


def test_a_daemon_tolerates_what_belongs_to_its_node() -> None:
    """Source: pkg/controller/daemon/util/daemonset_util.go AddOrUpdateDaemonPodTolerations()."""
    txn = settled(workload("DaemonSet", "agent"), nodes=["n1"])
    on_host = settled(
        workload("DaemonSet", "agent", template("agent", hostNetwork=True)), nodes=["n1"]
    )
    expected = {
        ("node.kubernetes.io/disk-pressure", "NoSchedule"),
        ("node.kubernetes.io/memory-pressure", "NoSchedule"),
        ("node.kubernetes.io/not-ready", "NoExecute"),
        ("node.kubernetes.io/pid-pressure", "NoSchedule"),
        ("node.kubernetes.io/unreachable", "NoExecute"),
        ("node.kubernetes.io/unschedulable", "NoSchedule"),
    }

    assert tolerated(txn) == expected
    assert tolerated(on_host) == {
        *expected,
        ("node.kubernetes.io/network-unavailable", "NoSchedule"),
    }


def test_a_daemon_is_bound_to_its_node_beside_what_its_template_asks_for() -> None:
    """Source: daemonset_util.go ReplaceDaemonSetPodNodeNameNodeAffinity()."""
    term = {"topologyKey": "zone", "labelSelector": {"matchLabels": {"app": "other"}}}
    weighed = [{"weight": 1, "podAffinityTerm": term}]
    apart = {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": weighed}}
    extra = {"key": "dedicated", "operator": "Equal", "value": "db", "effect": "NoSchedule"}
    form = template("agent", affinity=apart, tolerations=[extra])
    txn = settled(workload("DaemonSet", "agent", form), nodes=["n1"])

    (daemon,) = pods(txn)

    assert daemon["metadata"]["generateName"] == "agent-"
    assert daemon["spec"]["affinity"] == {
        **apart,
        "nodeAffinity": {
            "requiredDuringSchedulingIgnoredDuringExecution": {
                "nodeSelectorTerms": [
                    {"matchFields": [{"key": "metadata.name", "operator": "In", "values": ["n1"]}]}
                ]
            }
        },
    }
    assert daemon["spec"]["tolerations"][:2] == [
        extra,
        {"key": "node.kubernetes.io/not-ready", "operator": "Exists", "effect": "NoExecute"},
    ]


def test_a_daemon_that_waits_counts_for_the_node_that_it_is_meant_for() -> None:
    """It is on no node yet, and the set makes no second one."""
    txn = settled(workload("DaemonSet", "agent"), nodes=["n1"])
    (daemon,) = pods(txn)
    spec = {name: value for name, value in daemon["spec"].items() if name != "nodeName"}
    waiting = {**daemon, "spec": {**spec, "schedulingGates": [{"name": "a"}]}}
    txn.put({**waiting, "status": {"phase": "Pending"}})

    resettled(txn)

    assert names(pods(txn)) == [daemon["metadata"]["name"]]
    assert read(txn, "DaemonSet", "agent")["status"]["currentNumberScheduled"] == 1


@pytest.mark.parametrize("phase", ["Succeeded", "Failed"])
def test_a_daemon_that_has_ended_is_made_anew(phase: str) -> None:
    txn = settled(workload("DaemonSet", "agent"), nodes=["n1"])
    (daemon,) = pods(txn)
    ended = {**daemon, "status": {**daemon["status"], "phase": phase}}
    allocated.write(txn, key("Pod", daemon["metadata"]["name"]), ended)

    resettled(txn)

    (other,) = pods(txn)
    assert other["metadata"]["name"] != daemon["metadata"]["name"]
    assert other["status"]["phase"] == "Running"


def test_a_daemon_that_goes_is_waited_for() -> None:
    """It holds its place on the node until it is gone, and is not deleted twice."""
    txn = settled(workload("DaemonSet", "agent", template("agent", HOLD)), nodes=["n1"])
    (daemon,) = pods(txn)

    deleted(txn, "Pod", daemon["metadata"]["name"])

    assert names(pods(txn)) == [daemon["metadata"]["name"]]


def test_a_daemon_goes_when_its_node_is_no_longer_meant() -> None:
    form = template("agent", nodeSelector={"role": "edge"})
    txn = settled(nodes=["n1", "n2"])
    for name in ("n1", "n2"):
        labelled(txn, name, role="edge")
    registry.create(txn, workload("DaemonSet", "agent", form))
    assert where(resettled(txn)) == {"n1": 1, "n2": 1}

    labelled(txn, "n1", role="core")

    assert where(txn) == {"n2": 1}


def labelled(txn: Transaction, node: str, **labels: str) -> None:
    document = read(txn, "Node", node)
    metadata = document["metadata"]
    metadata = {**metadata, "labels": {**metadata["labels"], **labels}}
    registry.update(txn, {**document, "metadata": metadata})
    resettled(txn)


def test_daemons_of_a_node_that_is_gone_go() -> None:
    txn = settled(workload("DaemonSet", "agent"))

    deleted(txn, "Node", "n2")

    assert where(txn) == {"n1": 1, "n3": 1}


def test_a_pod_that_is_selected_is_adopted() -> None:
    """Its node has one then; the set makes no other there."""
    txn = settled(nodes=["n1"])
    registry.create(txn, pod("mine", "agent"))
    resettled(txn)
    registry.create(txn, workload("DaemonSet", "agent"))
    resettled(txn)

    daemon = read(txn, "DaemonSet", "agent")
    assert {
        tuple((each["kind"], each["uid"]) for each in one["metadata"]["ownerReferences"])
        for one in pods(txn)
    } == {(("DaemonSet", daemon["metadata"]["uid"]),)}


def test_annotations_of_the_set_stay() -> None:
    document = workload("DaemonSet", "agent")
    document["metadata"]["annotations"] = {"note": "mine"}

    annotations = read(settled(document), "DaemonSet", "agent")["metadata"]["annotations"]

    assert annotations == {"deprecated.daemonset.template.generation": "1", "note": "mine"}


def test_templates_that_pods_were_made_from_are_not_forgotten() -> None:
    """Whatever the limit: the pods are still there."""
    by_hand = {"type": "OnDelete"}
    txn = settled(workload("DaemonSet", "agent", updateStrategy=by_hand, revisionHistoryLimit=0))

    changed(txn, "DaemonSet", "agent", template=template("agent", image="nginx:2"))

    assert sorted(each["revision"] for each in txn.list("controllerrevisions.apps")) == [1, 2]


def tolerated(txn: Transaction) -> set[tuple[str, str]]:
    """Taints that the one pod tolerates for ever."""
    (daemon,) = pods(txn)
    return {
        (each["key"], each["effect"])
        for each in daemon["spec"]["tolerations"]
        if "tolerationSeconds" not in each
    }


def test_a_daemon_that_may_not_stay_goes_and_one_that_is_astray_is_counted() -> None:
    selector = {"spec": {"nodeSelector": {"kubernetes.io/hostname": "n1"}}}
    wanted = template("agent")
    wanted["spec"] |= selector["spec"]
    txn = settled(workload("DaemonSet", "agent", wanted))
    assert where(txn) == {"n1": 1}

    tainted(txn, "n1", "NoSchedule")
    status = read(txn, "DaemonSet", "agent")["status"]
    # It may stay, although none would be started there now.
    assert where(txn) == {"n1": 1}
    assert (status["desiredNumberScheduled"], status["numberMisscheduled"]) == (0, 1)

    tainted(txn, "n1", "NoExecute")
    assert where(txn) == {}


@pytest.mark.parametrize(
    ("limit", "left"), [(0, [4]), (1, [3, 4]), (2, [2, 3, 4]), (9, [1, 2, 3, 4])]
)
def test_so_many_older_templates_are_remembered(limit: int, left: list[int]) -> None:
    txn = settled(workload("DaemonSet", "agent", revisionHistoryLimit=limit))

    for version in (2, 3, 4):
        changed(txn, "DaemonSet", "agent", template=template("agent", image=f"nginx:{version}"))

    assert sorted(each["revision"] for each in txn.list("controllerrevisions.apps")) == left


def test_a_template_that_comes_back_is_the_newest_and_not_a_new_one() -> None:
    txn = settled(workload("DaemonSet", "agent"))

    for version in (2, 1):
        changed(txn, "DaemonSet", "agent", template=template("agent", image=f"nginx:{version}"))

    assert sorted(each["revision"] for each in txn.list("controllerrevisions.apps")) == [2, 3]
    annotations = read(txn, "DaemonSet", "agent")["metadata"]["annotations"]
    assert annotations == {"deprecated.daemonset.template.generation": "3"}


def test_a_daemons_hash_is_the_label_of_its_revision() -> None:
    """The name of a set may end in what looks like a hash."""
    txn = settled(workload("DaemonSet", "agent-abcde"), nodes=["n1"])

    (revision,) = txn.list("controllerrevisions.apps")
    (daemon,) = pods(txn)
    code = revision["metadata"]["labels"]["controller-revision-hash"]
    assert revision["metadata"]["name"] == f"agent-abcde-{code}"
    assert daemon["metadata"]["labels"]["controller-revision-hash"] == code


def test_the_first_revision_has_the_annotation_that_the_api_server_gives() -> None:
    txn = settled(workload("DaemonSet", "agent"))
    changed(txn, "DaemonSet", "agent", template=template("agent", image="nginx:2"))

    revisions = sorted(txn.list("controllerrevisions.apps"), key=lambda each: each["revision"])

    assert [each["metadata"]["annotations"] for each in revisions] == [
        {"deprecated.daemonset.template.generation": "1"},
        {"deprecated.daemonset.template.generation": "2"},
    ]


@pytest.mark.parametrize(("limit", "left"), [(0, [1, 4]), (1, [1, 4]), (2, [1, 3, 4])])
def test_older_templates_that_pods_have_count_among_those_remembered(
    limit: int, left: list[int]
) -> None:
    """cleanupHistory() of update.go passes over them, but they were counted before."""
    by_hand = {"type": "OnDelete"}
    txn = settled(workload("DaemonSet", "agent", updateStrategy=by_hand))
    for version in (2, 3):
        changed(txn, "DaemonSet", "agent", template=template("agent", image=f"nginx:{version}"))

    wanted = template("agent", image="nginx:4")
    changed(txn, "DaemonSet", "agent", template=wanted, revisionHistoryLimit=limit)

    assert sorted(each["revision"] for each in txn.list("controllerrevisions.apps")) == left


def test_pods_with_the_number_of_the_template_are_not_replaced() -> None:
    """IsPodUpdated() of daemonset_util.go: the hash or the number."""
    txn = settled(workload("DaemonSet", "agent"), nodes=["n1"])
    (daemon,) = pods(txn)
    labels = {**daemon["metadata"]["labels"], "controller-revision-hash": "5c45974645"}
    txn.put({**daemon, "metadata": {**daemon["metadata"], "labels": labels}})

    resettled(txn)

    assert [each["metadata"]["uid"] for each in pods(txn)] == [daemon["metadata"]["uid"]]
    assert read(txn, "DaemonSet", "agent")["status"]["updatedNumberScheduled"] == 1


def test_a_taken_name_makes_another_hash_and_is_counted() -> None:
    txn = settled(workload("DaemonSet", "agent"))
    (revision,) = txn.list("controllerrevisions.apps")
    name = revision["metadata"]["name"]
    deleted(txn, "DaemonSet", "agent")
    registry.create(
        txn,
        {
            "apiVersion": "apps/v1",
            "kind": "ControllerRevision",
            "metadata": {"name": name, "namespace": "default"},
            "revision": 1,
        },
    )

    registry.create(txn, workload("DaemonSet", "agent"))
    resettled(txn)

    (mine,) = (each for each in txn.list("controllerrevisions.apps") if each.get("data"))
    assert mine["metadata"]["name"] != name
    assert read(txn, "DaemonSet", "agent")["status"]["collisionCount"] == 1
    assert len(pods(txn)) == 3


def test_what_a_daemon_tolerates_already_is_not_said_twice() -> None:
    """And not only for some time."""
    wanted = template("agent")
    short = {"effect": "NoExecute", "key": "node.kubernetes.io/not-ready", "operator": "Exists"}
    other = {**short, "effect": "NoSchedule"}
    wanted["spec"]["tolerations"] = [{**short, "tolerationSeconds": 9}, other]

    (daemon,) = pods(settled(workload("DaemonSet", "agent", wanted), nodes=["n1"]))

    keys = [(each["key"], each["effect"]) for each in daemon["spec"]["tolerations"]]
    assert daemon["spec"]["tolerations"][:2] == [short, other]
    assert len(keys) == len(set(keys))


def test_daemons_that_are_made_and_made_again_are_told_of() -> None:
    txn = settled(workload("DaemonSet", "web"), nodes=["n1"])
    [before] = [each["metadata"]["name"] for each in txn.list("pods", "default")]

    ended(txn, before, "Failed")

    [after] = [each["metadata"]["name"] for each in txn.list("pods", "default")]
    found = [
        (each["type"], each["reason"], each["message"])
        for each in txn.list("events", "default")
        if each["involvedObject"]["kind"] == "DaemonSet"
    ]
    failed = f"Found failed daemon pod default/{before} on node n1, will try to kill it"
    assert found == [
        ("Normal", "SuccessfulCreate", f"Created pod: {before}"),
        ("Warning", "FailedDaemonPod", failed),
        ("Normal", "SuccessfulDelete", f"Deleted pod: {before}"),
        ("Normal", "SuccessfulCreate", f"Created pod: {after}"),
    ]
