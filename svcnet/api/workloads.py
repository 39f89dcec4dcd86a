"""Typed, frozen views of pods, of what makes them, and of the older Endpoints object.

Pod templates stay documents: they are copied into pods whole, parts that svcnet has no use for
included.  Importing this module adds its views to `svcnet.api.objects.VIEWS`.
"""

# No `from __future__ import annotations`: msgspec would have to compile and evaluate every field.

from typing import Any

from svcnet.api.keys import Document
from svcnet.api.lean_msgspec import msgspec
from svcnet.api.objects import (
    VIEWS,
    Condition,
    LabelSelector,
    ObjectView,
    OwnerReference,
    TargetReference,
    WireStruct,
)


class ContainerPort(WireStruct, frozen=True, kw_only=True):
    """One port a container says it listens on."""

    container_port: int = 0
    name: str = ""
    protocol: str = "TCP"
    host_port: int = 0
    host_ip: str = ""


class ResourceRequirements(WireStruct, frozen=True, kw_only=True):
    """What a container, or a pod as a whole, is to have at least."""

    requests: dict[str, Any] | None = None


class Container(WireStruct, frozen=True, kw_only=True):
    """One container of a pod."""

    name: str = ""
    image: str = ""
    ports: tuple[ContainerPort, ...] | None = None
    resources: ResourceRequirements | None = None
    restart_policy: str | None = None
    """Of an init container: `Always` makes it a sidecar that runs as long as the pod."""


class Toleration(WireStruct, frozen=True, kw_only=True):
    """Which taints a pod bears; an empty key with operator `Exists` bears all."""

    key: str = ""
    operator: str = ""
    value: str = ""
    effect: str = ""


class ClaimedVolume(WireStruct, frozen=True, kw_only=True):
    """Which claim a volume of a pod stands for."""

    claim_name: str = ""


class PodVolume(WireStruct, frozen=True, kw_only=True):
    """One volume of a pod, as far as somebody has to claim it."""

    name: str = ""
    persistent_volume_claim: ClaimedVolume | None = None
    ephemeral: Document | None = None
    """A claim that is made for the pod, and goes with it."""


class PodSpec(WireStruct, frozen=True, kw_only=True):
    """What is asked of a pod, and the node it was given to."""

    containers: tuple[Container, ...] | None = None
    init_containers: tuple[Container, ...] | None = None
    node_name: str = ""
    hostname: str = ""
    subdomain: str = ""
    scheduler_name: str = "default-scheduler"
    node_selector: dict[str, str] | None = None
    affinity: Document | None = None
    tolerations: tuple[Toleration, ...] | None = None
    scheduling_gates: tuple[dict[str, str], ...] | None = None
    overhead: dict[str, Any] | None = None
    resources: ResourceRequirements | None = None
    volumes: tuple[PodVolume, ...] | None = None
    preemption_policy: str = ""


class PodIP(WireStruct, frozen=True, kw_only=True):
    """One address of a pod; at most one per family."""

    ip: str = ""


class PodStatus(WireStruct, frozen=True, kw_only=True):
    """How a pod is."""

    phase: str = ""
    pod_ip: str = ""
    pod_ips: tuple[PodIP, ...] | None = None
    start_time: str | None = None
    conditions: tuple[Condition, ...] | None = None


class Pod(ObjectView, frozen=True, kw_only=True):
    """Containers that share an address."""

    spec: PodSpec = PodSpec()
    status: PodStatus = PodStatus()

    @property
    def ready(self) -> bool:
        """Whether the pod says it can serve."""
        # A pod without the condition is not ready: the kubelet has not told of it yet.
        for each in self.status.conditions or ():
            if each.type == "Ready":
                return each.status == "True"
        return False

    @property
    def terminating(self) -> bool:
        """Whether the pod is on its way out."""
        return self.metadata.deletion_timestamp is not None

    @property
    def finished(self) -> bool:
        """Whether all containers have ended for good."""
        return self.status.phase in ("Succeeded", "Failed")

    @property
    def active(self) -> bool:
        """Whether the pod counts for what made it."""
        return not self.finished and not self.terminating

    @property
    def addresses(self) -> tuple[str, ...]:
        """All addresses of the pod, the primary one first."""
        # `podIP` alone is what pods have that were written before dual-stack.
        if self.status.pod_ips:
            return tuple(each.ip for each in self.status.pod_ips)
        return (self.status.pod_ip,) if self.status.pod_ip else ()

    @property
    def controller(self) -> OwnerReference | None:
        """What made the pod and answers for it; None for a pod of nobody's."""
        for each in self.metadata.owner_references or ():
            if each.controller:
                return each
        return None


class RollingUpdate(WireStruct, frozen=True, kw_only=True):
    """How far a rollout may stray from the desired number; a count or a percentage."""

    # One view for three kinds: only a StatefulSet has `partition`, and it knows no surge.
    max_surge: int | str | None = None
    max_unavailable: int | str | None = None
    partition: int = 0


class DeploymentStrategy(WireStruct, frozen=True, kw_only=True):
    """How pods are replaced when their template changes."""

    # `Recreate` is for Deployments, `OnDelete` for StatefulSets and DaemonSets.
    type: str = "RollingUpdate"
    rolling_update: RollingUpdate | None = None


