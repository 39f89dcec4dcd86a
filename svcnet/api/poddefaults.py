"""What pods and pod templates may leave out.

Source: kubernetes pkg/apis/core/v1/defaults.go and conversion.go.
"""

from __future__ import annotations

from typing import Any

from svcnet.api.keys import Document

# Printed in decimal: JSON has no octal numbers, so users see `defaultMode: 420`.
_MODE = 0o644


def pod(document: Document) -> Document:
    """Return a Pod with its defaults: those of a template, and some that templates do not have."""
    spec = pod_spec(document.get("spec") or {})
    for group in ("containers", "initContainers"):
        # Only pods get these: a template is defaulted when pods are made of it.
        if group in spec:
            spec[group] = [_requests(each) for each in spec[group] or ()] or None
    spec.setdefault("enableServiceLinks", True)
    # On the node's network a container's port is the node's port; validation wants them equal.
    if spec.get("hostNetwork"):
        for group in ("containers", "initContainers"):
            for container in spec.get(group) or ():
                for port in container.get("ports") or ():
                    port.setdefault("hostPort", port.get("containerPort", 0))
    return {**document, "spec": spec}


def template(document: Document | None) -> Document | None:
    """Return a pod template with its defaults."""
    if document is None:
        return None
    return {**document, "spec": pod_spec(document.get("spec") or {})}


def pod_spec(given: Document) -> Document:
    """Return a PodSpec with its defaults; `given` is left as it is."""
    spec = {
        "restartPolicy": "Always",
        "terminationGracePeriodSeconds": 30,
        "dnsPolicy": "ClusterFirst",
        "securityContext": {},
        "schedulerName": "default-scheduler",
        **given,
    }
    # Two fields for one thing; the older one is kept equal for older clients.
    account = spec.get("serviceAccountName") or spec.get("serviceAccount")
    if account:
        spec["serviceAccount"] = spec["serviceAccountName"] = account
    for group in ("containers", "initContainers", "ephemeralContainers"):
        if given.get(group):
            spec[group] = [_container(each) for each in given[group]]
    if given.get("volumes"):
        spec["volumes"] = [_volume(each) for each in given["volumes"]]
    return spec


def _container(given: Document) -> Document:
    """Complete a container: when to pull, where to leave last words, how its ports speak."""
    container = {
        "terminationMessagePath": "/dev/termination-log",
        "terminationMessagePolicy": "File",
        "imagePullPolicy": _pull_policy(given.get("image", "")),
        **given,
    }
    if given.get("ports"):
        container["ports"] = [{"protocol": "TCP", **each} for each in given["ports"]]
    if given.get("env"):
        container["env"] = [_variable(each) for each in given["env"]]
    for name in ("livenessProbe", "readinessProbe", "startupProbe"):
        if name in given:
            container[name] = _probe(given[name])
    if "lifecycle" in given:
        container["lifecycle"] = {
            name: _action(each) if isinstance(each, dict) else each
            for name, each in given["lifecycle"].items()
        }
    return container


def _pull_policy(image: str) -> str:
    """Return when an image is pulled: always, if its name can mean another image tomorrow."""
    # A colon before the last slash belongs to the registry's port, not to a tag.
    name, digest, _ = image.partition("@")
    tag = name.rpartition("/")[2].partition(":")[2]
    moving = tag == "latest" or not (tag or digest)
    return "Always" if moving and image else "IfNotPresent"


def _probe(given: Document) -> Document:
    """Complete when a probe runs and how often it may fail."""
    return _action(
        {
            "timeoutSeconds": 1,
            "periodSeconds": 10,
            "successThreshold": 1,
            "failureThreshold": 3,
            **given,
        }
    )


def _action(given: Document) -> Document:
    """Return a probe or a lifecycle handler with what its requests leave out."""
    if "httpGet" in given:
        return {**given, "httpGet": {"path": "/", "scheme": "HTTP", **given["httpGet"]}}
    if "grpc" in given:
        return {**given, "grpc": {"service": "", **given["grpc"]}}
    return given


def _variable(given: Document) -> Document:
    """Complete a variable that is taken from the pod."""
    source = given.get("valueFrom") or {}
    if "fieldRef" not in source:
        return given
    return {**given, "valueFrom": {**source, "fieldRef": _field_ref(source["fieldRef"])}}


def _field_ref(given: Document) -> Document:
    return {"apiVersion": "v1", **given}


def _requests(container: Document) -> Document:
    """Return a container that asks for what it is limited to, where it asks for nothing."""
    resources = container.get("resources") or {}
    if not resources.get("limits"):
        return container
    # Source: core/v1/defaults.go SetDefaults_Pod(); each resource counts for itself.
    requests = {**resources["limits"], **(resources.get("requests") or {})}
    return {**container, "resources": {**resources, "requests": requests}}


_VOLUMES: dict[str, Document] = {
    "secret": {"defaultMode": _MODE},
    "configMap": {"defaultMode": _MODE},
    "downwardAPI": {"defaultMode": _MODE},
    "projected": {"defaultMode": _MODE},
    "hostPath": {"type": ""},  # Empty: nothing is checked before the mount.
    "iscsi": {"iscsiInterface": "default"},
    "rbd": {"pool": "rbd", "user": "admin", "keyring": "/etc/ceph/keyring"},
    "azureDisk": {
        "cachingMode": "ReadWrite",
        "kind": "Shared",
        "fsType": "ext4",
        "readOnly": False,
    },
    "scaleIO": {"storageMode": "ThinProvisioned", "fsType": "xfs"},
}


def _volume(given: Document) -> Document:
    """Complete a volume; one that says nothing is an empty directory."""
    source = next((name for name in given if name != "name"), None)
    if source is None:
        return {**given, "emptyDir": {}}
    if not isinstance(given[source], dict):
        return given
    filled = {**_VOLUMES.get(source, {}), **given[source]}
    if source == "downwardAPI":
        filled = _downward(filled)
    elif source == "projected" and filled.get("sources"):
        filled["sources"] = [_projection(each) for each in filled["sources"]]
    elif source == "image":
        filled.setdefault("pullPolicy", _pull_policy(filled.get("reference", "")))
    elif source == "ephemeral" and "volumeClaimTemplate" in filled:
        claim = filled["volumeClaimTemplate"]
        spec = {"volumeMode": "Filesystem", **(claim.get("spec") or {})}
        filled["volumeClaimTemplate"] = {**claim, "spec": spec}
    return {**given, source: filled}


def _projection(given: Document) -> Document:
    """Complete one of several sources of a volume."""
    found: dict[str, Any] = dict(given)
    if "serviceAccountToken" in found:
        found["serviceAccountToken"] = {"expirationSeconds": 3600, **found["serviceAccountToken"]}
    if "downwardAPI" in found:
        found["downwardAPI"] = _downward(found["downwardAPI"])
    return found


def _downward(given: Document) -> Document:
    """Complete the files that hold fields of the pod."""
    if not given.get("items"):
        return given
    items = [
        {**each, "fieldRef": _field_ref(each["fieldRef"])} if "fieldRef" in each else each
        for each in given["items"]
    ]
    return {**given, "items": items}
