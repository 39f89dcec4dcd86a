"""Fields by which the API server lets objects be selected.

Source: kubernetes pkg/apis/core/v1/conversion.go, pkg/apis/batch/v1/conversion.go,
staging/src/k8s.io/apimachinery/pkg/runtime/conversion.go and pkg/fields/selector.go.
"""

from __future__ import annotations

from typing import Any

from svcnet.api.keys import Document
from svcnet.api.kinds import Kind
from svcnet.api.selectors import FieldRequirement, parse_fields
from svcnet.errors import go_quote
from svcnet.lean_namedtuple import NamedTuple

_NAME, _NAMESPACE = "metadata.name", "metadata.namespace"
_BATCH = (_NAME, _NAMESPACE, "status.successful")

FIELDS: dict[str, tuple[str, ...]] = {
    "pods": (
        _NAME, _NAMESPACE, "spec.nodeName", "spec.restartPolicy", "spec.schedulerName",
        "spec.serviceAccountName", "spec.hostNetwork", "status.phase", "status.podIP",
        "status.podIPs", "status.nominatedNodeName",
    ),
    "nodes": (_NAME, "spec.unschedulable"),
    "namespaces": (_NAME, "status.phase"),
    "services": (_NAME, _NAMESPACE, "spec.clusterIP", "spec.type"),
    "secrets": (_NAME, _NAMESPACE, "type"),
    "replicationcontrollers": (_NAME, _NAMESPACE, "status.replicas"),
    "replicasets.apps": (_NAME, _NAMESPACE, "status.replicas"),
    "jobs.batch": _BATCH,
    "cronjobs.batch": _BATCH,
    "events": (
        _NAME, _NAMESPACE, "involvedObject.kind", "involvedObject.namespace",
        "involvedObject.name", "involvedObject.uid", "involvedObject.apiVersion",
        "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason",
        "reportingComponent", "source", "type",
    ),
}  # fmt: skip
"""By resource; every other kind is selected by name and namespace only."""


class Fields(NamedTuple):
    """Conditions that must all hold."""

    terms: tuple[FieldRequirement, ...]

    def matches(self, document: Document) -> bool:
        """Return whether an object meets all of them."""
        return all(
            (value_of(document, term.field) == term.value) != term.negated for term in self.terms
        )


def parse(text: str, kind: Kind) -> Fields:
    """Read a field selector for objects of `kind`.

    Raises:
        ValueError: in the API server's words.

    >>> from svcnet.api.kinds import SERVICE
    >>> parse("spec.type=NodePort", SERVICE).matches({"spec": {"type": "ClusterIP"}})
    False
    """
    terms = parse_fields(text)
    for term in terms:
        _check(term.field, kind)
    return Fields(terms)


def _check(field: str, kind: Kind) -> None:
    supported = FIELDS.get(kind.resource)
    # The kinds differ in their words as well, as each conversion function writes its own error.
    if supported is None:
        if field not in (_NAME, _NAMESPACE):
            raise ValueError(
                f"{go_quote(field)} is not a known field selector: only "
                f"{go_quote(_NAME)}, {go_quote(_NAMESPACE)}"
            )
    elif field not in supported:
        if kind.group == "batch":
            raise ValueError(
                f"field label {go_quote(field)} not supported for {go_quote(kind.kind)}"
            )
        raise ValueError(f"field label not supported: {field}")


def value_of(document: Document, field: str) -> str:
    """Return what a field is compared as: text, empty where there is none.

    >>> value_of({"spec": {"unschedulable": True}}, "spec.unschedulable")
    'true'
    """
    value: Any = document
    for part in field.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    # Fields that are left out when they are false or zero are compared all the same.
    if field in ("spec.unschedulable", "spec.hostNetwork"):
        return "true" if value else "false"
    if field == "status.replicas":
        return str(value or 0)
    # An event of the newer API has no source, so its controller stands for it (kubernetes
    # pkg/registry/core/event/strategy.go ToSelectableFields()).
    if field == "source":
        value = (value or {}).get("component") or document.get("reportingComponent")
    if field == "status.podIPs":
        value = ",".join(each.get("ip", "") for each in value or ())
    return "" if value is None else str(value)
