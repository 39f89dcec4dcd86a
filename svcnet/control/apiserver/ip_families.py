"""Which IP families a Service has, under which policy, and what its cluster IP fields mean.

All of it is pure: a spec goes in, a spec comes out, and nothing is allocated yet.

Source: kubernetes pkg/registry/core/service/storage/alloc.go initIPFamilyFields(),
pkg/registry/core/service/storage/storage.go normalizeClusterIPs(), patchAllocatedValues();
KEP-563.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svcnet.api.keys import Document
from svcnet.api.service_spec import HEADLESS, needs_health_check
from svcnet.api.validation.services import check_cluster_ips
from svcnet.errors import Fault, FieldError, Invalid

SINGLE, PREFER, REQUIRE = "SingleStack", "PreferDualStack", "RequireDualStack"
_OTHER = {"IPv4": "IPv6", "IPv6": "IPv4"}


def normalised(spec: Document, old: Document | None) -> Document:
    """Return `spec` with what is left out filled in from `old`, and both address fields agreeing.

    Old clients know only ``clusterIP``, and clients that replace an object often leave out what
    was allocated: neither means to change it.
    """
    spec = dict(spec)  # The caller's stays as it is.
    if old is not None:
        _keep_allocated(spec, old)
    ip, ips = spec.get("clusterIP", ""), spec.get("clusterIPs") or []
    if old is None:
        if ip and not ips:
            spec["clusterIPs"] = [ip]
        return spec
    before = old.get("clusterIPs") or []
    if ip == old.get("clusterIP", ""):
        if not ips and before:
            spec["clusterIPs"] = list(before)
    elif not ips or ips == before:
        # The list was left out or left alone; validation will say that it may not change.
        spec.pop("clusterIPs", None)
        if ip:
            spec["clusterIPs"] = [ip]
    return spec


def _keep_allocated(spec: Document, old: Document) -> None:
    if needs_addresses(old) and needs_addresses(spec):
        if not spec.get("clusterIP") and old.get("clusterIP"):
            spec["clusterIP"] = old["clusterIP"]
        if not spec.get("clusterIPs") and spec.get("clusterIP") == old.get("clusterIP"):
            spec["clusterIPs"] = list(old.get("clusterIPs") or [])
    # Who has said that the balancer needs none may take them away, one by one.
    if needs_node_ports(old) and draws_node_ports(spec):
        spec["ports"] = list(_with_old_node_ports(spec, old))
    checked = needs_health_check(old) and needs_health_check(spec)
    if checked and not spec.get("healthCheckNodePort") and old.get("healthCheckNodePort"):
        spec["healthCheckNodePort"] = old["healthCheckNodePort"]


def _with_old_node_ports(spec: Document, old: Document) -> Iterator[Document]:
    """Yield the ports of `spec`, each without a node port with that of the old port of its name.

    Not when another port of the new spec asks for that very node port.
    """
    known = {port.get("name", ""): port.get("nodePort", 0) for port in old.get("ports") or ()}
    asked = {port.get("nodePort", 0) for port in spec.get("ports") or ()}
    for port in spec.get("ports") or ():
        kept = known.get(port.get("name", ""), 0)
        if port.get("nodePort") or not kept or kept in asked:
            yield port
        else:
            yield {**port, "nodePort": kept}


def with_families(
    name: str, spec: Document, old: Document | None, configured: Sequence[str]
) -> Document:
    """Return `spec` with its policy and families decided, and addresses it gives up cut off.

    Args:
        name: the Service's name, for the error.
        spec: what is asked for, already `normalised`.
        old: the spec before an update, or None when the Service is new.
        configured: the families of the cluster, its default family first.

    Raises:
        Invalid: what is asked for contradicts itself, `old`, or the cluster.
    """
    if spec.get("type") == "ExternalName" or _stays_as_it_is(spec, old):
        return spec
    spec = {**spec, "ipFamilyPolicy": spec.get("ipFamilyPolicy") or _default_policy(spec, old)}
    _refuse(name, check_cluster_ips(spec, old))
    faults = [] if old is None else list(_release(spec, old))
    faults += _disagreements(spec)
    faults += _infer_families(spec, configured)
    _refuse(name, faults)
    families = spec.get("ipFamilies") or []
    if is_headless(spec) and not spec.get("selector"):
        # Nothing serves these addresses, so the cluster need not know the families.
        complete = _completed(families or [configured[0]], spec, tuple(_OTHER))
        return {**spec, "ipFamilies": complete}
    _refuse(name, _not_configured(spec, configured))
    return {**spec, "ipFamilies": _completed(families or [configured[0]], spec, configured)}


def needs_addresses(spec: Document) -> bool:
    """Tell whether Services of this type have cluster IPs; headless ones count."""
    return spec.get("type") != "ExternalName"


def needs_node_ports(spec: Document) -> bool:
    """Tell whether Services of this type have node ports."""
    return spec.get("type") in ("NodePort", "LoadBalancer")


def draws_node_ports(spec: Document) -> bool:
    """Tell whether ports that ask for no node port get one all the same."""
    balanced = spec.get("type") == "LoadBalancer"
    return needs_node_ports(spec) and not (
        balanced and spec.get("allocateLoadBalancerNodePorts") is False
    )


def is_headless(spec: Document) -> bool:
    """Tell whether the Service wants no cluster IP."""
    return spec.get("clusterIP") == HEADLESS


def same(spec: Document, old: Document, field: str) -> bool:
    """Tell whether a list is the same in both; absent and empty are."""
    return (spec.get(field) or []) == (old.get(field) or [])


def _stays_as_it_is(spec: Document, old: Document | None) -> bool:
    """Tell whether nothing was said that could change the families of a PreferDualStack Service.

    Such a Service keeps what it has also when the cluster has meanwhile gained or lost a family.
    """
    return (
        old is not None
        and spec.get("ipFamilyPolicy") == PREFER
        and old.get("ipFamilyPolicy", PREFER) == PREFER
        and spec.get("type") == old.get("type")
        and same(spec, old, "clusterIPs")
        and same(spec, old, "ipFamilies")
    )


def _default_policy(spec: Document, old: Document | None) -> str:
    if old is not None and old.get("ipFamilyPolicy"):
        return str(old["ipFamilyPolicy"])
    return REQUIRE if is_headless(spec) and not spec.get("selector") else SINGLE


def _release(spec: Document, old: Document) -> Iterator[FieldError]:
    """Cut off the second address and family when the policy says so, or tell what is missing."""
    for field, what in (("clusterIPs", "cluster IP"), ("ipFamilies", "IP family")):
        now, before = spec.get(field) or [], old.get(field) or []
        if spec["ipFamilyPolicy"] == SINGLE:
            if now == before and len(now) > 1:
                spec[field] = now[:1]
        elif now and len(now) < len(before):
            yield _policy_fault(spec, f"must be 'SingleStack' to release the secondary {what}")


def _disagreements(spec: Document) -> Iterator[FieldError]:
    if spec["ipFamilyPolicy"] != SINGLE:
        return
    wanted = "must be 'RequireDualStack' or 'PreferDualStack' when multiple"
    for field, what in (("clusterIPs", "cluster IPs"), ("ipFamilies", "IP families")):
        if len(spec.get(field) or ()) == 2:  # noqa: PLR2004  one of each family
            yield _policy_fault(spec, f"{wanted} {what} are specified")


def _infer_families(spec: Document, configured: Sequence[str]) -> list[FieldError]:
    """Add the families of addresses that were asked for without naming their families."""
    faults = []
    families = list(spec.get("ipFamilies") or [])
    addresses = spec.get("clusterIPs") or []
    for index, address in enumerate(addresses):
        if address == HEADLESS:
            break  # "None" is of no family.
        family = "IPv6" if ":" in address else "IPv4"
        if index < len(families):
            continue
        if family in configured:
            families.append(family)
        else:
            path, why = f"spec.clusterIPs[{index}]", f"{family} is not configured on this cluster"
            faults.append(FieldError(path, Fault.INVALID, addresses, why))
    if families:
        spec["ipFamilies"] = families
    return faults


def _not_configured(spec: Document, configured: Sequence[str]) -> Iterator[FieldError]:
    if spec["ipFamilyPolicy"] == REQUIRE and len(configured) < 2:  # noqa: PLR2004  both families
        yield _policy_fault(spec, "this cluster is not configured for dual-stack services")
    for index, family in enumerate(spec.get("ipFamilies") or ()):
        if family not in configured:
            path = f"spec.ipFamilies[{index}]"
            yield FieldError(path, Fault.INVALID, family, "not configured on this cluster")


def _completed(families: list[str], spec: Document, available: Sequence[str]) -> list[str]:
    """Return `families`, and the other one where the policy asks for it and there is one."""
    other = _OTHER[families[0]]
    wants = spec["ipFamilyPolicy"] != SINGLE and len(families) == 1 and other in available
    return [*families, other] if wants else families


def _policy_fault(spec: Document, why: str) -> FieldError:
    return FieldError("spec.ipFamilyPolicy", Fault.INVALID, spec["ipFamilyPolicy"], why)


def _refuse(name: str, faults: Iterator[FieldError] | list[FieldError]) -> None:
    found = tuple(faults)
    if found:
        raise Invalid("Service", name, found)
