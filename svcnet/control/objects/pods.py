"""Pods as documents: made from a template, and taken away.

Source: kubernetes pkg/controller/controller_utils.go GetPodFromTemplate().
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from svcnet.api.drawing import draw, suffix
from svcnet.api.keys import Document, Key
from svcnet.api.tallies import objects_of
from svcnet.errors import SvcnetError
from svcnet.lean_namedtuple import NamedTuple
from svcnet.snapshot import Snapshot

UNREADY = "svcnet/unready"
"""Annotation: the pod never becomes Ready."""

HOLD = "svcnet/hold"
"""Annotation that keeps a deleted pod terminating."""

LONGEST_PREFIX = 58
"""Characters of a generated name before its suffix, so that all of it is a DNS label."""

EVICTION_TOLERATIONS: tuple[dict[str, Any], ...] = tuple(
    {
        "effect": "NoExecute",
        "key": f"node.kubernetes.io/{reason}",
        "operator": "Exists",
        "tolerationSeconds": 300,
    }
    for reason in ("not-ready", "unreachable")
)
"""What admission adds to a pod that says nothing of nodes out of reach.

Source: kubernetes plugin/pkg/admission/defaulttolerationseconds/admission.go.
"""


MOST_PODS = 150_000
"""Pods of one owner: as many as Kubernetes is made for in a whole cluster.

A number with some digits too many would fill a real cluster's store, and here the memory.
"""


def check_count(kind: str, name: str, wanted: int, most: int = MOST_PODS) -> None:
    """Refuse to make more pods of one owner than anybody can have.

    Raises:
        SvcnetError: so many are wanted.
    """
    if wanted > most:
        raise SvcnetError(f'{kind} "{name}" asks for {wanted} pods; svcnet makes at most {most}')


class PodTemplateFactory(NamedTuple):
    """What all pods of one owner have in common; the parts are shared between their documents."""

    namespace: str
    prefix: str
    labels: dict[str, str]
    annotations: dict[str, str]
    finalizers: list[str]
    owner: dict[str, Any]
    spec: Document

    def pod(self, name: str, labels: Mapping[str, str] | None = None) -> Document:
        """Return a pod called `name`, with `labels` in place of the common ones when given."""
        # Empty fields are left out, as the API server does.
        optional = {
            "annotations": self.annotations,
            "finalizers": self.finalizers,
            "labels": labels if labels is not None else self.labels,
        }
        metadata: dict[str, Any] = {
            "generateName": self.prefix,
            "generation": 1,
            "name": name,
            "namespace": self.namespace,
            "ownerReferences": [self.owner],
            **{field: value for field, value in optional.items() if value},
        }
        return {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": metadata,
            "spec": self.spec,
            "status": {"phase": "Pending", "qosClass": qos_class(self.spec)},
        }


def pod_template_factory(
    namespace: str, name: str, template: Document, owner: dict[str, Any]
) -> PodTemplateFactory:
    """Return what makes the pods that `owner`, called `name`, makes from `template`."""
    metadata = template.get("metadata") or {}
    return PodTemplateFactory(
        namespace=namespace,
        prefix=f"{name}-",
        labels=metadata.get("labels") or {},
        annotations=metadata.get("annotations") or {},
        finalizers=metadata.get("finalizers") or [],
        owner=owner,
        spec=admitted(template.get("spec") or {}),
    )


_KEPT = frozenset(("preemptionPolicy", "priority"))
"""What admission gives a pod once, and keeps."""


def admitted(spec: Document) -> Document:
    """Return the spec of a pod as it is after defaulting and admission; `spec` stays as it is.

    A template lacks what only pods get: service links, the tolerations of nodes that are out of
    reach for a while, and requests where there are limits.  Their priority is another matter,
    as it depends on the cluster: see `priorities`.

    Source: kubernetes pkg/apis/core/v1/defaults.go SetDefaults_Pod().
    """
    whole = {"enableServiceLinks": True, **spec}
    # Tolerations that a template has are never replaced, only added to.
    whole["tolerations"] = _tolerations(spec.get("tolerations") or [])
    for field in ("containers", "initContainers"):
        if spec.get(field):
            whole[field] = [_requesting(each) for each in spec[field]]
            if spec.get("hostNetwork"):
                whole[field] = [_on_host(each) for each in whole[field]]
    return whole


def readmitted(spec: Document, before: Document) -> Document:
    """Return the spec of a pod that is replaced, after defaulting and admission.

    Who replaces a pod by the manifest that it was made from does not know its priority.

    Source: kubernetes plugin/pkg/admission/priority/admission.go admitPod().
    """
    kept = {field: before[field] for field in _KEPT if field in before}
    return admitted({**kept, **spec})


def _on_host(container: Document) -> Document:
    """Return a container whose ports are its node's, for it has no network of its own."""
    if not container.get("ports"):
        return container
    ports = [{"hostPort": each.get("containerPort", 0), **each} for each in container["ports"]]
    return {**container, "ports": ports}


def _tolerations(given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return a pod's tolerations with those of admission, where it has no say of its own."""
    missing = [
        each
        for each in EVICTION_TOLERATIONS
        if not any(
            toleration.get("key") in (None, "", each["key"])
            and toleration.get("effect") in (None, "", "NoExecute")
            for toleration in given
        )
    ]
    return [*given, *missing]


def _requesting(container: Document) -> Document:
    """Return a container that asks for at least what it is limited to, resource by resource."""
    resources = container.get("resources") or {}
    limits, requests = resources.get("limits") or {}, resources.get("requests") or {}
    if all(name in requests for name in limits):
        return container
    return {**container, "resources": {**resources, "requests": {**limits, **requests}}}


def qos_class(spec: Document) -> str:
    """Return how well a pod's resources are guaranteed.

    Source: kubernetes pkg/apis/core/v1/helper/qos/qos.go ComputePodQOS().
    """
    containers = [*(spec.get("containers") or ()), *(spec.get("initContainers") or ())]
    resources = [each.get("resources") or {} for each in containers]
    # Init containers count, too.
    if not any(each.get("requests") or each.get("limits") for each in resources):
        return "BestEffort"
    guaranteed = all(
        {"cpu", "memory"} <= set(each.get("limits") or ())
        and (each.get("requests") or each["limits"]) == each["limits"]
        for each in resources
    )
    return "Guaranteed" if guaranteed else "Burstable"


class NameGenerator:
    """Names for new objects of one resource, none of them given to two in a namespace."""

    def __init__(self, cluster: Snapshot, resource: str) -> None:
        self._cluster, self._resource = cluster, resource
        self._given: dict[str, set[str]] = {}

    def draw(self, namespace: str, prefix: str) -> str:
        """Return an unused name that begins with `prefix`, cut to what leaves room for its end."""
        cluster, stem = self._cluster, prefix[:LONGEST_PREFIX]
        given = self._given.setdefault(namespace, set())
        # Names already given move the draw on, and the revision does from command to command.
        attempt = cluster.tally(objects_of(self._resource, namespace)) + len(given)
        while True:
            number = draw(cluster.settings.seed, "name", cluster.revision, namespace, stem, attempt)
            name = stem + suffix(number)
            key = Key(self._resource, namespace, name)
            if name not in given and cluster.document(key) is None:
                given.add(name)
                return name
            attempt += 1
