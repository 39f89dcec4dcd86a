"""What manifests of webhooks, policies, drivers and the like may leave out.

These kinds are met in installs of add-ons; `defaulting` imports this module when it meets one.

Source: kubernetes pkg/apis/{admissionregistration,flowcontrol,resource,storage}/v1/defaults.go;
staging/src/k8s.io/kube-aggregator/pkg/apis/apiregistration/v1/defaults.go.
"""

from __future__ import annotations

from typing import Any

from svcnet.api.keys import Document

_HTTPS = 443
_DEFAULT_PRECEDENCE = 1000
# defaults.go of flowcontrol: PriorityLevelConfigurationDefault….
_SHARES = 30
_QUEUING = {"handSize": 8, "queueLengthLimit": 50, "queues": 64}
_MATCHING = {"matchPolicy": "Equivalent", "namespaceSelector": {}, "objectSelector": {}}


def validating_webhooks(document: Document) -> Document:
    """Fill in the webhooks of a ValidatingWebhookConfiguration."""
    return _with_webhooks(document)


def mutating_webhooks(document: Document) -> Document:
    """Fill in the webhooks of a MutatingWebhookConfiguration."""
    return _with_webhooks(document, reinvocationPolicy="Never")


def _with_webhooks(document: Document, **more: Any) -> Document:
    if not document.get("webhooks"):
        return document
    return {**document, "webhooks": [_webhook(each, more) for each in document["webhooks"]]}


def _webhook(webhook: Document, more: Document) -> Document:
    whole = {"failurePolicy": "Fail", **_MATCHING, "timeoutSeconds": 10, **more, **webhook}
    client = webhook.get("clientConfig") or {}
    if client.get("service"):
        whole["clientConfig"] = {**client, "service": {"port": _HTTPS, **client["service"]}}
    return _with_scopes(whole, "rules")


def _with_scopes(holder: Document, *fields: str) -> Document:
    """Return rules that say which scope they are for: any, unless they say otherwise."""
    scoped = {
        name: [{"scope": "*", **rule} for rule in holder[name]]
        for name in fields
        if holder.get(name)
    }
    return {**holder, **scoped}


def admission_policy(document: Document) -> Document:
    """Fill in a policy; what breaks it is an error, unless it says otherwise."""
    spec = {"failurePolicy": "Fail", **(document.get("spec") or {})}
    return {**document, "spec": _with_matching(spec, "matchConstraints")}


def admission_policy_binding(document: Document) -> Document:
    """Fill in what a policy is bound to."""
    return {**document, "spec": _with_matching(document.get("spec") or {}, "matchResources")}


def _with_matching(spec: Document, field: str) -> Document:
    if spec.get(field) is None:
        return spec
    matching = _with_scopes({**_MATCHING, **spec[field]}, "resourceRules", "excludeResourceRules")
    return {**spec, field: matching}


def api_service(document: Document) -> Document:
    """Fill in the port of the Service behind an APIService."""
    spec = document.get("spec") or {}
    if not spec.get("service"):
        return document
    return {**document, "spec": {**spec, "service": {"port": _HTTPS, **spec["service"]}}}


def flow_schema(document: Document) -> Document:
    """Fill in where a FlowSchema stands among others."""
    spec = document.get("spec") or {}
    precedence = spec.get("matchingPrecedence") or _DEFAULT_PRECEDENCE
    return {**document, "spec": {**spec, "matchingPrecedence": precedence}}


def priority_level(document: Document) -> Document:
    """Fill in the shares and queues of a priority level."""
    spec = {**(document.get("spec") or {})}
    if spec.get("exempt") is not None:
        spec["exempt"] = {"lendablePercent": 0, "nominalConcurrencyShares": 0, **spec["exempt"]}
    if spec.get("limited") is not None:
        limited = {"lendablePercent": 0, "nominalConcurrencyShares": _SHARES, **spec["limited"]}
        response = limited.get("limitResponse") or {}
        if response.get("queuing") is not None:
            given = {name: value for name, value in response["queuing"].items() if value}
            limited["limitResponse"] = {**response, "queuing": {**_QUEUING, **given}}
        spec["limited"] = limited
    return {**document, "spec": spec}


def csi_driver(document: Document) -> Document:
    """Fill in what a storage driver does not say of itself."""
    spec = document.get("spec") or {}
    filled = {
        "attachRequired": True,
        "fsGroupPolicy": "ReadWriteOnceWithFSType",
        "podInfoOnMount": False,
        "requiresRepublish": False,
        "seLinuxMount": False,
        "storageCapacity": False,
        **spec,
    }
    if not filled.get("volumeLifecycleModes"):
        filled["volumeLifecycleModes"] = ["Persistent"]
    return {**document, "spec": filled}


def resource_claim(document: Document) -> Document:
    """Fill in how many devices are asked for."""
    return {**document, "spec": _claim_spec(document.get("spec") or {})}


def resource_claim_template(document: Document) -> Document:
    """Fill in how many devices claims ask for that are made from a template."""
    spec = document.get("spec") or {}
    return {**document, "spec": {**spec, "spec": _claim_spec(spec.get("spec") or {})}}


def _claim_spec(spec: Document) -> Document:
    devices = spec.get("devices") or {}
    if not devices.get("requests"):
        return spec
    requests = [_device_request(each) for each in devices["requests"]]
    return {**spec, "devices": {**devices, "requests": requests}}


def _device_request(request: Document) -> Document:
    filled = {**request}
    if request.get("exactly") is not None:
        filled["exactly"] = _counted(request["exactly"])
    if request.get("firstAvailable"):
        filled["firstAvailable"] = [_counted(each) for each in request["firstAvailable"]]
    return filled


def _counted(request: Document) -> Document:
    mode = request.get("allocationMode") or "ExactCount"
    count = {"count": request.get("count") or 1} if mode == "ExactCount" else {}
    return {**request, "allocationMode": mode, **count}
