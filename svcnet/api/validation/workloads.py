"""Rules for what keeps pods running: Deployments, ReplicaSets, StatefulSets, DaemonSets.

Source: kubernetes pkg/apis/apps/validation/validation.go,
pkg/apis/core/validation/validation.go ValidateReplicationController().
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from svcnet.api import content, selectors
from svcnet.api.field_errors import (
    IMMUTABLE,
    complaints,
    forbidden,
    invalid,
    not_negative,
    required,
    unsupported,
)
from svcnet.api.keys import Document
from svcnet.api.struct_table import enum_of
from svcnet.api.validation.metadata import (
    check_selector,
    check_template_metadata,
)
from svcnet.api.validation.pods import check_pod_template
from svcnet.errors import FieldError

_STRATEGIES = enum_of("apps/v1.DeploymentStrategy", "type")
_ALWAYS = ("Always",)
_TEMPLATE = "spec.template"
_MISMATCH = "`selector` does not match template `labels`"
_STATEFUL_CHANGES = (
    "replicas",
    "ordinals",
    "template",
    "updateStrategy",
    "revisionHistoryLimit",
    "persistentVolumeClaimRetentionPolicy",
    "minReadySeconds",
)


def check_deployment(document: Document) -> Iterator[FieldError]:
    """Yield every rule that a Deployment breaks.

    A pod counts only after `minReadySeconds`, so with a shorter deadline no rollout could end in
    time. Source: ValidateDeploymentSpec().
    """
    spec = document.get("spec") or {}
    yield from not_negative("spec.replicas", spec.get("replicas"))
    yield from _selector(spec, "deployment")
    yield from _template(spec, "ReplicaSet")
    yield from _deployment_strategy(spec.get("strategy") or {})
    yield from not_negative("spec.minReadySeconds", spec.get("minReadySeconds"))
    yield from not_negative("spec.revisionHistoryLimit", spec.get("revisionHistoryLimit"))
    if (deadline := spec.get("progressDeadlineSeconds")) is not None:
        yield from not_negative("spec.progressDeadlineSeconds", deadline)
        if deadline <= spec.get("minReadySeconds", 0):
            yield invalid(
                "spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds"
            )


def check_deployment_update(document: Document, old: Document) -> Iterator[FieldError]:
    """Yield every rule that a change of a Deployment breaks."""
    yield from check_deployment(document)
    yield from _fixed_selector(document, old)


def check_replica_set(document: Document) -> Iterator[FieldError]:
    """Yield every rule that a ReplicaSet breaks.

    Source: ValidateReplicaSetSpec().
    """
    spec = document.get("spec") or {}
    yield from not_negative("spec.replicas", spec.get("replicas"))
    yield from not_negative("spec.minReadySeconds", spec.get("minReadySeconds"))
    # The text says deployment for ReplicaSets too: so it does in the server.
    yield from _selector(spec, "deployment")
    yield from _template(spec, "ReplicaSet")


def check_replica_set_update(document: Document, old: Document) -> Iterator[FieldError]:
    """Yield every rule that a change of a ReplicaSet breaks."""
    yield from check_replica_set(document)
    yield from _fixed_selector(document, old)


def check_replication_controller(document: Document) -> Iterator[FieldError]:
    """Yield every rule that a ReplicationController breaks."""
    spec = document.get("spec") or {}
    yield from not_negative("spec.minReadySeconds", spec.get("minReadySeconds"))
    if not spec.get("selector"):
        yield required("spec.selector")
    yield from not_negative("spec.replicas", spec.get("replicas"))
    if spec.get("template") is None:
        yield required("spec.template")
        # Without a template there are no labels to compare.
        return
    wanted = spec.get("selector") or {}
    labels = (spec["template"].get("metadata") or {}).get("labels")
    if wanted and not selectors.from_labels(wanted).matches(labels or {}):
        yield invalid("spec.template.metadata.labels", labels, _MISMATCH)
    yield from check_pod_template("spec.template", spec["template"])
    yield from _restarts(spec, "ReplicationController")


def check_daemon_set(document: Document) -> Iterator[FieldError]:
    """Yield every rule that a DaemonSet breaks.

    Source: ValidateDaemonSetSpec().
    """
    spec = document.get("spec") or {}
    template = spec.get("template") or {}
    yield from check_selector("spec.selector", spec.get("selector"))
    # The order differs from that of Deployments: it is the server's.
    yield from _matching(spec)
    if spec.get("selector") is not None and not _terms(spec["selector"]):
        yield invalid("spec.selector", spec["selector"], "empty selector is invalid for daemonset")
    yield from check_pod_template("spec.template", template)
    yield from _restarts(spec, "DaemonSet")
    yield from not_negative("spec.minReadySeconds", spec.get("minReadySeconds"))
    yield from _daemon_strategy(spec.get("updateStrategy") or {})
    yield from not_negative("spec.revisionHistoryLimit", spec.get("revisionHistoryLimit"))


def check_daemon_set_update(document: Document, old: Document) -> Iterator[FieldError]:
    """Yield every rule that a change of a DaemonSet breaks."""
    yield from check_daemon_set(document)
    yield from _fixed_selector(document, old)


def check_stateful_set(document: Document) -> Iterator[FieldError]:
    """Yield every rule that a StatefulSet breaks."""
    spec = document.get("spec") or {}
    yield from _stateful_spec(spec, _claimed_template(spec))


def _claimed_template(spec: Document) -> Iterator[FieldError]:
    """Yield what is wrong with the template of a StatefulSet's pods.

    A volume that a container mounts may come from a claim template, which goes before a volume of
    the same name.

    Source: volumesToAddForTemplates(), ValidatePodTemplateSpecForStatefulSet().
    """
    template = spec.get("template") or {}
    claims = spec.get("volumeClaimTemplates") or ()
    names = dict.fromkeys((each.get("metadata") or {}).get("name", "") for each in claims)
    pod = template.get("spec") or {}
    volumes = [{"name": each, "persistentVolumeClaim": {"claimName": each}} for each in names]
    volumes += [each for each in pod.get("volumes") or () if each.get("name", "") not in names]
    yield from check_pod_template(
        "spec.template", {**template, "spec": {**pod, "volumes": volumes}}
    )


def _stateful_spec(spec: Document, template: Iterator[FieldError]) -> Iterator[FieldError]:
    """Yield what is wrong with a StatefulSet, with the faults of its template in their place."""
    policy = spec.get("podManagementPolicy", "")
    if policy not in ("OrderedReady", "Parallel"):
        yield invalid("spec.podManagementPolicy", policy, "must be 'OrderedReady' or 'Parallel'")
    yield from _stateful_strategy(spec.get("updateStrategy") or {})
    yield from not_negative("spec.replicas", spec.get("replicas"))
    yield from not_negative("spec.minReadySeconds", spec.get("minReadySeconds"))
    ordinals = (spec.get("ordinals") or {}).get("start")
    yield from not_negative("spec.ordinals.start", ordinals)
    yield from _selector(spec, "statefulset")
    yield from _matching(spec)
    yield from template
    yield from _restarts(spec, "StatefulSet")


def check_stateful_set_update(document: Document, old: Document) -> Iterator[FieldError]:
    """Yield every rule that a change of a StatefulSet breaks."""
    spec, before = document.get("spec") or {}, old.get("spec") or {}
    # A template that servers before 1.34 took stays good: they did not look into it.
    labels = ((spec.get("template") or {}).get("metadata")) or {}
    was_good = not any(_claimed_template(before))
    template = _claimed_template(spec) if was_good else check_template_metadata(_TEMPLATE, labels)
    yield from _stateful_spec(spec, template)
    # Volume claims and the Service's name are part of what each pod is called and holds.
    if _without(spec, _STATEFUL_CHANGES) != _without(before, _STATEFUL_CHANGES):
        # The list is told with an "and" before its last field.
        *most, last = (f"'{field}'" for field in _STATEFUL_CHANGES)
        yield forbidden(
            "spec",
            f"updates to statefulset spec for fields other than {', '.join(most)} and {last} "
            "are forbidden",
        )


def check_pod_template_object(document: Document) -> Iterator[FieldError]:
    """Yield every rule that a PodTemplate breaks."""
    yield from check_pod_template("template", document.get("template") or {})


def _without(spec: Document, fields: tuple[str, ...]) -> Document:
    return {field: value for field, value in spec.items() if field not in fields}


def _terms(selector: Document) -> bool:
    """Tell whether a selector selects anything at all."""
    return bool(selector.get("matchLabels") or selector.get("matchExpressions"))


def _selector(spec: Document, name: str) -> Iterator[FieldError]:
    """Yield a selector that is missing, bad or empty."""
    selector = spec.get("selector")
    if selector is None:
        yield required("spec.selector")
        return
    yield from check_selector("spec.selector", selector)
    if not _terms(selector):
        yield invalid("spec.selector", selector, f"empty selector is invalid for {name}")


def _matching(spec: Document) -> Iterator[FieldError]:
    """Yield the error of a template whose pods the selector would not find."""
    selector = spec.get("selector")
    labels = ((spec.get("template") or {}).get("metadata") or {}).get("labels")
    # Without a selector nothing is selected, so no labels match it.
    if selector is None:
        yield invalid("spec.template.metadata.labels", labels, _MISMATCH)
    # A bad selector was told already, and an empty one has an error of its own.
    elif _terms(selector) and not any(check_selector("", selector)):
        matches = selectors.from_object(selector).matches(labels or {})
        yield from () if matches else (invalid("spec.template.metadata.labels", labels, _MISMATCH),)


def _template(spec: Document, kind: str) -> Iterator[FieldError]:
    yield from _matching(spec)
    yield from check_pod_template("spec.template", spec.get("template") or {})
    yield from _restarts(spec, kind)


def _restarts(spec: Document, kind: str) -> Iterator[FieldError]:
    """Pods of a workload that keeps them running restart always."""
    pod = (spec.get("template") or {}).get("spec") or {}
    policy = pod.get("restartPolicy", "")
    if policy != "Always":
        yield unsupported("spec.template.spec.restartPolicy", policy, _ALWAYS)
    if pod.get("activeDeadlineSeconds") is not None:
        yield forbidden(
            "spec.template.spec.activeDeadlineSeconds",
            f"activeDeadlineSeconds in {kind} is not Supported",
        )


def _fixed_selector(document: Document, old: Document) -> Iterator[FieldError]:
    """Yield a selector that changed.

    With another selector a workload would lose the pods it has. Source:
    ValidateDeploymentUpdate(), ValidateReplicaSetUpdate(), ValidateDaemonSetUpdate().
    """
    selector = (document.get("spec") or {}).get("selector")
    if selector != (old.get("spec") or {}).get("selector"):
        yield invalid("spec.selector", selector, IMMUTABLE)


# --- how pods are replaced --------------------------------------------------------------------


def _deployment_strategy(strategy: Document) -> Iterator[FieldError]:
    """What is told of a bad type is the whole strategy, as Go has it.

    Source: ValidateDeploymentStrategy().
    """
    kind, rolling = strategy.get("type", ""), strategy.get("rollingUpdate")
    path = "spec.strategy"
    if kind == "Recreate":
        if rolling is not None:
            yield forbidden(
                f"{path}.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'"
            )
    elif kind == "RollingUpdate":
        yield from _rolling(f"{path}.rollingUpdate", rolling or {}, "`maxSurge` is 0")
    else:
        messages = {"Type": kind, "RollingUpdate": rolling}
        yield unsupported(path, messages, _STRATEGIES)


def _rolling(path: str, rolling: Document, zero: str) -> Iterator[FieldError]:
    """Something must be allowed to change: one pod less, or one more."""
    unavailable, surge = rolling.get("maxUnavailable", 0), rolling.get("maxSurge", 0)
    yield from int_or_percent(f"{path}.maxUnavailable", unavailable)
    yield from int_or_percent(f"{path}.maxSurge", surge)
    if not _amount(unavailable) and not _amount(surge):
        yield invalid(f"{path}.maxUnavailable", unavailable, f"may not be 0 when {zero}")
    yield from _at_most_all(f"{path}.maxUnavailable", unavailable)


def int_or_percent(path: str, value: int | str) -> Iterator[FieldError]:
    """Yield what keeps a value from being a number that is not negative, or a percentage."""
    if isinstance(value, str):
        yield from complaints(path, value, content.percent(value))
    else:
        yield from not_negative(path, value)


def _amount(value: int | str) -> int:
    if isinstance(value, int):
        return value
    return int(value[:-1]) if re.fullmatch("[0-9]+%", value) else 0


def _at_most_all(path: str, value: int | str) -> Iterator[FieldError]:
    """More than all pods cannot be away."""
    if isinstance(value, str) and _amount(value) > 100:  # noqa: PLR2004 - percent
        yield invalid(path, value, "must not be greater than 100%")


def _daemon_strategy(strategy: Document) -> Iterator[FieldError]:
    """On one node either the old pod goes first or the new one comes first.

    Source: ValidateDaemonSetUpdateStrategy().
    """
    kind, rolling = strategy.get("type", ""), strategy.get("rollingUpdate") or {}
    path = "spec.updateStrategy"
    if kind not in ("RollingUpdate", "OnDelete"):
        yield unsupported(f"{path}.type", kind, ("RollingUpdate", "OnDelete"))
    if kind != "RollingUpdate":
        return
    path = f"{path}.rollingUpdate"
    unavailable, surge = rolling.get("maxUnavailable", 0), rolling.get("maxSurge", 0)
    yield from int_or_percent(f"{path}.maxUnavailable", unavailable)
    yield from int_or_percent(f"{path}.maxSurge", surge)
    yield from _at_most_all(f"{path}.maxUnavailable", unavailable)
    yield from _at_most_all(f"{path}.maxSurge", surge)
    if _amount(unavailable) and _amount(surge):
        yield invalid(f"{path}.maxSurge", surge, "may not be set when maxUnavailable is non-zero")
    elif not _amount(unavailable) and not _amount(surge):
        yield required(f"{path}.maxUnavailable", "cannot be 0 when maxSurge is 0")


def _stateful_strategy(strategy: Document) -> Iterator[FieldError]:
    kind, rolling = strategy.get("type", ""), strategy.get("rollingUpdate")
    path = "spec.updateStrategy"
    if not kind:
        yield required(path)
    elif kind == "OnDelete":
        if rolling is not None:
            messages = {"Partition": rolling.get("partition", 0), "MaxUnavailable": None}
            yield invalid(
                f"{path}.rollingUpdate", messages, "only allowed for updateStrategy 'RollingUpdate'"
            )
    elif kind == "RollingUpdate":
        yield from not_negative(f"{path}.rollingUpdate.partition", (rolling or {}).get("partition"))
    else:
        messages = {"Type": kind, "RollingUpdate": rolling}
        yield invalid(path, messages, "must be 'RollingUpdate' or 'OnDelete'")
