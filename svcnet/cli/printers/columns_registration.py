"""Columns of what registers with the API server: policies, services of the API, requests, devices.

Source: kubernetes pkg/printers/internalversion/printers.go;
staging/src/k8s.io/kube-aggregator/pkg/registry/apiservice/rest.go ConvertToTable().
"""

from __future__ import annotations

from collections.abc import Sequence

from svcnet.api.keys import Document
from svcnet.cli.printers.ages import human
from svcnet.cli.printers.cells import NONE, UNSET, age_of, items, name_of, part, selector
from svcnet.cli.printers.columns_custom import PLAIN
from svcnet.cli.printers.table import Row, Table, table


def _policy(field: str) -> Row:
    """Return the row of an admission policy whose rules are the list `field` of its spec."""

    def row(each: Document, now: str) -> Sequence[object]:
        spec = part(each, "spec")
        kind = part(spec, "paramKind")
        of = f"{kind.get('apiVersion', '')}/{kind.get('kind', '')}" if kind else UNSET
        return name_of(each), len(items(spec, field)), of, age_of(each, now)

    return row


def _policy_binding_row(each: Document, now: str) -> Sequence[object]:
    spec = part(each, "spec")
    reference = part(spec, "paramRef")
    shown = UNSET
    if reference.get("name"):
        # Whether the parameter is in a namespace cannot be seen here.
        shown = f"{reference.get('namespace') or '*'}/{reference['name']}"
    elif reference.get("selector"):
        shown = selector(reference["selector"])
    return name_of(each), spec.get("policyName", ""), shown, age_of(each, now)


def _api_service_row(each: Document, now: str) -> Sequence[object]:
    service = part(each, "spec", "service")
    where = f"{service.get('namespace', '')}/{service.get('name', '')}" if service else "Local"
    return name_of(each), where, _available(each), age_of(each, now)


def _available(api_service: Document) -> str:
    for each in items(api_service, "status", "conditions"):
        if each.get("type") == "Available":
            status, reason = str(each.get("status", "")), each.get("reason", "")
            return status if status == "True" else f"{status} ({reason})"
    return "Unknown"


def _flow_schema_row(each: Document, now: str) -> Sequence[object]:
    spec = part(each, "spec")
    conditions = items(each, "status", "conditions")
    dangling = (one.get("status", "") for one in conditions if one.get("type") == "Dangling")
    return (
        name_of(each),
        part(spec, "priorityLevelConfiguration").get("name", ""),
        spec.get("matchingPrecedence", 0),
        part(spec, "distinguisherMethod").get("type", NONE),
        age_of(each, now),
        next(dangling, "?"),
    )


def _priority_level_row(each: Document, now: str) -> Sequence[object]:
    spec = part(each, "spec")
    limited = part(spec, "limited")
    queuing = part(limited, "limitResponse", "queuing")
    return (
        name_of(each),
        spec.get("type", ""),
        limited.get("nominalConcurrencyShares", NONE),
        *(queuing.get(field, NONE) for field in ("queues", "handSize", "queueLengthLimit")),
        age_of(each, now),
    )


def _signing_request_row(each: Document, now: str) -> Sequence[object]:
    spec = part(each, "spec")
    seconds = spec.get("expirationSeconds")
    return (
        name_of(each),
        age_of(each, now),
        spec.get("signerName") or NONE,
        spec.get("username", ""),
        NONE if seconds is None else human(seconds),
        _signing_state(each),
    )


def _signing_state(request: Document) -> str:
    """Return how far a request is; denied goes before approved.

    Source: printers.go extractCSRStatus().
    """
    said = {each.get("type") for each in items(request, "status", "conditions")}
    state = "Denied" if "Denied" in said else "Approved" if "Approved" in said else "Pending"
    issued = part(request, "status").get("certificate")
    return state + ",Failed" * ("Failed" in said) + ",Issued" * bool(issued)


def _resource_claim_row(each: Document, now: str) -> Sequence[object]:
    going = bool(part(each, "metadata").get("deletionTimestamp"))
    status = part(each, "status")
    states = ["deleted"] if going else []
    if part(status, "allocation"):
        states += ["allocated", *(["reserved"] if items(status, "reservedFor") else [])]
    elif not going:
        states.append("pending")
    return name_of(each), ",".join(states), age_of(each, now)


def _resource_slice_row(each: Document, now: str) -> Sequence[object]:
    spec = part(each, "spec")
    pool = part(spec, "pool").get("name", "")
    return name_of(each), spec.get("nodeName", ""), spec.get("driver", ""), pool, age_of(each, now)


def _attributes_class_row(each: Document, now: str) -> Sequence[object]:
    return name_of(each), each.get("driverName", ""), age_of(each, now)


def _capacity_row(each: Document, _now: str) -> Sequence[object]:
    return name_of(each), each.get("storageClassName", ""), each.get("capacity", UNSET)


def _component_row(each: Document, _now: str) -> Sequence[object]:
    conditions = items(each, "conditions")
    healthy: Document = next((one for one in conditions if one.get("type") == "Healthy"), {})
    status = {"True": "Healthy", "False": "Unhealthy"}.get(healthy.get("status", ""), "Unknown")
    return name_of(each), status, healthy.get("message", ""), healthy.get("error", "")


_REGISTRATION = "admissionregistration.k8s.io"
_FLOW_CONTROL = "flowcontrol.apiserver.k8s.io"
_BINDING = table("NAME|POLICYNAME|PARAMREF|AGE", _policy_binding_row)

TABLES: dict[str, Table] = {
    f"validatingadmissionpolicies.{_REGISTRATION}": table(
        "NAME|VALIDATIONS|PARAMKIND|AGE", _policy("validations")
    ),
    f"mutatingadmissionpolicies.{_REGISTRATION}": table(
        "NAME|MUTATIONS|PARAMKIND|AGE", _policy("mutations")
    ),
    f"validatingadmissionpolicybindings.{_REGISTRATION}": _BINDING,
    f"mutatingadmissionpolicybindings.{_REGISTRATION}": _BINDING,
    "apiservices.apiregistration.k8s.io": table("NAME|SERVICE|AVAILABLE|AGE", _api_service_row),
    f"flowschemas.{_FLOW_CONTROL}": table(
        "NAME|PRIORITYLEVEL|MATCHINGPRECEDENCE|DISTINGUISHERMETHOD|AGE|MISSINGPL",
        _flow_schema_row,
    ),
    f"prioritylevelconfigurations.{_FLOW_CONTROL}": table(
        "NAME|TYPE|NOMINALCONCURRENCYSHARES|QUEUES|HANDSIZE|QUEUELENGTHLIMIT|AGE",
        _priority_level_row,
    ),
    "certificatesigningrequests.certificates.k8s.io": table(
        "NAME|AGE|SIGNERNAME|REQUESTOR|REQUESTEDDURATION|CONDITION", _signing_request_row
    ),
    "deviceclasses.resource.k8s.io": PLAIN,
    "resourceclaims.resource.k8s.io": table("NAME|STATE|AGE", _resource_claim_row),
    "resourceclaimtemplates.resource.k8s.io": PLAIN,
    "resourceslices.resource.k8s.io": table("NAME|NODE|DRIVER|POOL|AGE", _resource_slice_row),
    "volumeattributesclasses.storage.k8s.io": table("NAME|DRIVERNAME|AGE", _attributes_class_row),
    "csistoragecapacities.storage.k8s.io": table("NAME|STORAGECLASSNAME|CAPACITY", _capacity_row),
    "componentstatuses": table("NAME|STATUS|MESSAGE|ERROR", _component_row),
}
