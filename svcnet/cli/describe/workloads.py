"""Descriptions of what makes pods: Deployments, ReplicaSets and the other controllers.

Source: kubectl pkg/describe/describe.go.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from svcnet.api.index_values import by_owner
from svcnet.api.keys import Document
from svcnet.cli.describe.page import Page, controlled_by, long_time, name_of
from svcnet.cli.describe.pods import template
from svcnet.cli.printers import cells
from svcnet.cli.printers.ages import between, human
from svcnet.cli.printers.cells import NONE, UNSET, items, part, yes_no

_HASH = "pod-template-hash"
# The soft limit that describeJob() hands to capIndexesListOrNone().
_SHOWN_INDEXES = 50


def deployment(page: Page, document: Document) -> None:
    """Describe a Deployment, with its ReplicaSets.

    Source: kubectl pkg/describe/describe.go DeploymentDescriber.
    """
    spec, status = part(document, "spec"), part(document, "status")
    _identity(page, document)
    _created(page, document)
    _marks(page, document)
    page.field("Selector", cells.selector(part(spec, "selector")))
    counts = [f"{spec.get('replicas', 0)} desired"]
    for word in ("updated", "total", "available", "unavailable"):
        field = "replicas" if word == "total" else f"{word}Replicas"
        counts.append(f"{status.get(field, 0)} {word}")
    page.field("Replicas", " | ".join(counts))
    page.field("StrategyType", part(spec, "strategy").get("type", ""))
    page.field("MinReadySeconds", spec.get("minReadySeconds", 0))
    rolling = part(spec, "strategy", "rollingUpdate")
    if rolling:
        unavailable, surge = rolling.get("maxUnavailable", 0), rolling.get("maxSurge", 0)
        page.field("RollingUpdateStrategy", f"{unavailable} max unavailable, {surge} max surge")
    template(page, part(spec, "template"))
    _conditions(page, status)
    _replica_sets(page, document)


def _identity(page: Page, document: Document) -> None:
    """Add the name, and the namespace it is in."""
    page.field("Name", name_of(document))
    page.field("Namespace", part(document, "metadata").get("namespace", ""))


def _created(page: Page, document: Document) -> None:
    """Add when the object was made."""
    created = part(document, "metadata").get("creationTimestamp")
    page.field("CreationTimestamp", long_time(created))


def _marks(page: Page, document: Document) -> None:
    """Add labels and annotations."""
    page.labels("Labels", part(document, "metadata", "labels"))
    page.annotations("Annotations", part(document, "metadata", "annotations"))


def _conditions(page: Page, status: Document) -> None:
    """Add what is said of the object, if anything is."""
    conditions = items(status, "conditions")
    if not conditions:
        return
    page.line("Conditions:")
    page.table(
        "Type\tStatus\tReason",
        (
            f"{each.get('type', '')} \t{each.get('status', '')}\t{each.get('reason', '')}"
            for each in conditions
        ),
    )


def _replica_sets(page: Page, document: Document) -> None:
    """Add the ReplicaSet that has the Deployment's template, and the others, oldest first."""
    # As the controller does it: the revision in an annotation is not what counts.
    wanted = _without_hash(part(document, "spec", "template"))
    owned = sorted(_owned(page, document, "replicasets.apps"), key=_age)
    new = [each for each in owned if _without_hash(part(each, "spec", "template")) == wanted][:1]
    if owned:
        old = [each for each in owned if each not in new]
        page.field("OldReplicaSets", _created_replicas(old))
        page.field("NewReplicaSet", _created_replicas(new))


def _age(document: Document) -> tuple[str, str]:
    """Return what puts the older of two objects first, and parts those of the same second."""
    return part(document, "metadata").get("creationTimestamp", ""), name_of(document)


def _without_hash(template: Document) -> Document:
    """Return a pod template as its Deployment wrote it."""
    metadata = part(template, "metadata")
    labels = {key: each for key, each in part(metadata, "labels").items() if key != _HASH}
    return {**template, "metadata": {**metadata, "labels": labels}}


def _owned(page: Page, document: Document, resource: str) -> list[Document]:
    """Return the objects of a resource that an object controls, by its uid."""
    metadata = part(document, "metadata")
    value = by_owner(metadata.get("uid") or "")
    found = page.objects.indexed(resource, value, metadata.get("namespace", ""))
    # By uid: an owner of the same name may have been there before.
    return [each for each in found if _controller_uid(each) == metadata.get("uid")]


def _controller_uid(document: Document) -> object:
    """Return the uid of what controls an object."""
    owners = items(document, "metadata", "ownerReferences")
    return next((each.get("uid") for each in owners if each.get("controller")), "")


