"""What the store counts while it writes, so that nobody has to count it later.

How many pods a node has decides where the next one goes, and how many objects there are of a
resource where drawing a name for another one begins: neither may cost a look at all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from svcnet.api.keys import Document, Key
from svcnet.api.kinds import POD

LOAD = "load:"
"""What the names of the tallies of nodes begin with."""


def load_of(node: str) -> str:
    """Return the tally of the pods that take up room on a node: those that have not ended."""
    return f"{LOAD}{node}"


REQUESTS = "requests:"
"""What the names of the tallies begin with of what is asked of nodes."""


def requests_of(node: str, resource: str) -> str:
    """Return the tally of what the pods on a node ask for of a resource."""
    return f"{REQUESTS}{node}/{resource}"


def requested(name: str) -> tuple[str, str]:
    """Return which node and which resource a tally of requests is about.

    >>> requested(requests_of("n1", "example.com/gpu"))
    ('n1', 'example.com/gpu')
    """
    node, _, resource = name.removeprefix(REQUESTS).partition("/")
    return node, resource


def objects_of(resource: str, namespace: str) -> str:
    """Return the tally of the objects of a resource in a namespace."""
    return f"objects:{resource}/{namespace}"


def tallies(key: Key, document: Document) -> Iterator[tuple[str, int]]:
    """Yield the tallies that an object counts for, and with how much."""
    yield objects_of(key.resource, key.namespace), 1
    if key.resource == POD.resource:
        spec = document.get("spec") or {}
        node = spec.get("nodeName")
        if node and (document.get("status") or {}).get("phase") not in ("Succeeded", "Failed"):
            yield load_of(node), 1
            for resource, amount in _requests(spec).items():
                yield requests_of(node, resource), amount


def _requests(spec: Document) -> Mapping[str, int]:
    given = [spec, *(spec.get("containers") or ()), *(spec.get("initContainers") or ())]
    if not (spec.get("overhead") or any((each.get("resources") or {}) for each in given)):
        return {}  # Nearly every pod, which then costs no import.

    from svcnet.api.lean_msgspec import msgspec  # noqa: PLC0415
    from svcnet.api.pod_requests import pod_requests  # noqa: PLC0415
    from svcnet.api.workloads import PodSpec  # noqa: PLC0415

    try:
        return pod_requests(msgspec.convert(spec, PodSpec))
    except msgspec.ValidationError:
        return {}  # Who reads the pod will say so.
