"""Rules for what makes pods that end: Jobs, and the CronJobs that make those.

Source: kubernetes pkg/apis/batch/validation/validation.go.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svcnet.api import content, selectors
from svcnet.api.field_errors import (
    IMMUTABLE,
    invalid,
    not_negative,
    required,
    unsupported,
)
from svcnet.api.keys import Document
from svcnet.api.struct_table import enum_of
from svcnet.api.validation.metadata import check_selector
from svcnet.api.validation.pods import check_pod_template
from svcnet.errors import FieldError

_CONCURRENCY = enum_of("batch/v1.CronJobSpec", "concurrencyPolicy")
_MODES = ("Indexed", "NonIndexed")
_REPLACEMENTS = ("Failed", "TerminatingOrFailed")
_MOST_INDEXED = 100_000
_PREFIX = "batch.kubernetes.io/"
_COUNTS = (
    "parallelism",
    "completions",
    "activeDeadlineSeconds",
    "backoffLimit",
    "ttlSecondsAfterFinished",
    "backoffLimitPerIndex",
)
_NODE_CHOICE = ("nodeSelector", "tolerations", "schedulingGates")


def check_job(document: Document) -> Iterator[FieldError]:
    """Yield every rule that a Job breaks.

    Source: ValidateJob().
    """
    yield from _whole(document, prefixed=True)


def _whole(document: Document, *, prefixed: bool) -> Iterator[FieldError]:
    """Yield every rule that a Job breaks; up to 1.26 its labels had no prefix."""
    spec = document.get("spec") or {}
    yield from _generated_selector(document, spec, prefixed=prefixed)
    yield from _job_spec("spec", spec)
    yield from _selector(spec)
    yield from _host_names(document, spec)


def check_job_update(document: Document, old: Document) -> Iterator[FieldError]:
    """Yield every rule that a change of a Job breaks: pods it has made were made by what was.

    Source: pkg/registry/batch/job/strategy.go ValidateUpdate(); ValidateJobSpecUpdate().
    """
    spec, before = document.get("spec") or {}, old.get("spec") or {}
    had = ((before.get("template") or {}).get("metadata") or {}).get("labels") or {}
    prefixed = all(f"{_PREFIX}{key}" in had for key in ("controller-uid", "job-name"))
    yield from _whole(document, prefixed=prefixed)
    yield from _completions(spec, before)
    yield from _fixed("selector", spec, before)
    yield from _fixed_template(spec, old)
    for field in (
        "completionMode",
        "podFailurePolicy",
        "backoffLimitPerIndex",
        "managedBy",
        "successPolicy",
    ):
        yield from _fixed(field, spec, before)


def _fixed(field: str, spec: Document, before: Document) -> Iterator[FieldError]:
    if spec.get(field) != before.get(field):
        yield invalid(f"spec.{field}", spec.get(field), IMMUTABLE)


def _completions(spec: Document, before: Document) -> Iterator[FieldError]:
    """An indexed Job may grow and shrink, as long as all its indexes run at once.

    Source: validateCompletions().
    """
    now, then = spec.get("completions"), before.get("completions")
    if now == then:
        return
    if spec.get("completionMode") != "Indexed" or now is None or then is None:
        yield invalid("spec.completions", now, IMMUTABLE)
    elif now != spec.get("parallelism"):
        yield invalid(
            "spec.completions", now, "can only be modified in tandem with spec.parallelism"
        )


def _fixed_template(spec: Document, old: Document) -> Iterator[FieldError]:
    """Only where pods may run can change, and what they ask for, and only while none does.

    Source: validatePodTemplateUpdate(); pkg/registry/batch/job/strategy.go
    validationOptionsForJob().
    """
    template, before = spec.get("template") or {}, (old.get("spec") or {}).get("template") or {}
    allowed = before
    if _rests(old):
        allowed = _with_allowed_changes(before, template)
    if template != allowed:
        from svcnet.api.internal_podspec import pod_template  # noqa: PLC0415 - seldom needed

        yield invalid("spec.template", pod_template(template), IMMUTABLE)


def _rests(job: Document) -> bool:
    """Tell whether a Job is suspended and none of its pods runs."""
    status = job.get("status") or {}
    suspended = any(
        each.get("type") == "Suspended" and each.get("status") == "True"
        for each in status.get("conditions") or ()
    )
    return bool((job.get("spec") or {}).get("suspend")) and (
        suspended or not status.get("startTime")
    )


def _with_allowed_changes(before: Document, template: Document) -> Document:
    """Return a template as it was, but for what may change while its Job rests."""
    spec, wanted = {**before.get("spec", {})}, template.get("spec") or {}
    for field in _NODE_CHOICE:
        spec = _with_field(spec, wanted, field)
    spec = _with_node_affinity(spec, wanted)
    for group in ("containers", "initContainers"):
        now, then = wanted.get(group) or [], spec.get(group) or []
        if then and len(now) == len(then):
            spec[group] = [
                _with_field(old, new, "resources") for old, new in zip(then, now, strict=True)
            ]
    metadata = {**(before.get("metadata") or {})}
    for field in ("labels", "annotations"):
        metadata = _with_field(metadata, template.get("metadata") or {}, field)
    return {**before, "metadata": metadata, "spec": spec}


def _with_node_affinity(spec: Document, wanted: Document) -> Document:
    """Return a pod's spec with the nodes that another one asks for."""
    nodes = (wanted.get("affinity") or {}).get("nodeAffinity")
    others = {
        field: each
        for field, each in (spec.get("affinity") or {}).items()
        if field != "nodeAffinity"
    }
    if "affinity" not in wanted and not others:
        return {field: each for field, each in spec.items() if field != "affinity"}
    affinity = {**others, **({} if nodes is None else {"nodeAffinity": nodes})}
    return {**spec, "affinity": affinity} if "affinity" in wanted else spec


