"""What manifests may leave out."""

from __future__ import annotations

from typing import Any

import pytest

from svcnet.api.defaulting import default
from svcnet.api.fields import decode
from svcnet.api.keys import Document
from svcnet.api.kinds import Kinds


def defaulted(api_version: str, kind: str, **rest: Any) -> Document:
    document = {"apiVersion": api_version, "kind": kind, "metadata": {"name": "x"}, **rest}
    known = Kinds().of_document(api_version, kind)
    assert known is not None
    found = default(decode(document).document, known)
    assert default(found, known) == found
    return found


def spec_of_service(**spec: Any) -> Any:
    return defaulted("v1", "Service", spec=spec)["spec"]


def test_a_service_reads_back_with_its_type_and_policies() -> None:
    assert spec_of_service(ports=[{"port": 80}]) == {
        "internalTrafficPolicy": "Cluster",
        "ports": [{"port": 80, "protocol": "TCP", "targetPort": 80}],
        "sessionAffinity": "None",
        "type": "ClusterIP",
    }


@pytest.mark.parametrize(
    ("spec", "field", "value"),
    [
        ({"type": "NodePort"}, "externalTrafficPolicy", "Cluster"),
        ({"type": "LoadBalancer"}, "allocateLoadBalancerNodePorts", True),
        ({"type": "ClusterIP", "externalIPs": ["1.2.3.4"]}, "externalTrafficPolicy", "Cluster"),
        ({"type": "ClusterIP"}, "externalTrafficPolicy", None),
        ({"type": "NodePort"}, "allocateLoadBalancerNodePorts", None),
        ({"type": "ExternalName"}, "internalTrafficPolicy", None),
        (
            {"sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 5}}},
            "sessionAffinityConfig",
            None,
        ),
        (
            {"sessionAffinity": "ClientIP"},
            "sessionAffinityConfig",
            {"clientIP": {"timeoutSeconds": 10800}},
        ),
        (
            {"sessionAffinity": "ClientIP", "sessionAffinityConfig": {"clientIP": {}}},
            "sessionAffinityConfig",
            {"clientIP": {"timeoutSeconds": 10800}},
        ),
        (
            {
                "sessionAffinity": "ClientIP",
                "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 0}},
            },
            "sessionAffinityConfig",
            {"clientIP": {"timeoutSeconds": 0}},
        ),
    ],
)
def test_what_a_service_gets_depends_on_its_type(spec: Document, field: str, value: object) -> None:
    assert spec_of_service(**spec).get(field) == value


@pytest.mark.parametrize(("target", "found"), [(0, 80), ("", 80), ("http", "http"), (8080, 8080)])
def test_a_port_leads_to_the_port_of_the_same_number(target: object, found: object) -> None:
    assert spec_of_service(ports=[{"port": 80, "targetPort": target}])["ports"] == [
        {"port": 80, "protocol": "TCP", "targetPort": found}
    ]


def test_a_deployment_reads_back_as_the_real_one_did() -> None:
    template = {
        "metadata": {"labels": {"app": "d"}},
        "spec": {
            "containers": [{"name": "c", "image": "nginx:1", "ports": [{"containerPort": 80}]}]
        },
    }
    selector = {"matchLabels": {"app": "d"}}

    found = defaulted("apps/v1", "Deployment", spec={"selector": selector, "template": template})

    assert found["spec"] == {
        "progressDeadlineSeconds": 600,
        "replicas": 1,
        "revisionHistoryLimit": 10,
        "selector": {"matchLabels": {"app": "d"}},
        "strategy": {
            "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"},
            "type": "RollingUpdate",
        },
        "template": {
            "metadata": {"labels": {"app": "d"}},
            "spec": {
                "containers": [
                    {
                        "image": "nginx:1",
                        "imagePullPolicy": "IfNotPresent",
                        "name": "c",
                        "ports": [{"containerPort": 80, "protocol": "TCP"}],
                        "resources": {},
                        "terminationMessagePath": "/dev/termination-log",
                        "terminationMessagePolicy": "File",
                    }
                ],
                "dnsPolicy": "ClusterFirst",
                "restartPolicy": "Always",
                "schedulerName": "default-scheduler",
                "securityContext": {},
                "terminationGracePeriodSeconds": 30,
            },
        },
    }
    assert found["status"] == {}


@pytest.mark.parametrize(
    ("image", "policy"),
    [
        ("nginx", "Always"),
        ("nginx:latest", "Always"),
        ("nginx:1.25", "IfNotPresent"),
        ("registry.example.com:5000/team/app", "Always"),
        ("registry.example.com:5000/team/app:v1", "IfNotPresent"),
        ("nginx@sha256:0123", "IfNotPresent"),
        ("", "IfNotPresent"),
    ],
)
def test_images_that_may_change_are_always_pulled(image: str, policy: str) -> None:
    pod = defaulted("v1", "Pod", spec={"containers": [{"name": "c", "image": image}]})

    assert pod["spec"]["containers"][0]["imagePullPolicy"] == policy


