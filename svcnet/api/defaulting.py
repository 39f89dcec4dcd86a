"""What a manifest may leave out, one function per kind.

These defaults depend on the document alone; what is allocated (addresses, node ports, families)
is decided elsewhere.  Documents come decoded (`fields.decode`) and are not changed.

Source: kubernetes pkg/apis/*/v1/defaults.go.
"""

from __future__ import annotations

from binascii import b2a_base64
from collections.abc import Callable
from importlib import import_module
from typing import Any

from svcnet.api import poddefaults
from svcnet.api.go.strconv import parse_decimal
from svcnet.api.keys import Document
from svcnet.api.kinds import Kind

_RBAC = "rbac.authorization.k8s.io"
_CLIENT_IP_SECONDS = 10800  # core/v1 DefaultClientIPServiceAffinitySeconds: three hours.
TEMPLATE_GENERATION = "deprecated.daemonset.template.generation"
"""Annotation of every DaemonSet: the number of its template, a field of it before apps/v1."""

_EXTERNAL = ("NodePort", "LoadBalancer")


def default(document: Document, kind: Kind) -> Document:
    """Return `document` with what it leaves out filled in; doing so twice changes nothing."""
    fill = _DEFAULTS.get(kind.resource)
    if fill is None and kind.resource in _ELSEWHERE:
        module = import_module("svcnet.api.registration_defaults")
        fill = getattr(module, _ELSEWHERE[kind.resource])
    return document if fill is None else fill(document)


def _with_spec(document: Document, **fields: Any) -> Document:
    """Return `document` with `fields` in its spec, where they are not given."""
    # The given fields come last, so that an explicit 0 or false stays: Go tests for nil pointers.
    return {**document, "spec": {**fields, **(document.get("spec") or {})}}


# --- services and what stands behind them -----------------------------------------------------


def _service(document: Document) -> Document:
    """Source: kubernetes pkg/apis/core/v1/defaults.go SetDefaults_Service()."""
    spec = {"type": "ClusterIP", "sessionAffinity": "None", **(document.get("spec") or {})}
    kind = spec["type"]
    _session_affinity(spec)
    if spec.get("ports"):
        spec["ports"] = [_service_port(each) for each in spec["ports"]]
    # Where nothing comes in from outside, the field stays empty and is refused when given.
    if kind in _EXTERNAL or (kind == "ClusterIP" and spec.get("externalIPs")):
        spec.setdefault("externalTrafficPolicy", "Cluster")
    if kind in ("ClusterIP", *_EXTERNAL):
        spec.setdefault("internalTrafficPolicy", "Cluster")
    if kind == "LoadBalancer":
        spec.setdefault("allocateLoadBalancerNodePorts", True)
    status = document.get("status") or {}
    if kind == "LoadBalancer" and (status.get("loadBalancer") or {}).get("ingress"):
        return {**document, "spec": spec, "status": _load_balanced(status)}
    return {**document, "spec": spec}


def _session_affinity(spec: Document) -> None:
    """Drop a configuration that is of no use, and complete one that is."""
    if spec["sessionAffinity"] == "None":
        spec.pop("sessionAffinityConfig", None)
    elif spec["sessionAffinity"] == "ClientIP":
        config = (spec.get("sessionAffinityConfig") or {}).get("clientIP") or {}
        if config.get("timeoutSeconds") is None:
            spec["sessionAffinityConfig"] = {"clientIP": {"timeoutSeconds": _CLIENT_IP_SECONDS}}


def _service_port(given: Document) -> Document:
    """A port leads to the port of the same number unless it says otherwise."""
    port = {"protocol": "TCP", **given}
    # Both 0 and "" count as not given: core/v1/defaults.go SetDefaults_Service().
    if not port.get("targetPort"):
        port["targetPort"] = port.get("port", 0)
    return port


def _load_balanced(status: Document) -> Document:
    """Say how packets arrive at each address: addressed to it."""
    balancer = status["loadBalancer"]
    ingress = [
        {"ipMode": "VIP", **each} if each.get("ip") else each for each in balancer["ingress"]
    ]
    return {**status, "loadBalancer": {**balancer, "ingress": ingress}}


def _endpoint_slice(document: Document) -> Document:
    """A port without a name has the empty one."""
    if not document.get("ports"):
        return document
    return {
        **document,
        "ports": [{"name": "", "protocol": "TCP", **each} for each in document["ports"]],
    }


