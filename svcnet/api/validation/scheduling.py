"""Rules for where pods may run: affinity, tolerations, spreading.

Source: kubernetes pkg/apis/core/validation/validation.go validateAffinity(),
ValidateTolerations(), validateTopologySpreadConstraints().
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from svcnet.api import content
from svcnet.api.field_errors import complaints, duplicate, forbidden, invalid, required, unsupported
from svcnet.api.keys import Document
from svcnet.api.struct_table import enum_of
from svcnet.api.validation.metadata import check_selector
from svcnet.errors import FieldError

TAINT_EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")
_MOST_WEIGHT = 100
_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
_PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"
_UNSATISFIABLE = enum_of("core/v1.TopologySpreadConstraint", "whenUnsatisfiable")


def check_affinity(path: str, affinity: Document | None) -> Iterator[FieldError]:
    """Yield the rules that a pod's affinities break.

    Source: validateAffinity().
    """
    if not affinity:
        return
    if node := affinity.get("nodeAffinity"):
        yield from _node_affinity(f"{path}.nodeAffinity", node)
    for kind in ("podAffinity", "podAntiAffinity"):
        if pods := affinity.get(kind):
            yield from _pod_affinity(f"{path}.{kind}", pods)


def check_node_selector(path: str, selector: Document) -> Iterator[FieldError]:
    """Yield the rules that a selector of nodes breaks.

    Terms are joined by `or`: without any, no node would do. Source: ValidateNodeSelector().
    """
    terms = selector.get("nodeSelectorTerms")
    if not terms:
        yield required(f"{path}.nodeSelectorTerms", "must have at least one node selector term")
    for index, term in enumerate(terms or ()):
        yield from _node_term(f"{path}.nodeSelectorTerms[{index}]", term, values=True)


def check_tolerations(path: str, tolerations: Iterable[Document]) -> Iterator[FieldError]:
    """Yield the rules that a pod's tolerations break."""
    for index, toleration in enumerate(tolerations):
        yield from _toleration(f"{path}[{index}]", toleration)


def check_spreading(path: str, constraints: Iterable[Document]) -> Iterator[FieldError]:
    """Yield the rules that a pod's topology spread constraints break.

    Source: validateTopologySpreadConstraints().
    """
    seen: set[tuple[Any, Any]] = set()
    for index, constraint in enumerate(constraints):
        at = f"{path}[{index}]"
        skew, key = constraint.get("maxSkew", 0), constraint.get("topologyKey", "")
        if skew <= 0:
            yield invalid(f"{at}.maxSkew", skew, "must be greater than zero")
        if key:
            yield from complaints(f"{at}.topologyKey", key, content.label_key(key))
        else:
            yield required(f"{at}.topologyKey", "can not be empty")
        action = constraint.get("whenUnsatisfiable", "")
        if action not in _UNSATISFIABLE:
            yield unsupported(f"{at}.whenUnsatisfiable", action, _UNSATISFIABLE)
        if (key, action) in seen:
            # The path in braces is no path of any object: the server tells the pair this way.
            yield duplicate(f"{at}.{{topologyKey, whenUnsatisfiable}}", f"{{{key}, {action}}}")
        seen.add((key, action))
        yield from _spreading_domains(at, constraint, action)
        yield from check_selector(f"{at}.labelSelector", constraint.get("labelSelector"))


def _spreading_domains(path: str, constraint: Document, action: str) -> Iterator[FieldError]:
    """A least number of domains only makes sense where pods must spread."""
    if (domains := constraint.get("minDomains")) is not None:
        if domains <= 0:
            yield invalid(f"{path}.minDomains", domains, "must be greater than zero")
        # Source: kubernetes KEP-3022, min domains in pod topology spread.
        if action != "DoNotSchedule":
            yield invalid(
                f"{path}.minDomains",
                domains,
                f"can only use minDomains if whenUnsatisfiable=DoNotSchedule, not {action}",
            )


def _node_affinity(path: str, affinity: Document) -> Iterator[FieldError]:
    if (wanted := affinity.get(_REQUIRED)) is not None:
        yield from check_node_selector(f"{path}.{_REQUIRED}", wanted)
    for index, term in enumerate(affinity.get(_PREFERRED) or ()):
        at = f"{path}.{_PREFERRED}[{index}]"
        yield from _weight(f"{at}.weight", term.get("weight", 0))
        yield from _node_term(f"{at}.preference", term.get("preference") or {}, values=False)


def _weight(path: str, weight: int) -> Iterator[FieldError]:
    if not 0 < weight <= _MOST_WEIGHT:
        yield invalid(path, weight, "must be in the range 1-100")


def _node_term(path: str, term: Document, *, values: bool) -> Iterator[FieldError]:
    """Yield what is wrong with a term; in preferences bad values are let pass."""
    for index, each in enumerate(term.get("matchExpressions") or ()):
        yield from _node_expression(f"{path}.matchExpressions[{index}]", each, values=values)
    for index, each in enumerate(term.get("matchFields") or ()):
        yield from _node_field(f"{path}.matchFields[{index}]", each)


