"""Settled clusters in memory, and workloads to put into them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from svcnet.api.keys import Document, Key
from svcnet.control.apiserver import registry
from svcnet.control.apiserver.requests import WriteOptions
from svcnet.control.manager import settle
from svcnet.store.transaction import Transaction
from tests.control.clusters import cluster, service

UNREADY = {"svcnet/unready": "yes"}
HOLD = {"svcnet/hold": "yes"}

RESOURCES = {
    "Deployment": "deployments.apps",
    "ReplicaSet": "replicasets.apps",
    "StatefulSet": "statefulsets.apps",
    "DaemonSet": "daemonsets.apps",
    "Job": "jobs.batch",
    "PersistentVolumeClaim": "persistentvolumeclaims",
    "Pod": "pods",
    "Service": "services",
    "Node": "nodes",
    "Endpoints": "endpoints",
    "PersistentVolume": "persistentvolumes",
}
CLUSTER_WIDE = ("Node", "PersistentVolume")


def template(app: str, annotations: Mapping[str, str] | None = None, **spec: Any) -> Document:
    """A pod template with one container that listens on port 80, named http."""
    container = {"name": "c", "image": spec.pop("image", "nginx:1")}
    ports = [{"name": "http", "containerPort": spec.pop("port", 80)}]
    metadata: Document = {"labels": {"app": app}}
    if annotations:
        metadata["annotations"] = dict(annotations)
    return {"metadata": metadata, "spec": {"containers": [{**container, "ports": ports}], **spec}}


def workload(kind: str, name: str, pods: Document | None = None, **spec: Any) -> Document:
    """A workload called `name`, whose pods have the label app=`name`."""
    return {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": {"name": name, "namespace": "default"},
        "spec": {
            "selector": {"matchLabels": {"app": name}},
            "template": pods or template(name),
            **({"serviceName": name} if kind == "StatefulSet" else {}),
            **spec,
        },
    }


def job(name: str, pods: Document | None = None, **spec: Any) -> Document:
    """A Job called `name`, whose pods do not restart."""
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": name, "namespace": "default"},
        "spec": {"template": pods or template(name, restartPolicy="Never"), **spec},
    }


def claim(name: str, storage: str = "1Gi", **spec: Any) -> Document:
    """A claim for storage that one node may write to."""
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": name, "namespace": "default"},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "resources": {"requests": {"storage": storage}},
            **spec,
        },
    }


def volume(name: str, storage: str = "1Gi", **spec: Any) -> Document:
    """A volume that one node may write to."""
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": name, "labels": {"name": name}},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "capacity": {"storage": storage},
            "hostPath": {"path": "/srv"},
            **spec,
        },
    }


def storage_class(name: str, provisioner: str = "csi.example.com", **fields: Any) -> Document:
    """A storage class; `default` makes it that of claims that ask for none."""
    annotations = {"storageclass.kubernetes.io/is-default-class": "true"}
    metadata = {"name": name, **({"annotations": annotations} if fields.pop("default", 0) else {})}
    return {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": metadata,
        "provisioner": provisioner,
        **fields,
    }


def claiming(name: str, *claims: str, **spec: Any) -> Document:
    """A pod whose volumes are claims of these names."""
    volumes = [{"name": each, "persistentVolumeClaim": {"claimName": each}} for each in claims]
    return pod(name, volumes=volumes, **spec)


def ended(txn: Transaction, name: str, phase: str) -> Transaction:
    """The cluster once a kubelet says that a pod has ended."""
    document = read(txn, "Pod", name)
    status = {**document["status"], "phase": phase}
    registry.update(txn, {**document, "status": status}, WriteOptions(subresource="status"))
    return resettled(txn)


def why_pending(txn: Transaction, name: str) -> str:
    """What the scheduler says against a pod; empty when it says nothing."""
    status = read(txn, "Pod", name)["status"]
    found = (each for each in status.get("conditions") or () if each["type"] == "PodScheduled")
    return next((each.get("message", "") for each in found), "")


def deployment(name: str, replicas: int = 1, pods: Document | None = None, **spec: Any) -> Document:
    return workload("Deployment", name, pods, replicas=replicas, **spec)


def pod(
    name: str, app: str = "web", annotations: Mapping[str, str] | None = None, **spec: Any
) -> Document:
    form = template(app, annotations, **spec)
    metadata = {**form["metadata"], "name": name, "namespace": "default"}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": form["spec"]}


def selecting(name: str, app: str = "web", **spec: Any) -> Document:
    """A Service over the pods with label app=`app`."""
    return service(name, selector={"app": app}, **spec)


def settled(*documents: Document, nodes: Sequence[str] = ("n1", "n2", "n3")) -> Transaction:
    """A settled cluster with `documents` in it."""
    txn = cluster(nodes=nodes)
    for each in documents:
        registry.create(txn, each)
    return resettled(txn)


def resettled(txn: Transaction) -> Transaction:
    settle(txn)
    return txn


def key(kind: str, name: str) -> Key:
    return Key(RESOURCES[kind], "" if kind in CLUSTER_WIDE else "default", name)


def read(txn: Transaction, kind: str, name: str) -> Document:
    document = txn.get(key(kind, name))
    assert document is not None
    return document


def changed(txn: Transaction, kind: str, name: str, **spec: Any) -> Transaction:
    """The cluster once fields of an object's spec are others."""
    document = read(txn, kind, name)
    registry.update(txn, {**document, "spec": {**document["spec"], **spec}})
    return resettled(txn)