def _endpoints(document: Document) -> Document:
    if not document.get("subsets"):
        return document
    subsets = []
    for subset in document["subsets"]:
        ports = [{"protocol": "TCP", **each} for each in subset.get("ports") or ()]
        subsets.append({**subset, "ports": ports} if ports else subset)
    return {**document, "subsets": subsets}


# --- nodes, namespaces and configuration ------------------------------------------------------


def _namespace(document: Document) -> Document:
    """The label lets selectors name a namespace; the finalizer keeps it until it is empty."""
    metadata = document.get("metadata") or {}
    filled = {**document, "spec": {"finalizers": ["kubernetes"], **(document.get("spec") or {})}}
    # Set, not defaulted: nobody may give the label another value.
    if name := metadata.get("name"):
        labels = {**(metadata.get("labels") or {}), "kubernetes.io/metadata.name": name}
        filled["metadata"] = {**metadata, "labels": labels}
    return filled


def _node(document: Document) -> Document:
    """A node may be used up to what it has, and both fields of its pod ranges agree.

    Source: kubernetes pkg/apis/core/v1/conversion.go Convert_v1_NodeSpec_To_core_NodeSpec(),
    Convert_core_NodeSpec_To_v1_NodeSpec().
    """
    spec = document.get("spec") or {}
    one, several = spec.get("podCIDR"), spec.get("podCIDRs")
    # The older field decides: who knows only that one must be understood.
    if one and (not several or several[0] != one):
        document = {**document, "spec": {**spec, "podCIDRs": [one]}}
    elif several and not one:
        document = {**document, "spec": {**spec, "podCIDR": several[0]}}
    status = document.get("status") or {}
    if not status.get("capacity") or status.get("allocatable"):
        return document
    return {**document, "status": {**status, "allocatable": status["capacity"]}}


def _secret(document: Document) -> Document:
    """What was written plainly is kept in base64 like the rest."""
    filled = {"type": "Opaque", **document}
    # Only ever written, never given back; it wins over `data` where both have a key.
    if plain := filled.pop("stringData", None):
        encoded = {
            key: b2a_base64(text.encode(), newline=False).decode() for key, text in plain.items()
        }
        filled["data"] = {**(filled.get("data") or {}), **encoded}
    return filled


# --- workloads --------------------------------------------------------------------------------


def _with_template(document: Document, **fields: Any) -> Document:
    """Return a workload with `fields` in its spec where not given, and its template completed."""
    spec = {**fields, **(document.get("spec") or {})}
    if "template" in spec:
        spec["template"] = poddefaults.template(spec["template"])
    return {**document, "spec": spec}


def _deployment(document: Document) -> Document:
    filled = _with_template(
        document, replicas=1, revisionHistoryLimit=10, progressDeadlineSeconds=600
    )
    rolling = {"maxUnavailable": "25%", "maxSurge": "25%"}
    filled["spec"]["strategy"] = _strategy(filled["spec"].get("strategy"), rolling)
    return filled


def _strategy(given: Document | None, rolling: Document) -> Document:
    """Complete how pods are replaced; only rolling updates have numbers."""
    strategy = {"type": "RollingUpdate", **(given or {})}
    if strategy["type"] == "RollingUpdate":
        strategy["rollingUpdate"] = {**rolling, **(strategy.get("rollingUpdate") or {})}
    return strategy


def _replica_set(document: Document) -> Document:
    return _with_template(document, replicas=1)


def _daemon_set(document: Document) -> Document:
    filled = _with_template(document, revisionHistoryLimit=10)
    rolling = {"maxUnavailable": 1, "maxSurge": 0}
    filled["spec"]["updateStrategy"] = _strategy(filled["spec"].get("updateStrategy"), rolling)
    metadata = document.get("metadata") or {}
    annotations = metadata.get("annotations") or {}
    # Source: pkg/apis/apps/v1/conversion.go, pkg/registry/apps/daemonset/strategy.go.
    if (parse_decimal(annotations.get(TEMPLATE_GENERATION, "")) or 0) <= 0:
        annotations = {**annotations, TEMPLATE_GENERATION: "1"}
    return {**filled, "metadata": {**metadata, "annotations": annotations}}