def _node_expression(path: str, term: Document, *, values: bool) -> Iterator[FieldError]:
    """Yield what is wrong with one comparison of a node's labels.

    Nodes, unlike pods, can also be compared by size. Source: ValidateNodeSelectorRequirement().
    """
    given, operator = term.get("values") or (), term.get("operator", "")
    if operator in ("In", "NotIn"):
        if not given:
            yield required(f"{path}.values", "must be specified when `operator` is 'In' or 'NotIn'")
    elif operator in ("Exists", "DoesNotExist"):
        if given:
            yield forbidden(
                f"{path}.values",
                "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
            )
    elif operator in ("Gt", "Lt"):
        # A size can be compared with one number only.
        if len(given) != 1:
            yield required(
                f"{path}.values", "must be specified single value when `operator` is 'Lt' or 'Gt'"
            )
    else:
        yield invalid(f"{path}.operator", operator, "not a valid selector operator")
    key = term.get("key", "")
    yield from complaints(f"{path}.key", key, content.label_key(key))
    # A bad value in a preference only fails to attract.
    for index, value in enumerate(given if values else ()):
        yield from complaints(f"{path}.values[{index}]", value, content.label_value(value))


def _node_field(path: str, term: Document) -> Iterator[FieldError]:
    """Yield what is wrong with one comparison of a node's fields.

    The name is the only field of a node that can be selected by. Source:
    ValidateNodeFieldSelectorRequirement().
    """
    given, operator, key = term.get("values") or (), term.get("operator", ""), term.get("key", "")
    if operator not in ("In", "NotIn"):
        yield invalid(f"{path}.operator", operator, "not a valid selector operator")
    elif len(given) != 1:
        yield required(
            f"{path}.values",
            "must be only one value when `operator` is 'In' or 'NotIn' for node field selector",
        )
    if key != "metadata.name":
        yield invalid(f"{path}.key", key, "not a valid field selector key")
    else:
        for index, value in enumerate(given):
            yield from complaints(f"{path}.values[{index}]", value, content.dns_subdomain(value))


def _pod_affinity(path: str, affinity: Document) -> Iterator[FieldError]:
    for index, term in enumerate(affinity.get(_REQUIRED) or ()):
        yield from _pod_term(f"{path}.{_REQUIRED}[{index}]", term)
    for index, term in enumerate(affinity.get(_PREFERRED) or ()):
        at = f"{path}.{_PREFERRED}[{index}]"
        yield from _weight(f"{at}.weight", term.get("weight", 0))
        yield from _pod_term(f"{at}.podAffinityTerm", term.get("podAffinityTerm") or {})


def _pod_term(path: str, term: Document) -> Iterator[FieldError]:
    """Yield what is wrong with near which pods a pod should be.

    Without a topology key there is no telling what near is. Source: validatePodAffinityTerm().
    """
    yield from check_selector(f"{path}.labelSelector", term.get("labelSelector"))
    yield from check_selector(f"{path}.namespaceSelector", term.get("namespaceSelector"))
    # The server leaves out the index, and the last letter of the field.
    for name in term.get("namespaces") or ():
        yield from complaints(f"{path}.namespace", name, content.dns_label(name))
    if key := term.get("topologyKey"):
        yield from complaints(f"{path}.topologyKey", key, content.label_key(key))
    else:
        yield required(f"{path}.topologyKey", "can not be empty")


def _toleration(path: str, toleration: Document) -> Iterator[FieldError]:
    """The path of a bad value ends in `operator`: so it does in the server."""
    key, operator = toleration.get("key", ""), toleration.get("operator", "")
    value, effect = toleration.get("value", ""), toleration.get("effect", "")
    if key:
        yield from complaints(f"{path}.key", key, content.label_key(key))
    elif operator != "Exists":
        yield invalid(
            f"{path}.operator",
            operator,
            "operator must be Exists when `key` is empty, which means "
            '"match all values and all keys"',
        )
    # Only `NoExecute` sends running pods away, so only there a time can pass.
    if toleration.get("tolerationSeconds") is not None and effect != "NoExecute":
        yield invalid(
            f"{path}.effect", effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"
        )
    # No operator is the same as `Equal`.
    if operator in ("", "Equal"):
        if messages := content.label_value(value):
            yield invalid(f"{path}.operator", value, ";".join(messages))
    elif operator == "Exists":
        if value:
            yield invalid(
                f"{path}.operator", value, "value must be empty when `operator` is 'Exists'"
            )
    else:
        yield unsupported(f"{path}.operator", operator, ("Equal", "Exists"))
    # No effect is the same as all of them.
    if effect and effect not in TAINT_EFFECTS:
        yield unsupported(f"{path}.effect", effect, TAINT_EFFECTS)