def scaled(txn: Transaction, kind: str, name: str, replicas: int) -> Transaction:
    return changed(txn, kind, name, replicas=replicas)


def deleted(txn: Transaction, kind: str, name: str) -> Transaction:
    registry.delete(txn, key(kind, name))
    return resettled(txn)


def turned(txn: Transaction, kind: str, name: str, *, ready: bool) -> Transaction:
    """The cluster once a pod or a node says that it is ready, or that it is not."""
    document = read(txn, kind, name)
    conditions = [
        {**each, "status": str(ready)} if each["type"] == "Ready" else each
        for each in document["status"]["conditions"]
    ]
    txn.put({**document, "status": {**document["status"], "conditions": conditions}})
    return resettled(txn)


def pods(txn: Transaction, app: str = "") -> list[Document]:
    """The pods of a label app=`app`, or all."""
    return [each for each in txn.list("pods") if app in ("", each["metadata"]["labels"].get("app"))]


def names(documents: Sequence[Document]) -> list[str]:
    return [each["metadata"]["name"] for each in documents]


def slices(txn: Transaction, name: str) -> list[Document]:
    """The slices of a Service."""
    return [
        each
        for each in txn.list("endpointslices.discovery.k8s.io")
        if each["metadata"]["labels"]["kubernetes.io/service-name"] == name
    ]


def endpoints(txn: Transaction, name: str) -> list[Document]:
    """The endpoints of a Service, by the pod behind them."""
    found = [endpoint for each in slices(txn, name) for endpoint in each["endpoints"] or ()]
    return sorted(found, key=lambda each: str(each["targetRef"]["name"]))


def conditions(document: Document) -> dict[str, tuple[str, str]]:
    """Status and reason of each condition."""
    return {
        each["type"]: (each["status"], each.get("reason", ""))
        for each in document["status"].get("conditions") or ()
    }


def where(txn: Transaction) -> dict[str, int]:
    """How many pods are on each node; an empty name for those without."""
    return dict(Counter(each["spec"].get("nodeName", "") for each in pods(txn)))


def tainted(txn: Transaction, name: str, effect: str, **more: Any) -> Transaction:
    """The cluster once a node has one taint of nobody's."""
    taint = {"key": "k", "value": "v", "effect": effect}
    return changed(txn, "Node", name, taints=[taint], **more)


def taints(txn: Transaction, name: str) -> list[tuple[str, str]]:
    """Key and effect of each taint of a node."""
    found = read(txn, "Node", name)["spec"].get("taints") or ()
    return sorted((each["key"], each["effect"]) for each in found)


def images(txn: Transaction) -> dict[str, str]:
    """The image that each pod runs."""
    return {each["metadata"]["name"]: each["spec"]["containers"][0]["image"] for each in pods(txn)}
