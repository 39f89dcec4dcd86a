"""Rules for what a cluster is made of: Nodes, and the ranges and addresses of Services.

Source: kubernetes pkg/apis/core/validation/validation.go ValidateNode(),
pkg/apis/networking/validation/validation.go ValidateServiceCIDR(), ValidateIPAddress().
"""

from __future__ import annotations

from collections.abc import Iterator

from svcnet.api import addresses, content
from svcnet.api.field_errors import (
    IMMUTABLE,
    complaints,
    duplicate,
    forbidden,
    invalid,
    one_of,
    required,
)
from svcnet.api.keys import Document
from svcnet.api.validation.scheduling import TAINT_EFFECTS
from svcnet.errors import FieldError

_PAIR = 2
_ONE_RANGE_EACH = (
    "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64"
)


def check_node(document: Document) -> Iterator[FieldError]:
    """Yield every rule that a Node breaks."""
    spec = document.get("spec") or {}
    yield from _taints(spec.get("taints") or [])
    yield from _pod_ranges(spec)
    seen: list[Document] = []
    # The server goes on with the other fields: all broken rules are told at once.
    for index, address in enumerate((document.get("status") or {}).get("addresses") or ()):
        if address in seen:
            yield duplicate(f"status.addresses[{index}]", address)
        seen.append(address)


def check_node_update(document: Document, old: Document) -> Iterator[FieldError]:
    """Yield every rule that a change of a Node breaks.

    A node's ranges and its provider's id are given once: what pods and clouds hold depends on
    them. Source: ValidateNodeUpdate().
    """
    yield from check_node(document)
    spec, before = document.get("spec") or {}, old.get("spec") or {}
    if before.get("podCIDRs") and spec.get("podCIDRs") != before["podCIDRs"]:
        yield forbidden(
            "spec.podCIDRs", 'node updates may not change podCIDR except from "" to valid'
        )
    provider = before.get("providerID")
    if provider and spec.get("providerID") != provider:
        yield forbidden(
            "spec.providerID", 'node updates may not change providerID except from "" to valid'
        )


def _taints(taints: list[Document]) -> Iterator[FieldError]:
    """Yield what is wrong with taints; key and effect tell them apart.

    Two taints of one key and effect would be one taint with two values. Source:
    validateNodeTaints().
    """
    seen: set[tuple[str, str]] = set()
    for index, taint in enumerate(taints):
        path, key = f"spec.taints[{index}]", taint.get("key", "")
        value, effect = taint.get("value", ""), taint.get("effect", "")
        yield from complaints(f"{path}.key", key, content.label_key(key))
        if messages := content.label_value(value):
            # All complaints about a value are one error here, joined: so they are in the server.
            yield invalid(f"{path}.value", value, ";".join(messages))
        yield from one_of(f"{path}.effect", effect, TAINT_EFFECTS)
        if (key, effect) in seen:
            # The detail is the server's; a Duplicate has none otherwise.
            found = duplicate(
                path, {"Key": key, "Value": value, "Effect": effect, "TimeAdded": None}
            )
            yield found._replace(detail="taints must be unique by key and effect pair")
        seen.add((key, effect))


def _pod_ranges(spec: Document) -> Iterator[FieldError]:
    """Yield what is wrong with a node's ranges: at most one of each family.

    The two rules about the list wait until each range can be read, because what is no range has no
    family.
    """
    ranges = addresses.given_pod_ranges(spec)
    malformed = [
        fault
        for index, text in enumerate(ranges)
        for fault in complaints(f"spec.podCIDRs[{index}]", text, addresses.cidr(text))
    ]
    yield from malformed
    families = [addresses.family(text) for text in ranges]
    if len(ranges) > 1 and not malformed:
        if len(ranges) > _PAIR or len(set(families)) < len(families):
            yield invalid(
                "spec.podCIDRs", ranges, "may specify no more than one CIDR for each IP family"
            )
        for index, text in enumerate(ranges):
            if text in ranges[:index]:
                yield duplicate(f"spec.podCIDRs[{index}]", text)


# --- ranges and addresses of Services ---------------------------------------------------------


def check_service_cidr(document: Document) -> Iterator[FieldError]:
    """Yield every rule that a ServiceCIDR breaks.

    A cluster is of one family or of both, so there are never more than two ranges.
    """
    ranges = (document.get("spec") or {}).get("cidrs") or []
    if not ranges:
        yield required("spec.cidrs", "at least one CIDR required")
        # Without a range there is nothing to ask the other rules about.
        return
    if len(ranges) > _PAIR:
        yield invalid("spec.cidrs", ranges, "may only hold up to 2 values")
    parsed = [addresses.parse_range(text) for text in ranges]
    families = [addresses.family(text) for text in ranges]
    if len(ranges) == _PAIR and None not in parsed and len(set(families)) == 1:
        yield invalid("spec.cidrs", ranges, _ONE_RANGE_EACH)
    for index, text in enumerate(ranges):
        yield from complaints(f"spec.cidrs[{index}]", text, addresses.cidr(text))


def check_service_cidr_update(document: Document, old: Document) -> Iterator[FieldError]:
    """Yield every rule that a change of a ServiceCIDR breaks: a second family may be added once."""
    ranges = (document.get("spec") or {}).get("cidrs") or []
    before = (old.get("spec") or {}).get("cidrs") or []
    # A cluster may become dual-stack, but not go back.
    if len(ranges) < len(before) or len(before) == _PAIR:
        if ranges != before:
            yield invalid("spec.cidrs", ranges, IMMUTABLE)
        return
    for index, (text, stored) in enumerate(zip(ranges, before, strict=False)):
        if text != stored:
            yield invalid(f"spec.cidrs[{index}]", text, IMMUTABLE)
            # The other range can only be new: there is one stored at most.
            return
    if len(ranges) > len(before):
        yield from check_service_cidr(document)


def check_ip_address(document: Document) -> Iterator[FieldError]:
    """Yield every rule that an IPAddress breaks."""
    name = (document.get("metadata") or {}).get("name", "")
    address = addresses.parse(name)
    if address is None:
        yield from complaints("metadata.name", name, addresses.ip(name))
    # Two spellings of one address would be two objects.
    elif str(address) != name:
        yield invalid("metadata.name", name, "must be a valid address in canonical form")
    parent = (document.get("spec") or {}).get("parentRef")
    if parent is None:
        yield required("spec.parentRef")
        # Without a parent its fields are not missed one by one.
        return
    for field in ("name", "resource"):
        if not parent.get(field):
            yield required(f"spec.parentRef.{field}")


def check_ip_address_update(document: Document, old: Document) -> Iterator[FieldError]:
    """Yield every rule that a change of an IPAddress breaks: its parent is what it is for."""
    parent = (document.get("spec") or {}).get("parentRef")
    if parent != (old.get("spec") or {}).get("parentRef"):
        yield invalid("spec.parentRef", parent, IMMUTABLE)
    yield from check_ip_address(document)