def test_a_pod_asks_for_what_it_is_limited_to() -> None:
    resources = {"limits": {"cpu": "1", "memory": "1Gi"}, "requests": {"cpu": "500m"}}
    containers = [{"name": "c", "image": "a:1", "resources": resources}]

    pod = defaulted("v1", "Pod", spec={"containers": containers})

    assert pod["spec"]["containers"][0]["resources"]["requests"] == {"cpu": "500m", "memory": "1Gi"}
    assert pod["spec"]["enableServiceLinks"] is True


def test_probes_and_volumes_are_completed() -> None:
    spec = {
        "containers": [{"name": "c", "livenessProbe": {"httpGet": {"port": 80}}}],
        "volumes": [{"name": "a"}, {"name": "b", "configMap": {"name": "m"}}],
        "serviceAccountName": "robot",
    }

    found = defaulted("v1", "Pod", spec=spec)["spec"]

    assert found["containers"][0]["livenessProbe"] == {
        "failureThreshold": 3,
        "httpGet": {"path": "/", "port": 80, "scheme": "HTTP"},
        "periodSeconds": 10,
        "successThreshold": 1,
        "timeoutSeconds": 1,
    }
    assert found["volumes"] == [
        {"name": "a", "emptyDir": {}},
        {"name": "b", "configMap": {"name": "m", "defaultMode": 420}},
    ]
    assert found["serviceAccount"] == "robot"


def test_other_kinds_are_completed_too() -> None:
    labels = defaulted("v1", "Namespace")["metadata"]["labels"]
    stateful = defaulted("apps/v1", "StatefulSet", spec={})["spec"]
    daemon = defaulted("apps/v1", "DaemonSet", spec={})["spec"]
    ports = defaulted("discovery.k8s.io/v1", "EndpointSlice", ports=[{"port": 80}])["ports"]
    secret = defaulted("v1", "Secret", stringData={"a": "b"})

    assert labels == {"kubernetes.io/metadata.name": "x"}
    assert stateful["podManagementPolicy"] == "OrderedReady"
    assert stateful["updateStrategy"] == {
        "type": "RollingUpdate",
        "rollingUpdate": {"partition": 0},
    }
    assert daemon["updateStrategy"]["rollingUpdate"] == {"maxUnavailable": 1, "maxSurge": 0}
    assert ports == [{"name": "", "port": 80, "protocol": "TCP"}]
    assert (secret["type"], secret["data"], "stringData" in secret) == (
        "Opaque",
        {"a": "Yg=="},
        False,
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"podCIDR": "10.0.0.0/24"}, ("10.0.0.0/24", ["10.0.0.0/24"])),
        ({"podCIDRs": ["10.0.0.0/24", "fd00::/64"]}, ("10.0.0.0/24", ["10.0.0.0/24", "fd00::/64"])),
        (
            {"podCIDR": "10.0.1.0/24", "podCIDRs": ["10.0.0.0/24", "fd00::/64"]},
            ("10.0.1.0/24", ["10.0.1.0/24"]),
        ),
        ({}, (None, None)),
    ],
)
def test_both_fields_of_a_nodes_pod_ranges_agree(
    given: dict[str, Any], expected: tuple[Any, Any]
) -> None:
    spec = defaulted("v1", "Node", spec=given).get("spec") or {}

    assert (spec.get("podCIDR"), spec.get("podCIDRs")) == expected


@pytest.mark.parametrize(
    ("given", "filled"),
    [
        (None, {"type": "RollingUpdate", "rollingUpdate": {"partition": 0}}),
        ({}, {"type": "RollingUpdate", "rollingUpdate": {"partition": 0}}),
        ({"rollingUpdate": {}}, {"type": "RollingUpdate", "rollingUpdate": {"partition": 0}}),
        (
            {"rollingUpdate": {"partition": 2}},
            {"type": "RollingUpdate", "rollingUpdate": {"partition": 2}},
        ),
        # With a type, what belongs to it is left alone unless it is there.
        ({"type": "RollingUpdate"}, {"type": "RollingUpdate"}),
        (
            {"type": "RollingUpdate", "rollingUpdate": {}},
            {"type": "RollingUpdate", "rollingUpdate": {"partition": 0}},
        ),
        (
            {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 2}},
            {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 2, "partition": 0}},
        ),
        ({"type": "OnDelete"}, {"type": "OnDelete"}),
    ],
)
def test_a_partition_is_filled_in_where_no_type_or_a_rolling_update_is_given(
    given: Document | None, filled: Document
) -> None:
    """Source: pkg/apis/apps/v1/defaults.go SetDefaults_StatefulSet(); its gate is off in 1.36."""
    spec = {} if given is None else {"updateStrategy": given}

    assert defaulted("apps/v1", "StatefulSet", spec=spec)["spec"]["updateStrategy"] == filled


@pytest.mark.parametrize(
    ("given", "number"), [(None, "1"), ("7", "7"), ("0", "1"), ("-1", "1"), ("x", "1")]
)
def test_a_daemon_sets_template_has_a_number(given: str | None, number: str) -> None:
    name = "deprecated.daemonset.template.generation"
    annotations = {"note": "mine"} if given is None else {"note": "mine", name: given}
    metadata = {"name": "x", "annotations": annotations}

    found = defaulted("apps/v1", "DaemonSet", metadata=metadata, spec={})["metadata"]

    assert found["annotations"] == {"note": "mine", name: number}