def _created_replicas(sets: Sequence[Document]) -> str:
    """Return ReplicaSets with how many of their pods there are.

    Source: kubectl pkg/describe/describe.go printReplicaSetsByLabels().
    """
    shown = (
        f"{name_of(each)} ({part(each, 'status').get('replicas', 0)}"
        f"/{part(each, 'spec').get('replicas', 0)} replicas created)"
        for each in sets
    )
    return ", ".join(shown) or NONE


def replica_set(page: Page, document: Document) -> None:
    """Describe a ReplicaSet."""
    spec = part(document, "spec")
    _identity(page, document)
    page.field("Selector", cells.selector(part(spec, "selector")) or NONE)
    _marks(page, document)
    if owner := controlled_by(document):
        page.field("Controlled By", owner)
    _replicas_and_pods(page, document)


def replication_controller(page: Page, document: Document) -> None:
    """Describe a ReplicationController."""
    _identity(page, document)
    page.field("Selector", cells.labels(part(document, "spec", "selector")))
    _marks(page, document)
    _replicas_and_pods(page, document)


def _replicas_and_pods(page: Page, document: Document) -> None:
    """Add numbers, template and conditions of a ReplicaSet or ReplicationController."""
    spec, status = part(document, "spec"), part(document, "status")
    current, desired = status.get("replicas", 0), spec.get("replicas", 0)
    page.field("Replicas", f"{current} current / {desired} desired")
    _pods_status(page, document)
    template(page, part(spec, "template"))
    _conditions(page, status)


def _pods_status(page: Page, document: Document) -> None:
    """Add how many of the pods are in which phase.

    Source: kubectl pkg/describe/describe.go getPodStatusForController().
    """
    phases = Counter(part(each, "status").get("phase") for each in _owned(page, document, "pods"))
    page.field(
        "Pods Status",
        f"{phases['Running']} Running / {phases['Pending']} Waiting / "
        f"{phases['Succeeded']} Succeeded / {phases['Failed']} Failed",
    )


def stateful_set(page: Page, document: Document) -> None:
    """Describe a StatefulSet.

    Source: kubectl pkg/describe/describe.go StatefulSetDescriber.
    """
    spec, status = part(document, "spec"), part(document, "status")
    _identity(page, document)
    _created(page, document)
    page.field("Selector", cells.selector(part(spec, "selector")))
    _marks(page, document)
    desired, total = spec.get("replicas", 0), status.get("replicas", 0)
    page.field("Replicas", f"{desired} desired | {total} total")
    strategy = part(spec, "updateStrategy")
    page.field("Update Strategy", strategy.get("type", ""))
    rolling = part(strategy, "rollingUpdate")
    if "partition" in rolling:
        page.field("Partition", rolling["partition"], 1)
        if "maxUnavailable" in rolling:
            page.field("MaxUnavailable", rolling["maxUnavailable"], 1)
    _pods_status(page, document)
    template(page, part(spec, "template"))
    _claims(page, items(spec, "volumeClaimTemplates"))


def _claims(page: Page, claims: Sequence[Document]) -> None:
    """Add the claims that are made for each pod.

    Source: kubectl pkg/describe/describe.go describeVolumeClaimTemplates().
    """
    page.line("Volume Claims:" if claims else f"Volume Claims:\t{NONE}")
    for claim in claims:
        spec = part(claim, "spec")
        page.field("Name", name_of(claim), 1)
        page.field("StorageClass", spec.get("storageClassName", ""), 1)
        for title in ("Labels", "Annotations"):
            page.labels(title, part(claim, "metadata", title.lower()), "  ")
        storage = part(spec, "resources", "requests").get("storage", "<default>")
        page.field("Capacity", storage, 1)
        page.field("Access Modes", f"[{' '.join(items(spec, 'accessModes'))}]", 1)


def daemon_set(page: Page, document: Document) -> None:
    """Describe a DaemonSet.

    Source: kubectl pkg/describe/describe.go DaemonSetDescriber.
    """
    spec, status = part(document, "spec"), part(document, "status")
    _identity(page, document)
    page.field("Selector", cells.selector(part(spec, "selector")))
    selector = part(spec, "template", "spec", "nodeSelector")
    page.field("Node-Selector", cells.labels(selector))
    _marks(page, document)
    for title, field in (
        ("Desired Number of Nodes Scheduled", "desiredNumberScheduled"),
        ("Current Number of Nodes Scheduled", "currentNumberScheduled"),
        ("Number of Nodes Scheduled with Up-to-date Pods", "updatedNumberScheduled"),
        ("Number of Nodes Scheduled with Available Pods", "numberAvailable"),
        ("Number of Nodes Misscheduled", "numberMisscheduled"),
    ):
        # A blank where other fields have a tab, so that these long titles widen no column.
        page.line(f"{title}: {status.get(field, 0)}")
    _pods_status(page, document)
    template(page, part(spec, "template"))


