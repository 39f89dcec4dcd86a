"""Cluster IPs of Services, out of the ServiceCIDRs that are ready.

Nothing is claimed here: addresses are only chosen, so that a refused write leaves no trace.  What
the Service holds in the end is claimed when it is written, in the same transaction.

Source: kubernetes pkg/registry/core/service/storage/alloc.go allocIPs(), updateClusterIPs();
pkg/registry/core/service/ipallocator/cidrallocator.go, ipallocator.go; KEP-1880.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import ip_address, ip_network

from svcnet.api.drawing import draw
from svcnet.api.keys import Document
from svcnet.api.kinds import IP_ADDRESS, SERVICE_CIDR
from svcnet.api.service_spec import HEADLESS, canonical
from svcnet.control.apiserver.service_write import ServiceWrite
from svcnet.control.objects.allocation import (
    FAMILIES,
    Address,
    ServiceRange,
    next_free,
    service_range,
)
from svcnet.errors import Fault, FieldError, InternalError, Invalid
from svcnet.store.pools import Pool
from svcnet.store.transaction import Transaction

DEFAULT_CIDR = "kubernetes"
"""The ServiceCIDR that holds what `init` was told."""


def families_of(txn: Transaction) -> tuple[str, ...]:
    """Return the families the cluster was made for, its default family first."""
    cidrs = txn.settings.service_cidrs
    return tuple(FAMILIES[ip_network(each, strict=False).version] for each in cidrs)


def service_ranges(txn: Transaction) -> Iterator[ServiceRange]:
    """Yield the ranges out of which cluster IPs can be had, the cluster's own first.

    A ServiceCIDR that is being deleted, or is said not to be ready, gives nothing.  Where the
    cluster's own is not known, as after a dump that left it out, the settings stand for it.
    """
    known = txn.list(SERVICE_CIDR.resource)
    if not any(each["metadata"]["name"] == DEFAULT_CIDR for each in known):
        yield from map(service_range, txn.settings.service_cidrs)
    for each in sorted(known, key=lambda each: each["metadata"]["name"] != DEFAULT_CIDR):
        if is_ready(each):
            yield from _ranges_of(each)


def _ranges_of(service_cidr: Document) -> list[ServiceRange]:
    """Return the ranges of a ServiceCIDR.

    Raises:
        Invalid: it has others than can be; an earlier svcnet took it so from a file.
    """
    try:
        return list(map(service_range, (service_cidr.get("spec") or {}).get("cidrs") or ()))
    except ValueError:
        from svcnet.api.validation.cluster import check_service_cidr  # noqa: PLC0415 - seldom

        name = service_cidr["metadata"]["name"]
        faults = tuple(check_service_cidr(service_cidr))
        raise Invalid(SERVICE_CIDR.qualified, name, faults) from None


def is_ready(service_cidr: Document) -> bool:
    """Tell whether addresses may be allocated from a ServiceCIDR; without a word they may."""
    if service_cidr["metadata"].get("deletionTimestamp"):
        return False
    conditions = (service_cidr.get("status") or {}).get("conditions") or ()
    return all(each.get("status") == "True" for each in conditions if each.get("type") == "Ready")


class ClusterIPs:
    """Chooses the cluster IPs of one Service in one write."""

    def __init__(self, write: ServiceWrite) -> None:
        self._txn, self._service, self._dry_run, self._draws = write
        self._ranges = tuple(service_ranges(write.txn))

    def allocated(self, spec: Document, old: Document | None) -> Document:
        """Return `spec` with an address for each of its families.

        Addresses stay what they are for the life of a Service; an update adds only a second one,
        or all of them when the Service was but a name before.

        Raises:
            Invalid: an address that was asked for is not to be had.
            InternalError: all ranges of a family are full.
        """
        families = spec.get("ipFamilies") or []
        if spec.get("type") == "ExternalName" or (spec.get("clusterIPs") or [""])[0] == HEADLESS:
            return spec
        if old is None or old.get("type") == "ExternalName":
            return self._filled(spec, range(len(families)))
        if old.get("clusterIP") == HEADLESS:
            return spec  # Validation refuses an address for it.
        grown = len(old.get("ipFamilies") or ()) == 1 and len(families) > 1
        return self._filled(spec, [1]) if grown else spec

    def completed(self, spec: Document) -> Document:
        """Return `spec` with the addresses it lacks; those it has are claimed already.

        Raises:
            InternalError: all ranges of a family are full.
        """
        if spec.get("type") == "ExternalName" or spec.get("clusterIP") == HEADLESS:
            return spec
        known = len(spec.get("clusterIPs") or ())
        missing = range(known, len(spec.get("ipFamilies") or ()))
        return self._filled(spec, missing) if missing else spec

    def _filled(self, spec: Document, indexes: Iterable[int]) -> Document:
        families = spec["ipFamilies"]
        asked = list(spec.get("clusterIPs") or [])
        asked += [""] * (len(families) - len(asked))
        chosen = list(asked)  # Errors show what was asked for, not what was chosen so far.
        for index in indexes:
            chosen[index] = self._one(asked, asked[index], families[index])
        return {**spec, "clusterIP": chosen[0], "clusterIPs": chosen}

    def _one(self, asked: list[str], address: str, family: str) -> str:
        if address:
            if why := self._refusal(address):
                raise self._not_to_be_had(asked, f"failed to allocate IP {address}: {why}")
            return address
        found = self._draw(family)
        if found is None:
            name = self._service.name
            raise InternalError(
                f'failed to allocate a serviceIP for Service "{name}": range is full'
            )
        if why := self._nameless(found):
            raise self._not_to_be_had(asked, f"failed to allocate IP: {why}")
        return found

    def _refusal(self, text: str) -> str:
        """Return why the address that `text` spells is not to be had; nothing when it is.

        A dry run does not look at whether it is taken.
        """
        address = ip_address(canonical(text))
        within = any(address in each for each in self._ranges)
        if self._dry_run:
            return "" if within else self._out_of_range(address)
        if not within:
            return "the provided network does not match the current range"
        if why := self._nameless(str(address)):
            return why
        if self._txn.owner(Pool.CLUSTER_IPS, str(address)) is not None:
            return "provided IP is already allocated"
        return ""

    def _draw(self, family: str) -> str | None:
        """Return the next address of a family, or None when all its ranges are full.

        A dry run shows the base address of a range, which no Service ever gets.
        """
        number = draw(
            self._txn.settings.seed, "cluster IP", *self._service[1:], family, *self._draws
        )
        for each in self._ranges:
            if each.family != family:
                continue
            if self._dry_run:
                # Even when the range is full: nothing is looked up.
                return str(each.cidr.network_address)
            found = next_free(each.bands, _Taken(self._txn, each), number)
            if found is not None:
                return str(each.address(found))
        return None

    def _nameless(self, address: str) -> str:
        """Return what becomes of the IPAddress of a Service that has no name.

        Names are checked only after allocation, but an IPAddress must say whose it is.
        """
        if self._service.name or self._dry_run:
            return ""
        fault = FieldError("spec.parentRef.name", Fault.REQUIRED)
        return str(Invalid(IP_ADDRESS.qualified, address, (fault,)))

    def _out_of_range(self, address: Address) -> str:
        of_family = (each.cidr for each in self._ranges if each.cidr.version == address.version)
        valid = f"The range of valid IPs is {next(of_family, '')}"
        return f"the provided IP ({address}) is not in the valid range. {valid}"

    def _not_to_be_had(self, asked: list[str], why: str) -> Invalid:
        fault = FieldError("spec.clusterIPs", Fault.INVALID, asked, why)
        return Invalid("Service", self._service.name, (fault,))


class _Taken:
    """The claimed addresses of a range, as numbers."""

    def __init__(self, txn: Transaction, within: ServiceRange) -> None:
        self._txn = txn
        self._within = within

    def __call__(self, first: int, last: int) -> Iterator[int]:
        bounds = self._within.address(first), self._within.address(last)
        return self._txn.taken(Pool.CLUSTER_IPS, *bounds)
