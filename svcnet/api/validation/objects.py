"""Every rule an object must meet, as a stream of field errors.

The rules of each kind are in a module beside this one; this module knows which go for which kind,
and imports those of the kinds that are checked: all of them are a tenth of a small write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module

from svcnet.api.keys import Document
from svcnet.api.kinds import Kind
from svcnet.api.validation import metadata
from svcnet.errors import FieldError

_RBAC = "rbac.authorization.k8s.io"

_RULES = {
    "services": "services.check_service",
    "endpoints": "slices.check_endpoints",
    "endpointslices.discovery.k8s.io": "slices.check_endpoint_slice",
    "nodes": "cluster.check_node",
    "servicecidrs.networking.k8s.io": "cluster.check_service_cidr",
    "ipaddresses.networking.k8s.io": "cluster.check_ip_address",
    "pods": "pods.check_pod",
    "podtemplates": "workloads.check_pod_template_object",
    "replicationcontrollers": "workloads.check_replication_controller",
    "deployments.apps": "workloads.check_deployment",
    "replicasets.apps": "workloads.check_replica_set",
    "statefulsets.apps": "workloads.check_stateful_set",
    "daemonsets.apps": "workloads.check_daemon_set",
    "jobs.batch": "jobs.check_job",
    "cronjobs.batch": "jobs.check_cron_job",
    "ingresses.networking.k8s.io": "network.check_ingress",
    "ingressclasses.networking.k8s.io": "network.check_ingress_class",
    "networkpolicies.networking.k8s.io": "network.check_network_policy",
    "configmaps": "configuration.check_config_map",
    "secrets": "configuration.check_secret",
    "persistentvolumeclaims": "configuration.check_claim",
    "storageclasses.storage.k8s.io": "configuration.check_storage_class",
    f"roles.{_RBAC}": "configuration.check_role",
    f"clusterroles.{_RBAC}": "configuration.check_role",
    f"rolebindings.{_RBAC}": "configuration.check_role_binding",
    f"clusterrolebindings.{_RBAC}": "configuration.check_role_binding",
    "poddisruptionbudgets.policy": "configuration.check_disruption_budget",
    "horizontalpodautoscalers.autoscaling": "configuration.check_autoscaler",
    "priorityclasses.scheduling.k8s.io": "configuration.check_priority_class",
    "customresourcedefinitions.apiextensions.k8s.io": "definitions.check_definition",
    "leases.coordination.k8s.io": "configuration.check_lease",
}
_UPDATE_RULES = {
    "services": "services.check_service_update",
    "endpoints": "slices.check_endpoints",
    "endpointslices.discovery.k8s.io": "slices.check_endpoint_slice_update",
    "nodes": "cluster.check_node_update",
    "servicecidrs.networking.k8s.io": "cluster.check_service_cidr_update",
    "ipaddresses.networking.k8s.io": "cluster.check_ip_address_update",
    "pods": "pods.check_pod_update",
    "deployments.apps": "workloads.check_deployment_update",
    "replicasets.apps": "workloads.check_replica_set_update",
    "statefulsets.apps": "workloads.check_stateful_set_update",
    "daemonsets.apps": "workloads.check_daemon_set_update",
    "jobs.batch": "jobs.check_job_update",
    "ingresses.networking.k8s.io": "network.check_ingress_update",
    "configmaps": "configuration.check_config_map_update",
    "secrets": "configuration.check_secret_update",
    f"rolebindings.{_RBAC}": "configuration.check_role_binding_update",
    f"clusterrolebindings.{_RBAC}": "configuration.check_role_binding_update",
    "priorityclasses.scheduling.k8s.io": "configuration.check_priority_class_update",
    "customresourcedefinitions.apiextensions.k8s.io": "definitions.check_definition_update",
}


def check(document: Document, kind: Kind) -> Iterator[FieldError]:
    """Yield every rule that a new object breaks.

    Args:
        document: the object, decoded, defaulted and with what is allocated filled in.
        kind: its kind.
    """
    # Metadata first, as in the server: its errors head the list.
    yield from metadata.check_metadata(document, kind)
    if kind.resource in _RULES:
        yield from _function(_RULES[kind.resource])(document)


def check_update(document: Document, old: Document, kind: Kind) -> Iterator[FieldError]:
    """Yield every rule that a change of an object breaks: what may not change, then all others."""
    yield from metadata.check_metadata_update(document, old)
    if kind.resource in _UPDATE_RULES:
        yield from _function(_UPDATE_RULES[kind.resource])(document, old)
    # The other kinds have no field that is fixed here, so a change is checked as a new object.
    elif kind.resource in _RULES:
        yield from _function(_RULES[kind.resource])(document)


@cache
def _function(name: str) -> Callable[..., Iterator[FieldError]]:
    """Return the function of that name, ``MODULE.FUNCTION``, in this package."""
    module, _, function = name.partition(".")
    found: Callable[..., Iterator[FieldError]] = getattr(
        import_module(f"svcnet.api.validation.{module}"), function
    )
    return found
