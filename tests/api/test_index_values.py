"""By what objects are found beside their names."""

from __future__ import annotations

import pytest

from svcnet.api.index_values import (
    HOST_PORTS,
    LOAD_BALANCER,
    NOBODY,
    PROPORTIONAL,
    REPELLING,
    WAITING,
    by_label,
    by_node,
    by_owner,
    by_selector,
    by_selectors_of,
    by_subject,
    by_volume_claim,
    index_values,
)
from svcnet.api.keys import Document

CONTROLLED = {"ownerReferences": [{"uid": "u1", "controller": True}, {"uid": "u2"}]}
REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"


@pytest.mark.parametrize(
    ("resource", "document", "values"),
    [
        ("configmaps", {}, []),
        ("configmaps", {"metadata": {"labels": {"a": "b"}}}, []),
        ("configmaps", {"metadata": CONTROLLED}, [by_owner("u1"), by_owner("u2")]),
        ("things.example.com", {"metadata": CONTROLLED}, [by_owner("u1"), by_owner("u2")]),
        ("services", {"spec": {}}, []),
        ("services", {"spec": {"selector": {"b": "1", "a": "2"}}}, ["selects:a=2"]),
        ("services", {"spec": {"type": "LoadBalancer"}}, [LOAD_BALANCER]),
        (
            "services",
            {"metadata": {"annotations": {"service.kubernetes.io/topology-mode": "Auto"}}},
            [PROPORTIONAL],
        ),
        (
            "services",
            {"metadata": {"annotations": {"service.kubernetes.io/topology-aware-hints": "auto"}}},
            [PROPORTIONAL],
        ),
        (
            "services",
            {"spec": {"type": "NodePort"}, "status": {"loadBalancer": {"ingress": [{"ip": "x"}]}}},
            [LOAD_BALANCER],
        ),
        (
            "endpointslices.discovery.k8s.io",
            {"metadata": {"labels": {"kubernetes.io/service-name": "web", "a": "b"}}},
            [by_label("kubernetes.io/service-name", "web")],
        ),
        (
            "endpointslices.discovery.k8s.io",
            {"metadata": {}},
            [by_label("kubernetes.io/service-name", "")],
        ),
        ("pods", {"metadata": {}}, [NOBODY, WAITING]),
        (
            "pods",
            {"metadata": CONTROLLED, "status": {"phase": "Running"}},
            ["owner:u1", "owner:u2"],
        ),
        (
            "pods",
            {"metadata": {"ownerReferences": [{"uid": "u"}]}},
            [by_owner("u"), NOBODY, WAITING],
        ),
        (
            "pods",
            {
                "metadata": {"labels": {"app": "web"}},
                "spec": {"nodeName": "n1"},
                "status": {"phase": "Running"},
            },
            [by_label("app", "web"), by_node("n1"), NOBODY],
        ),
        (
            "pods",
            {"metadata": {}, "spec": {"nodeName": "n1"}, "status": {"phase": "Failed"}},
            [by_node("n1"), NOBODY],
        ),
        (
            "pods",
            {"spec": {"affinity": {"podAntiAffinity": {REQUIRED: [{}]}}}},
            [NOBODY, WAITING, REPELLING],
        ),
        (
            "pods",
            {
                "spec": {
                    "volumes": [{"persistentVolumeClaim": {"claimName": "c"}}, {"emptyDir": {}}]
                }
            },
            [NOBODY, WAITING, by_volume_claim("c")],
        ),
        (
            "pods",
            {"metadata": {"name": "p"}, "spec": {"volumes": [{"name": "v", "ephemeral": {}}]}},
            [NOBODY, WAITING, by_volume_claim("p-v")],
        ),
        (
            "pods",
            {
                "spec": {"nodeName": "n1", "containers": [{"ports": [{"hostPort": 80}]}]},
                "status": {"phase": "Running"},
            },
            [HOST_PORTS, NOBODY, by_node("n1")],
        ),
        (
            "pods",
            {"spec": {"nodeName": "n1", "containers": [{"ports": [{"containerPort": 80}]}]}},
            [NOBODY, WAITING, by_node("n1")],
        ),
        ("jobs.batch", {"spec": {"selector": {"matchLabels": {"a": "b"}}}}, ["selects:a=b"]),
        (
            "replicasets.apps",
            {
                "metadata": {"labels": {"app": "web"}},
                "spec": {"selector": {"matchLabels": {"app": "web"}}},
            },
            [by_label("app", "web"), NOBODY, "selects:app=web"],
        ),
        (
            "deployments.apps",
            {"spec": {"selector": {"matchExpressions": [{"key": "a", "operator": "Exists"}]}}},
            ["selects:"],
        ),
        ("replicationcontrollers", {"spec": {"selector": {"a": "b"}}}, ["selects:a=b"]),
        ("events", {"involvedObject": {"uid": "u"}}, [by_subject("u")]),
        ("events", {"regarding": {"uid": "u"}}, [by_subject("u")]),
    ],
)
def test_objects_are_found_by_what_they_say(
    resource: str, document: Document, values: list[str]
) -> None:
    assert index_values(resource, document) == tuple(sorted(values))


def test_what_selects_an_object_is_found_by_its_labels() -> None:
    labels = {"app": "web", "tier": "front", "zone": "a"}

    for selector in ({}, {"app": "web"}, {"zone": "a", "tier": "front"}, labels):
        assert by_selector(selector) in by_selectors_of(labels)
    assert by_selector({"app": "db"}) not in by_selectors_of(labels)
