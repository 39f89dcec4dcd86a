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
_ANNOTATIONS = {
    "scheduler.alpha.kubernetes.io/critical-pod": (
        'non-functional in v1.16+; use the "priorityClassName" field instead'
    ),
    "security.alpha.kubernetes.io/sysctls": (
        'non-functional in v1.11+; use the "sysctls" field instead'
    ),
    "security.alpha.kubernetes.io/unsafe-sysctls": (
        'non-functional in v1.11+; use the "sysctls" field instead'
    ),
}
_SECCOMP = "seccomp.security.alpha.kubernetes.io/pod"
_SECCOMP_OF = "seccomp.security.alpha.kubernetes.io"
_APP_ARMOR_OF = "apparmor.security.beta.kubernetes.io"
_NO_SECCOMP = 'non-functional in v1.27+; use the "seccompProfile" field instead'
_BYTES = ("memory", "ephemeral-storage")
_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
_PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"


def warn_of_pod(path: str, pod: Document) -> Iterator[str]:
    """Yield remarks on a pod, or on the template of one, at `path`; a pod's own is empty.

    Source: warningsForPodSpecAndMeta().
    """
    spec = pod.get("spec") or {}
    annotations = (pod.get("metadata") or {}).get("annotations") or {}
    at, noted = f"{path}spec", f"{path}metadata.annotations"
    yield from _node_labels(at, spec)
    yield from _spreading(f"{at}.topologySpreadConstraints", spec)
    for name, why in _ANNOTATIONS.items():
        if name in annotations:
            yield f"{noted}[{name}]: {why}"
    for index, volume in enumerate(spec.get("volumes") or ()):
        for source, why in _VOLUMES.items():
            if source in volume:
                named = "storageOS" if source == "storageos" else source
                yield f"{at}.volumes[{index}].{named}: {why}"
    yield from _repeated(f"{at}.hostAliases", "ip", spec.get("hostAliases") or [])
    yield from _pull_secrets(f"{at}.imagePullSecrets", spec)
    yield from _fractions(f"{at}.overhead", spec.get("overhead") or {})
    if _SECCOMP in annotations and not _secured(spec, "seccompProfile"):
        yield f"{noted}[{_SECCOMP}]: {_NO_SECCOMP}"
    app_armor = _secured(spec, "appArmorProfile")
    for where, container in _containers(at, spec):
        yield from _security(noted, annotations, container, app_armor=app_armor or not path)
        yield from _container(where, container)
    yield from _ports(at, spec)
    if (spec.get("terminationGracePeriodSeconds") or 0) < 0:
        yield (
            f"{at}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and "
            "will be treated as 1"
        )
    for kind in ("podAffinity", "podAntiAffinity"):
        yield from _neighbours(
            f"{at}.affinity.{kind}", (spec.get("affinity") or {}).get(kind) or {}
        )


def _containers(path: str, spec: Document) -> Iterator[tuple[str, Document]]:
    """Yield each container of a pod, and where it stands, in the order the server visits them."""
    for group in ("initContainers", "containers", "ephemeralContainers"):
        for index, container in enumerate(spec.get(group) or ()):
            yield f"{path}.{group}[{index}]", container


def _secured(spec: Document, field: str) -> bool:
    """Tell whether a pod, or a container, has a field in its security context."""
    return (spec.get("securityContext") or {}).get(field) is not None


def _security(
    noted: str, annotations: Document, container: Document, *, app_armor: bool
) -> Iterator[str]:
    """Yield annotations about a container that fields have taken the place of.

    With `app_armor` the pod has that field, or is a pod of its own: the server tells of those
    elsewhere.
    """
    name = container.get("name", "")
    seccomp, armor = f"container.{_SECCOMP_OF}/{name}", f"container.{_APP_ARMOR_OF}/{name}"
    if seccomp in annotations and not _secured(container, "seccompProfile"):
        yield f"{noted}[{seccomp}]: {_NO_SECCOMP}"
    if armor in annotations and not app_armor and not _secured(container, "appArmorProfile"):
        yield f'{noted}[{armor}]: deprecated since v1.30; use the "appArmorProfile" field instead'


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