def _stateful_set(document: Document) -> Document:
    """Pods come one after the other, and their claims stay when they go."""
    filled = _with_template(
        document, replicas=1, revisionHistoryLimit=10, podManagementPolicy="OrderedReady"
    )
    spec = filled["spec"]
    spec["updateStrategy"] = _partitioned(spec.get("updateStrategy"))
    spec["persistentVolumeClaimRetentionPolicy"] = {
        "whenDeleted": "Retain",
        "whenScaled": "Retain",
        **(spec.get("persistentVolumeClaimRetentionPolicy") or {}),
    }
    if spec.get("volumeClaimTemplates"):
        spec["volumeClaimTemplates"] = [
            {**_claim(each), "apiVersion": "v1", "kind": "PersistentVolumeClaim"}
            for each in spec["volumeClaimTemplates"]
        ]
    return filled


def _partitioned(given: Document | None) -> Document:
    """Complete how a StatefulSet's pods are replaced; with a type and nothing else, nothing."""
    strategy = dict(given or {})
    if not strategy.get("type"):
        strategy = {"rollingUpdate": {}, **strategy, "type": "RollingUpdate"}
    if strategy["type"] == "RollingUpdate" and "rollingUpdate" in strategy:
        strategy["rollingUpdate"] = {"partition": 0, **(strategy["rollingUpdate"] or {})}
    return strategy


def _replication_controller(document: Document) -> Document:
    """Selector and labels are those of the template unless given."""
    filled = _with_template(document, replicas=1)
    spec = filled["spec"]
    labels = ((spec.get("template") or {}).get("metadata") or {}).get("labels")
    if labels:
        spec.setdefault("selector", labels)
        metadata = document.get("metadata") or {}
        if not metadata.get("labels"):
            filled["metadata"] = {**metadata, "labels": labels}
    return filled


def _job(document: Document) -> Document:
    """A job runs one pod to its end, unless it says how many."""
    given = document.get("spec") or {}
    # With a limit for each index, the limit of all together would only get in the way.
    fields: Document = {
        "backoffLimit": 2**31 - 1 if "backoffLimitPerIndex" in given else 6,
        "completionMode": "NonIndexed",
        "suspend": False,
        "podReplacementPolicy": "Failed" if "podFailurePolicy" in given else "TerminatingOrFailed",
        "manualSelector": False,
        "parallelism": 1,
    }
    if "completions" not in given and "parallelism" not in given:
        fields["completions"] = 1
    filled = _with_template(document, **fields)
    metadata = document.get("metadata") or {}
    labels = ((filled["spec"].get("template") or {}).get("metadata") or {}).get("labels")
    if labels and not metadata.get("labels"):
        filled["metadata"] = {**metadata, "labels": labels}
    return filled


def _cron_job(document: Document) -> Document:
    """The job in it is not completed until it is made; its pods are."""
    filled = _with_spec(
        document,
        concurrencyPolicy="Allow",
        suspend=False,
        successfulJobsHistoryLimit=3,
        failedJobsHistoryLimit=1,
    )
    job = filled["spec"].get("jobTemplate") or {}
    if "template" in (spec := job.get("spec") or {}):
        spec = {**spec, "template": poddefaults.template(spec["template"])}
    filled["spec"]["jobTemplate"] = {**job, "spec": spec}
    return filled


def _pod_template(document: Document) -> Document:
    return {**document, "template": poddefaults.template(document.get("template") or {})}


def _autoscaler(document: Document) -> Document:
    cpu = {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}}
    return _with_spec(document, minReplicas=1, metrics=[{"type": "Resource", "resource": cpu}])


# --- storage, network and access --------------------------------------------------------------


def _claim(document: Document) -> Document:
    """A claim waits until a volume is bound to it."""
    filled = _with_spec(document, volumeMode="Filesystem")
    return {**filled, "status": {"phase": "Pending", **(document.get("status") or {})}}


def _volume(document: Document) -> Document:
    filled = _with_spec(document, volumeMode="Filesystem", persistentVolumeReclaimPolicy="Retain")
    return {**filled, "status": {"phase": "Pending", **(document.get("status") or {})}}


def _network_policy(document: Document) -> Document:
    """A policy is for egress only if it says something about egress."""
    given = document.get("spec") or {}
    policies = ["Ingress", "Egress"] if given.get("egress") else ["Ingress"]
    filled = _with_spec(document, policyTypes=policies)
    for direction in ("ingress", "egress"):
        if given.get(direction):
            filled["spec"][direction] = [_policy_rule(each) for each in given[direction]]
    return filled


