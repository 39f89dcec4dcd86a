"""Rules for what configures workloads and who may do what: ConfigMaps, Secrets, claims, roles.

Source: kubernetes pkg/apis/core/validation/validation.go, pkg/apis/rbac/validation/validation.go,
pkg/apis/autoscaling/validation/validation.go, pkg/apis/policy/validation/validation.go.
"""

from __future__ import annotations

from collections.abc import Iterator

from svcnet.api import content
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
from svcnet.api.system_priority_classes import HIGHEST_OF_USERS, RESERVED, misuse
from svcnet.api.validation.metadata import check_selector
from svcnet.api.validation.resources import check_amount
from svcnet.api.validation.workloads import int_or_percent
from svcnet.errors import Fault, FieldError

# Source: kubernetes pkg/apis/core MaxSecretSize, and the same for ConfigMaps.
_VOLUME_MODES = enum_of("core/v1.PersistentVolumeClaimSpec", "volumeMode")
_BINDING_MODES = enum_of("storage/v1.StorageClass", "volumeBindingMode")
_PREEMPTION_POLICIES = enum_of("scheduling/v1.PriorityClass", "preemptionPolicy")
_MOST_BYTES = 1024 * 1024
_MODES = ("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod")
_RBAC = "rbac.authorization.k8s.io"


