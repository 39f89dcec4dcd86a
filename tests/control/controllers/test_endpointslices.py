"""EndpointSlices as the real controller makes them."""

from __future__ import annotations

from svcnet.api.keys import Document, Key
from svcnet.control.apiserver import registry
from svcnet.store.transaction import Transaction
from tests.control.clusters import DUAL, cluster, service
from tests.control.workbench import (
    HOLD,
    UNREADY,
    changed,
    deleted,
    deployment,
    endpoints,
    names,
    pod,
    read,
    resettled,
    scaled,
    selecting,
    settled,
    slices,
    turned,
    workload,
)

NAMED = [{"name": "main", "port": 80, "targetPort": "http"}]


def ports(txn: Transaction, name: str) -> dict[str, list[tuple[str, int]]]:
    """The ports of the slice that each pod stands in."""
    return {
        endpoint["targetRef"]["name"]: [(p["name"], p["port"]) for p in each["ports"] or ()]
        for each in slices(txn, name)
        for endpoint in each["endpoints"] or ()
    }


def shown(txn: Transaction, name: str) -> dict[str, tuple[bool, bool, bool]]:
    """For each pod: ready, serving, terminating."""
    found = {}
    for each in endpoints(txn, name):
        state = each["conditions"]
        found[each["targetRef"]["name"]] = (state["ready"], state["serving"], state["terminating"])
    return found


def test_a_slice_says_whose_it_is_and_takes_over_labels() -> None:
    document = selecting("web")
    document["metadata"]["labels"] = {"own": "label"}

    (made,) = slices(settled(document), "web")

    metadata = made["metadata"]
    assert metadata["generateName"] == "web-"
    assert metadata["labels"] == {
        "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
        "kubernetes.io/service-name": "web",
        "own": "label",
    }
    assert metadata["annotations"] == {
        "endpoints.kubernetes.io/last-change-trigger-time": metadata["creationTimestamp"]
    }
    (owner,) = metadata["ownerReferences"]
    assert (owner["kind"], owner["name"], owner["controller"]) == ("Service", "web", True)


def test_an_endpoint_names_its_pod_node_and_zone() -> None:
    txn = settled(pod("p"), selecting("web"), nodes=["n1:zone-a"])

    (endpoint,) = endpoints(txn, "web")

    assert endpoint == {
        "addresses": ["10.244.0.2"],
        "conditions": {"ready": True, "serving": True, "terminating": False},
        "nodeName": "n1",
        "targetRef": {
            "kind": "Pod",
            "name": "p",
            "namespace": "default",
            "uid": read(txn, "Pod", "p")["metadata"]["uid"],
        },
        "zone": "zone-a",
    }


def test_pods_that_are_on_their_way_out_serve_but_are_not_ready() -> None:
    txn = settled(
        pod("p1", annotations=HOLD),
        pod("p3", annotations=HOLD | UNREADY),
        selecting("web"),
        selecting("all", publishNotReadyAddresses=True),
    )

    deleted(deleted(txn, "Pod", "p1"), "Pod", "p3")

    assert shown(txn, "web") == {"p1": (False, True, True), "p3": (False, False, True)}
    assert shown(txn, "all") == {"p1": (True, True, True), "p3": (True, False, True)}


def test_a_named_port_is_looked_up_in_each_pod() -> None:
    txn = settled(pod("new", port=9090), pod("old", port=8080), selecting("web", ports=NAMED))

    assert ports(txn, "web") == {"new": [("main", 9090)], "old": [("main", 8080)]}
    assert len(slices(txn, "web")) == 2


def test_pods_without_the_port_stand_in_a_slice_without_ports() -> None:
    bare = pod("none")
    del bare["spec"]["containers"][0]["ports"]

    txn = settled(bare, selecting("web", ports=NAMED))

    assert ports(txn, "web") == {"none": []}
    (made,) = slices(txn, "web")
    assert made["ports"] is None


def test_more_than_a_hundred_endpoints_take_two_slices() -> None:
    txn = settled(deployment("web", 120), selecting("web"))

    assert sorted(len(each["endpoints"]) for each in slices(txn, "web")) == [20, 100]


def test_when_all_pods_go_one_empty_slice_stays() -> None:
    txn = settled(deployment("web", 120), selecting("web"))
    before = names(slices(txn, "web"))

    scaled(txn, "Deployment", "web", 0)

    (left,) = slices(txn, "web")
    assert left["metadata"]["name"] in before
    assert (left["endpoints"], left["ports"]) == (None, None)


def test_a_flip_changes_one_slice_and_no_other() -> None:
    txn = settled(deployment("web", 120), selecting("web"))
    before = {name: read_slice(txn, name) for name in names(slices(txn, "web"))}
    name = endpoints(txn, "web")[0]["targetRef"]["name"]

    turned(txn, "Pod", name, ready=False)

    assert sum(read_slice(txn, each) != before[each] for each in before) == 1
    assert shown(txn, "web")[name] == (False, False, False)


def read_slice(txn: Transaction, name: str) -> Document:
    return next(each for each in slices(txn, "web") if each["metadata"]["name"] == name)