def _policy_rule(rule: Document) -> Document:
    if not rule.get("ports"):
        return rule
    return {**rule, "ports": [{"protocol": "TCP", **each} for each in rule["ports"]]}


def _ingress_class(document: Document) -> Document:
    spec = document.get("spec") or {}
    if not spec.get("parameters"):
        return document
    return {**document, "spec": {**spec, "parameters": {"scope": "Cluster", **spec["parameters"]}}}


def _role_binding(document: Document) -> Document:
    """Roles, users and groups are of the group of access control; service accounts are not."""
    role = document.get("roleRef") or {}
    filled = {**document, "roleRef": {**role, "apiGroup": role.get("apiGroup") or _RBAC}}
    if document.get("subjects"):
        filled["subjects"] = [
            {"apiGroup": _RBAC, **each} if each.get("kind") in ("User", "Group") else each
            for each in document["subjects"]
        ]
    return filled


def _storage_class(document: Document) -> Document:
    return {"reclaimPolicy": "Delete", "volumeBindingMode": "Immediate", **document}


def _priority_class(document: Document) -> Document:
    return {"preemptionPolicy": "PreemptLowerPriority", **document}


def _custom_resource_definition(document: Document) -> Document:
    """Names that follow from the kind need not be given."""
    filled = _with_spec(document, conversion={"strategy": "None"})
    # False is its zero value, and true is not allowed any more.
    if not filled["spec"].get("preserveUnknownFields"):
        filled["spec"].pop("preserveUnknownFields", None)
    names = filled["spec"].get("names") or {}
    if kind := names.get("kind"):
        own = {"singular": str(kind).lower(), "listKind": f"{kind}List"}
        filled["spec"]["names"] = {**own, **names}
    return filled


_DEFAULTS: dict[str, Callable[[Document], Document]] = {
    "services": _service,
    "endpointslices.discovery.k8s.io": _endpoint_slice,
    "endpoints": _endpoints,
    "namespaces": _namespace,
    "nodes": _node,
    "secrets": _secret,
    "pods": poddefaults.pod,
    "podtemplates": _pod_template,
    "replicationcontrollers": _replication_controller,
    "deployments.apps": _deployment,
    "replicasets.apps": _replica_set,
    "daemonsets.apps": _daemon_set,
    "statefulsets.apps": _stateful_set,
    "jobs.batch": _job,
    "cronjobs.batch": _cron_job,
    "horizontalpodautoscalers.autoscaling": _autoscaler,
    "persistentvolumeclaims": _claim,
    "persistentvolumes": _volume,
    "networkpolicies.networking.k8s.io": _network_policy,
    "ingressclasses.networking.k8s.io": _ingress_class,
    f"rolebindings.{_RBAC}": _role_binding,
    f"clusterrolebindings.{_RBAC}": _role_binding,
    "storageclasses.storage.k8s.io": _storage_class,
    "priorityclasses.scheduling.k8s.io": _priority_class,
    "customresourcedefinitions.apiextensions.k8s.io": _custom_resource_definition,
}

_REGISTRATION = "admissionregistration.k8s.io"
_ELSEWHERE = {
    f"validatingwebhookconfigurations.{_REGISTRATION}": "validating_webhooks",
    f"mutatingwebhookconfigurations.{_REGISTRATION}": "mutating_webhooks",
    f"validatingadmissionpolicies.{_REGISTRATION}": "admission_policy",
    f"mutatingadmissionpolicies.{_REGISTRATION}": "admission_policy",
    f"validatingadmissionpolicybindings.{_REGISTRATION}": "admission_policy_binding",
    f"mutatingadmissionpolicybindings.{_REGISTRATION}": "admission_policy_binding",
    "apiservices.apiregistration.k8s.io": "api_service",
    "flowschemas.flowcontrol.apiserver.k8s.io": "flow_schema",
    "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io": "priority_level",
    "csidrivers.storage.k8s.io": "csi_driver",
    "resourceclaims.resource.k8s.io": "resource_claim",
    "resourceclaimtemplates.resource.k8s.io": "resource_claim_template",
}
"""Functions of `registration_defaults` for kinds that few manifests hold."""
