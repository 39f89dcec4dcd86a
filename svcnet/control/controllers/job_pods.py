"""What the pods of a Job look like, and which index each one stands for.

Source: kubernetes pkg/controller/job/job_controller.go manageJob(); indexed_job_utils.go.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from svcnet.api.jobs import Job
from svcnet.api.keys import Document
from svcnet.api.kinds import JOB
from svcnet.api.workloads import Pod
from svcnet.control.objects.jobs import TRACKING
from svcnet.control.objects.ownership import owner_reference
from svcnet.control.objects.pods import (
    LONGEST_PREFIX,
    NameGenerator,
    PodTemplateFactory,
    pod_template_factory,
)

INDEX = "batch.kubernetes.io/job-completion-index"
"""Label and annotation of a pod: which of the completions it is to bring."""

FAILURE_COUNT = "batch.kubernetes.io/job-index-failure-count"
"""Annotation of a pod: how many before it have failed at its index."""

_VARIABLE = "JOB_COMPLETION_INDEX"


def job_pod_factory(job: Job) -> PodTemplateFactory:
    """Return what makes the pods of a Job, each held until it has been counted."""
    reference = owner_reference(JOB.api_version, JOB.kind, job.metadata)
    form = pod_template_factory(job.namespace, job.name, job.spec.template, reference)
    others = [each for each in form.finalizers if each != TRACKING]
    return form._replace(finalizers=[*others, TRACKING])


def indexed_pod(
    form: PodTemplateFactory, job: Job, index: int, names: NameGenerator, *, failures: int
) -> Document:
    """Return the pod for one index of a Job, which knows its index in three ways."""
    prefix = index_prefix(job.name, index)
    marks = {INDEX: str(index)}
    counted = {} if job.spec.backoff_limit_per_index is None else {FAILURE_COUNT: str(failures)}
    spec = {**form.spec, "hostname": f"{job.name}-{index}"}
    for group in ("initContainers", "containers"):
        if spec.get(group):
            spec[group] = [_knowing_its_index(each) for each in spec[group]]
    form = form._replace(
        prefix=prefix, annotations={**form.annotations, **marks, **counted}, spec=spec
    )
    return form.pod(names.draw(job.namespace, prefix), {**form.labels, **marks})


def index_prefix(name: str, index: int) -> str:
    """Return how the names of the pods of one index begin; a long name gives way to the index.

    >>> index_prefix("crunch", 3), index_prefix("x" * 70, 12)[-6:]
    ('crunch-3-', 'xx-12-')
    """
    ending = f"-{index}-"
    return name[: LONGEST_PREFIX - len(ending)] + ending


def _knowing_its_index(container: Document) -> Document:
    """Return a container with its index in a variable, unless it has a variable of that name."""
    given = container.get("env") or []
    if any(each.get("name") == _VARIABLE for each in given):
        return container
    field = {"apiVersion": "v1", "fieldPath": f"metadata.labels['{INDEX}']"}
    variable = {"name": _VARIABLE, "valueFrom": {"fieldRef": field}}
    return {**container, "env": [*given, variable]}


def index_of(pod: Pod) -> int | None:
    """Return which index a pod stands for; None when it does not say."""
    text = pod.annotations.get(INDEX, "")
    return int(text) if re.fullmatch("[0-9]+", text) else None


def failures_of(pod: Pod) -> int:
    """Return how many pods have failed at the index of a pod before it."""
    text = pod.annotations.get(FAILURE_COUNT, "")
    return int(text) if re.fullmatch("[0-9]+", text) else 0


def read_indexes(text: str, count: int) -> set[int]:
    """Return the numbers in a text such as ``0,2-4`` that are below `count`.

    What is no number is passed over: a dump may hold anything.

    >>> sorted(read_indexes("0,2-99,x", 5))
    [0, 2, 3, 4]
    """
    found: set[int] = set()
    for part in text.split(","):
        if match := re.fullmatch("([0-9]+)(?:-([0-9]+))?", part):
            first = int(match[1])
            found.update(range(first, min(int(match[2] or first) + 1, count)))
    return found


def written_indexes(indexes: Iterable[int]) -> str:
    """Return numbers as a status shows them: three in a row and more as a range.

    Source: kubernetes pkg/controller/job/indexed_job_utils.go orderedIntervals.String().

    >>> written_indexes([4, 0, 2, 3]), written_indexes([0, 1]), written_indexes([])
    ('0,2-4', '0,1', '')
    """
    return ",".join(_interval(first, last) for first, last in _intervals(sorted(set(indexes))))


def _interval(first: int, last: int) -> str:
    """Return a run of numbers; of two, both are named."""
    if first == last:
        return str(first)
    return f"{first},{last}" if last == first + 1 else f"{first}-{last}"


def _intervals(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the runs of ascending numbers, each by its first and its last."""
    start = 0
    for place in range(1, len(numbers) + 1):
        if place == len(numbers) or numbers[place] != numbers[place - 1] + 1:
            yield numbers[start], numbers[place - 1]
            start = place
