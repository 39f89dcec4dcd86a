"""What dumps leave out."""

from __future__ import annotations

from typing import Any

import pytest

from svcnet.control.dump.contents import Contents, SourcedDocument, read
from svcnet.control.dump.gaps import (
    endpoints_without_slices,
    gap_notes,
    missing,
    named_nodes,
    only_namespace,
    shortened,
)


def contents(*documents: dict[str, Any]) -> Contents:
    return read((SourcedDocument(each, "f") for each in documents), "default")


def thing(kind: str, name: str, namespace: str = "shop", **rest: Any) -> dict[str, Any]:
    version = "discovery.k8s.io/v1" if kind == "EndpointSlice" else "v1"
    metadata = {"name": name, "namespace": namespace, "uid": f"uid-{name}"}
    return {"apiVersion": version, "kind": kind, "metadata": metadata, **rest}


ADDRESS = {"ip": "10.0.0.1", "nodeName": "c"}
SELECTED = {"selector": {"app": "a"}}


def pod(name: str, app: str, node: str = "", namespace: str = "shop") -> dict[str, Any]:
    made = thing("Pod", name, namespace, spec={"nodeName": node} if node else {})
    made["metadata"]["labels"] = {"app": app}
    return made


def test_nodes_are_named_by_whatever_is_on_them() -> None:
    found = contents(
        pod("p", "x", node="b"),
        pod("waits", "x"),
        thing("EndpointSlice", "s", endpoints=[{"nodeName": "a", "zone": "z"}, {"nodeName": "a"}]),
        thing("Endpoints", "e", subsets=[{"notReadyAddresses": [ADDRESS]}]),
    )

    assert [
        (each["metadata"]["name"], each["metadata"].get("labels")) for each in named_nodes(found)
    ] == [
        ("a", {"topology.kubernetes.io/zone": "z"}),
        ("b", None),
        ("c", None),
    ]


@pytest.mark.parametrize("endpoints", [None, 5, "a", [5], [{"nodeName": 5}], {"nodeName": "a"}])
def test_slices_that_make_no_sense_name_nobody(endpoints: Any) -> None:
    assert named_nodes(contents(thing("EndpointSlice", "s", endpoints=endpoints))) == []


def test_nodes_that_are_given_are_all_there_are() -> None:
    node = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n"}}

    assert named_nodes(contents(node, pod("p", "x", node="b"))) == []


@pytest.mark.parametrize(
    ("beside", "alone"),
    [
        ([], True),
        # A slice of the Service; one of another; a pod that it selects; others that it does not.
        (["own slice"], False),
        (["other slice"], True),
        (["pod"], False),
        (["other pod"], True),
        (["pod elsewhere"], True),
    ],
)
def test_endpoints_count_where_nothing_newer_is_known(beside: list[str], alone: bool) -> None:
    more = {
        "own slice": thing("EndpointSlice", "s"),
        "other slice": thing("EndpointSlice", "s"),
        "pod": pod("p", "a"),
        "other pod": pod("p", "b"),
        "pod elsewhere": pod("p", "a", namespace="elsewhere"),
    }
    more["own slice"]["metadata"]["labels"] = {"kubernetes.io/service-name": "web"}
    more["other slice"]["metadata"]["labels"] = {"kubernetes.io/service-name": "api"}
    found = contents(
        thing("Service", "web", spec=SELECTED),
        thing("Endpoints", "web", subsets=[{"addresses": [ADDRESS]}]),
        thing("Endpoints", "nobodys", subsets=[{"addresses": [ADDRESS]}]),
        *(more[each] for each in beside),
    )

    names = [each["metadata"]["name"] for each in endpoints_without_slices(found)]
    assert names == (["web"] if alone else [])


def test_endpoints_without_addresses_are_no_loss() -> None:
    found = contents(thing("Service", "web", spec=SELECTED), thing("Endpoints", "web"))

    assert endpoints_without_slices(found) == []


def test_what_kube_proxy_watches_is_missed() -> None:
    assert [each.kind for each in missing(contents(thing("Service", "a")))] == [
        "Node",
        "EndpointSlice",
    ]


NO_PODS = "no pods in the files: workloads make new ones, and endpointslices follow them"


@pytest.mark.parametrize(
    ("beside", "told"),
    [
        ([thing("ReplicationController", "a"), thing("EndpointSlice", "a")], True),
        ([thing("ReplicationController", "a"), thing("EndpointSlice", "a"), pod("a", "a")], False),
        # What is made then is told of as the slices that are missing.
        ([thing("ReplicationController", "a")], False),
        # Slices stay where nothing makes pods.
        ([thing("EndpointSlice", "a")], False),
    ],
)
def test_pods_are_missed_where_others_are_made(beside: list[dict[str, Any]], told: bool) -> None:
    found = contents(thing("Service", "a"), *beside)

    assert (NO_PODS in gap_notes(found, "none")) == told


def test_a_manifest_of_one_namespace_is_not_cut_down() -> None:
    by_hand = thing("Service", "a")
    del by_hand["metadata"]["uid"]

    assert only_namespace(contents(by_hand)) == ""
    assert only_namespace(contents(thing("Service", "a"))) == "shop"
    assert only_namespace(contents(thing("Service", "a"), thing("Service", "b", "lab"))) == ""


def test_a_small_cluster_may_have_services_in_one_namespace() -> None:
    other = thing("ConfigMap", "kube-root-ca.crt", "lab")
    # This one is asked for by its name, beside objects of one namespace.
    named = thing("ConfigMap", "kube-proxy", "kube-system")
    named["data"] = {"config.conf": "kind: KubeProxyConfiguration"}

    assert only_namespace(contents(thing("Service", "a"), other)) == ""
    assert only_namespace(contents(thing("Service", "a"), named)) == "shop"
    assert only_namespace(contents(thing("Service", "a"), named, other)) == ""


def test_of_many_names_the_first_are_told() -> None:
    assert shortened(["a", "b"]) == "a, b"
    assert shortened([str(n) for n in range(10)]) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9"
    assert shortened([str(n) for n in range(12)]).endswith("8, 9 and 2 more")
