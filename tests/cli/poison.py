"""Documents of all kinds from which svcnet derives something, and what can be wrong with them.

Written by hand: valid ones first, then what may stand in their places and should not.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from typing import Any, NamedTuple, TypeAlias

from tests.cli import dumped

Document = dict[str, Any]
Choose: TypeAlias = Callable[[Sequence[Any]], Any]
"""Picks one of several, whoever decides which."""

UID = "6f5c1111-2222-4333-8444-0123456789ab"


def _object(api_version: str, kind: str, namespace: str = "", **fields: Any) -> Document:
    metadata = {"name": "web", "namespace": namespace, "labels": {"app": "web"}}
    return {
        "apiVersion": api_version,
        "kind": kind,
        "metadata": {name: value for name, value in metadata.items() if value},
        **fields,
    }


TEMPLATE: Document = {
    "metadata": {"labels": {"app": "web"}, "annotations": {"note": "a"}},
    "spec": {
        "containers": [
            {
                "name": "web",
                "image": "nginx:1.29",
                "ports": [{"name": "http", "containerPort": 8080, "protocol": "TCP"}],
                "resources": {"requests": {"cpu": "100m", "memory": "64Mi"}},
                "env": [{"name": "A", "value": "b"}],
                "readinessProbe": {"httpGet": {"path": "/", "port": "http"}},
            }
        ],
        "initContainers": [{"name": "setup", "image": "busybox:1", "restartPolicy": "Always"}],
        "nodeSelector": {"kubernetes.io/os": "linux"},
        "tolerations": [{"key": "a", "operator": "Exists", "effect": "NoSchedule"}],
        "affinity": {
            "nodeAffinity": {
                "requiredDuringSchedulingIgnoredDuringExecution": {
                    "nodeSelectorTerms": [
                        {
                            "matchExpressions": [
                                {"key": "zone", "operator": "NotIn", "values": ["a"]}
                            ]
                        }
                    ]
                }
            },
            "podAntiAffinity": {
                "preferredDuringSchedulingIgnoredDuringExecution": [
                    {
                        "weight": 5,
                        "podAffinityTerm": {
                            "topologyKey": "kubernetes.io/hostname",
                            "labelSelector": {"matchLabels": {"app": "web"}},
                        },
                    }
                ]
            },
        },
        "topologySpreadConstraints": [
            {
                "maxSkew": 1,
                "topologyKey": "zone",
                "whenUnsatisfiable": "ScheduleAnyway",
                "labelSelector": {"matchLabels": {"app": "web"}},
            }
        ],
        "volumes": [{"name": "v", "emptyDir": {}}],
    },
}
SELECTOR: Document = {
    "matchLabels": {"app": "web"},
    "matchExpressions": [{"key": "app", "operator": "In", "values": ["web"]}],
}
JOB: Document = {
    "completions": 1,
    "template": {
        "metadata": {"labels": {"app": "web"}},
        "spec": {
            "restartPolicy": "Never",
            "containers": [{"name": "web", "image": "nginx:1.29"}],
        },
    },
}
CLAIM: Document = {
    "accessModes": ["ReadWriteOnce"],
    "resources": {"requests": {"storage": "1Gi"}},
}
PORT: Document = {"name": "main", "port": 80, "targetPort": "http", "protocol": "TCP"}
STATUS: Document = {"replicas": 1, "readyReplicas": 1, "observedGeneration": 1}

WRITTEN: tuple[Document, ...] = (
    _object(
        "v1",
        "Service",
        "default",
        spec={
            "type": "LoadBalancer",
            "selector": {"app": "web"},
            "ports": [{**PORT, "nodePort": 30100}, {**PORT, "name": "b", "port": 81}],
            "externalIPs": ["198.51.100.7"],
            "loadBalancerSourceRanges": ["10.0.0.0/8"],
            "sessionAffinity": "ClientIP",
            "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 60}},
            "clusterIP": "10.96.3.4",
            "clusterIPs": ["10.96.3.4"],
            "ipFamilies": ["IPv4"],
            "ipFamilyPolicy": "SingleStack",
            "externalTrafficPolicy": "Local",
            "trafficDistribution": "PreferClose",
        },
        status={"loadBalancer": {"ingress": [{"ip": "203.0.113.9", "ipMode": "VIP"}]}},
    ),
    _object("v1", "Service", "default", spec={"type": "ExternalName", "externalName": "a.b"}),
    _object("v1", "Service", "default", spec={"clusterIP": "None", "ports": [PORT]}),
    _object(
        "v1",
        "Endpoints",
        "default",
        subsets=[
            {
                "addresses": [
                    {
                        "ip": "10.9.0.1",
                        "nodeName": "n1",
                        "targetRef": {"kind": "Pod", "name": "web", "namespace": "default"},
                    }
                ],
                "notReadyAddresses": [{"ip": "10.9.0.2"}],
                "ports": [{"name": "main", "port": 80, "protocol": "TCP"}],
            }
        ],
    ),
    _object(
        "discovery.k8s.io/v1",
        "EndpointSlice",
        "default",
        addressType="IPv4",
        endpoints=[
            {
                "addresses": ["10.9.0.3"],
                "conditions": {"ready": True, "serving": True, "terminating": False},
                "nodeName": "n1",
                "zone": "a",
                "hints": {"forZones": [{"name": "a"}]},
                "targetRef": {"kind": "Pod", "name": "web", "namespace": "default"},
            }
        ],
        ports=[{"name": "main", "port": 80, "protocol": "TCP"}],
    ),
    _object(
        "v1",
        "Node",
        spec={
            "podCIDR": "10.244.9.0/24",
            "podCIDRs": ["10.244.9.0/24"],
            "taints": [{"key": "a", "value": "b", "effect": "NoSchedule"}],
            "unschedulable": False,
        },
        status={
            "addresses": [{"type": "InternalIP", "address": "192.168.50.99"}],
            "capacity": {"cpu": "4", "memory": "8Gi", "pods": "110"},
            "allocatable": {"cpu": "4", "memory": "8Gi", "pods": "110"},
            "conditions": [{"type": "Ready", "status": "True", "reason": "a"}],
        },
    ),
    _object("v1", "Namespace", spec={"finalizers": ["kubernetes"]}, status={"phase": "Active"}),
    _object(
        "v1",
        "Pod",
        "default",
        spec={**TEMPLATE["spec"], "nodeName": "n1", "hostname": "a", "subdomain": "web"},
        status={
            "phase": "Running",
            "podIP": "10.244.0.77",
            "podIPs": [{"ip": "10.244.0.77"}],
            "conditions": [{"type": "Ready", "status": "True"}],
            "startTime": "2025-03-01T10:00:00Z",
            "containerStatuses": [
                {"name": "web", "ready": True, "restartCount": 0, "image": "a", "imageID": "b"}
            ],
        },
    ),
    _object("v1", "PodTemplate", "default", template=TEMPLATE),
    _object(
        "v1",
        "ReplicationController",
        "default",
        spec={"replicas": 1, "selector": {"app": "web"}, "template": TEMPLATE},
        status=STATUS,
    ),
    _object(
        "apps/v1",
        "ReplicaSet",
        "default",
        spec={"replicas": 1, "selector": SELECTOR, "template": TEMPLATE},
        status=STATUS,
    ),
    _object(
        "apps/v1",
        "Deployment",
        "default",
        spec={
            "replicas": 2,
            "selector": SELECTOR,
            "template": TEMPLATE,
            "strategy": {
                "type": "RollingUpdate",
                "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": 1},
            },
            "revisionHistoryLimit": 3,
            "progressDeadlineSeconds": 60,
        },
        status=STATUS,
    ),
    _object(
        "apps/v1",
        "StatefulSet",
        "default",
        spec={
            "replicas": 2,
            "serviceName": "web",
            "selector": SELECTOR,
            "template": TEMPLATE,
            "ordinals": {"start": 1},
            "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 0}},
            "volumeClaimTemplates": [{"metadata": {"name": "v"}, "spec": CLAIM}],
        },
        status={**STATUS, "currentRevision": "web-1", "collisionCount": 0},
    ),
    _object(
        "apps/v1",
        "DaemonSet",
        "default",
        spec={
            "selector": SELECTOR,
            "template": TEMPLATE,
            "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 1}},
        },
        status={"desiredNumberScheduled": 1, "collisionCount": 0},
    ),
    _object("apps/v1", "ControllerRevision", "default", revision=1, data={"spec": {}}),
    _object("batch/v1", "Job", "default", spec=JOB, status={"active": 1}),
    _object(
        "batch/v1",
        "CronJob",
        "default",
        spec={"schedule": "*/5 * * * *", "jobTemplate": {"spec": JOB}},
    ),
    _object(
        "networking.k8s.io/v1",
        "ServiceCIDR",
        spec={"cidrs": ["10.112.0.0/16"]},
        status={"conditions": [{"type": "Ready", "status": "True"}]},
    ),
    {
        **_object("networking.k8s.io/v1", "IPAddress"),
        "metadata": {"name": "10.96.7.7"},
        "spec": {"parentRef": {"resource": "services", "namespace": "default", "name": "web"}},
    },
    {
        **_object("v1", "ConfigMap"),
        "metadata": {"name": "kube-proxy", "namespace": "kube-system"},
        "data": {"config.conf": dumped.kubeadm()},
    },
    _object("v1", "Secret", "default", type="Opaque", data={"a": "Yg=="}, stringData={"b": "c"}),
    _object(
        "policy/v1",
        "PodDisruptionBudget",
        "default",
        spec={"minAvailable": "50%", "selector": SELECTOR},
        status={"disruptionsAllowed": 1, "currentHealthy": 1},
    ),
    _object(
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
        "default",
        spec={
            "maxReplicas": 3,
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"},
            "metrics": [
                {
                    "type": "Resource",
                    "resource": {
                        "name": "cpu",
                        "target": {"type": "Utilization", "averageUtilization": 80},
                    },
                }
            ],
        },
        status={"currentReplicas": 1, "desiredReplicas": 1},
    ),
    _object(
        "networking.k8s.io/v1",
        "Ingress",
        "default",
        spec={
            "ingressClassName": "a",
            "tls": [{"hosts": ["a.b"], "secretName": "c"}],
            "rules": [
                {
                    "host": "a.b",
                    "http": {
                        "paths": [
                            {
                                "path": "/",
                                "pathType": "Prefix",
                                "backend": {"service": {"name": "web", "port": {"number": 80}}},
                            }
                        ]
                    },
                }
            ],
        },
        status={"loadBalancer": {"ingress": [{"ip": "203.0.113.4"}]}},
    ),
    _object(
        "networking.k8s.io/v1",
        "NetworkPolicy",
        "default",
        spec={
            "podSelector": SELECTOR,
            "policyTypes": ["Ingress"],
            "ingress": [
                {
                    "from": [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}}],
                    "ports": [{"port": 80, "protocol": "TCP"}],
                }
            ],
        },
    ),
    _object("v1", "PersistentVolumeClaim", "default", spec=CLAIM, status={"phase": "Pending"}),
    _object(
        "v1",
        "PersistentVolume",
        spec={
            "capacity": {"storage": "1Gi"},
            "accessModes": ["ReadWriteOnce"],
            "hostPath": {"path": "/a"},
        },
    ),
    _object(
        "rbac.authorization.k8s.io/v1",
        "RoleBinding",
        "default",
        roleRef={"kind": "Role", "name": "a", "apiGroup": "rbac.authorization.k8s.io"},
        subjects=[{"kind": "User", "name": "b", "apiGroup": "rbac.authorization.k8s.io"}],
    ),
    _object(
        "v1",
        "Event",
        "default",
        involvedObject={"kind": "Pod", "name": "web", "namespace": "default"},
        reason="A",
        message="b",
        type="Normal",
        count=2,
        firstTimestamp="2025-03-01T10:00:00Z",
        lastTimestamp="2025-03-01T10:00:00Z",
    ),
    _object(
        "coordination.k8s.io/v1",
        "Lease",
        "default",
        spec={"holderIdentity": "a", "leaseDurationSeconds": 40},
    ),
    _object("v1", "ServiceAccount", "default"),
    _object("v1", "ResourceQuota", "default", spec={"hard": {"pods": "4"}}),
    _object("storage.k8s.io/v1", "StorageClass", provisioner="a.b/c"),
    _object("scheduling.k8s.io/v1", "PriorityClass", value=5),
    {
        **_object(
            "apiextensions.k8s.io/v1",
            "CustomResourceDefinition",
            spec={
                "group": "example.com",
                "scope": "Namespaced",
                "names": {"plural": "tools", "kind": "Tool"},
                "versions": [
                    {
                        "name": "v1",
                        "served": True,
                        "storage": True,
                        "schema": {"openAPIV3Schema": {"type": "object"}},
                        "subresources": {"status": {}},
                        "additionalPrinterColumns": [
                            {"name": "A", "type": "string", "jsonPath": ".spec.a"}
                        ],
                    }
                ],
            },
        ),
        "metadata": {"name": "tools.example.com"},
    },
)
"""As people write them."""


def _served(document: Document) -> Document:
    """Return a document as a server gives it."""
    metadata = {
        **document["metadata"],
        "uid": UID,
        "resourceVersion": "41",
        "creationTimestamp": dumped.CREATED,
        "generation": 1,
        "annotations": {"note": "a", "deployment.kubernetes.io/revision": "1"},
        "finalizers": ["example.com/a"],
        "ownerReferences": [
            {
                "apiVersion": "apps/v1",
                "kind": "ReplicaSet",
                "name": "web",
                "uid": UID[:-1] + "c",
                "controller": True,
            }
        ],
        "managedFields": [
            {
                "manager": "a",
                "operation": "Update",
                "apiVersion": document["apiVersion"],
                "time": dumped.CREATED,
                "fieldsType": "FieldsV1",
                "fieldsV1": {"f:metadata": {}},
            }
        ],
    }
    return {**document, "metadata": metadata}


VALID: tuple[Document, ...] = (*WRITTEN, *map(_served, WRITTEN))
CLUSTER = dumped.dump(dumped.LAYOUTS["kubeadm"])
"""What stands around a document in a dump."""

POISON: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 7, 65536, 2**31, 2**63, 10**30, -(10**30), 0.5, 1e300,
    float("nan"), float("inf"), "", " ", "x", "X_Y", "-", "a\nb", "\n", "a\x00b", "\x7f", "\ud800",
    "a\udfffb", "\U0001f600", "é", "a" * 64, "a" * 254, "a" * 5000, "a/b", "a.b", "..", "../a", "%",
    "a b", "None", "null", "true", "1", "-1", "0x10", "1e3", "٣", "25%", "-5%", "150%", "x%",
    "10.0.0.1", "010.0.0.1", "10.0.0.256", "10.96.0.1", "0.0.0.1", "127.0.0.1", "224.0.0.1", "::",
    "fd00::1", "fe80::1%eth0", "::ffff:10.0.0.1", "10.0.0.0/8", "10.0.0.1/8", "10.0.0.0/33",
    "0.0.0.0/0", "::/0", "fd00::/108", "x/y", "1Gi", "1..5", "-1Gi", "1e999", "0.0000000001",
    "9" * 40, "2025-03-01T10:00:00Z", "2025-13-01T10:00:00Z", "yesterday", "0000-00-00T00:00:00Z",
    "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", UID, "v1", "v2", "apps/v1",
    "apps/v1beta1", "a/b/c", "TCP", "SCTP", "tcp", "IPv4", "IPv6", "FQDN", "ClusterIP", "NodePort",
    "ExternalName", "Recreate", "OnDelete", "Never", "Always", "Exists", "Gt", "web", "n1",
    "kube-system", "default", [], {}, [None], [[]], [{}], [""], ["x"], ["x", "x"], [1], {"": ""},
    {"x": None}, {"x": 1}, {"x": "y"}, {"a\nb": "c"}, {"\ud800": "a"}, {"app": "\ud800"},
    {"matchLabels": {}}, {"spec": None}, {"spec": {"containers": None}}, {"name": None},
    ["10.0.0.0/8", "10.1.0.0/16", "fd00::/108"], ["10.96.0.1", "10.96.0.1"],
    {"kubernetes.io/service-name": "web"}, {"deprecated.daemonset.template.generation": "\u00b2"},
    {"deployment.kubernetes.io/revision": "x"}, {"deployment.kubernetes.io/revision": "9" * 30},
    {"deployment.kubernetes.io/desired-replicas": "\u0663"}, {"app": "web", "a": "b"},
    {"kubectl.kubernetes.io/last-applied-configuration": "{"},
    {"kubectl.kubernetes.io/last-applied-configuration": "[]"},
    {"kubectl.kubernetes.io/last-applied-configuration": '{"metadata":1}'},
    [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web", "uid": UID,
      "controller": True}],
    [{"apiVersion": "v1", "kind": "Service", "name": "web", "uid": UID, "controller": True,
      "blockOwnerDeletion": True}],
    [{"apiVersion": "", "kind": "", "name": "", "uid": ""}],
    [{"apiVersion": "x/y/z", "kind": "Q", "name": "a\nb", "uid": "u"}],
)  # fmt: skip
"""What may stand anywhere."""

ADDED: tuple[tuple[str, Any], ...] = (
    ("deletionTimestamp", "2025-03-01T10:00:00Z"),
    ("deletionTimestamp", "yesterday"),
    ("deletionGracePeriodSeconds", -(10**20)),
    ("resourceVersion", "x"),
    ("resourceVersion", 5),
    ("generateName", "a\nb-"),
    ("generation", -3),
    ("generation", "2"),
    ("selfLink", "/"),
    ("finalizers", ["foregroundDeletion", "x"]),
    ("finalizers", ["kubernetes"]),
    ("ownerReferences", POISON[-4]),
    ("ownerReferences", POISON[-3]),
    ("managedFields", [{"fieldsV1": []}]),
    ("managedFields", [{"manager": "a", "operation": "Apply", "fieldsV1": {"f:": {"x": 1}}}]),
    ("name", "a\nb"),
    ("namespace", "a\nb"),
    ("namespace", "kube-system"),
)
"""What may stand in metadata."""


class Place(NamedTuple):
    """A value in a document: what it stands in, and where."""

    inside: Any
    at: Any


def places(value: Any) -> Iterator[Place]:
    """Yield every place in a document."""
    entries = value.items() if isinstance(value, dict) else enumerate(value)
    for at, each in list(entries):
        yield Place(value, at)
        if isinstance(each, (dict, list)):
            yield from places(each)


def _replaced(document: Document, choose: Choose) -> None:
    inside, at = choose(list(places(document)))
    inside[at] = deepcopy(choose(POISON))


def _misvalued(document: Document, choose: Choose) -> None:
    """Put a value of the right type in a place: only who knows what it is for can refuse it."""
    inside, at = choose(list(places(document)))
    kind = type(inside[at])
    inside[at] = deepcopy(choose([each for each in POISON if type(each) is kind]))


def _removed(document: Document, choose: Choose) -> None:
    inside, at = choose(list(places(document)))
    del inside[at]


def _doubled(document: Document, choose: Choose) -> None:
    lists = [each for inside, at in places(document) if isinstance(each := inside[at], list)]
    if lists:
        found = choose(lists)
        found += deepcopy(found)


def _added(document: Document, choose: Choose) -> None:
    name, value = choose(ADDED)
    if isinstance(document.get("metadata"), dict):
        document["metadata"][name] = deepcopy(value)


def _mixed(document: Document, choose: Choose) -> None:
    """Put what stands in one place into another one."""
    found = list(places(document))
    source, target = choose(found), choose(found)
    target.inside[target.at] = deepcopy(source.inside[source.at])


CHANGES = (_replaced, _misvalued, _misvalued, _misvalued, _removed, _doubled, _added, _mixed)


def poisoned(choose: Choose) -> Document:
    """Return a valid document with up to three things wrong."""
    document: Document = deepcopy(choose(VALID))
    for _ in range(choose((1, 1, 1, 2, 3))):
        if document:
            choose(CHANGES)(document, choose)
    return document


def text_of(document: Document) -> str:
    """Return a document as a file holds it: with whatever a JSON or YAML text can hold."""
    return json.dumps(document).replace("NaN", ".nan").replace("Infinity", ".inf")
