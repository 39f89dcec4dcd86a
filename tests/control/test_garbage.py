"""What goes with its owner or its namespace; Endpoints, mirrored slices, load balancers."""

from __future__ import annotations

from svcnet.api.keys import Document, Key
from svcnet.control.apiserver import registry
from svcnet.store.transaction import Transaction
from tests.control.clusters import cluster, service
from tests.control.workbench import (
    HOLD,
    UNREADY,
    changed,
    deleted,
    deployment,
    key,
    names,
    pod,
    pods,
    read,
    resettled,
    selecting,
    settled,
    slices,
    workload,
)


def test_a_deployments_sets_and_pods_go_with_it() -> None:
    txn = settled(deployment("web", 2))

    deleted(txn, "Deployment", "web")

    assert txn.resources("default") == ("services",)


def test_orphans_stay() -> None:
    txn = settled(deployment("web", 2))

    registry.delete(txn, key("Deployment", "web"), propagation="Orphan")
    resettled(txn)

    assert len(pods(txn)) == 2


def test_what_has_another_owner_left_stays() -> None:
    txn = settled(deployment("a", 0), deployment("b", 0))
    owners = [
        {"apiVersion": "apps/v1", "kind": "Deployment", "name": name, "uid": uid}
        for name in ("a", "b")
        for uid in [read(txn, "Deployment", name)["metadata"]["uid"]]
    ]
    shared: Document = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "both", "namespace": "default", "ownerReferences": owners},
    }
    where = Key("configmaps", "default", "both")
    registry.create(txn, shared)

    deleted(txn, "Deployment", "a")
    kept = txn.get(where)
    assert kept is not None
    assert [each["name"] for each in kept["metadata"]["ownerReferences"]] == ["b"]

    deleted(txn, "Deployment", "b")
    assert txn.get(where) is None


def test_a_custom_kind_of_the_same_name_owns_nothing_of_a_deployments() -> None:
    """Seen on a real 1.36: deleting a `Deployment` of another group leaves ReplicaSets alone."""
    txn = settled(deployment("web", 2))
    definition: Document = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "deployments.example.com"},
        "spec": {
            "group": "example.com",
            "names": {"kind": "Deployment", "plural": "deployments"},
            "scope": "Namespaced",
            "versions": [{"name": "v1", "served": True, "storage": True}],
        },
    }
    registry.create(txn, definition)
    other: Document = {
        "apiVersion": "example.com/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "namespace": "default"},
    }
    registry.create(txn, other)
    before = uids(txn)
    assert len(before) == 3
    resettled(txn)
    registry.delete(txn, Key("deployments.example.com", "default", "web"))
    resettled(txn)

    assert uids(txn) == before


def uids(txn: Transaction) -> set[str]:
    """The uids of all ReplicaSets and pods."""
    found = [*txn.list("replicasets.apps"), *pods(txn)]
    return {each["metadata"]["uid"] for each in found}


def test_what_another_object_of_the_same_name_owned_goes_when_it_is_replaced() -> None:
    """As `replace --force` does it: both within one command."""
    txn = settled(deployment("web", 2))
    before = uids(txn)

    registry.delete(txn, key("Deployment", "web"))
    registry.create(txn, deployment("web", 1))
    resettled(txn)

    assert len(uids(txn)) == 2
    assert not uids(txn) & before


def test_an_owner_is_known_by_its_uid_and_not_by_its_name() -> None:
    """An import may bring what names an owner that is not there: it stays, whoever is so called."""
    txn = settled()
    stray: Document = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {
            "name": "stray",
            "namespace": "default",
            "ownerReferences": [
                {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web", "uid": "gone"}
            ],
        },
    }
    txn.put(stray)
    resettled(txn)
    registry.create(txn, deployment("web", 0))
    resettled(txn)

    deleted(txn, "Deployment", "web")

    assert txn.get(Key("configmaps", "default", "stray"))


def in_namespace(document: Document, namespace: str) -> Document:
    return {**document, "metadata": {**document["metadata"], "namespace": namespace}}