class DeploymentSpec(WireStruct, frozen=True, kw_only=True):
    """What is asked of a Deployment."""

    replicas: int = 1
    selector: LabelSelector = LabelSelector()
    template: Document = msgspec.field(default_factory=dict)
    strategy: DeploymentStrategy = DeploymentStrategy()
    paused: bool = False
    revision_history_limit: int | None = None
    progress_deadline_seconds: int | None = None


class Deployment(ObjectView, frozen=True, kw_only=True):
    """Pods by number, replaced step by step when their template changes."""

    spec: DeploymentSpec = DeploymentSpec()


class ReplicaSetSpec(WireStruct, frozen=True, kw_only=True):
    """What is asked of a ReplicaSet."""

    replicas: int = 1
    selector: LabelSelector = LabelSelector()
    template: Document = msgspec.field(default_factory=dict)


class ReplicaSetStatus(WireStruct, frozen=True, kw_only=True):
    """What came of a ReplicaSet."""

    replicas: int = 0
    fully_labeled_replicas: int = 0
    ready_replicas: int = 0
    available_replicas: int = 0
    terminating_replicas: int | None = None
    observed_generation: int = 0
    conditions: tuple[Condition, ...] | None = None


class ReplicaSet(ObjectView, frozen=True, kw_only=True):
    """Pods by number, all of one template."""

    spec: ReplicaSetSpec = ReplicaSetSpec()
    status: ReplicaSetStatus = ReplicaSetStatus()

    @property
    def controller(self) -> OwnerReference | None:
        """The Deployment that made it; None for a ReplicaSet of nobody's."""
        for each in self.metadata.owner_references or ():
            if each.controller:
                return each
        return None


class ReplicationControllerSpec(WireStruct, frozen=True, kw_only=True):
    """What is asked of a ReplicationController."""

    replicas: int = 1
    selector: dict[str, str] | None = None
    template: Document = msgspec.field(default_factory=dict)


class ReplicationController(ObjectView, frozen=True, kw_only=True):
    """The ReplicaSet of old, whose selector knows labels only."""

    spec: ReplicationControllerSpec = ReplicationControllerSpec()
    # ReplicaSets were made after its pattern, and their statuses have the same fields.
    status: ReplicaSetStatus = ReplicaSetStatus()


class StatefulSetOrdinals(WireStruct, frozen=True, kw_only=True):
    """Where a StatefulSet starts to count."""

    start: int = 0


class StatefulSetSpec(WireStruct, frozen=True, kw_only=True):
    """What is asked of a StatefulSet."""

    replicas: int = 1
    selector: LabelSelector = LabelSelector()
    template: Document = msgspec.field(default_factory=dict)
    service_name: str = ""
    pod_management_policy: str = "OrderedReady"
    update_strategy: DeploymentStrategy = DeploymentStrategy()
    revision_history_limit: int | None = None
    ordinals: StatefulSetOrdinals | None = None
    volume_claim_templates: tuple[Document, ...] | None = None


class StatefulSetStatus(WireStruct, frozen=True, kw_only=True):
    """What came of a StatefulSet."""

    current_revision: str = ""
    collision_count: int | None = None


class StatefulSet(ObjectView, frozen=True, kw_only=True):
    """Pods with names that stay."""

    spec: StatefulSetSpec = StatefulSetSpec()
    status: StatefulSetStatus = StatefulSetStatus()


class DaemonSetSpec(WireStruct, frozen=True, kw_only=True):
    """What is asked of a DaemonSet."""

    selector: LabelSelector = LabelSelector()
    template: Document = msgspec.field(default_factory=dict)
    update_strategy: DeploymentStrategy = DeploymentStrategy()
    revision_history_limit: int | None = None


class DaemonSetStatus(WireStruct, frozen=True, kw_only=True):
    """What came of a DaemonSet."""

    collision_count: int | None = None


class DaemonSet(ObjectView, frozen=True, kw_only=True):
    """One pod on every node that fits."""

    spec: DaemonSetSpec = DaemonSetSpec()
    status: DaemonSetStatus = DaemonSetStatus()


class ControllerRevision(ObjectView, frozen=True, kw_only=True):
    """A template that a StatefulSet or a DaemonSet had."""

    revision: int = 0
    data: Any = None


class EndpointAddress(WireStruct, frozen=True, kw_only=True):
    """One address of an Endpoints object."""

    ip: str = ""
    hostname: str = ""
    node_name: str | None = None
    target_ref: TargetReference | None = None


class SubsetPort(WireStruct, frozen=True, kw_only=True):
    """One port of every address of a subset."""

    port: int = 0
    name: str = ""
    protocol: str = "TCP"
    app_protocol: str | None = None


class EndpointSubset(WireStruct, frozen=True, kw_only=True):
    """Addresses that all have the same ports."""

    addresses: tuple[EndpointAddress, ...] | None = None
    not_ready_addresses: tuple[EndpointAddress, ...] | None = None
    ports: tuple[SubsetPort, ...] | None = None


class Endpoints(ObjectView, frozen=True, kw_only=True):
    """What stands behind a Service, as told before there were EndpointSlices."""

    subsets: tuple[EndpointSubset, ...] | None = None


# Added here and not listed there, since these views are built on those of `objects`.
VIEWS.update(
    {
        "pods": Pod,
        "endpoints": Endpoints,
        "replicationcontrollers": ReplicationController,
        "deployments.apps": Deployment,
        "replicasets.apps": ReplicaSet,
        "statefulsets.apps": StatefulSet,
        "daemonsets.apps": DaemonSet,
        "controllerrevisions.apps": ControllerRevision,
    }
)
