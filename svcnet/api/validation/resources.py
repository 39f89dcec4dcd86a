"""Rules for amounts of resources.

Source: kubernetes pkg/apis/core/validation/validation.go ValidateContainerResourceRequirements().
"""

from __future__ import annotations

from collections.abc import Iterator

from svcnet.api import content, quantity
from svcnet.api.field_errors import complaints, duplicate, invalid, not_found, required
from svcnet.api.keys import Document
from svcnet.errors import FieldError

_STANDARD = ("cpu", "memory", "ephemeral-storage")
_MOST_EXTENDED_PREFIX = "requests."


def check_resources(path: str, resources: Document, claims: frozenset[str]) -> Iterator[FieldError]:
    """Yield the rules that what a container asks for, and is limited to, breaks.

    Source: ValidateContainerResourceRequirements().
    """
    limits, requests = resources.get("limits") or {}, resources.get("requests") or {}
    for name, amount in sorted(limits.items()):
        yield from _amount(f"{path}.limits", name, amount)
    for name, amount in sorted(requests.items()):
        yield from _amount(f"{path}.requests", name, amount)
        if name in limits:
            yield from _within(f"{path}.requests", name, amount, limits[name])
        # Huge pages and devices are given out whole, so asking is the same as being limited.
        elif not _overcommits(name):
            yield required(f"{path}.limits", "Limit must be set for non overcommitable resources")
    yield from _claims(f"{path}.claims", resources, claims)


def check_amount(path: str, amount: str) -> Iterator[FieldError]:
    """Yield what keeps an amount from being one: it is below zero."""
    if quantity.parse(amount)[0] < 0:
        yield invalid(path, amount, content.NOT_NEGATIVE)


def _amount(path: str, name: str, amount: str) -> Iterator[FieldError]:
    """Yield what is wrong with one amount; of devices there are whole ones."""
    yield from _resource_name(path, name)
    yield from check_amount(f"{path}[{name}]", amount)
    if "/" in name and not quantity.is_whole(amount):
        yield invalid(f"{path}[{name}]", amount, "must be an integer")


def _resource_name(path: str, name: str) -> Iterator[FieldError]:
    """Yield what keeps a name from being a resource that containers use."""
    messages = content.label_key(name)
    yield from complaints(path, name, messages)
    if messages or "/" in name or name in _STANDARD or name.startswith("hugepages-"):
        return
    # Two rules of the server say nearly the same, and both are told.
    yield invalid(path, name, "must be a standard resource type or fully qualified")
    yield invalid(path, name, "must be a standard resource for containers")


def _within(path: str, name: str, request: str, limit: str) -> Iterator[FieldError]:
    """A container may ask for less than its limit, but not of what cannot be overcommitted."""
    asked, allowed = quantity.parse(request)[0], quantity.parse(limit)[0]
    if asked != allowed and not _overcommits(name):
        yield invalid(path, request, f"must be equal to {name} limit of {limit}")
    elif asked > allowed:
        yield invalid(path, request, f"must be less than or equal to {name} limit of {limit}")


def _overcommits(name: str) -> bool:
    """Tell whether more of a resource may be allowed than there is."""
    return ("/" not in name or name.startswith("kubernetes.io/")) and not name.startswith(
        "hugepages-"
    )


def _claims(path: str, resources: Document, claims: frozenset[str]) -> Iterator[FieldError]:
    """Yield claims that are not named, taken twice, or not the pod's.

    Source: validateResourceClaimNames().
    """
    seen: set[str] = set()
    for index, claim in enumerate(resources.get("claims") or ()):
        name = claim.get("name", "")
        if not name:
            yield required(f"{path}[{index}]")
        elif name in seen:
            yield duplicate(f"{path}[{index}]", name)
        seen.add(name)
        if name and name not in claims:
            yield not_found(f"{path}[{index}].name", name)
