"""Which template a pod was made from, told by the pod: the maker's history is not always given.

A pod is its template and what was added since: by its controller, by admission, by the scheduler,
and by whoever else changes pods on their way in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from svcnet.api.keys import Document
from svcnet.control.objects.replicasets import POD_TEMPLATE_HASH
from svcnet.control.objects.revisions import HASH, POD_TEMPLATE_GENERATION

PodGroups: TypeAlias = Mapping[str, list[Document]]
"""The pods of one owner, by what tells its templates apart."""

_ADDED_LABELS = frozenset(
    {
        HASH,
        POD_TEMPLATE_GENERATION,
        POD_TEMPLATE_HASH,
        "apps.kubernetes.io/pod-index",
        "statefulset.kubernetes.io/pod-name",
    }
)
_ADDED_FIELDS = frozenset(
    {
        "enableServiceLinks",
        "hostname",
        "nodeName",
        "preemptionPolicy",
        "priority",
        "subdomain",
    }
)
_ADDED_VALUES = (("serviceAccount", "default"), ("serviceAccountName", "default"))
_ADDED_TOLERATIONS = "node.kubernetes.io/"
_TOKEN = "kube-api-access-"  # noqa: S105 - what volumes are called that hold one
_RESTARTED = "kubectl.kubernetes.io/restartedAt"


def latest_of(groups: PodGroups, template: Document, hint: str) -> str:
    """Return which of an owner's pods are of its present template; empty when none seem to be.

    Args:
        groups: the pods, none of the lists empty.
        template: the present one, with its defaults.
        hint: what the owner's status says; empty when it says nothing.
    """
    if hint:
        return hint if hint in groups else ""
    if len(groups) == 1:
        return next(iter(groups))
    fitting = [name for name, pods in groups.items() if _holds(pods[0], template)]
    # Of several that fit the youngest; without any, whoever changes pods has changed them all.
    return max(fitting or groups, key=lambda name: (since(groups[name]), name), default="")


def since(pods: Iterable[Document]) -> str:
    """Return when the first of `pods` was made; empty when none says so."""
    moments = (pod["metadata"].get("creationTimestamp") or "" for pod in pods)
    return min(filter(None, moments), default="")


def _holds(there: Any, wanted: Any) -> bool:
    """Tell whether a value has all that is wanted, and perhaps more."""
    if isinstance(wanted, dict):
        return all(
            _holds(there.get(name) if isinstance(there, dict) else None, each)
            for name, each in wanted.items()
        )
    if isinstance(wanted, list) and any(isinstance(each, dict) for each in wanted):
        return all(any(_holds(one, each) for one in there or ()) for each in wanted)
    return bool(there == wanted)


def template_of(pod: Document, like: Document) -> Document:
    """Return the template that a pod was made from, as far as can be told.

    Args:
        pod: the pod, whole.
        like: another template of the same owner: what is added to most pods, and stands there,
            was not added.
    """
    metadata, model = pod["metadata"], like.get("metadata") or {}
    labels = metadata.get("labels") or {}
    kept: Document = {
        "labels": {name: each for name, each in labels.items() if name not in _ADDED_LABELS}
    }
    known = {*(model.get("annotations") or {}), _RESTARTED}
    annotations = metadata.get("annotations") or {}
    if asked := {name: each for name, each in annotations.items() if name in known}:
        kept["annotations"] = asked
    return {"metadata": kept, "spec": _spec(pod, like.get("spec") or {})}


def _spec(pod: Document, like: Document) -> Document:
    spec = {
        name: each
        for name, each in (pod.get("spec") or {}).items()
        if name in like or (name not in _ADDED_FIELDS and (name, each) not in _ADDED_VALUES)
    }
    lists = {
        "tolerations": [
            each
            for each in spec.get("tolerations") or ()
            if not str(each.get("key") or "").startswith(_ADDED_TOLERATIONS)
            or each in (like.get("tolerations") or ())
        ],
        "volumes": [
            each
            for each in spec.get("volumes") or ()
            if not _is_added(each, pod["metadata"]["name"])
        ],
    }
    for group in ("containers", "initContainers"):
        lists[group] = [_container(each) for each in spec.get(group) or ()]
        if spec.get("hostNetwork"):
            asked = _host_ports(like.get(group) or ())
            lists[group] = [_without_host_ports(each, asked) for each in lists[group]]
    # Which of several nodes a daemon is for says nothing of the others.
    if "matchFields" in str(spec.get("affinity")):
        spec["affinity"] = like.get("affinity")
    whole = {**spec, **lists, "ephemeralContainers": None}
    return {name: each for name, each in whole.items() if each or name not in _DROPPED_EMPTY}


_DROPPED_EMPTY = frozenset(
    {"affinity", "ephemeralContainers", "initContainers", "tolerations", "volumes"}
)


def _is_added(volume: Document, pod: str) -> bool:
    """Tell whether a volume holds the pod's token, or is a claim of its own."""
    name = str(volume.get("name") or "")
    claim = (volume.get("persistentVolumeClaim") or {}).get("claimName")
    return name.startswith(_TOKEN) or claim == f"{name}-{pod}"


def _container(container: Document) -> Document:
    mounts = [
        each
        for each in container.get("volumeMounts") or ()
        if not str(each.get("name") or "").startswith(_TOKEN)
    ]
    rest = {name: each for name, each in container.items() if name != "volumeMounts"}
    return {**rest, "volumeMounts": mounts} if mounts else rest


def _host_ports(containers: Iterable[Document]) -> set[tuple[str, int]]:
    """Return the ports of which a template says itself that they are the node's."""
    return {
        (each.get("name", ""), port.get("containerPort", 0))
        for each in containers
        for port in each.get("ports") or ()
        if "hostPort" in port
    }


def _without_host_ports(container: Document, asked: set[tuple[str, int]]) -> Document:
    """Return a container on its node's network without the ports that follow from that."""
    if not container.get("ports"):
        return container
    name = container.get("name", "")
    ports = [
        {field: value for field, value in port.items() if field != "hostPort"}
        if port.get("hostPort") == port.get("containerPort")
        and (name, port.get("containerPort", 0)) not in asked
        else port
        for port in container["ports"]
    ]
    return {**container, "ports": ports}
