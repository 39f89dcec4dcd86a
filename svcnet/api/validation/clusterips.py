"""Rules for a Service's cluster IPs and families: those that need no look at the cluster.

Source: kubernetes pkg/apis/core/validation/validation.go
ValidateServiceClusterIPsRelatedFields(), validateUpgradeDowngradeClusterIPs() and
validateUpgradeDowngradeIPFamilies().
"""

from __future__ import annotations

from collections.abc import Iterator

from svcnet.api import addresses
from svcnet.api.field_errors import complaints, duplicate, invalid, required, unsupported
from svcnet.api.keys import Document
from svcnet.api.struct_table import enum_of
from svcnet.errors import FieldError

HEADLESS = "None"
_FAMILIES = ("IPv4", "IPv6")
_POLICIES = enum_of("core/v1.ServiceSpec", "ipFamilyPolicy")
_MOST = 2
_FIXED = "may not change once set"


def check_cluster_ips(spec: Document, before: Document | None = None) -> Iterator[FieldError]:
    """Yield the rules that the cluster IPs and families of one Service break.

    The server asks this twice: when it allocates, where a fault ends the request with these errors
    alone, and among all the other rules of a Service.

    Args:
        spec: the Service's spec, defaulted.
        before: the stored spec before an update; addresses in it need not be strictly spelled.
    """
    if spec.get("type") == "ExternalName":
        # The fields are forbidden for this type, and that is told with the type's rules.
        return
    first, every = spec.get("clusterIP", ""), spec.get("clusterIPs") or []
    yield from _agreement(first, every)
    yield from _families(spec.get("ipFamilies") or [])
    policy = spec.get("ipFamilyPolicy")
    if policy is not None and policy not in _POLICIES:
        yield unsupported("spec.ipFamilyPolicy", policy, _POLICIES)
    malformed = list(_spelling(every, (before or {}).get("clusterIPs") or ()))
    yield from malformed
    # What is no address has no family, so nothing more can be said of it.
    if not malformed:
        yield from _pairing(every, spec.get("ipFamilies") or [])


def check_cluster_ips_update(spec: Document, before: Document) -> Iterator[FieldError]:
    """Yield the rules that a change of cluster IPs and families breaks.

    An ExternalName Service has no addresses, so going to that type or coming from it keeps none.
    """
    if "ExternalName" in (spec.get("type"), before.get("type")):
        return
    headless, was_headless = (each.get("clusterIP") == HEADLESS for each in (spec, before))
    # Between headless and not, every address changes, and is told so.
    if not (headless and was_headless):
        yield from _changes(spec, before, "clusterIPs", "clusterIP")
    if not headless and not was_headless:
        yield from _changes(spec, before, "ipFamilies", "ipFamily")


def _agreement(first: str, every: list[str]) -> Iterator[FieldError]:
    """The older field `clusterIP` must be the first of `clusterIPs`.

    Clients from before dual-stack write only the older field; on create the server fills in the
    other before it asks this.
    """
    path = "spec.clusterIPs"
    if first and not every:
        yield required(path)
    elif first and every[0] != first:
        yield invalid(path, every, "first value must match `clusterIP`")
    elif every and not first:
        yield invalid(path, every, "must be empty when `clusterIP` is not specified")


def _families(families: list[str]) -> Iterator[FieldError]:
    """Yield families that do not exist, or stand there twice.

    An order of two families has a meaning: the first is that of `clusterIP`.
    """
    for index, family in enumerate(families):
        path = f"spec.ipFamilies[{index}]"
        if family not in _FAMILIES:
            yield unsupported(path, family, _FAMILIES)
        if family in families[:index]:
            yield duplicate(path, family)


def _spelling(every: list[str], stored: list[str] | tuple[str, ...]) -> Iterator[FieldError]:
    """Yield what is no address; ``None`` may stand alone."""
    if every[:1] == [HEADLESS] and len(every) > 1:
        yield invalid("spec.clusterIPs", every, "'None' must be the first and only value")
    for index, text in enumerate(every):
        # At a later index `None` is told again, as no address: the server does so too.
        if index or text != HEADLESS:
            yield from complaints(f"spec.clusterIPs[{index}]", text, addresses.ip(text, stored))
    if len(every) > _MOST:
        yield invalid("spec.clusterIPs", every, "may only hold up to 2 values")


def _pairing(every: list[str], families: list[str]) -> Iterator[FieldError]:
    """Yield addresses of one family, or of another than the families say.

    A second address is there for clients of the other family. Source:
    ValidateServiceClusterIPsRelatedFields().
    """
    if every[:1] == [HEADLESS]:
        # `None` is of no family, and of the families chosen for it any will do.
        return
    found = [addresses.family(text) for text in every]
    if len(set(found)) < len(found):
        yield invalid(
            "spec.clusterIPs", every, "may specify no more than one IP for each IP family"
        )
    for index, (text, family) in enumerate(zip(every, families, strict=False)):
        if family in _FAMILIES and found[index] != family:
            yield invalid(
                f"spec.clusterIPs[{index}]",
                text,
                f"expected an {family} value as indicated by `ipFamilies[{index}]`",
            )


def _changes(spec: Document, before: Document, field: str, singular: str) -> Iterator[FieldError]:
    """Yield changes of a list whose first item stays, and whose second may come and go."""
    now, then = spec.get(field) or [], before.get(field) or []
    path = f"spec.{field}"
    if len(now) == len(then):
        for index, (new, old) in enumerate(zip(now, then, strict=True)):
            if new != old:
                yield invalid(f"{path}[{index}]", now, _FIXED)
        # As many as before: the server compares them one by one, and is done.
        return
    if then and now and now[0] != then[0]:
        yield invalid(f"{path}[0]", now, _FIXED)
    # A second item may be added at any time: so a Service becomes dual-stack.
    if len(now) > len(then):
        return
    if not now:
        yield invalid(f"{path}[0]", now, f"primary {singular} can not be unset")
    # Who drops an address must say so twice, lest a client drop it by not knowing the field.
    if len(now) < _MOST <= len(then) and spec.get("ipFamilyPolicy") != "SingleStack":
        yield invalid(
            "spec.ipFamilyPolicy",
            spec.get("ipFamilyPolicy"),
            f"must be set to 'SingleStack' when releasing the secondary {singular}",
        )
