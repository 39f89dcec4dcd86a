"""Descriptions of pods, and of the templates that pods are made from.

Source: kubectl pkg/describe/describe.go describePod(), DescribePodTemplate().
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from svcnet.api.keys import Document
from svcnet.cli.describe.containers import described, resources, seccomp
from svcnet.cli.describe.page import Page, controlled_by, long_time, name_of
from svcnet.cli.describe.volumes import volumes
from svcnet.cli.printers import cells
from svcnet.cli.printers.ages import since
from svcnet.cli.printers.cells import NONE, items, part

# A pod that has ended shows its phase, even while it is being deleted.
_FINISHED = frozenset(["Failed", "Succeeded"])


def pod(page: Page, document: Document) -> None:
    """Describe a pod.

    Source: kubectl pkg/describe/describe.go PodDescriber.
    """
    spec, status = part(document, "spec"), part(document, "status")
    _place(page, document)
    _status(page, document)
    seccomp(page, spec, 0)
    _addresses(page, status)
    if owner := controlled_by(document):
        page.field("Controlled By", owner)
    if status.get("nominatedNodeName"):
        page.field("NominatedNodeName", status["nominatedNodeName"])
    if "resources" in spec:
        page.line("Resources:")
        resources(page, part(spec, "resources"), 1)
    _containers(page, document)
    _conditions(page, spec, status)
    volumes(page, items(spec, "volumes"), "")
    # kubectl works it out itself where the status does not tell.
    page.field("QoS Class", status.get("qosClass") or quality_of_service(spec))
    page.labels("Node-Selectors", part(spec, "nodeSelector"))
    page.several("Tolerations", tolerations(items(spec, "tolerations")))
    spread(page, items(spec, "topologySpreadConstraints"), "")


def _place(page: Page, document: Document) -> None:
    """Add what the pod is called and where it runs."""
    spec, status = part(document, "spec"), part(document, "status")
    page.field("Name", name_of(document))
    page.field("Namespace", part(document, "metadata").get("namespace", ""))
    # A priority of 0 is shown and none is not: in Go it is a pointer.
    if "priority" in spec:
        page.field("Priority", spec["priority"])
    for title, field in (
        ("Priority Class Name", "priorityClassName"),
        ("Runtime Class Name", "runtimeClassName"),
        ("Service Account", "serviceAccountName"),
    ):
        if spec.get(field):
            page.field(title, spec[field])
    node = spec.get("nodeName")
    page.field("Node", f"{node}/{status.get('hostIP', '')}" if node else NONE)
    if status.get("startTime"):
        page.field("Start Time", long_time(status["startTime"]))
    page.labels("Labels", part(document, "metadata", "labels"))
    page.annotations("Annotations", part(document, "metadata", "annotations"))


def _status(page: Page, document: Document) -> None:
    """Add how the pod as a whole is doing."""
    metadata, status = part(document, "metadata"), part(document, "status")
    phase = status.get("phase", "")
    if metadata.get("deletionTimestamp") and phase not in _FINISHED:
        age = since(metadata["deletionTimestamp"], page.now)
        page.field("Status", f"Terminating (lasts {age})")
        grace = metadata.get("deletionGracePeriodSeconds", 0)
        page.field("Termination Grace Period", f"{grace}s")
    else:
        page.field("Status", phase)
    for title in ("Reason", "Message"):
        if status.get(title.lower()):
            page.field(title, status[title.lower()])


def _addresses(page: Page, status: Document) -> None:
    """Add the pod's addresses, of which the first is told twice.

    Source: kubectl pkg/describe/describe.go describePodIPs().
    """
    page.field("IP", status.get("podIP", ""))
    addresses = items(status, "podIPs")
    page.line("IPs:" if addresses else f"IPs:\t{NONE}")
    for each in addresses:
        page.field("IP", each.get("ip", ""), 1)


def _containers(page: Page, document: Document) -> None:
    """Add the containers, those that start before them first."""
    spec, status = part(document, "spec"), part(document, "status")

    def field_text(path: str) -> str:
        return _field_text(document, path)

    for title, name, statuses in (
        ("Init Containers", "initContainers", "initContainerStatuses"),
        ("Containers", "containers", "containerStatuses"),
        ("Ephemeral Containers", "ephemeralContainers", "ephemeralContainerStatuses"),
    ):
        found = items(spec, name)
        # The title of the containers proper stands even above nothing.
        if found or name == "containers":
            described(page, title, found, field_text, statuses=items(status, statuses))


def _field_text(document: Document, path: str) -> str:
    """Return the text of a field of a pod; kubectl looks up no others than these."""
    if path not in {"metadata.name", "metadata.namespace", "metadata.uid"}:
        return ""
    return str(part(document, "metadata").get(path.removeprefix("metadata."), ""))


def _conditions(page: Page, spec: Document, status: Document) -> None:
    """Add what is true of the pod, after the conditions others wait for."""
    known = {each.get("type"): each.get("status") for each in items(status, "conditions")}
    gates = items(spec, "readinessGates")
    if gates:
        page.line("Readiness Gates:")
        page.line("Type\tStatus", 1)
    for gate in gates:
        page.line(f"{gate.get('conditionType', '')} \t{known.get(gate['conditionType'], NONE)} ", 1)
    if known:
        page.line("Conditions:")
        page.line("Type\tStatus", 1)
    for each in items(status, "conditions"):
        page.line(f"{each.get('type', '')} \t{each.get('status', '')} ", 1)


def quality_of_service(spec: Document) -> str:
    """Return how a pod is treated when its node runs short.

    Source: kubernetes pkg/apis/core/v1/helper/qos/qos.go.
    """
    found = [*items(spec, "initContainers"), *items(spec, "containers")]
    wanted = [part(container, "resources") for container in found]
    if not any(_computing(each, which) for each in wanted for which in ("limits", "requests")):
        return "BestEffort"
    return "Guaranteed" if all(map(_is_guaranteed, wanted)) else "Burstable"


def _computing(resources: Document, which: str) -> dict[str, Any]:
    """Return what is said of the resources that count here."""
    amounts = part(resources, which)
    return {name: amounts[name] for name in ("cpu", "memory") if amounts.get(name)}


def _is_guaranteed(resources: Document) -> bool:
    """Return whether limits are set for both, and requests do not differ."""
    # What is not requested is requested as much as it is limited.
    limits, requests = _computing(resources, "limits"), _computing(resources, "requests")
    return len(limits) == len(("cpu", "memory")) and requests in ({}, limits)


def tolerations(found: Sequence[Document]) -> list[str]:
    """Return what a pod puts up with on a node, by key."""
    return [_toleration(each) for each in sorted(found, key=lambda each: each.get("key", ""))]


def _toleration(toleration: Document) -> str:
    """Return a toleration on one line.

    Source: kubectl pkg/describe/describe.go printTolerationsMultilineWithIndent().
    """
    key, value = toleration.get("key", ""), toleration.get("value", "")
    effect = toleration.get("effect", "")
    text: str = key + (f"={value}" if value else "") + (f":{effect}" if effect else "")
    # Without a key it tolerates everything.
    if toleration.get("operator") == "Exists" and not value:
        text += " op=Exists" if text else "op=Exists"
    if "tolerationSeconds" in toleration:
        text += f" for {toleration['tolerationSeconds']}s"
    return text


def spread(page: Page, constraints: Sequence[Document], indent: str) -> None:
    """Add how pods are to be spread over the topology, if that is said."""
    if constraints:
        ordered = sorted(constraints, key=lambda each: each.get("topologyKey", ""))
        page.several("Topology Spread Constraints", map(_constraint, ordered), indent)


def _constraint(constraint: Document) -> str:
    """Return a spread constraint on one line."""
    text = (
        f"{constraint.get('topologyKey', '')}:{constraint.get('whenUnsatisfiable', '')}"
        f" when max skew {constraint.get('maxSkew', 0)} is exceeded"
    )
    if "labelSelector" not in constraint:
        return text
    return f"{text} for selector {cells.selector(constraint['labelSelector']) or NONE}"


def template(page: Page, document: Document) -> None:
    """Add a pod template.

    Source: kubectl pkg/describe/describe.go DescribePodTemplate().
    """
    metadata, spec = part(document, "metadata"), part(document, "spec")
    page.line("Pod Template:")
    page.labels("Labels", part(metadata, "labels"), "  ")
    if part(metadata, "annotations"):
        page.annotations("  Annotations", part(metadata, "annotations"))
    if spec.get("serviceAccountName"):
        page.field("Service Account", spec["serviceAccountName"], 1)
    if items(spec, "initContainers"):
        described(page, "Init Containers", items(spec, "initContainers"), _unknown, indent="  ")
    described(page, "Containers", items(spec, "containers"), _unknown, indent="  ")
    volumes(page, items(spec, "volumes"), "  ")
    spread(page, items(spec, "topologySpreadConstraints"), "  ")
    if spec.get("priorityClassName"):
        page.field("Priority Class Name", spec["priorityClassName"], 1)
    page.labels("Node-Selectors", part(spec, "nodeSelector"), "  ")
    page.several("Tolerations", tolerations(items(spec, "tolerations")), "  ")


def _unknown(_path: str) -> str:
    """Return nothing: the pods of a template have no name or uid yet."""
    return ""
