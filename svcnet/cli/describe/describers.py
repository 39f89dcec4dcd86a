"""Which describer a kind has: the table of them, and one description."""

from __future__ import annotations

from importlib import import_module

from svcnet.api.keys import Document
from svcnet.api.kinds import Kind
from svcnet.cli.describe.page import Describer, Objects, Page

_ANYTHING = "any:anything"
_DESCRIBERS = {
    "services": "network:service",
    "endpoints": "network:endpoints",
    "endpointslices.discovery.k8s.io": "network:endpoint_slice",
    "servicecidrs.networking.k8s.io": "network:service_cidr",
    "ipaddresses.networking.k8s.io": "network:ip_address",
    "ingresses.networking.k8s.io": "network:ingress",
    "ingressclasses.networking.k8s.io": "network:ingress_class",
    "pods": "pods:pod",
    "deployments.apps": "workloads:deployment",
    "replicasets.apps": "workloads:replica_set",
    "replicationcontrollers": "workloads:replication_controller",
    "statefulsets.apps": "workloads:stateful_set",
    "daemonsets.apps": "workloads:daemon_set",
    "jobs.batch": "workloads:job",
    "cronjobs.batch": "workloads:cron_job",
    "nodes": "cluster:node",
    "namespaces": "cluster:namespace",
    "resourcequotas": "cluster:resource_quota",
    "limitranges": "cluster:limit_range",
    "configmaps": "others:config_map",
    "secrets": "others:secret",
    "serviceaccounts": "others:service_account",
    "roles.rbac.authorization.k8s.io": "others:role",
    "clusterroles.rbac.authorization.k8s.io": "others:role",
    "rolebindings.rbac.authorization.k8s.io": "others:role_binding",
    "clusterrolebindings.rbac.authorization.k8s.io": "others:role_binding",
    "networkpolicies.networking.k8s.io": "policies:network_policy",
    "horizontalpodautoscalers.autoscaling": "policies:autoscaler",
    "persistentvolumeclaims": "claims:claim",
    "persistentvolumes": "storage:volume",
    "storageclasses.storage.k8s.io": "storage:storage_class",
    "poddisruptionbudgets.policy": "others:disruption_budget",
    "priorityclasses.scheduling.k8s.io": "others:priority_class",
}
"""Which function describes a resource, in which of the modules beside this one."""

_WITHOUT_EVENTS = frozenset(
    (
        "namespaces",
        "resourcequotas",
        "limitranges",
        "secrets",
        "roles.rbac.authorization.k8s.io",
        "clusterroles.rbac.authorization.k8s.io",
        "networkpolicies.networking.k8s.io",
        "rolebindings.rbac.authorization.k8s.io",
        "clusterrolebindings.rbac.authorization.k8s.io",
    )
)
"""Resources for which kubectl does not look for events."""


def description(objects: Objects, kind: Kind, document: Document, now: str, *, events: bool) -> str:
    """Return all there is to say about an object.

    Args:
        objects: where what belongs to it is found.
        kind: what it is.
        document: the object.
        now: RFC 3339; what ages are counted from.
        events: tell what happened to it, too.
    """
    module, _, name = _DESCRIBERS.get(kind.resource, _ANYTHING).partition(":")
    # Imported on use: one run describes one kind, and need not load what the others take.
    describer: Describer = getattr(import_module(f"svcnet.cli.describe.{module}"), name)
    page = Page(objects, now)
    describer(page, document)
    if events and kind.resource not in _WITHOUT_EVENTS:
        page.events(document)
    return page.text()