def namespaced(*documents: Document) -> Transaction:
    """A cluster with a namespace dev that holds `documents`."""
    txn = cluster()
    dev: Document = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "dev"}}
    for each in (dev, *(in_namespace(each, "dev") for each in documents)):
        registry.create(txn, each)
    return resettled(txn)


def test_a_namespace_goes_with_all_that_is_in_it() -> None:
    txn = namespaced(deployment("web", 2), selecting("web"))

    registry.delete(txn, Key("namespaces", "", "dev"))
    resettled(txn)

    assert txn.get(Key("namespaces", "", "dev")) is None
    assert txn.resources("dev") == ()


def test_a_namespace_waits_for_pods_that_are_held() -> None:
    txn = namespaced(pod("p", annotations=HOLD))

    registry.delete(txn, Key("namespaces", "", "dev"))
    resettled(txn)
    assert txn.get(Key("namespaces", "", "dev")) is not None

    registry.delete(txn, Key("pods", "dev", "p"), grace_period=0)
    resettled(txn)
    assert txn.get(Key("namespaces", "", "dev")) is None


# --- Endpoints --------------------------------------------------------------------------------


def test_endpoints_tell_ready_and_unready_addresses_apart() -> None:
    txn = settled(pod("a"), pod("b", annotations=UNREADY), selecting("web"), nodes=["n1"])

    written = read(txn, "Endpoints", "web")
    (subset,) = written["subsets"]
    assert [each["ip"] for each in subset["addresses"]] == ["10.244.0.2"]
    assert [each["ip"] for each in subset["notReadyAddresses"]] == ["10.244.0.3"]
    assert subset["ports"] == [{"port": 80, "protocol": "TCP"}]
    assert written["metadata"]["labels"] == {
        "endpoints.kubernetes.io/managed-by": "endpoint-controller"
    }


def test_endpoints_sort_addresses_as_texts() -> None:
    txn = settled(deployment("web", 12), selecting("web"), nodes=["n1"])

    (subset,) = read(txn, "Endpoints", "web")["subsets"]
    assert [each["ip"] for each in subset["addresses"]][:3] == [
        "10.244.0.10",
        "10.244.0.11",
        "10.244.0.12",
    ]


def test_ports_that_not_all_pods_have_make_a_subset_of_their_own() -> None:
    ports = [
        {"name": "main", "port": 80, "targetPort": "http"},
        {"name": "fixed", "port": 81, "targetPort": 81},
    ]
    bare = pod("b")
    del bare["spec"]["containers"][0]["ports"]

    txn = settled(pod("a"), bare, selecting("web", ports=ports), nodes=["n1"])

    shown = [
        ([a["targetRef"]["name"] for a in each["addresses"]], [p["name"] for p in each["ports"]])
        for each in read(txn, "Endpoints", "web")["subsets"]
    ]
    assert sorted(shown) == [(["a"], ["main"]), (["a", "b"], ["fixed"])]


def test_endpoints_hold_a_thousand_addresses_at_most() -> None:
    txn = cluster(nodes=["n1"], node_masks=(16,))
    node = read(txn, "Node", "n1")
    txn.put({**node, "status": {**node["status"], "allocatable": {}}})
    for each in (deployment("web", 1005), selecting("web")):
        registry.create(txn, each)
    resettled(txn)

    written = read(txn, "Endpoints", "web")
    assert sum(len(each["addresses"]) for each in written["subsets"]) == 1000
    annotations = written["metadata"]["annotations"]
    assert annotations["endpoints.kubernetes.io/over-capacity"] == "truncated"


def test_endpoints_go_with_their_service_and_come_back_on_their_own() -> None:
    txn = settled(pod("p"), selecting("web"))
    uid = read(txn, "Endpoints", "web")["metadata"]["uid"]

    deleted(txn, "Endpoints", "web")
    assert read(txn, "Endpoints", "web")["metadata"]["uid"] != uid

    deleted(txn, "Service", "web")
    assert txn.get(key("Endpoints", "web")) is None


