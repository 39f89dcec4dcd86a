"""What is recorded of a Service's hints: that they are given, or why they are not.

Source: kubernetes staging/src/k8s.io/endpointslice/reconciler.go reconcileByAddressType(),
topologycache/topologycache.go AddHints(), topologycache/event.go.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svcnet.api.keys import Document, Key
from svcnet.api.kinds import SERVICE
from svcnet.api.objects import EndpointSlice, Service
from svcnet.control.controllers.topology_hints import asks_for_shares
from svcnet.snapshot import Record, Snapshot

COMPONENT = "endpoint-slice-controller"
"""Who records what becomes of slices."""


class HintRecords:
    """What is to be recorded of one Service, family by family.

    The controller remembers of every Service whether its endpoints have hints in proportion.  Here
    it follows from the slices, and from what the Service asked for when they were written.
    """

    def __init__(
        self, cluster: Snapshot, service: Service, slices: Sequence[EndpointSlice], family: str
    ) -> None:
        key = Key(SERVICE.resource, service.namespace, service.name)
        self._document = cluster.document(key) or {}
        changed = next(
            (each for each in cluster.changed.of(SERVICE.resource) if each.key == key), None
        )
        before = changed.before if changed else self._document
        # With two families it is the last one that decides: the Service has one entry.
        self._populated = asks_for_shares(_annotations(before)) and any(
            _is_hinted(cluster, each) for each in slices if each.address_type == family
        )

    def of(self, family: str, why: str | None) -> Iterator[Record]:
        """Yield what is to be recorded of one family.

        Args:
            family: ``IPv4`` or ``IPv6``.
            why: why it has no hints, empty when it has; None when the Service does not ask.
        """
        before, self._populated = self._populated, why == ""
        if why:
            yield self._record("Warning", "TopologyAwareHintsDisabled", why, family)
        elif why is None and before:
            off = "Topology Aware Hints has been disabled"
            yield self._record("Warning", "TopologyAwareHintsDisabled", off, family)
        elif why == "" and not before:
            on = "Topology Aware Hints has been enabled"
            yield self._record("Normal", "TopologyAwareHintsEnabled", on, family)

    def _record(self, kind: str, reason: str, message: str, family: str) -> Record:
        message = f"{message}, addressType: {family}"
        return Record(self._document, kind, reason, message, COMPONENT)


def _annotations(document: Document | None) -> dict[str, str]:
    return ((document or {}).get("metadata") or {}).get("annotations") or {}


def _is_hinted(cluster: Snapshot, each: EndpointSlice) -> bool:
    """Tell whether endpoints of a slice are meant for zones."""
    key = Key("endpointslices.discovery.k8s.io", each.namespace, each.name)
    endpoints = (cluster.document(key) or {}).get("endpoints") or ()
    return any((endpoint.get("hints") or {}).get("forZones") for endpoint in endpoints)
