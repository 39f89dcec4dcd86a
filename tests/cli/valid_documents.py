"""Documents of all kinds from which svcnet derives something: valid ones, written by hand."""

from __future__ import annotations

from typing import Any

from tests.cli import dumped

Document = dict[str, Any]

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
