"""What the API server remarks on pods, and on the pods that a workload would make.

Source: kubernetes pkg/api/pod/warnings.go, pkg/api/node/util.go.
"""

from __future__ import annotations

from collections.abc import Iterator

from svcnet.api import quantity
from svcnet.api.keys import Document
from svcnet.errors import go_quote

_LABELS = {
    "beta.kubernetes.io/arch": ("1.14", "kubernetes.io/arch"),
    "beta.kubernetes.io/os": ("1.14", "kubernetes.io/os"),
    "failure-domain.beta.kubernetes.io/region": ("1.17", "topology.kubernetes.io/region"),
    "failure-domain.beta.kubernetes.io/zone": ("1.17", "topology.kubernetes.io/zone"),
    "beta.kubernetes.io/instance-type": ("1.17", "node.kubernetes.io/instance-type"),
}
_VOLUMES = {
    "photonPersistentDisk": "deprecated in v1.11, non-functional in v1.16+",
    "gitRepo": "deprecated in v1.11, and disabled by default in v1.33+",
    "scaleIO": "deprecated in v1.16, non-functional in v1.22+",
    "flocker": "deprecated in v1.22, non-functional in v1.25+",
    "storageos": "deprecated in v1.22, non-functional in v1.25+",
    "quobyte": "deprecated in v1.22, non-functional in v1.25+",
    "glusterfs": "deprecated in v1.25, non-functional in v1.26+",
    "cephfs": "deprecated in v1.28, non-functional in v1.31+",
    "rbd": "deprecated in v1.28, non-functional in v1.31+",
}
_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
_PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"


def warn_of_pod_spec(path: str, spec: Document) -> Iterator[str]:
    """Yield remarks on a PodSpec at `path`."""
    yield from _node_labels(path, spec)
    yield from _spreading(f"{path}.topologySpreadConstraints", spec)
    yield from _pull_secrets(f"{path}.imagePullSecrets", spec)
    for index, volume in enumerate(spec.get("volumes") or ()):
        for source, why in _VOLUMES.items():
            if source in volume:
                yield f"{path}.volumes[{index}].{source}: {why}"
    for group in ("initContainers", "containers"):
        for index, container in enumerate(spec.get(group) or ()):
            yield from _container(f"{path}.{group}[{index}]", container)
    yield from _ports(path, spec)
    if (spec.get("terminationGracePeriodSeconds") or 0) < 0:
        yield (
            f"{path}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and "
            "will be treated as 1"
        )


def _since(label: str) -> str:
    """Return since when a node label is deprecated, and what to use instead."""
    version, instead = _LABELS[label]
    return f'deprecated since v{version}; use "{instead}" instead'


def _node_labels(path: str, spec: Document) -> Iterator[str]:
    """Yield old node labels that a pod is placed by."""
    # A Go map has no order; sorted, the same spec gets the same remarks every time.
    for label in sorted(spec.get("nodeSelector") or {}):
        if label in _LABELS:
            yield f"{path}.nodeSelector[{label}]: {_since(label)}"
    affinity = (spec.get("affinity") or {}).get("nodeAffinity") or {}
    at = f"{path}.affinity.nodeAffinity"
    for index, term in enumerate((affinity.get(_REQUIRED) or {}).get("nodeSelectorTerms") or ()):
        yield from _term(f"{at}.{_REQUIRED}.nodeSelectorTerms[{index}]", term)
    for index, term in enumerate(affinity.get(_PREFERRED) or ()):
        yield from _term(f"{at}.{_PREFERRED}[{index}].preference", term.get("preference") or {})


def _term(path: str, term: Document) -> Iterator[str]:
    """Yield old node labels in a term."""
    for index, each in enumerate(term.get("matchExpressions") or ()):
        if (label := each.get("key")) in _LABELS:
            yield f"{path}.matchExpressions[{index}].key: {label} is {_since(label)}"


def _spreading(path: str, spec: Document) -> Iterator[str]:
    """Yield old node labels by which pods spread, and constraints that count no pods."""
    for index, constraint in enumerate(spec.get("topologySpreadConstraints") or ()):
        if (label := constraint.get("topologyKey")) in _LABELS:
            yield f"{path}[{index}].topologyKey: {label} is {_since(label)}"
        # Easily mistaken: an empty selector matches every pod, a null one none.
        if constraint.get("labelSelector") is None:
            yield f"{path}[{index}].labelSelector: a null labelSelector results in matching no pod"


def _pull_secrets(path: str, spec: Document) -> Iterator[str]:
    """Yield names of pull secrets that are missing or repeated."""
    names = [each.get("name", "") for each in spec.get("imagePullSecrets") or ()]
    for index, name in enumerate(names):
        if not name:
            yield f'{path}[{index}].name: invalid empty name ""'
        elif name in names[:index]:
            yield f"{path}[{index}].name: duplicate name {go_quote(name)}"


def _container(path: str, container: Document) -> Iterator[str]:
    """Yield amounts of bytes that are no whole numbers, and variables that hide others."""
    for kind in ("limits", "requests"):
        amounts = (container.get("resources") or {}).get(kind) or {}
        for name in ("memory", "ephemeral-storage"):
            amount = amounts.get(name)
            # Usually a slip: `100m` of memory is a tenth of a byte, `100M` was meant.
            if amount is not None and not quantity.is_whole(amount):
                yield (
                    f"{path}.resources.{kind}[{name}]: fractional byte value {go_quote(amount)} "
                    "is invalid, must be an integer"
                )
    names = [each.get("name") for each in container.get("env") or ()]
    for index, name in enumerate(names):
        # The name is the key by which apply merges variables: of two alike one may get lost.
        if name in names[:index]:
            yield (
                f"{path}.env[{index}]: hides previous definition of {go_quote(str(name))}, which "
                "may be dropped when using apply"
            )


def _ports(path: str, spec: Document) -> Iterator[str]:
    """Yield remarks on ports that two containers, or one container twice, say they have."""
    seen: dict[tuple[int, str], str] = {}
    for number, container in enumerate(spec.get("containers") or ()):
        for index, port in enumerate(container.get("ports") or ()):
            at = f"{path}.containers[{number}].ports[{index}]"
            # The keys by which server-side apply tells ports apart (listMapKey in types.go).
            key = (port.get("containerPort", 0), port.get("protocol", ""))
            if key in seen:
                yield f"{at}: duplicate port definition with {seen[key]}"
            seen.setdefault(key, at)