WRITTEN: Document = {
    "apiVersion": "v1",
    "kind": "Endpoints",
    "metadata": {"name": "ext", "namespace": "default"},
    "subsets": [
        {
            "addresses": [{"ip": "192.0.2.1"}, {"ip": "2001:db8::1"}],
            "notReadyAddresses": [{"ip": "192.0.2.3"}],
            "ports": [{"port": 8080, "protocol": "TCP"}],
        }
    ],
}


def test_endpoints_written_by_hand_are_mirrored_family_by_family() -> None:
    txn = settled(service("ext"), WRITTEN)

    shown = {
        each["addressType"]: [(e["addresses"][0], e["conditions"]) for e in each["endpoints"]]
        for each in slices(txn, "ext")
    }
    assert shown == {
        "IPv4": [("192.0.2.1", {"ready": True}), ("192.0.2.3", {"ready": False})],
        "IPv6": [("2001:db8::1", {"ready": True})],
    }
    labels = slices(txn, "ext")[0]["metadata"]["labels"]
    assert labels == {
        "endpointslice.kubernetes.io/managed-by": "endpointslicemirroring-controller.k8s.io",
        "kubernetes.io/service-name": "ext",
    }


def test_mirrored_slices_go_with_their_endpoints() -> None:
    txn = settled(service("ext"), WRITTEN)

    deleted(txn, "Endpoints", "ext")

    assert slices(txn, "ext") == []


def test_endpoints_that_ask_not_to_be_mirrored_are_not() -> None:
    metadata = {
        **WRITTEN["metadata"],
        "labels": {"endpointslice.kubernetes.io/skip-mirror": "true"},
    }

    assert slices(settled(service("ext"), {**WRITTEN, "metadata": metadata}), "ext") == []


# --- load balancers ---------------------------------------------------------------------------


def ingress(txn: Transaction, name: str) -> list[Document]:
    found: list[Document] = read(txn, "Service", name)["status"]["loadBalancer"].get("ingress", [])
    return found


def test_load_balancers_get_the_lowest_free_address() -> None:
    balancers = [selecting(name, type="LoadBalancer") for name in ("a", "b")]
    txn = settled(*balancers)
    assert ingress(txn, "b") == [{"ip": "203.0.113.2", "ipMode": "VIP"}]

    deleted(txn, "Service", "a")
    registry.create(txn, selecting("c", type="LoadBalancer"))
    resettled(txn)

    assert ingress(txn, "c") == [{"ip": "203.0.113.1", "ipMode": "VIP"}]


def test_a_load_balancer_can_ask_for_its_address() -> None:
    txn = settled(selecting("a", type="LoadBalancer", loadBalancerIP="203.0.113.77"))

    assert ingress(txn, "a") == [{"ip": "203.0.113.77", "ipMode": "VIP"}]


def test_without_a_range_load_balancers_stay_pending() -> None:
    txn = cluster(load_balancer_cidr="")
    registry.create(txn, selecting("a", type="LoadBalancer"))

    assert ingress(resettled(txn), "a") == []


def test_load_balancers_of_a_class_are_somebody_elses() -> None:
    txn = settled(selecting("a", type="LoadBalancer", loadBalancerClass="example.com/lb"))

    assert ingress(txn, "a") == []


def test_an_address_goes_when_the_service_is_no_load_balancer_any_more() -> None:
    txn = settled(selecting("a", type="LoadBalancer"))

    changed(txn, "Service", "a", type="ClusterIP", allocateLoadBalancerNodePorts=None)

    assert ingress(txn, "a") == []


def test_workloads_of_every_kind_go_without_a_trace() -> None:
    txn = settled(workload("StatefulSet", "db", replicas=2), workload("DaemonSet", "agent"))

    deleted(deleted(txn, "StatefulSet", "db"), "DaemonSet", "agent")

    assert names(txn.list("controllerrevisions.apps")) == []
    assert pods(txn) == []