def test_a_lost_selector_leaves_the_slice_as_it_is() -> None:
    txn = settled(pod("p"), selecting("web"))

    before = slices(txn, "web")

    changed(txn, "Service", "web", selector=None)
    deleted(txn, "Pod", "p")

    # Beside it stands that of the Endpoints, which are nobody's now.
    assert len(before) == 1
    assert [each for each in slices(txn, "web") if each in before] == before


def test_a_deleted_slice_comes_back() -> None:
    txn = settled(pod("p"), selecting("web"))
    (made,) = names(slices(txn, "web"))

    txn.delete(Key("endpointslices.discovery.k8s.io", "default", made))
    resettled(txn)

    assert list(shown(txn, "web")) == ["p"]


def test_a_deleted_slice_of_a_service_with_the_longest_name_comes_back() -> None:
    """Seen on a real 1.36: the slice's name has no room for all of the Service's."""
    name = "w" * 63
    txn = settled(pod("p"), selecting(name))
    (made,) = names(slices(txn, name))
    assert name not in made

    txn.delete(Key("endpointslices.discovery.k8s.io", "default", made))
    resettled(txn)

    assert list(shown(txn, name)) == ["p"]


def test_a_slice_that_is_given_away_is_made_anew_for_its_service() -> None:
    """The label says whose a slice is, and it said so before somebody changed it."""
    txn = settled(pod("p"), selecting("web"))
    (made,) = slices(txn, "web")
    labels = {**made["metadata"]["labels"], "kubernetes.io/service-name": "other"}
    txn.put({**made, "metadata": {**made["metadata"], "labels": labels}})

    resettled(txn)

    assert list(shown(txn, "web")) == ["p"]


def test_a_pod_that_is_given_other_labels_leaves_the_services_it_was_behind() -> None:
    txn = settled(pod("p"), selecting("web"), selecting("other", "other"))
    moved = read(txn, "Pod", "p")
    metadata = {**moved["metadata"], "labels": {"app": "other"}}

    registry.update(txn, {**moved, "metadata": metadata})
    resettled(txn)

    assert (list(shown(txn, "web")), list(shown(txn, "other"))) == ([], ["p"])


def test_slices_made_by_hand_are_left_alone() -> None:
    by_hand = {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {
            "name": "mine",
            "namespace": "default",
            "labels": {"kubernetes.io/service-name": "ext"},
        },
        "addressType": "IPv4",
        "ports": [{"name": "", "port": 5432, "protocol": "TCP"}],
        "endpoints": [{"addresses": ["192.0.2.10"], "conditions": {"ready": True}}],
    }

    txn = settled(service("ext"), by_hand)
    deleted(txn, "Service", "ext")

    assert names(slices(txn, "ext")) == ["mine"]


def test_what_was_imported_without_its_pods_stands() -> None:
    given = {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {
            "name": "web-abcde",
            "namespace": "default",
            "labels": {
                "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
                "kubernetes.io/service-name": "web",
            },
        },
        "addressType": "IPv4",
        "ports": [{"name": "", "port": 80, "protocol": "TCP"}],
        "endpoints": [
            {
                "addresses": ["10.244.7.2"],
                "conditions": {"ready": True},
                "targetRef": {"kind": "Pod", "name": "p", "namespace": "default", "uid": "u"},
            }
        ],
    }
    txn = cluster()
    registry.create(txn, selecting("web"))
    txn.put(given)

    resettled(txn)

    (kept,) = slices(txn, "web")
    assert kept["endpoints"] == given["endpoints"]


def test_each_family_has_slices_of_its_own() -> None:
    txn = cluster(DUAL)
    for each in (pod("p"), selecting("web", ipFamilyPolicy="RequireDualStack")):
        registry.create(txn, each)

    resettled(txn)

    found = {each["addressType"]: each["endpoints"][0]["addresses"] for each in slices(txn, "web")}
    assert found == {"IPv4": ["10.244.0.2"], "IPv6": ["fd00:10:244::2"]}


def test_pods_of_a_stateful_set_have_hostnames_behind_their_own_service() -> None:
    txn = settled(
        workload("StatefulSet", "db", replicas=2),
        selecting("db", "db", clusterIP="None"),
        selecting("other", "db"),
    )

    assert [each.get("hostname") for each in endpoints(txn, "db")] == ["db-0", "db-1"]
    assert [each.get("hostname") for each in endpoints(txn, "other")] == [None, None]
    labels = slices(txn, "db")[0]["metadata"]["labels"]
    assert labels["service.kubernetes.io/headless"] == ""


def test_slices_of_a_service_are_read_with_the_most_ports_first() -> None:
    # The pod without the port comes first by name; ten draws of two names have 1024 orders.
    other = pod("b")
    other["spec"]["containers"][0]["ports"] = []
    services = [selecting(f"s{number}", ports=NAMED) for number in range(10)]

    txn = settled(other, pod("a"), *services)

    for each in services:
        found = slices(txn, each["metadata"]["name"])
        assert [len(one["ports"] or ()) for one in found] == [1, 0]