def job(page: Page, document: Document) -> None:
    """Describe a Job.

    Source: kubectl pkg/describe/describe.go JobDescriber.
    """
    spec = part(document, "spec")
    _identity(page, document)
    page.field("Selector", cells.selector(part(spec, "selector")))
    _marks(page, document)
    if owner := controlled_by(document):
        page.field("Controlled By", owner)
    _job_limits(page, spec)
    _job_progress(page, document)
    template(page, part(spec, "template"))


def _job_limits(page: Page, spec: Document) -> None:
    """Add how far a Job may go."""
    if "parallelism" in spec:
        page.field("Parallelism", spec["parallelism"])
    page.field("Completions", spec.get("completions", UNSET))
    if "completionMode" in spec:
        page.field("Completion Mode", spec["completionMode"])
    if "suspend" in spec:
        page.field("Suspend", yes_no(spec["suspend"]))
    if "backoffLimit" in spec:
        page.field("Backoff Limit", spec["backoffLimit"])
    if "ttlSecondsAfterFinished" in spec:
        page.field("TTL Seconds After Finished", spec["ttlSecondsAfterFinished"])


def _job_progress(page: Page, document: Document) -> None:
    """Add how far a Job has got."""
    spec, status = part(document, "spec"), part(document, "status")
    start, end = status.get("startTime"), status.get("completionTime")
    if start:
        page.field("Start Time", long_time(start))
    if end:
        page.field("Completed At", long_time(end))
    if start and end:
        page.field("Duration", human(between(start, end)))
    if "activeDeadlineSeconds" in spec:
        page.field("Active Deadline Seconds", f"{spec['activeDeadlineSeconds']}s")
    ready = f" ({status['ready']} Ready)" if "ready" in status else ""
    page.field(
        "Pods Statuses",
        f"{status.get('active', 0)} Active{ready} / {status.get('succeeded', 0)} Succeeded / "
        f"{status.get('failed', 0)} Failed",
    )
    if spec.get("completionMode") == "Indexed":
        page.field("Completed Indexes", _indexes(status.get("completedIndexes", "")))


def _indexes(indexes: str) -> str:
    """Return the indexes that are done, cut at the first comma after the fiftieth letter.

    Source: kubectl pkg/describe/describe.go capIndexesListOrNone().
    """
    end = indexes.find(",", _SHOWN_INDEXES)
    return f"{indexes[: end + 1]}..." if end >= 0 else indexes or NONE


def cron_job(page: Page, document: Document) -> None:
    """Describe a CronJob.

    Source: kubectl pkg/describe/describe.go CronJobDescriber.
    """
    spec, status = part(document, "spec"), part(document, "status")
    _identity(page, document)
    _marks(page, document)
    page.field("Schedule", spec.get("schedule", ""))
    page.field("Concurrency Policy", spec.get("concurrencyPolicy", ""))
    # Here kubectl writes True, for a Job true.
    page.field("Suspend", str(spec["suspend"]) if "suspend" in spec else UNSET)
    page.field("Time Zone", spec.get("timeZone", UNSET))
    page.field("Successful Job History Limit", spec.get("successfulJobsHistoryLimit", UNSET))
    page.field("Failed Job History Limit", spec.get("failedJobsHistoryLimit", UNSET))
    deadline = spec.get("startingDeadlineSeconds")
    page.field("Starting Deadline Seconds", UNSET if deadline is None else f"{deadline}s")
    _job_template(page, part(spec, "jobTemplate", "spec"))
    last = status.get("lastScheduleTime")
    page.field("Last Schedule Time", long_time(last) if last else UNSET)
    active = ", ".join(each.get("name", "") for each in items(status, "active"))
    page.field("Active Jobs", active or NONE)


def _job_template(page: Page, spec: Document) -> None:
    """Add what the Jobs of a CronJob are made from."""
    selector = spec.get("selector")
    page.field("Selector", UNSET if selector is None else cells.selector(selector))
    page.field("Parallelism", spec.get("parallelism", UNSET))
    page.field("Completions", spec.get("completions", UNSET))
    if "activeDeadlineSeconds" in spec:
        page.field("Active Deadline Seconds", f"{spec['activeDeadlineSeconds']}s")
    template(page, part(spec, "template"))
