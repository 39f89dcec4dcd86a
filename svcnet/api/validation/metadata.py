"""Rules for what every object carries.

Source: kubernetes staging/src/k8s.io/apimachinery/pkg/api/validation/objectmeta.go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from svcnet.api import content
from svcnet.api.field_errors import (
    complaints,
    forbidden,
    invalid,
    not_negative,
    required,
    unchanged,
)
from svcnet.api.keys import Document
from svcnet.api.kinds import EVENT, NAMESPACE, SERVICE, Kind
from svcnet.errors import Fault, FieldError

# Source: kubernetes staging/src/k8s.io/apimachinery/pkg/api/validation TotalAnnotationSizeLimitB.
_MOST_ANNOTATIONS = 256 * 1024
# Source: kubernetes pkg/apis/core/helper IsStandardFinalizerName().
_FINALIZERS = ("foregroundDeletion", "kubernetes", "orphan")
# A label holds 63 letters, and a job's name becomes the label of its pods: 63 - 11 = 52.
_MOST_CRON_JOB = 52

NameRule = Callable[[str], Iterable[str]]


def path_segment(name: str) -> Iterator[str]:
    """Yield what keeps a name from being a part of a URL: names of roles.

    Roles may have names such as `system:node`, which no DNS name could be; what is left is that
    the name must fit between two slashes. Source: IsValidPathSegmentName().
    """
    if name in (".", ".."):
        yield f"may not be '{name}'"
        return
    for letter in "/%":
        if letter in name:
            yield f"may not contain '{letter}'"


def _cron_job(name: str) -> Iterator[str]:
    """A CronJob's name leaves room for the eleven letters that its jobs add."""
    if len(name) > _MOST_CRON_JOB:
        yield content.too_long(_MOST_CRON_JOB)
    yield from content.dns_subdomain(name)


_NAME_RULES: dict[str, NameRule] = {
    SERVICE.resource: content.dns_label,
    NAMESPACE.resource: content.dns_label,
    "cronjobs.batch": _cron_job,
    "roles.rbac.authorization.k8s.io": path_segment,
    "rolebindings.rbac.authorization.k8s.io": path_segment,
    "clusterroles.rbac.authorization.k8s.io": path_segment,
    "clusterrolebindings.rbac.authorization.k8s.io": path_segment,
    "ipaddresses.networking.k8s.io": lambda _: (),
}
"""By resource; names of all other objects are DNS subdomains."""


def check_metadata(document: Document, kind: Kind) -> Iterator[FieldError]:
    """Yield the rules that a document's metadata breaks.

    Source: ValidateObjectMetaAccessor().
    """
    metadata = document.get("metadata") or {}
    rule = _NAME_RULES.get(kind.resource, content.dns_subdomain)
    # Five letters will follow, so a dash at the end is as good as a letter.
    if prefix := metadata.get("generateName"):
        yield from complaints("metadata.generateName", prefix, rule(_complete(prefix)))
    if name := metadata.get("name"):
        yield from complaints("metadata.name", name, rule(name))
    else:
        # The server has made a name of `generateName` by now; so whoever reads this gave neither.
        yield required("metadata.name", "name or generateName is required")
    yield from _namespace(metadata.get("namespace", ""), namespaced=kind.namespaced)
    yield from not_negative("metadata.generation", metadata.get("generation"))
    yield from check_labels("metadata.labels", metadata.get("labels"))
    yield from _annotations(metadata.get("annotations"))
    yield from _owners(metadata.get("ownerReferences"))
    yield from _finalizers(metadata.get("finalizers"))


def check_identity(document: Document, kind: Kind) -> Iterator[FieldError]:
    """Yield what keeps an object's name and namespace from being any."""
    metadata = document["metadata"]
    name, namespace = metadata["name"], metadata.get("namespace")
    yield from complaints("metadata.name", name, _identity_rule(kind)(name))
    if namespace:
        yield from complaints("metadata.namespace", namespace, content.dns_label(namespace))


def _identity_rule(kind: Kind) -> NameRule:
    """Return what must hold of names that were given once: servers do not look at those of events.

    Source: kubernetes pkg/apis/core/validation/events.go legacyValidateEvent().
    """
    if kind is EVENT:
        return path_segment
    return _NAME_RULES.get(kind.resource, content.dns_subdomain)


def check_metadata_update(document: Document, old: Document) -> Iterator[FieldError]:
    """Yield the rules that a change of metadata breaks.

    The four fields are an object's identity: with another name it would be another object. Source:
    ValidateObjectMetaAccessorUpdate().
    """
    metadata, before = document.get("metadata") or {}, old.get("metadata") or {}
    for field in ("name", "namespace", "uid", "creationTimestamp"):
        yield from unchanged(f"metadata.{field}", metadata.get(field), before.get(field))
    # An identity that stays needs no second look; what may change is checked anew.
    yield from check_labels("metadata.labels", metadata.get("labels"))
    yield from _annotations(metadata.get("annotations"))
    yield from _owners(metadata.get("ownerReferences"))


