"""A new cluster, its machines and their ranges, as recorded."""

from __future__ import annotations

import pytest

from svcnet.api.config import ClusterSettings
from svcnet.api.keys import Document, Key
from svcnet.control.bootstrap import bootstrap
from svcnet.control.controllers.node_ipam import allocate_pod_cidrs
from svcnet.control.kubelet.node import FIRST_ADDRESSES, Machine, node
from svcnet.store.pools import Pool
from svcnet.store.reader import EmptyReader
from svcnet.store.transaction import Transaction
from tests.control.clusters import DUAL, NOW, cluster, held, key, said


def there(txn: Transaction, resource: str, name: str) -> Document:
    document = txn.get(Key(resource, "", name))
    assert document is not None
    return document


def test_a_new_cluster_has_what_was_recorded() -> None:
    txn = cluster(nodes=["n1:zone-a", "n2"])

    names = {each: [one["metadata"]["name"] for one in txn.list(each)] for each in txn.resources()}
    assert names == {
        "endpoints": ["kubernetes"],
        "endpointslices.discovery.k8s.io": ["kubernetes"],
        "ipaddresses.networking.k8s.io": ["10.96.0.1"],
        "namespaces": ["default", "kube-node-lease", "kube-public", "kube-system"],
        "nodes": ["n1", "n2"],
        "priorityclasses.scheduling.k8s.io": ["system-cluster-critical", "system-node-critical"],
        "servicecidrs.networking.k8s.io": ["kubernetes"],
        "services": ["kubernetes"],
    }


def test_the_service_of_the_api_server_is_the_recorded_one() -> None:
    service = cluster().get(key("kubernetes"))

    assert service is not None
    assert service["metadata"]["labels"] == {"component": "apiserver", "provider": "kubernetes"}
    assert service["spec"] == {
        "clusterIP": "10.96.0.1",
        "clusterIPs": ["10.96.0.1"],
        "internalTrafficPolicy": "Cluster",
        "ipFamilies": ["IPv4"],
        "ipFamilyPolicy": "SingleStack",
        "ports": [{"name": "https", "port": 443, "protocol": "TCP", "targetPort": 6443}],
        "sessionAffinity": "None",
        "type": "ClusterIP",
    }


def test_the_critical_classes_are_there() -> None:
    classes = cluster().list("priorityclasses.scheduling.k8s.io")

    assert [(each["value"], each["preemptionPolicy"]) for each in classes] == [
        (2000000000, "PreemptLowerPriority"),
        (2000001000, "PreemptLowerPriority"),
    ]
    assert [each["description"] for each in classes] == [
        "Used for system critical pods that must run in the cluster, but can be moved to another "
        "node if necessary.",
        "Used for system critical pods that must not be moved from their current node.",
    ]


def test_the_default_range_is_ready_and_protected() -> None:
    cidr = there(cluster(DUAL), "servicecidrs.networking.k8s.io", "kubernetes")

    assert cidr["metadata"]["finalizers"] == ["networking.k8s.io/service-cidr-finalizer"]
    assert cidr["spec"]["cidrs"] == ["10.96.0.0/16", "fd00:10:96::/112"]
    assert cidr["status"]["conditions"] == [
        {
            "lastTransitionTime": NOW,
            "message": "Kubernetes Service CIDR is ready",
            "reason": "",
            "status": "True",
            "type": "Ready",
        }
    ]


def test_nodes_get_addresses_ranges_and_zones_in_order() -> None:
    txn = cluster(DUAL, nodes=["n2:zone-b", "n10", "n1"])

    first, last = there(txn, "nodes", "n2"), there(txn, "nodes", "n1")
    assert first["metadata"]["labels"]["topology.kubernetes.io/zone"] == "zone-b"
    assert first["spec"]["podCIDRs"] == ["10.244.0.0/24", "fd00:10:244::/64"]
    assert first["status"]["addresses"][0] == {"type": "InternalIP", "address": "192.168.50.11"}
    assert last["spec"]["podCIDR"] == "10.244.2.0/24"
    assert last["status"]["addresses"][0]["address"] == "192.168.50.13"


def test_a_new_machine_takes_an_address_that_no_node_has() -> None:
    others = [
        node(Machine("n1"), ClusterSettings(), [], NOW),
        node(Machine("n3", internal_ips=("192.168.50.12",)), ClusterSettings(), [], NOW),
    ]

    addresses = node(Machine("n2"), ClusterSettings(), others, NOW)["status"]["addresses"]

    assert addresses == [
        {"address": str(FIRST_ADDRESSES[4] + 2), "type": "InternalIP"},
        {"address": "n2", "type": "Hostname"},
    ]


@pytest.mark.parametrize(
    ("services", "pods", "expected"),
    [
        (("10.96.0.0/16",), ("10.244.0.0/16",), ["192.168.50.11"]),
        (("fd00:10:96::/112",), ("fd00:10:244::/56",), ["fd00:192:168:50::11"]),
        (DUAL.service_cidrs, DUAL.cluster_cidrs, ["192.168.50.11", "fd00:192:168:50::11"]),
        (DUAL.service_cidrs, ("fd00:10:244::/56",), ["fd00:192:168:50::11", "192.168.50.11"]),
    ],
)
def test_a_node_has_an_address_of_each_family_of_the_cluster(
    services: tuple[str, ...], pods: tuple[str, ...], expected: list[str]
) -> None:
    settings = ClusterSettings(service_cidrs=services, cluster_cidrs=pods)

    status = node(Machine("n1"), settings, [], NOW)["status"]

    assert [each["address"] for each in status["addresses"]] == [*expected, "n1"]


def test_a_range_that_was_given_back_is_given_again() -> None:
    txn = cluster(nodes=["n1", "n2", "n3"])
    taken = there(txn, "nodes", "n2")
    bare = {**taken, "spec": {}}
    txn.release(Pool.POD_RANGES, "10.244.1.0/24")
    txn.put(bare)

    [change] = allocate_pod_cidrs(txn.snapshot())

    assert change.document["spec"]["podCIDRs"] == ["10.244.1.0/24"]


def test_pod_ranges_do_not_touch_the_service_range() -> None:
    txn = cluster(service_cidrs=("10.244.0.0/24",))

    assert there(txn, "nodes", "n1")["spec"]["podCIDR"] == "10.244.1.0/24"


def test_a_node_that_finds_no_range_goes_without() -> None:
    txn = cluster(nodes=["n1", "n2"], cluster_cidrs=("10.244.0.0/24",))

    assert there(txn, "nodes", "n2")["spec"] == {}
    assert held(txn, Pool.POD_RANGES) == said(txn, Pool.POD_RANGES)


def test_the_same_seed_makes_the_same_cluster() -> None:
    def everything(seed: str) -> list[Document]:
        settings = type(cluster().settings)(seed=seed)
        txn = Transaction(EmptyReader(settings), NOW)
        bootstrap(txn, ["n1"])
        return [each for resource in txn.resources() for each in txn.list(resource)]

    assert everything("1") == everything("1")
    assert everything("1") != everything("2")