def _with_field(document: Document, other: Document, field: str) -> Document:
    """Return `document` with one field as in `other`, or without it."""
    rest = {name: value for name, value in document.items() if name != field}
    return {**rest, field: other[field]} if field in other else rest


# --- the selector -----------------------------------------------------------------------------


def _generated_selector(
    document: Document, spec: Document, *, prefixed: bool
) -> Iterator[FieldError]:
    """A selector that the server made must mean this Job's pods and no others.

    Source: validateGeneratedSelector().
    """
    selector = spec.get("selector")
    if spec.get("manualSelector") or selector is None:
        return
    metadata = document.get("metadata") or {}
    labels = ((spec.get("template") or {}).get("metadata") or {}).get("labels") or {}
    expected = {"controller-uid": metadata.get("uid", ""), "job-name": metadata.get("name", "")}
    if prefixed:
        expected |= {f"{_PREFIX}{key}": value for key, value in expected.items()}
    for key, value in expected.items():
        path = f"spec.template.metadata.labels[{key}]"
        if key not in labels:
            yield required(path, f"must be '{value}'")
        elif labels[key] != value:
            yield invalid(path, labels, f"must be '{value}'")
    if not any(check_selector("", selector)) and not _matches(selector, expected):
        yield invalid("spec.selector", selector, "`selector` not auto-generated")


def _selector(spec: Document) -> Iterator[FieldError]:
    selector = spec.get("selector")
    labels = ((spec.get("template") or {}).get("metadata") or {}).get("labels")
    if selector is None:
        yield required("spec.selector")
    else:
        yield from check_selector("spec.selector", selector)
    if selector is None or (
        not any(check_selector("", selector)) and not _matches(selector, labels or {})
    ):
        yield invalid(
            "spec.template.metadata.labels", labels, "`selector` does not match template `labels`"
        )


def _matches(selector: Document, labels: dict[str, str]) -> bool:
    return selectors.from_object(selector).matches(labels)


# --- what is asked of pods --------------------------------------------------------------------


def _host_names(document: Document, spec: Document) -> Iterator[FieldError]:
    """Pods of an indexed Job have their index in their host name, which must be a label."""
    count = spec.get("completions") or 0
    name = (document.get("metadata") or {}).get("name", "")
    longest = f"{name}-{count - 1}"
    if spec.get("completionMode") == "Indexed" and count > 0 and any(content.dns_label(longest)):
        yield invalid(
            "metadata.name",
            name,
            f"will not able to create pod with invalid DNS label: {longest}",
        )


