"""What a kubelet makes of a pod: addresses, and running containers."""

from __future__ import annotations

from collections import Counter

from svcnet.control.apiserver import registry
from svcnet.store.pools import Pool
from tests.control.clusters import DUAL, cluster
from tests.control.workbench import (
    UNREADY,
    conditions,
    deleted,
    deployment,
    key,
    pod,
    pods,
    read,
    resettled,
    scaled,
    settled,
)


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
    # Of one port of a node there is but one.
    documents = [pod("a", hostNetwork=True), pod("b", hostNetwork=True, port=81)]
    txn = settled(*documents, nodes=["n1"])

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
