"""What the store counts while it writes, so that nobody has to count it later.

How many pods a node has decides where the next one goes, and how many objects there are of a
resource where drawing a name for another one begins: neither may cost a look at all of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from svcnet.api.keys import Document, Key
from svcnet.api.kinds import POD

LOAD = "load:"
"""What the names of the tallies of nodes begin with."""


def load_of(node: str) -> str:
    """Return the tally of the pods that take up room on a node: those that have not ended."""
    return f"{LOAD}{node}"


def objects_of(resource: str, namespace: str) -> str:
    """Return the tally of the objects of a resource in a namespace."""
    return f"objects:{resource}/{namespace}"


def tallies(key: Key, document: Document) -> Iterator[tuple[str, int]]:
    """Yield the tallies that an object counts for, and with how much."""
    yield objects_of(key.resource, key.namespace), 1
    if key.resource == POD.resource:
        node = (document.get("spec") or {}).get("nodeName")
        if node and (document.get("status") or {}).get("phase") not in ("Succeeded", "Failed"):
            yield load_of(node), 1
