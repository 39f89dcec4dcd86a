"""The order of fields in Kubernetes' Go structs.

kubectl reads what it has made itself back into such a struct, so that ``-o json`` and ``-o kyaml``
of `create` and `expose` show fields in this order and not by name.

Source: kubernetes staging/src/k8s.io/api/core/v1/types.go, apps/v1/types.go,
apimachinery/pkg/apis/meta/v1/types.go.
"""

from __future__ import annotations

from typing import Any

from svcnet.api.keys import Document

_STRUCTS = {
    "Object": "kind apiVersion metadata:Meta spec status immutable data binaryData type",
    "Meta": "name generateName namespace selfLink uid resourceVersion generation "
    "creationTimestamp deletionTimestamp deletionGracePeriodSeconds labels annotations "
    "ownerReferences finalizers managedFields",
    "Service": "ports:ServicePort selector clusterIP clusterIPs type externalIPs sessionAffinity "
    "loadBalancerIP loadBalancerSourceRanges externalName externalTrafficPolicy "
    "healthCheckNodePort publishNotReadyAddresses sessionAffinityConfig ipFamilies "
    "ipFamilyPolicy allocateLoadBalancerNodePorts loadBalancerClass internalTrafficPolicy "
    "trafficDistribution",
    "ServicePort": "name protocol appProtocol port targetPort nodePort",
    "Deployment": "replicas selector template:Template strategy:Strategy minReadySeconds "
    "revisionHistoryLimit paused progressDeadlineSeconds",
    "Template": "metadata:Meta spec:Pod",
    "Strategy": "type rollingUpdate:RollingUpdate",
    "RollingUpdate": "maxUnavailable maxSurge",
    "Pod": "volumes initContainers:Container containers:Container ephemeralContainers "
    "restartPolicy terminationGracePeriodSeconds activeDeadlineSeconds dnsPolicy nodeSelector "
    "serviceAccountName serviceAccount automountServiceAccountToken nodeName hostNetwork hostPID "
    "hostIPC shareProcessNamespace securityContext imagePullSecrets hostname subdomain affinity "
    "schedulerName tolerations hostAliases priorityClassName priority dnsConfig readinessGates "
    "runtimeClassName enableServiceLinks preemptionPolicy overhead topologySpreadConstraints",
    "Container": "name image command args workingDir ports:ContainerPort envFrom env:Variable "
    "resources resizePolicy restartPolicy volumeMounts volumeDevices livenessProbe "
    "readinessProbe startupProbe lifecycle terminationMessagePath terminationMessagePolicy "
    "imagePullPolicy securityContext stdin stdinOnce tty",
    "ContainerPort": "name hostPort containerPort protocol hostIP",
    "Variable": "name value valueFrom",
}
"""Each struct's fields; after a colon stands the struct that a field holds, one or a list."""


def in_struct_order(document: Document) -> Document:
    """Return an object with its fields as Go's struct has them; others stay where they are.

    >>> list(in_struct_order({"apiVersion": "v1", "kind": "Namespace", "spec": {}}))
    ['kind', 'apiVersion', 'spec']
    """
    kind = document.get("kind", "")
    ordered = _ordered(document, "Object")
    # The kind's struct is that of its spec; the envelope is the same for all.
    if kind in _STRUCTS and "spec" in ordered:
        ordered["spec"] = _ordered(ordered["spec"], kind)
    return ordered


def _ordered(value: Document, struct: str) -> Document:
    """Return a struct's fields in order, and those of the structs in them."""
    fields = dict(each.partition(":")[::2] for each in _STRUCTS[struct].split())
    # Fields of newer versions than the table come last, by name.
    names = [*(name for name in fields if name in value), *sorted(value.keys() - fields.keys())]
    return {name: _placed(value[name], fields.get(name, "")) for name in names}


def _placed(value: Any, struct: str) -> Any:
    """Return what a field holds, in the order of the struct that is named for it."""
    if not struct:
        return value
    if isinstance(value, list):
        return [_placed(each, struct) for each in value]
    return _ordered(value, struct) if isinstance(value, dict) else value
