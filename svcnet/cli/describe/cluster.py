"""Descriptions of nodes, namespaces and what limits them.

Source: kubectl pkg/describe/describe.go.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svcnet.api.index_values import by_node
from svcnet.api.keys import Document, Key
from svcnet.cli.describe.amounts import Amount, of_pod, total
from svcnet.cli.describe.network import dated_conditions
from svcnet.cli.describe.page import Page, long_time, name_of
from svcnet.cli.printers.ages import since
from svcnet.cli.printers.cells import NONE, UNSET, items, part, yes_no

_ROLE = "node-role.kubernetes.io/"
# describeNode() leaves pods of these phases out: their share of the node is free again.
_FINISHED = frozenset(["Succeeded", "Failed"])
_ALWAYS = ("cpu", "memory", "ephemeral-storage")
"""What every node's sums show."""
_SYSTEM = (
    ("Machine ID", "machineID"),
    ("System UUID", "systemUUID"),
    ("Boot ID", "bootID"),
    ("Kernel Version", "kernelVersion"),
    ("OS Image", "osImage"),
    ("Operating System", "operatingSystem"),
    ("Architecture", "architecture"),
    ("Container Runtime Version", "containerRuntimeVersion"),
    ("Kubelet Version", "kubeletVersion"),
)


def node(page: Page, document: Document) -> None:
    """Describe a Node, with the pods on it and what they take of it.

    Source: kubectl pkg/describe/describe.go NodeDescriber.
    """
    metadata, spec = part(document, "metadata"), part(document, "spec")
    page.field("Name", name_of(document))
    page.field("Roles", ",".join(_roles(part(metadata, "labels"))) or NONE)
    page.labels("Labels", part(metadata, "labels"))
    page.annotations("Annotations", part(metadata, "annotations"))
    page.field("CreationTimestamp", long_time(metadata.get("creationTimestamp")))
    page.several("Taints", _taints(items(spec, "taints")))
    page.field("Unschedulable", yes_no(spec.get("unschedulable")))
    _lease(page, name_of(document))
    _hardware(page, part(document, "status"))
    if spec.get("podCIDR"):
        page.field("PodCIDR", spec["podCIDR"])
    if items(spec, "podCIDRs"):
        page.field("PodCIDRs", ",".join(items(spec, "podCIDRs")))
    if spec.get("providerID"):
        page.field("ProviderID", spec["providerID"])
    _pods(page, document)


def _roles(labels: Document) -> list[str]:
    """Return what a node is there for, from its labels.

    Source: kubectl pkg/describe/describe.go findNodeRoles().
    """
    named = {key.removeprefix(_ROLE) for key in labels if key.startswith(_ROLE)}
    return sorted({*named, labels.get("kubernetes.io/role", "")} - {""})


def _taints(taints: Sequence[Document]) -> list[str]:
    # The effect counts first, so that what drives pods away stands on top.
    ordered = sorted(taints, key=lambda each: f"{each.get('effect', '')},{each.get('key', '')}")
    return [_taint(each) for each in ordered]


def _taint(taint: Document) -> str:
    """Return a taint as it would be typed."""
    key, value, effect = (taint.get(name, "") for name in ("key", "value", "effect"))
    if not effect:
        return f"{key}={value}:" if value else str(key)
    return f"{key}={value}:{effect}" if value else f"{key}:{effect}"


def _lease(page: Page, name: str) -> None:
    """Add when the node last told that it lives."""
    lease = page.objects.get(Key("leases.coordination.k8s.io", "kube-node-lease", name))
    # kubectl shows the server's refusal in the place of a lease that it cannot get.
    if lease is None:
        why = f'leases.coordination.k8s.io "{name}" not found'
        page.field("Lease", f"Failed to get lease: {why}")
        return
    spec = part(lease, "spec")
    page.line("Lease:")
    page.field("HolderIdentity", spec.get("holderIdentity", UNSET), 1)
    for title in ("AcquireTime", "RenewTime"):
        moment = spec.get(title[0].lower() + title[1:])
        page.field(title, long_time(moment) if moment else UNSET, 1)


