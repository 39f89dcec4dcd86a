"""For which zones and nodes endpoints are meant.

Source: kubernetes staging/src/k8s.io/endpointslice/trafficdist/trafficdist.go and
topologycache/{topologycache,sliceinfo,utils}.go; KEP-4444, KEP-3015, KEP-2433.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from svcnet.api.index_values import TOPOLOGY_MODES
from svcnet.api.keys import Document
from svcnet.api.objects import Node, Service
from svcnet.api.quantity import millis
from svcnet.lean_namedtuple import NamedTuple

ZONE = "topology.kubernetes.io/zone"

FEWEST_ZONES = 2
"""With fewer there is nothing to choose from."""

OVERLOAD = 20
"""Percent by which a zone may get more than its share of the traffic."""

_CONTROL_PLANE = ("node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master")


class Draft:
    """A slice in the making; `name` is empty for a new one."""

    __slots__ = ("changed", "endpoints", "name")

    def __init__(self, name: str, endpoints: list[Document], changed: bool) -> None:
        self.name, self.endpoints, self.changed = name, endpoints, changed


def hint(service: Service, nodes: Sequence[Node], drafts: Sequence[Draft]) -> None:
    """Give the endpoints of `drafts`, which are all of a Service's of one family, their hints.

    A draft that gets other hints than it had is changed.
    """
    if _proportional(service):
        cpus = _cpus(nodes)
        allotted = _allotted(cpus, sum(map(_ready_count, drafts)))
        if allotted and all(_zoned(each) for draft in drafts for each in draft.endpoints):
            _spread(drafts, allotted, sum(cpus.values()))
        else:
            _assign(drafts, "")
    else:
        _assign(drafts, service.spec.traffic_distribution or "")


def _proportional(service: Service) -> bool:
    # As long as the annotation asks for it, traffic distribution is not looked at.
    given = (service.annotations.get(name) for name in TOPOLOGY_MODES)
    return next((mode for mode in given if mode is not None), "") in ("Auto", "auto")


# --- traffic distribution: to the endpoint's own zone or node ---------------------------------


def _assign(drafts: Sequence[Draft], distribution: str) -> None:
    """Give every endpoint the hints of where it is."""
    for draft in drafts:
        hinted = [_hinted(each, _near(each, distribution)) for each in draft.endpoints]
        if hinted != draft.endpoints:
            draft.endpoints, draft.changed = hinted, True


def _near(endpoint: Document, distribution: str) -> dict[str, Any] | None:
    """Return the hints of an endpoint that is meant for where it is; None for no hints."""
    zone, node = endpoint.get("zone"), endpoint.get("nodeName")
    if not _ready(endpoint):
        return None
    match distribution:
        case "PreferClose" | "PreferSameZone" if zone:
            return {"forZones": [{"name": zone}]}
        case "PreferSameNode":
            nodes = {"forNodes": [{"name": node}]} if node else {}
            zones = {"forZones": [{"name": zone}]} if zone else {}
            return nodes | zones or None
        case _:
            return None


def _hinted(endpoint: Document, hints: dict[str, Any] | None) -> Document:
    """Return an endpoint with `hints` in place of those it has."""
    if endpoint.get("hints") == hints:
        return endpoint
    bare = {field: value for field, value in endpoint.items() if field != "hints"}
    return bare if hints is None else {**bare, "hints": hints}


# --- topology mode Auto: in proportion to the zones' CPUs -------------------------------------


class _Share(NamedTuple):
    """How many endpoints a zone is to have."""

    desired: int
    """In parts of one endpoint, of which there are as many as there are CPUs."""
    most: int


def _cpus(nodes: Sequence[Node]) -> dict[str, int]:
    """Return each zone's CPUs, in thousandths; empty when not known of every ready node."""
    cpus: dict[str, int] = {}
    for node in nodes:
        if any(label in node.labels for label in _CONTROL_PLANE) or not _is_ready(node):
            continue
        zone = node.labels.get(ZONE, "")
        cpu = millis((node.status.allocatable or {}).get("cpu"))
        # One node that cannot be counted spoils all shares: topologycache.go SetNodes().
        if not zone or not cpu:
            return {}
        cpus[zone] = cpus.get(zone, 0) + cpu
    return dict(sorted(cpus.items()))