def check_config_map(document: Document) -> Iterator[FieldError]:
    """Yield every rule that a ConfigMap breaks.

    Keys become names of files when the map is mounted as a volume. Source: ValidateConfigMap().
    """
    plain, binary = document.get("data") or {}, document.get("binaryData") or {}
    # Go's maps have no order, so any would be right: sorted, the answer stays the same.
    for key in sorted(plain):
        yield from complaints(f"data[{key}]", key, content.config_key(key))
        if key in binary:
            yield invalid(f"data[{key}]", key, "duplicate of key present in binaryData")
    for key in sorted(binary):
        yield from complaints(f"binaryData[{key}]", key, content.config_key(key))
    size = sum(len(each.encode()) for each in plain.values())
    # Base64 writes three bytes as four letters, and the limit is on the bytes.
    size += sum(len(each) * 3 // 4 for each in binary.values())
    yield from _size(size, "")


def check_config_map_update(document: Document, old: Document) -> Iterator[FieldError]:
    """Yield every rule that a change of a ConfigMap breaks."""
    yield from _immutable(document, old, "data", "binaryData")
    yield from check_config_map(document)


def check_secret(document: Document) -> Iterator[FieldError]:
    """Yield every rule that a Secret breaks.

    A type is a promise to whoever reads the Secret, so the keys that the type names must be there.
    Source: ValidateSecret().
    """
    data = document.get("data") or {}
    for key in sorted(data):
        yield from complaints(f"data[{key}]", key, content.config_key(key))
    yield from _size(sum(len(each) * 3 // 4 for each in data.values()), "data")
    # Source: kubernetes pkg/apis/core/types.go, the constants SecretType.
    needed: dict[str, tuple[str, ...]] = {
        "kubernetes.io/tls": ("tls.crt", "tls.key"),
        "kubernetes.io/ssh-auth": ("ssh-privatekey",),
        "kubernetes.io/dockerconfigjson": (".dockerconfigjson",),
        "kubernetes.io/dockercfg": (".dockercfg",),
    }
    for key in needed.get(document.get("type", ""), ()):
        if key not in data:
            yield required(f"data[{key}]")


def check_secret_update(document: Document, old: Document) -> Iterator[FieldError]:
    """Yield every rule that a change of a Secret breaks."""
    if document.get("type") != old.get("type"):
        yield invalid("type", document.get("type"), IMMUTABLE)
    yield from _immutable(document, old, "data")
    yield from check_secret(document)


def _size(size: int, path: str) -> Iterator[FieldError]:
    """Yield the error of more bytes than etcd should hold in one object."""
    if size > _MOST_BYTES:
        yield FieldError(path, Fault.TOO_LONG, None, f"may not be more than {_MOST_BYTES} bytes")


def _immutable(document: Document, old: Document, *fields: str) -> Iterator[FieldError]:
    """Yield changes of what was sealed.

    A sealed map is watched by no kubelet, so a change would never arrive; for the same reason the
    seal cannot be taken off. Source: ValidateConfigMapUpdate(), ValidateSecretUpdate().
    """
    if not old.get("immutable"):
        return
    sealed = "field is immutable when `immutable` is set"
    # That the seal was taken off is told beside what else changed.
    if not document.get("immutable"):
        yield forbidden("immutable", sealed)
    for field in fields:
        if document.get(field) != old.get(field):
            yield forbidden(field, sealed)


# --- storage ----------------------------------------------------------------------------------


def check_claim(document: Document) -> Iterator[FieldError]:
    """Yield every rule that a PersistentVolumeClaim breaks.

    Source: ValidatePersistentVolumeClaimSpec().
    """
    spec = document.get("spec") or {}
    modes = spec.get("accessModes") or []
    if not modes:
        yield required("spec.accessModes", "at least 1 access mode is required")
    for mode in modes:
        if mode not in _MODES:
            # The server leaves out the index here.
            yield unsupported("spec.accessModes", mode, _MODES)
    yield from check_selector("spec.selector", spec.get("selector"))
    storage = ((spec.get("resources") or {}).get("requests") or {}).get("storage")
    if storage is None:
        yield required("spec.resources[storage]")
    else:
        yield from check_amount("spec.resources[storage]", storage)
    if name := spec.get("storageClassName"):
        yield from complaints("spec.storageClassName", name, content.dns_subdomain(name))
    mode = spec.get("volumeMode")
    if mode not in (None, "Block", "Filesystem"):
        yield unsupported("spec.volumeMode", mode, _VOLUME_MODES)


def check_storage_class(document: Document) -> Iterator[FieldError]:
    """Yield every rule that a StorageClass breaks.

    Source: kubernetes pkg/apis/storage/validation/validation.go ValidateStorageClass().
    """
    if not document.get("provisioner"):
        yield required("provisioner")
    policy = document.get("reclaimPolicy")
    if policy not in ("Delete", "Retain"):
        yield unsupported("reclaimPolicy", policy, ("Delete", "Retain"))
    mode = document.get("volumeBindingMode")
    if mode not in _BINDING_MODES:
        yield unsupported("volumeBindingMode", mode, _BINDING_MODES)


# --- access -----------------------------------------------------------------------------------


def check_role(document: Document) -> Iterator[FieldError]:
    """Yield every rule that a Role or ClusterRole breaks.

    URLs such as `/healthz` lie in no namespace, so only a ClusterRole can speak of them. Source:
    ValidatePolicyRule().
    """
    of_cluster = document.get("kind") == "ClusterRole"
    for index, rule in enumerate(document.get("rules") or ()):
        path, urls = f"rules[{index}]", rule.get("nonResourceURLs")
        if not rule.get("verbs"):
            yield required(f"{path}.verbs", "verbs must contain at least one value")
        if urls and not of_cluster:
            yield invalid(
                f"{path}.nonResourceURLs",
                urls,
                "namespaced rules cannot apply to non-resource URLs",
            )
        elif urls and (rule.get("apiGroups") or rule.get("resources")):
            yield invalid(
                f"{path}.nonResourceURLs",
                urls,
                "rules cannot apply to both regular resources and non-resource URLs",
            )
        # A rule is about URLs or about resources, so only without URLs are these two missed.
        elif not urls:
            if not rule.get("apiGroups"):
                yield required(
                    f"{path}.apiGroups", "resource rules must supply at least one api group"
                )
            if not rule.get("resources"):
                yield required(
                    f"{path}.resources", "resource rules must supply at least one resource"
                )


def check_role_binding(document: Document) -> Iterator[FieldError]:
    """Yield every rule that a RoleBinding or ClusterRoleBinding breaks.

    A ClusterRoleBinding holds everywhere, so it cannot point at a Role, which is of one namespace.
    Source: ValidateRoleBinding(), ValidateClusterRoleBinding().
    """
    role = document.get("roleRef") or {}
    if role.get("apiGroup") != _RBAC:
        yield unsupported("roleRef.apiGroup", role.get("apiGroup", ""), (_RBAC,))
    namespaced = document.get("kind") == "RoleBinding"
    kinds = ("ClusterRole", "Role") if namespaced else ("ClusterRole",)
    if role.get("kind") not in kinds:
        yield unsupported("roleRef.kind", role.get("kind", ""), kinds)
    if not role.get("name"):
        yield required("roleRef.name")
    for index, subject in enumerate(document.get("subjects") or ()):
        yield from _subject(f"subjects[{index}]", subject, document.get("kind", ""))


def check_role_binding_update(document: Document, old: Document) -> Iterator[FieldError]:
    """Yield every rule that a change of a binding breaks: it stays with its role.

    Who may edit the subjects of a binding must not come by another role that way. Source:
    ValidateRoleBindingUpdate().
    """
    yield from check_role_binding(document)
    # The other rules come first: so they do in the server.
    if document.get("roleRef") != old.get("roleRef"):
        yield invalid("roleRef", document.get("roleRef"), "cannot change roleRef")


def _subject(path: str, subject: Document, binding: str) -> Iterator[FieldError]:
    """Yield what is wrong with whom a role is given to.

    Users and groups are no objects of the cluster: they belong to the group of RBAC itself, and
    ServiceAccounts to the core group. Source: ValidateRoleBindingSubject().
    """
    kind, name = subject.get("kind", ""), subject.get("name", "")
    if not name:
        yield required(f"{path}.name")
    if kind == "ServiceAccount":
        if name:
            yield from complaints(f"{path}.name", name, content.dns_subdomain(name))
        if subject.get("apiGroup"):
            yield unsupported(f"{path}.apiGroup", subject["apiGroup"], ("",))
        # A RoleBinding has a namespace of its own to fall back on, a ClusterRoleBinding has none.
        if not subject.get("namespace") and binding == "ClusterRoleBinding":
            yield required(f"{path}.namespace")
    elif kind in ("User", "Group"):
        if subject.get("apiGroup") != _RBAC:
            yield unsupported(f"{path}.apiGroup", subject.get("apiGroup", ""), (_RBAC,))
    else:
        yield unsupported(f"{path}.kind", kind, ("ServiceAccount", "User", "Group"))


# --- policy -----------------------------------------------------------------------------------


def check_disruption_budget(document: Document) -> Iterator[FieldError]:
    """Yield every rule that a PodDisruptionBudget breaks.

    Each of the two numbers says the whole budget, so both at once could contradict each other.
    Source: ValidatePodDisruptionBudgetSpec().
    """
    spec = document.get("spec") or {}
    fewest, most = spec.get("minAvailable"), spec.get("maxUnavailable")
    if fewest is not None and most is not None:
        yield invalid("spec", spec, "minAvailable and maxUnavailable cannot be both set")
    for field, value in (("minAvailable", fewest), ("maxUnavailable", most)):
        if value is not None:
            yield from int_or_percent(f"spec.{field}", value)
    yield from check_selector("spec.selector", spec.get("selector"))


def check_autoscaler(document: Document) -> Iterator[FieldError]:
    """Yield every rule that a HorizontalPodAutoscaler breaks.

    Source: validateHorizontalPodAutoscalerSpec().
    """
    spec = document.get("spec") or {}
    fewest, most = spec.get("minReplicas"), spec.get("maxReplicas", 0)
    if fewest is not None and fewest < 1:
        yield invalid("spec.minReplicas", fewest, "must be greater than or equal to 1")
    if most < 1:
        yield invalid("spec.maxReplicas", most, "must be greater than 0")
    # With most at 0 both rules are broken, and both are told.
    if fewest is not None and most < fewest:
        yield invalid("spec.maxReplicas", most, "must be greater than or equal to `minReplicas`")
    target = spec.get("scaleTargetRef") or {}
    for field in ("kind", "name"):
        if not target.get(field):
            yield required(f"spec.scaleTargetRef.{field}")


def check_priority_class(document: Document) -> Iterator[FieldError]:
    """Yield every rule that a PriorityClass breaks.

    Source: kubernetes pkg/apis/scheduling/validation/validation.go ValidatePriorityClass().
    """
    name, value = document["metadata"].get("name", ""), document.get("value", 0)
    if name.startswith(RESERVED):
        if why := misuse(name, value, default=bool(document.get("globalDefault"))):
            kept = f"priority class names with '{RESERVED}' prefix are reserved for system use only"
            yield forbidden("metadata.name", f"{kept}. error: {why}")
    elif value > HIGHEST_OF_USERS:
        limit = f"maximum allowed value of a user defined priority is {HIGHEST_OF_USERS}"
        yield forbidden("value", limit)
    policy = document.get("preemptionPolicy")
    if policy is not None and policy not in _PREEMPTION_POLICIES:
        yield unsupported("preemptionPolicy", policy, _PREEMPTION_POLICIES)


def check_priority_class_update(document: Document, old: Document) -> Iterator[FieldError]:
    """Yield every rule that a change of a PriorityClass breaks.

    Pods carry the number since they were made, and would not follow. Source: kubernetes
    pkg/apis/scheduling/validation/validation.go ValidatePriorityClassUpdate().
    """
    if document.get("value") != old.get("value"):
        yield forbidden("value", "may not be changed in an update.")
    if document.get("preemptionPolicy") != old.get("preemptionPolicy"):
        yield invalid("preemptionPolicy", document.get("preemptionPolicy"), IMMUTABLE)


def check_lease(document: Document) -> Iterator[FieldError]:
    """Yield every rule that a Lease breaks.

    Source: kubernetes pkg/apis/coordination/validation/validation.go ValidateLeaseSpec().
    """
    spec = document.get("spec") or {}
    seconds = spec.get("leaseDurationSeconds")
    if seconds is not None and seconds <= 0:
        yield invalid("spec.leaseDurationSeconds", seconds, "must be greater than 0")
    transitions = spec.get("leaseTransitions")
    yield from not_negative("spec.leaseTransitions", transitions)