def _hardware(page: Page, status: Document) -> None:
    """Add what the machine is like and how it is doing."""
    conditions = items(status, "conditions")
    if conditions:
        page.line("Conditions:")
        header = "Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage"
        page.table(header, map(_condition, conditions))
    page.line("Addresses:")
    for address in items(status, "addresses"):
        page.field(address.get("type", ""), address.get("address", ""), 1)
    for title in ("Capacity", "Allocatable"):
        amounts = part(status, title.lower())
        if amounts:
            page.line(f"{title}:")
        for name in sorted(amounts):
            page.field(name, amounts[name], 1)
    page.line("System Info:")
    for title, field in _SYSTEM:
        page.field(title, part(status, "nodeInfo").get(field, ""), 1)


def _condition(condition: Document) -> str:
    # The blank before each tab is kubectl's; it makes every column one wider.
    return " \t".join(
        (
            condition.get("type", ""),
            condition.get("status", ""),
            long_time(condition.get("lastHeartbeatTime")),
            long_time(condition.get("lastTransitionTime")),
            condition.get("reason", ""),
            condition.get("message", ""),
        )
    )


def _pods(page: Page, document: Document) -> None:
    """Add the pods on a node, and what they take of it together."""
    status = part(document, "status")
    # The machine keeps some of its capacity to itself.
    given = part(status, "allocatable") or part(status, "capacity")
    whole = {name: Amount.parse(each) for name, each in given.items()}
    there = page.objects.indexed("pods", by_node(name_of(document)))
    pods = [each for each in there if not _has_ended(each)]
    page.field("Non-terminated Pods", f"({len(pods)} in total)")
    header = "Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge"
    page.table(header, (_pod(page, each, whole) for each in pods))
    page.line("Allocated resources:")
    page.line("(Total limits may be over 100 percent, i.e., overcommitted.)", 1)
    page.table("Resource\tRequests\tLimits", _sums(pods, whole))


def _has_ended(pod: Document) -> bool:
    """Return whether a pod's containers have ended for good."""
    return part(pod, "status").get("phase") in _FINISHED


def _pod(page: Page, pod: Document, whole: dict[str, Amount]) -> str:
    metadata = part(pod, "metadata")
    requests, limits = of_pod(pod, "requests"), of_pod(pod, "limits")
    cells = [metadata.get("namespace", ""), name_of(pod), ""]
    for name in ("cpu", "memory"):
        cells += [_share(each.get(name), whole.get(name)) for each in (requests, limits)]
    return "\t".join((*cells, since(metadata.get("creationTimestamp"), page.now)))


def _share(amount: Amount | None, whole: Amount | None) -> str:
    """Return an amount and what part of the whole it is."""
    taken = amount or Amount()
    return f"{taken} ({taken.percent_of(whole or Amount())}%)"


def _sums(pods: Sequence[Document], whole: dict[str, Amount]) -> Iterator[str]:
    """Yield a row for each resource; extended ones have no share.

    Source: kubectl pkg/describe/describe.go describeNodeResource().
    """
    requests = total(of_pod(each, "requests") for each in pods)
    limits = total(of_pod(each, "limits") for each in pods)
    # Huge pages count among the native resources, which have shares of the node.
    huge = sorted(name for name in whole if name.startswith("hugepages-"))
    for name in (*_ALWAYS, *huge):
        shares = (_share(each.get(name), whole.get(name)) for each in (requests, limits))
        yield "\t".join((name, *shares))
    # A node has room for so many pods, but no container requests any.
    for name in sorted(whole.keys() - {*_ALWAYS, *huge, "pods"}):
        yield f"{name}\t{requests.get(name, Amount())}\t{limits.get(name, Amount())}"