def _is_ready(node: Node) -> bool:
    return any(
        each.type == "Ready" and each.status == "True" for each in node.status.conditions or ()
    )


def _allotted(cpus: Mapping[str, int], count: int) -> dict[str, _Share]:
    """Return what each zone is to have of `count` endpoints; empty when it cannot be fair."""
    if len(cpus) < FEWEST_ZONES or len(cpus) > count:
        return {}
    # Whole numbers, for what is a hair above one would be rounded up to the next.
    total = sum(cpus.values())
    bound = (100 + OVERLOAD) * total
    fewest = {zone: -(-100 * cpu * count // bound) for zone, cpu in cpus.items()}
    # What is above all minima may be anywhere.
    spare = count - sum(fewest.values())
    if spare < 0:
        return {}
    return {
        zone: _Share(max(cpu * count, fewest[zone] * total), fewest[zone] + spare)
        for zone, cpu in cpus.items()
    }


def _spread(drafts: Sequence[Draft], allotted: Mapping[str, _Share], whole: int) -> None:
    """Hint endpoints at their own zones, and some of zones that have many at those with few.

    Args:
        drafts: the slices of one family.
        allotted: what each zone is to have.
        whole: how many parts one endpoint has.
    """
    hinted: Counter[str] = Counter()
    free = []
    for draft in drafts:
        held = None if draft.changed else _held(draft, hinted, allotted)
        if held is None:
            free.append(draft)
        else:
            hinted += held
    ready = [each for draft in free for each in draft.endpoints if _ready(each)]
    hinted.update(each["zone"] for each in ready)
    moves = _moves(hinted, allotted, whole)
    for draft in free:
        spread = [
            _hinted(each, {"forZones": [{"name": _destination(each["zone"], moves)}]})
            if _ready(each)
            else _hinted(each, None)
            for each in draft.endpoints
        ]
        # A slice that comes out as it was is not written.
        if spread != draft.endpoints:
            draft.endpoints, draft.changed = spread, True


def _held(
    draft: Draft, hinted: Counter[str], allotted: Mapping[str, _Share]
) -> Counter[str] | None:
    """Return how many endpoints of an unchanged slice are meant for each zone.

    None when the slice must be written: it has an endpoint without hint, one for a zone that gets
    none, or more for a zone than that may have.
    """
    found: Counter[str] = Counter()
    for endpoint in filter(_ready, draft.endpoints):
        zones = [each["name"] for each in (endpoint.get("hints") or {}).get("forZones") or ()]
        if not zones or any(zone not in allotted for zone in zones):
            return None
        found.update(zones)
    over = (found[zone] + hinted[zone] > allotted[zone].most for zone in found)
    return None if any(over) else found


def _moves(
    hinted: Mapping[str, int], allotted: Mapping[str, _Share], whole: int
) -> dict[str, list[str]]:
    """Return to which zones each zone gives endpoints, one entry for each endpoint."""
    surplus = {
        zone: hinted.get(zone, 0) * whole - share.desired for zone, share in allotted.items()
    }
    moves: dict[str, list[str]] = {}
    while True:
        giver = max(sorted(surplus), key=lambda zone: surplus[zone])
        taker = min(sorted(surplus), key=lambda zone: surplus[zone])
        give, take = surplus[giver], -surplus[taker]
        if 2 * give < whole or 2 * take < whole or (give < whole and take < whole):
            return moves
        moves.setdefault(giver, []).append(taker)
        surplus[giver] -= whole
        surplus[taker] += whole


def _destination(zone: str, moves: Mapping[str, list[str]]) -> str:
    """Return for which zone the next endpoint of `zone` is meant, and take note of it."""
    return moves[zone].pop(0) if moves.get(zone) else zone


def _zoned(endpoint: Document) -> bool:
    return bool(endpoint.get("zone")) or not _ready(endpoint)


def _ready(endpoint: Document) -> bool:
    return (endpoint.get("conditions") or {}).get("ready") is True


def _ready_count(draft: Draft) -> int:
    return sum(map(_ready, draft.endpoints))