def _job_spec(path: str, spec: Document) -> Iterator[FieldError]:
    """Pods of a job end, so they cannot restart always.

    Source: validateJobSpec().
    """
    for field in _COUNTS:
        yield from not_negative(f"{path}.{field}", spec.get(field))
    yield from _failed_indexes(path, spec)
    yield from _mode(path, spec)
    template: dict[str, Any] = spec.get("template") or {}
    yield from check_pod_template(f"{path}.template", template)
    policy = (template.get("spec") or {}).get("restartPolicy", "")
    at = f"{path}.template.spec.restartPolicy"
    # "Always" is the default, so a job has to say otherwise.
    if policy == "Always" or not policy:
        yield required(at, 'valid values: "OnFailure", "Never"')
    elif policy not in ("Never", "OnFailure"):
        yield unsupported(at, policy, ("OnFailure", "Never"))
    elif spec.get("podFailurePolicy") is not None and policy != "Never":
        yield invalid(at, policy, 'only "Never" is supported when podFailurePolicy is specified')
    replacement = spec.get("podReplacementPolicy")
    if replacement is not None and replacement not in _REPLACEMENTS:
        yield unsupported(f"{path}.podReplacementPolicy", replacement, _REPLACEMENTS)


def _failed_indexes(path: str, spec: Document) -> Iterator[FieldError]:
    """How many indexes may fail is asked only where indexes can."""
    most = spec.get("maxFailedIndexes")
    if most is None:
        return
    yield from not_negative(f"{path}.maxFailedIndexes", most)
    if spec.get("backoffLimitPerIndex") is None:
        yield required(f"{path}.backoffLimitPerIndex", "when maxFailedIndexes is specified")


def _mode(path: str, spec: Document) -> Iterator[FieldError]:
    """Indexes need to be numbered, and Jobs without indexes cannot count failures by them."""
    mode = spec.get("completionMode")
    if mode is None:
        return
    if mode not in _MODES:
        yield unsupported(f"{path}.completionMode", mode, _MODES)
    elif mode == "Indexed":
        if spec.get("completions") is None:
            yield required(f"{path}.completions", "when completion mode is Indexed")
        if (spec.get("parallelism") or 0) > _MOST_INDEXED:
            yield invalid(
                f"{path}.parallelism",
                spec["parallelism"],
                f"must be less than or equal to {_MOST_INDEXED} when completion mode is Indexed",
            )
    else:
        for field in ("backoffLimitPerIndex", "maxFailedIndexes"):
            if spec.get(field) is not None:
                yield invalid(f"{path}.{field}", spec[field], "requires indexed completion mode")


# --- CronJobs ---------------------------------------------------------------------------------


def check_cron_job(document: Document) -> Iterator[FieldError]:
    """Yield every rule that a CronJob breaks."""
    spec = document.get("spec") or {}
    if schedule := spec.get("schedule"):
        yield from _schedule(schedule)
    else:
        yield required("spec.schedule")
    yield from not_negative("spec.startingDeadlineSeconds", spec.get("startingDeadlineSeconds"))
    policy = spec.get("concurrencyPolicy", "")
    if not policy:
        yield required("spec.concurrencyPolicy")
    elif policy not in _CONCURRENCY:
        yield unsupported("spec.concurrencyPolicy", policy, _CONCURRENCY)
    job = spec.get("jobTemplate") or {}
    yield from _job_template(job.get("spec") or {})
    for field in ("successfulJobsHistoryLimit", "failedJobsHistoryLimit"):
        yield from not_negative(f"spec.{field}", spec.get(field))


def _schedule(schedule: str) -> Iterator[FieldError]:
    """Yield a schedule without five fields; what stands in them is taken as it is."""
    fields = schedule.split()
    if not schedule.startswith("@") and len(fields) != 5:  # noqa: PLR2004 - cron's fields
        listed = " ".join(fields)
        yield invalid(
            "spec.schedule",
            schedule,
            f"expected exactly 5 fields, found {len(fields)}: [{listed}]",
        )


def _job_template(spec: Document) -> Iterator[FieldError]:
    """Jobs of a CronJob get their selectors when they are made.

    Source: ValidateJobTemplateSpec().
    """
    path = "spec.jobTemplate.spec"
    yield from _job_spec(path, spec)
    if spec.get("selector") is not None:
        yield invalid(f"{path}.selector", spec["selector"], "`selector` will be auto-generated")
    if spec.get("manualSelector"):
        yield unsupported(f"{path}.manualSelector", True, ("nil", "false"))