def check_template_metadata(path: str, metadata: Document) -> Iterator[FieldError]:
    """Yield the rules that the metadata of a pod template breaks.

    Names in a template are not looked at: pods get theirs from what makes them.
    """
    yield from check_labels(f"{path}.labels", metadata.get("labels"))
    yield from _annotations(metadata.get("annotations"), f"{path}.annotations")


def check_labels(path: str, labels: dict[str, str] | None) -> Iterator[FieldError]:
    """Yield what keeps a mapping from being labels; the value told is the key or value at fault."""
    # Go's maps have no order, so any would be right: sorted, the answer stays the same.
    for key, value in sorted((labels or {}).items()):
        if messages := content.label_key(key):
            yield from complaints(path, key, messages)
        if messages := content.label_value(value):
            yield from complaints(path, value, messages)


def check_selector(path: str, selector: Document | None) -> Iterator[FieldError]:
    """Yield what keeps an object from being a `LabelSelector`.

    Source: kubernetes staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/validation/validation.go.
    """
    if selector is None:
        return
    yield from check_labels(f"{path}.matchLabels", selector.get("matchLabels"))
    for index, term in enumerate(selector.get("matchExpressions") or ()):
        yield from _expression(f"{path}.matchExpressions[{index}]", term)


def _expression(path: str, term: Document) -> Iterator[FieldError]:
    """Yield what is wrong with one term of a selector."""
    values = term.get("values") or ()
    match term.get("operator"):
        case "In" | "NotIn" if not values:
            yield required(f"{path}.values", "must be specified when `operator` is 'In' or 'NotIn'")
        case "Exists" | "DoesNotExist" if values:
            yield forbidden(
                f"{path}.values",
                "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
            )
        case "In" | "NotIn" | "Exists" | "DoesNotExist":
            pass
        case operator:
            yield invalid(f"{path}.operator", operator or "", "not a valid selector operator")
    # The key is looked at even where the operator is bad: the broken rules are all told.
    key = term.get("key", "")
    yield from complaints(f"{path}.key", key, content.label_key(key))
    for index, value in enumerate(values):
        yield from complaints(f"{path}.values[{index}]", value, content.label_value(value))


def _complete(prefix: str) -> str:
    """Return a name that begins with `prefix`: what will follow a dash makes it good."""
    return f"{prefix[:-2]}a" if len(prefix) > 1 and prefix.endswith("-") else prefix


def _namespace(namespace: str, *, namespaced: bool) -> Iterator[FieldError]:
    """Yield a namespace that is missing, or of no use."""
    if not namespaced:
        # Writes through a path without a namespace clear the field first, so this is rarely seen.
        if namespace:
            yield forbidden("metadata.namespace", "not allowed on this type")
    elif not namespace:
        yield required("metadata.namespace")
    else:
        yield from complaints("metadata.namespace", namespace, content.dns_label(namespace))


def _annotations(
    annotations: dict[str, str] | None, path: str = "metadata.annotations"
) -> Iterator[FieldError]:
    """Keys may have capitals; all of them together have a limit.

    The limit is on the sum and not on each, because they are stored together in one object.
    Source: ValidateAnnotations().
    """
    size = 0
    for key, value in sorted((annotations or {}).items()):
        size += len(key.encode()) + len(value.encode())
        # Capitals are allowed in annotations by history: they are checked as if they were none.
        if messages := content.label_key(key.lower()):
            yield from complaints(path, key, messages)
    if size > _MOST_ANNOTATIONS:
        detail = f"may not be more than {_MOST_ANNOTATIONS} bytes"
        yield FieldError(path, Fault.TOO_LONG, None, detail)


def _owners(owners: list[Any] | None) -> Iterator[FieldError]:
    """The path has no index: the server leaves it out.

    Only one owner can be the controller, or two of them would fight over the object. Source:
    ValidateOwnerReferences().
    """
    path = "metadata.ownerReferences"
    controllers = []
    for owner in owners or ():
        if not (owner.get("apiVersion") or "").rpartition("/")[2]:
            yield invalid(
                f"{path}.apiVersion", owner.get("apiVersion"), "version must not be empty"
            )
        for field in ("kind", "name", "uid"):
            if not owner.get(field):
                yield invalid(f"{path}.{field}", owner.get(field, ""), "must not be empty")
        if owner.get("controller"):
            controllers.append(owner)
    if len(controllers) > 1:
        first, second = (f"{each['kind']}/{each['name']}" for each in controllers[:2])
        yield invalid(
            path,
            owners,
            "Only one reference can have Controller set to true. Found "
            f'"true" in references for {first} and {second}',
        )


def _finalizers(finalizers: list[str] | None) -> Iterator[FieldError]:
    """A finalizer names who must act first, so it has a domain or is one of Kubernetes' own."""
    for index, name in enumerate(finalizers or ()):
        path = f"metadata.finalizers[{index}]"
        if messages := content.label_key(name):
            yield from complaints(path, name, messages)
        elif "/" not in name and name not in _FINALIZERS:
            yield invalid(
                path, name, "name is neither a standard finalizer name nor is it fully qualified"
            )
