"""Descriptions of NetworkPolicies and HorizontalPodAutoscalers.

Source: kubectl pkg/describe/describe.go.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from svcnet.api.keys import Document
from svcnet.cli.describe.page import Page, long_time, name_of
from svcnet.cli.printers import cells
from svcnet.cli.printers.cells import NONE, UNKNOWN, UNSET, items, part
from svcnet.errors import go_quote
from svcnet.lean_namedtuple import NamedTuple

_INDENT = "    "


class Direction(NamedTuple):
    """One of the two ways that traffic may go."""

    field: str
    peers: str
    title: str
    nobody: str
    anybody: str


INGRESS = Direction(
    "ingress",
    "from",
    "From",
    "<none> (Selected pods are isolated for ingress connectivity)",
    "From: <any> (traffic not restricted by source)",
)
EGRESS = Direction(
    "egress",
    "to",
    "To",
    "<none> (Selected pods are isolated for egress connectivity)",
    "To: <any> (traffic not restricted by destination)",
)


def network_policy(page: Page, document: Document) -> None:
    """Describe a NetworkPolicy.

    Source: kubectl pkg/describe/describe.go NetworkPolicyDescriber.
    """
    metadata, spec = part(document, "metadata"), part(document, "spec")
    page.field("Name", name_of(document))
    page.field("Namespace", metadata.get("namespace", ""))
    page.field("Created on", _created(metadata.get("creationTimestamp", "")))
    page.labels("Labels", part(metadata, "labels"))
    page.annotations("Annotations", part(metadata, "annotations"))
    page.line("Spec:")
    selector = cells.selector(part(spec, "podSelector"))
    everyone = f"{NONE} (Allowing the specific traffic to all pods in this namespace)"
    # kubectl sets the value in by two levels, on the same line.
    page.line(f"PodSelector:     {selector or everyone}", 1)
    types = items(spec, "policyTypes")
    for direction in (INGRESS, EGRESS):
        if direction.field.title() in types:
            page.line(f"Allowing {direction.field} traffic:", 1)
            _rules(page, items(spec, direction.field), direction)
        else:
            page.line(f"Not affecting {direction.field} traffic", 1)
    page.line(f"Policy Types: {', '.join(types) or NONE}", 1)


def _created(timestamp: str) -> str:
    """Return a moment as Go prints it where nobody says how."""
    # Only this description prints a time.Time as it is; the others choose RFC 1123.
    return f"{timestamp.replace('T', ' ').removesuffix('Z')} +0000 UTC"


def _rules(page: Page, rules: Sequence[Document], direction: Direction) -> None:
    """Add the rules for one direction, a line between any two.

    Source: kubectl pkg/describe/describe.go printNetworkPolicySpecIngressFrom().
    """
    if not rules:
        page.line(_INDENT + direction.nobody)
    for index, rule in enumerate(rules):
        if index:
            page.line(f"{_INDENT}----------")
        ports = items(rule, "ports")
        if not ports:
            page.line(f"{_INDENT}To Port: <any> (traffic allowed to all ports)")
        for port in ports:
            page.line(_INDENT + _port(port))
        peers = items(rule, direction.peers)
        if not peers:
            page.line(_INDENT + direction.anybody)
        for peer in peers:
            page.line(f"{_INDENT}{direction.title}:")
            _peer(page, peer)


def _port(port: Document) -> str:
    """Return one port that may be talked to, or a range of them."""
    # Without a port all are meant; Go prints the pointer that is not set so.
    number, protocol = port.get("port", "<nil>"), port.get("protocol", "TCP")
    if "endPort" in port:
        return f"To Port Range: {number}-{port['endPort']}/{protocol}"
    return f"To Port: {number}/{protocol}"


def _peer(page: Page, peer: Document) -> None:
    """Add who may be talked to."""
    for title, field in (
        ("NamespaceSelector", "namespaceSelector"),
        ("PodSelector", "podSelector"),
    ):
        if field in peer:
            page.line(f"{_INDENT}{title}: {cells.selector(peer[field]) or NONE}", 1)
    # networking/v1 allows a block only by itself.
    if "ipBlock" in peer and not {"podSelector", "namespaceSelector"} & peer.keys():
        block = part(peer, "ipBlock")
        page.line(f"{_INDENT}IPBlock:", 1)
        page.line(f"{_INDENT}CIDR: {block.get('cidr', '')}", 2)
        page.line(f"{_INDENT}Except: {', '.join(items(block, 'except'))}", 2)


def autoscaler(page: Page, document: Document) -> None:
    """Describe a HorizontalPodAutoscaler.

    Source: kubectl pkg/describe/describe.go HorizontalPodAutoscalerDescriber.
    """
    spec, status = part(document, "spec"), part(document, "status")
    target = part(spec, "scaleTargetRef")
    page.head(document)
    created = part(document, "metadata").get("creationTimestamp")
    page.field("CreationTimestamp", long_time(created))
    page.field("Reference", f"{target.get('kind', '')}/{target.get('name', '')}")
    page.field("Metrics", "( current / target )")
    current = items(status, "currentMetrics")
    # The controller reports in the order of the specification, once it has reported at all.
    for index, metric in enumerate(items(spec, "metrics")):
        _metric(page, metric, current[index] if index < len(current) else {})
    page.field("Min replicas", spec.get("minReplicas", UNSET))
    page.field("Max replicas", spec.get("maxReplicas", 0))
    if "behavior" in spec:
        page.line("Behavior:")
        _behavior(page, "Scale Up", part(spec, "behavior", "scaleUp"))
        _behavior(page, "Scale Down", part(spec, "behavior", "scaleDown"))
    now, wanted = status.get("currentReplicas", 0), status.get("desiredReplicas", 0)
    page.field(f"{target.get('kind', '')} pods", f"{now} current / {wanted} desired")
    conditions = items(status, "conditions")
    if conditions:
        page.line("Conditions:")
        fields = ("type", "status", "reason", "message")
        rows = ("\t".join(each.get(field, "") for field in fields) for each in conditions)
        page.table("Type\tStatus\tReason\tMessage", rows)


def _metric(page: Page, metric: Document, current: Document) -> None:
    """Add one metric, with its value now."""
    match metric.get("type"):
        case "Resource":
            _resource(page, part(metric, "resource"), part(current, "resource"), "on pods")
        case "ContainerResource":
            wanted = part(metric, "containerResource")
            whose = f'of container "{wanted.get("container", "")}" on pods'
            _resource(page, wanted, part(current, "containerResource"), whose)
        case "Pods":
            wanted, name = part(metric, "pods"), part(metric, "pods", "metric").get("name", "")
            values = _values(wanted, part(current, "pods"), "averageValue")
            page.field(f"{go_quote(name)} on pods", values, 1)
        case "Object":
            _other(page, part(metric, "object"), part(current, "object"))
        case "External":
            _other(page, part(metric, "external"), part(current, "external"))
        case other:
            page.line(f"<unknown metric type {go_quote(str(other))}>", 1)


def _resource(page: Page, wanted: Document, current: Document, whose: str) -> None:
    """Add the use of a resource, as an amount or a share of what is requested."""
    title = f"resource {wanted.get('name', '')} {whose}"
    target, now = part(wanted, "target"), part(current, "current")
    if "averageValue" in target:
        page.field(f"{title}", _values(wanted, current, "averageValue"), 1)
        return
    seen: Any = UNKNOWN
    if "averageUtilization" in now:
        seen = f"{now['averageUtilization']}% ({now.get('averageValue', '0')})"
    share = f"{target['averageUtilization']}%" if "averageUtilization" in target else "<auto>"
    # The blanks are those of a level, written in the middle of a line.
    page.field(f"{title}  (as a percentage of request)", f"{seen} / {share}", 1)


def _other(page: Page, wanted: Document, current: Document) -> None:
    """Add a metric of some object, or from outside."""
    name, about = part(wanted, "metric").get("name", ""), part(wanted, "describedObject")
    whose = f" on {about.get('kind', '')}/{about.get('name', '')}" if about else ""
    average = "averageValue" in part(wanted, "target")
    which = "averageValue" if average else "value"
    title = f"{go_quote(name)}{whose} (target {'average ' * average}value)"
    page.field(title, _values(wanted, current, which), 1)


def _values(wanted: Document, current: Document, which: str) -> str:
    """Return what a metric is now, and what it should be."""
    now = part(current, "current").get(which, UNKNOWN)
    return f"{now} / {part(wanted, 'target').get(which, '0')}"


def _behavior(page: Page, title: str, rules: Document) -> None:
    """Add how fast the number of pods may change.

    Source: kubectl pkg/describe/describe.go HorizontalPodAutoscalerDescriber.
    """
    if not rules:
        return
    page.line(f"{title}:", 1)
    if "stabilizationWindowSeconds" in rules:
        page.line(f"Stabilization Window: {rules['stabilizationWindowSeconds']} seconds", 2)
    policies = items(rules, "policies")
    if policies:
        # Max is autoscaling/v2's default.
        page.line(f"Select Policy: {rules.get('selectPolicy', 'Max')}", 2)
        page.line("Policies:", 2)
    for each in policies:
        kind, value = each.get("type", ""), each.get("value", 0)
        period = f"Period: {each.get('periodSeconds', 0)} seconds"
        page.line(f"- Type: {kind}\tValue: {value}\t{period}", 3)
