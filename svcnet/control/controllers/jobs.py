"""Jobs make pods until enough of them have succeeded, or too many have failed.

Here nothing ends by itself: a pod has come to its end once somebody says so of it, or deletes it.

Source: kubernetes pkg/controller/job/job_controller.go syncJob(), manageJob().
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from svcnet.api.index_values import by_owner
from svcnet.api.jobs import Job
from svcnet.api.keys import Document, Key
from svcnet.api.kinds import JOB, POD
from svcnet.api.workloads import Pod
from svcnet.control.controllers import job_status
from svcnet.control.controllers.job_pods import (
    failures_of,
    index_of,
    indexed_pod,
    job_pod_factory,
)
from svcnet.control.controllers.pod_index import PodIndex, concerned, key_of
from svcnet.control.controllers.pod_ranking import removal_rank
from svcnet.control.objects.jobs import TRACKING
from svcnet.control.objects.ownership import owner_identity, owner_reference
from svcnet.control.objects.pod_control import PodControl
from svcnet.control.objects.pods import NameGenerator, check_count
from svcnet.snapshot import Change, Delete, Put, Record, Snapshot

COMPONENT = "job-controller"
"""Who records what becomes of Jobs."""

OURS = "kubernetes.io/job-controller"
"""Who looks after a Job that names nobody."""


def sync_jobs(cluster: Snapshot) -> Iterator[Change]:
    """Ask for the pods that Jobs want, count those that have come to an end, and tell what is."""
    for pod in _left_behind(cluster):
        yield from _let_go(cluster, pod)
    names = NameGenerator(cluster, POD.resource)
    for each in concerned(cluster, JOB, Job):
        yield from _Step(cluster, each, PodIndex(cluster, each.namespace), names).changes()


def _left_behind(cluster: Snapshot) -> Iterator[Pod]:
    """Yield the pods that wait to be counted by a Job that is gone, by (namespace, name)."""
    changed = cluster.changed
    found = [
        cluster.one(Pod, event.key.namespace, event.key.name)
        for event in changed.of(POD.resource)
        # Most pods are nobody's that this controller knows.
        if TRACKING in (((event.after or {}).get("metadata") or {}).get("finalizers") or ())
    ]
    for event in changed.of(JOB.resource):
        if event.went and event.before:
            uid = event.before["metadata"].get("uid", "")
            found += cluster.indexed(Pod, by_owner(uid), event.key.namespace)
    waiting = {key_of(pod): pod for pod in found if pod and job_status.is_tracked(pod)}
    for _, pod in sorted(waiting.items()):
        # What an import brought without its Job stays as it is.
        if (pod.terminating or pod.controller is None) and not _has_job(cluster, pod):
            yield pod


def _has_job(cluster: Snapshot, pod: Pod) -> bool:
    owner = pod.controller
    if owner is None or owner.kind != JOB.kind:
        return False
    job = cluster.one(Job, pod.namespace, owner.name)
    return job is not None and job.metadata.uid == owner.uid


def _let_go(cluster: Snapshot, pod: Pod) -> Iterator[Change]:
    """Strike the finalizer off a pod, which goes then if it has been deleted."""
    document = cluster.document(key_of(pod))
    if document is None:
        return
    metadata = {**document["metadata"]}
    kept = [each for each in metadata.pop("finalizers", ()) if each != TRACKING]
    if kept:
        metadata["finalizers"] = kept
    yield Put({**document, "metadata": metadata})
    if pod.terminating:
        yield Delete(key_of(pod))


class _Step:
    """The next step of one Job."""

    def __init__(self, cluster: Snapshot, job: Job, index: PodIndex, names: NameGenerator) -> None:
        self._cluster, self._job, self._index, self._names = cluster, job, index, names
        self._pods = index.of(owner_identity(JOB.api_version, JOB.kind, job.metadata.uid))
        self._over = [
            pod
            for pod in self._pods
            if job_status.is_tracked(pod)
            and job_status.is_over(job, pod, job.spec.pod_replacement_policy)
        ]
        self._tally = job_status.tally(job, self._over)
        self._active = [pod for pod in self._pods if pod.active]

    def changes(self) -> Iterator[Change]:
        """Yield what is to be written; nothing when the Job is as it should be."""
        job = self._job
        if job.spec.managed_by not in (None, OURS):
            return
        if job.finished:
            yield from self._counted()
            if job.spec.ttl_seconds_after_finished == 0:
                yield Delete(self._key)
            return
        if job.metadata.deletion_timestamp is None and (claimed := [*self._claims()]):
            yield from claimed
            return
        end = job_status.pending_end(job) or job_status.ending(job, self._tally, len(self._active))
        moved = [*self._counted(), *self._moved(ending=end is not None)]
        yield from moved
        # What was counted is said at once; all else when the pods are as they should be.
        if self._over or not moved:
            yield from self._sync_status(end)

    @property
    def _key(self) -> Key:
        return Key(JOB.resource, self._job.namespace, self._job.name)

    def _claims(self) -> Iterator[Change]:
        """Take in pods of nobody's that the selector means, and let go of those it does not."""
        reference = owner_reference(JOB.api_version, JOB.kind, self._job.metadata)
        selector = self._job.spec.selector
        # None of its own, and not any pod there is.
        if selector is None:
            return
        for change in self._index.claims(selector, reference, self._active):
            yield Put(_tracked(change.document, reference["uid"]))

    def _counted(self) -> Iterator[Change]:
        for pod in self._over:
            yield from _let_go(self._cluster, pod)

    # --- pods -------------------------------------------------------------------------------

    def _moved(self, *, ending: bool) -> Iterator[Change]:
        """Make the pods that are missing, or take away those that are too many."""
        job = self._job
        if job.metadata.deletion_timestamp is not None:
            return
        if ending:
            # Their end is counted, like that of any other pod.
            for pod in self._active:
                yield from self._control().delete(key_of(pod))
            return
        surplus = [*self._surplus()]
        for pod in surplus:
            yield from _let_go(self._cluster, pod)
            yield from self._control().delete(key_of(pod))
        if not surplus and not job.spec.suspend:
            check_count(JOB.kind, job.name, self._wanted())
            yield from self._created(self._wanted() - len(self._active) - self._waited_for())

    def _wanted(self) -> int:
        """Return how many pods are to run at once."""
        spec = self._job.spec
        if spec.completions is None:
            # After the first success the others run to their end, and none is made.
            return len(self._active) if self._tally.succeeded else spec.parallelism
        return min(spec.completions - self._tally.succeeded, spec.parallelism)

    def _waited_for(self) -> int:
        """Return how many pods have to stop before others may take their place."""
        if self._job.spec.pod_replacement_policy != "Failed":
            return 0
        return sum(pod.terminating and not pod.finished for pod in self._pods)

    def _surplus(self) -> Sequence[Pod]:
        """Return the pods that are too many: all of a Job that is suspended.

        Source: kubernetes pkg/controller/job/job_controller.go activePodsForRemoval().
        """
        if self._job.spec.suspend:
            return self._active
        surplus, kept = self._astray() if self._job.spec.indexed else ([], self._active)
        many = len(self._active) - max(0, self._wanted()) - len(surplus)
        return [*surplus, *sorted(kept, key=removal_rank)[: max(0, many)]]

    def _astray(self) -> tuple[list[Pod], list[Pod]]:
        """Return the pods whose index nobody asks for, or another pod has; and all others.

        Source: kubernetes pkg/controller/job/indexed_job_utils.go
        appendDuplicatedIndexPodsForRemoval().
        """
        astray: list[Pod] = []
        by_index: dict[int, Pod] = {}
        for pod in sorted(self._active, key=removal_rank, reverse=True):
            index = index_of(pod)
            if index is None or index >= (self._job.spec.completions or 0) or index in by_index:
                astray.append(pod)
            else:
                by_index[index] = pod
        return astray, [*by_index.values()]

    def _created(self, count: int) -> Iterator[Change]:
        """Make `count` pods, those of the lowest indexes first."""
        if count <= 0:
            return
        job = self._job
        form, control = job_pod_factory(job), self._control()
        if not job.spec.indexed:
            for _ in range(count):
                pod = form.pod(self._names.draw(job.namespace, form.prefix))
                yield from control.create(pod)
            return
        failures = {index_of(pod): failures_of(pod) + 1 for pod in self._over}
        for index in islice(self._free_indexes(), count):
            number = failures.get(index, 0)
            pod = indexed_pod(form, job, index, self._names, failures=number)
            yield from control.create(pod)

    def _control(self) -> PodControl:
        return PodControl(self._cluster.document(self._key) or {}, COMPONENT)

    def _free_indexes(self) -> Iterator[int]:
        """Yield the indexes that no pod stands for, has completed or has failed too often."""
        blocked = {index_of(pod) for pod in self._active}
        if self._job.spec.pod_replacement_policy == "Failed":
            blocked |= {index_of(pod) for pod in self._pods if pod.terminating}
        blocked |= self._tally.completed | self._tally.given_up
        yield from (i for i in range(self._job.spec.completions or 0) if i not in blocked)

    # --- status -----------------------------------------------------------------------------

    def _sync_status(self, end: job_status.JobCondition | None) -> Iterator[Change]:
        """Say how many pods there are and have been, and whether the Job rests or is over."""
        job, now = self._job, self._cluster.now
        document = self._cluster.document(self._key)
        if document is None:
            return
        conditions = [*(job.status.get("conditions") or ())]
        times: Document = {}
        if end is not None:
            conditions = job_status.with_condition(conditions, end, "True", now)
            if not any(not pod.finished for pod in self._pods):
                last = end._replace(type=job_status.ENDS[end.type])
                conditions = job_status.with_condition(conditions, last, "True", now)
                times = {"completionTime": now} if last.type == "Complete" else {}
        elif job.spec.suspend:
            conditions = job_status.with_condition(conditions, job_status.SUSPENDED, "True", now)
        else:
            resumed = job_status.with_condition(conditions, job_status.RESUMED, "False", now)
            if resumed != conditions or not job.status.get("startTime"):
                # Deadlines count from here, for a Job that slept as for a new one.
                times = {"startTime": now}
            conditions = resumed
        status = job_status.status_of(job, self._tally, self._pods, conditions) | times
        if status != document.get("status"):
            yield Put({**document, "status": status})
            known = {each["type"]: each for each in job.status.get("conditions") or ()}
            for each in conditions:
                if each["status"] != known.get(each["type"], {}).get("status"):
                    yield from _recorded(document, each)


def _recorded(job: Document, condition: Document) -> Iterator[Record]:
    """Say that a Job rests, goes on or is over.

    Source: kubernetes pkg/controller/job/job_controller.go syncJob(), recordJobFinished().
    """
    match condition["type"], condition["status"]:
        case "Suspended", "True":
            yield Record(job, "Normal", "Suspended", "Job suspended", COMPONENT)
        case "Suspended", _:
            yield Record(job, "Normal", "Resumed", "Job resumed", COMPONENT)
        case "Complete", "True":
            yield Record(job, "Normal", "Completed", "Job completed", COMPONENT)
        case "Failed", "True":
            yield Record(job, "Warning", condition["reason"], condition["message"], COMPONENT)
        case _:
            return


def _tracked(document: Document, uid: str) -> Document:
    """Return a pod with the finalizer that a Job's own pods have, if it is one."""
    metadata = document["metadata"]
    owners = metadata.get("ownerReferences") or ()
    finalizers = metadata.get("finalizers") or []
    if TRACKING in finalizers or not any(each.get("uid") == uid for each in owners):
        return document
    return {**document, "metadata": {**metadata, "finalizers": [*finalizers, TRACKING]}}