def namespace(page: Page, document: Document) -> None:
    """Describe a Namespace, with its quotas and limits."""
    page.head(document, namespaced=False)
    page.field("Status", part(document, "status").get("phase", ""))
    conditions = items(document, "status", "conditions")
    if conditions:
        dated_conditions(page, conditions)
    page.line("")
    _quotas(page, page.objects.list("resourcequotas", name_of(document)))
    page.line("")
    _limits(page, page.objects.list("limitranges", name_of(document)))


def _quotas(page: Page, quotas: Sequence[Document]) -> None:
    """Add the quotas of a namespace.

    Source: kubectl pkg/describe/describe.go DescribeResourceQuotas().
    """
    page.line("Resource Quotas" if quotas else "No resource quota.")
    for quota in quotas:
        page.field("Name", name_of(quota), 1)
        _scopes(page, quota, " * ", 1)
        page.line("Resource\tUsed\tHard", 1)
        # kubectl underlines these two too short.
        page.line("--------\t---\t---", 1)
        for row in _used(quota):
            page.line(row, 1)


def _used(quota: Document) -> Iterator[str]:
    """Yield how much of each resource a quota allows, and how much is used."""
    hard, used = part(quota, "status", "hard"), part(quota, "status", "used")
    for name in sorted(hard):
        yield f"{name}\t{used.get(name, 0)}\t{hard[name]}"


def resource_quota(page: Page, document: Document) -> None:
    """Describe a ResourceQuota."""
    page.field("Name", name_of(document))
    page.field("Namespace", part(document, "metadata").get("namespace", ""))
    _scopes(page, document, " * ", 0)
    page.table("Resource\tUsed\tHard", _used(document), 0)


def _scopes(page: Page, quota: Document, mark: str, level: int) -> None:
    """Add which pods a quota counts.

    Source: kubectl pkg/describe/describe.go helpTextForResourceQuotaScope().
    """
    scopes = sorted(items(quota, "spec", "scopes"))
    if scopes:
        page.field("Scopes", ", ".join(scopes), level)
    for scope in scopes:
        if scope in _SCOPES:
            page.line(f"{mark.lstrip() if level else mark}{_SCOPES[scope]}", level)


_SCOPES = {
    "Terminating": "Matches all pods that have an active deadline. These pods have a limited "
    "lifespan on a node before being actively terminated by the system.",
    "NotTerminating": "Matches all pods that do not have an active deadline. These pods usually "
    "include long running pods whose container command is not expected to terminate.",
    "BestEffort": "Matches all pods that do not have resource requirements set. These pods have "
    "a best effort quality of service.",
    "NotBestEffort": "Matches all pods that have at least one resource requirement set. These "
    "pods have a burstable or guaranteed quality of service.",
}
_LIMITS = "Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio"


def _limits(page: Page, ranges: Sequence[Document]) -> None:
    """Add the limits of a namespace, in one table.

    Source: kubectl pkg/describe/describe.go DescribeLimitRanges().
    """
    page.line("Resource Limits" if ranges else "No LimitRange resource.")
    if ranges:
        # One blank, not a level: DescribeLimitRanges() has it within its text.
        page.line(f" {_LIMITS}")
        page.line(" " + "\t".join("-" * len(name) for name in _LIMITS.split("\t")))
    for each in ranges:
        for row in _limit_rows(each):
            page.line(f" {row}")


def _limit_rows(limit_range: Document) -> Iterator[str]:
    """Yield a row for each resource that a LimitRange says something about."""
    for limit in items(limit_range, "spec", "limits"):
        tables = [
            part(limit, name)
            for name in ("min", "max", "defaultRequest", "default", "maxLimitRequestRatio")
        ]
        for resource in sorted({name for table in tables for name in table}):
            amounts = (str(table.get(resource, "-")) for table in tables)
            yield "\t".join((limit.get("type", ""), resource, *amounts))


def limit_range(page: Page, document: Document) -> None:
    """Describe a LimitRange."""
    page.field("Name", name_of(document))
    page.field("Namespace", part(document, "metadata").get("namespace", ""))
    page.table(_LIMITS, _limit_rows(document), 0)