def _neighbours(path: str, affinity: Document) -> Iterator[str]:
    """Yield terms about other pods that mean none."""
    null = "a null labelSelector results in matching no pod"
    for index, term in enumerate(affinity.get(_REQUIRED) or ()):
        if term.get("labelSelector") is None:
            yield f"{path}.{_REQUIRED}[{index}].labelSelector: {null}"
    for index, weighted in enumerate(affinity.get(_PREFERRED) or ()):
        if (weighted.get("podAffinityTerm") or {}).get("labelSelector") is None:
            yield f"{path}.{_PREFERRED}[{index}].podAffinityTerm.labelSelector: {null}"


def _repeated(path: str, field: str, items: list[Document]) -> Iterator[str]:
    """Yield items that have in a field what one before them has."""
    values = [each.get(field, "") for each in items]
    for index, value in enumerate(values):
        if value in values[:index]:
            yield f"{path}[{index}].{field}: duplicate {field} {go_quote(value)}"


def _pull_secrets(path: str, spec: Document) -> Iterator[str]:
    """Yield names of pull secrets that are missing or repeated."""
    secrets = spec.get("imagePullSecrets") or []
    yield from _repeated(path, "name", secrets)
    for index, each in enumerate(secrets):
        if not each.get("name"):
            yield f'{path}[{index}].name: invalid empty name ""'


def _container(path: str, container: Document) -> Iterator[str]:
    """Yield amounts of bytes that are no whole numbers, and variables that hide others."""
    resources = container.get("resources") or {}
    for name in _BYTES:
        for kind in ("limits", "requests"):
            yield from _fractions(f"{path}.resources.{kind}", resources.get(kind) or {}, name)
    names = set()
    for index, each in enumerate(container.get("env") or ()):
        name = str(each.get("name", ""))
        # The name is the key by which apply merges variables: of two alike one may get lost.
        if name in names and not _builds_on_itself(each, name):
            yield (
                f"{path}.env[{index}]: hides previous definition of {go_quote(name)}, which "
                "may be dropped when using apply"
            )
        names.add(name)


def _fractions(path: str, amounts: Document, *only: str) -> Iterator[str]:
    """Yield amounts of bytes that are no whole numbers."""
    for name in only or _BYTES:
        amount = amounts.get(name)
        # Usually a slip: `100m` of memory is a tenth of a byte, `100M` was meant.
        if amount is not None and not quantity.is_whole(amount):
            yield (
                f"{path}[{name}]: fractional byte value {go_quote(amount)} is invalid, must be an "
                "integer"
            )


def _builds_on_itself(variable: Document, name: str) -> bool:
    """Tell whether a variable adds to what one of its name held: ``PATH=$(PATH):/bin``."""
    reference, value = f"$({name})", variable.get("value", "")
    return not variable.get("valueFrom") and value != reference and reference in value


def _ports(path: str, spec: Document) -> Iterator[str]:
    """Yield remarks on ports that two containers, or one container twice, say they have."""
    seen: dict[tuple[int, str], list[tuple[str, str, int]]] = {}
    for where, container in _containers(path, spec):
        for index, port in enumerate(container.get("ports") or ()):
            at = f"{where}.ports[{index}]"
            address, number = port.get("hostIP", ""), port.get("hostPort", 0)
            # The keys by which server-side apply tells ports apart (listMapKey in types.go).
            key = (port.get("containerPort", 0), port.get("protocol", ""))
            for other, its_address, its_number in seen.get(key, ()):
                if (address, number) == (its_address, its_number):
                    yield f"{at}: duplicate port definition with {other}"
                elif not number or not its_number:
                    yield f"{at}: overlapping port definition with {other}"
                elif number == its_number and bool(address) != bool(its_address):
                    yield f"{at}: dangerously ambiguous port definition with {other}"
            seen.setdefault(key, []).append((at, address, number))
