"""The Service that `expose` makes; expected values were recorded from kubectl 1.36."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcnet.api.kinds import DEPLOYMENT, NODE, POD, SERVICE, STATEFUL_SET, Kind
from svcnet.cli.commands.service_generator import (
    ExposeOptions,
    completed,
    exposing_service,
    read_labels,
)
from svcnet.errors import SvcnetError


def deployment(*ports: tuple[int, str], **selector: Any) -> dict[str, Any]:
    declared = [{"containerPort": number, "protocol": protocol} for number, protocol in ports]
    return {
        "metadata": {"name": "web", "labels": {"team": "a"}},
        "spec": {
            "selector": {"matchLabels": {"app": "web"}, **selector},
            "template": {"spec": {"containers": [{"name": "c", "ports": declared}]}},
        },
    }


def exposed(
    wishes: ExposeOptions, source: dict[str, Any], kind: Kind = DEPLOYMENT
) -> dict[str, Any]:
    return exposing_service(completed(wishes, source, kind), source, kind)


def test_a_deployment_gives_its_port_selector_labels_and_name() -> None:
    assert exposed(ExposeOptions(), deployment((8080, "TCP"))) == {
        "kind": "Service",
        "apiVersion": "v1",
        "metadata": {"name": "web", "labels": {"team": "a"}},
        "spec": {
            "ports": [{"protocol": "TCP", "port": 8080, "targetPort": 8080}],
            "selector": {"app": "web"},
        },
        "status": {"loadBalancer": {}},
    }


def test_several_ports_are_numbered() -> None:
    ports = exposed(ExposeOptions(), deployment((8080, "TCP"), (5353, "UDP")))["spec"]["ports"]

    assert [(each["name"], each["protocol"]) for each in ports] == [
        ("port-1", "TCP"),
        ("port-2", "UDP"),
    ]


def test_a_port_of_two_protocols_becomes_two() -> None:
    ports = exposed(ExposeOptions(), deployment((53, "UDP"), (53, "TCP")))["spec"]["ports"]

    assert [(each["name"], each["port"]) for each in ports] == [
        ("port-1-udp", 53),
        ("port-1-tcp", 53),
    ]


@pytest.mark.parametrize(("target", "expected"), [("http", "http"), ("9000", 9000), ("", 80)])
def test_one_target_port_is_for_all(target: str, expected: object) -> None:
    spec = exposed(ExposeOptions(port="80,80", target_port=target), deployment())["spec"]

    assert [each["targetPort"] for each in spec["ports"]] == [expected, expected]


def test_what_was_found_for_one_object_holds_for_the_next() -> None:
    first = completed(ExposeOptions(), deployment((80, "TCP")), DEPLOYMENT)
    other = deployment((81, "TCP"))

    assert completed(first, other, DEPLOYMENT) == first


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (NODE, "cannot expose a Node"),
        (STATEFUL_SET, "cannot expose a StatefulSet.apps"),
    ],
)
def test_other_kinds_cannot_be_exposed(kind: Kind, told: str) -> None:
    with pytest.raises(SvcnetError) as refused:
        completed(ExposeOptions(), {"metadata": {}}, kind)

    assert str(refused.value) == told


INTROSPECTION = "couldn't retrieve selectors via --selector flag or introspection: "


@pytest.mark.parametrize(
    ("source", "kind", "told"),
    [
        ({"metadata": {}}, POD, INTROSPECTION + "the pod has no labels and cannot be exposed"),
        ({"metadata": {}}, SERVICE, INTROSPECTION + "the service has no pod selector set"),
        (
            deployment(matchExpressions=[{"key": "tier", "operator": "In", "values": ["a", "b"]}]),
            DEPLOYMENT,
            INTROSPECTION + "couldn't convert expressions - "
            '"[{Key:tier Operator:In Values:[a b]}]" to map-based selector format',
        ),
        (deployment(), DEPLOYMENT, "couldn't find port via --port flag or introspection"),
    ],
)
def test_an_object_that_says_too_little_is_refused(
    source: dict[str, Any], kind: Kind, told: str
) -> None:
    with pytest.raises(SvcnetError) as refused:
        completed(ExposeOptions(), source, kind)

    assert str(refused.value) == told


def test_a_headless_service_needs_no_port() -> None:
    spec = exposed(ExposeOptions(cluster_ip="None"), deployment())["spec"]

    assert spec == {"selector": {"app": "web"}, "clusterIP": "None"}


@pytest.mark.parametrize(
    ("wishes", "told"),
    [
        (ExposeOptions(port="http"), 'strconv.Atoi: parsing "http": invalid syntax'),
        (ExposeOptions(port="1", session_affinity="Cookie"), "unknown session affinity: Cookie"),
        (ExposeOptions(port="1", selector="app in (web)"), "unexpected label spec: app in (web)"),
        (ExposeOptions(port="1", labels="=x"), "unexpected empty label key"),
    ],
)
def test_a_flag_without_sense_is_refused(wishes: ExposeOptions, told: str) -> None:
    with pytest.raises(SvcnetError) as refused:
        exposed(wishes, deployment())

    assert str(refused.value) == told


words = st.text(st.sampled_from("abc-"), min_size=1, max_size=4)


@given(st.dictionaries(words, words, min_size=1))
def test_labels_come_back_from_their_text(labels: dict[str, str]) -> None:
    assert read_labels(",".join(f"{key}={value}" for key, value in labels.items())) == labels
