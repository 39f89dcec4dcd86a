"""The containers inside an object that runs pods, found and changed.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/polymorphichelpers/updatepodspec.go.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from svcnet.api.keys import Document
from svcnet.api.kinds import POD, Kind
from svcnet.errors import SvcnetError

Container = dict[str, Any]

_IN_TEMPLATE = frozenset((
    "replicationcontrollers", "deployments.apps", "replicasets.apps", "statefulsets.apps",
    "daemonsets.apps", "jobs.batch", "cronjobs.batch",
))  # fmt: skip


def path_to_pod(kind: Kind) -> tuple[str, ...]:
    """Return the fields that lead to the pod spec of an object.

    Raises:
        SvcnetError: objects of this kind run no pods.
    """
    if kind is POD:
        return ("spec",)
    # One level deeper: a CronJob has a template of Jobs, and those of pods.
    if kind.resource == "cronjobs.batch":
        return ("spec", "jobTemplate", "spec", "template", "spec")
    if kind.resource in _IN_TEMPLATE:
        return ("spec", "template", "spec")
    raise SvcnetError(
        f"the object is not a pod or does not have a pod template: *{kind.version}.{kind.kind}"
    )


def pod_spec(document: Document, kind: Kind) -> Document:
    """Return the pod spec inside an object.

    Raises:
        SvcnetError: objects of this kind run no pods.
    """
    found: Any = document
    for field in path_to_pod(kind):
        found = found.get(field) or {}
    return dict(found)


def with_pod_spec(document: Document, kind: Kind, spec: Document) -> Document:
    """Return an object with another pod spec."""
    return _placed(document, path_to_pod(kind), spec)


def _placed(document: Document, path: tuple[str, ...], value: Any) -> Document:
    """Return a document with another value at the end of a path; what is beside it stays."""
    first, *rest = path
    inner = _placed(document.get(first) or {}, tuple(rest), value) if rest else value
    return {**document, first: inner}


def containers(spec: Document, pattern: str = "*") -> Iterator[Container]:
    """Yield the containers, init containers last, whose name matches a pattern with stars."""
    for field in ("containers", "initContainers"):
        for each in spec.get(field) or ():
            # selectString() in kubectl's set/helper.go knows stars; letters count as they are
            # typed.
            if fnmatch.fnmatchcase(each.get("name", ""), pattern):
                yield each


def changed_containers(
    spec: Document, names: Iterable[str], change: Callable[[Container], Container]
) -> Document:
    """Return a pod spec with the containers of these names changed.

    Their order stays: a patch merges containers by name.
    """
    wanted = frozenset(names)
    result = dict(spec)
    for field in ("containers", "initContainers"):
        if spec.get(field):
            result[field] = [
                change(each) if each.get("name", "") in wanted else each for each in spec[field]
            ]
    return result
