"""What stands in the cells of tables, whatever the kind.

Objects of a foreign cluster are printed as they were taken over, so that `part` and `items` answer
with something empty where an object has not the shape of its kind.

Source: kubernetes pkg/printers/internalversion/printers.go.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from svcnet.api.keys import Document
from svcnet.cli.printers.ages import since

NONE, UNSET, UNKNOWN = "<none>", "<unset>", "<unknown>"
SHOWN = 3
"""How many of a list are shown before ``+ n more...``."""


def part(document: Mapping[str, Any], *path: str) -> Document:
    """Return the object at `path`; an empty one where there is none."""
    found: Any = document
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found if isinstance(found, dict) else {}


def items(document: Mapping[str, Any], *path: str) -> list[Any]:
    """Return the list at `path`; an empty one where there is none."""
    found = part(document, *path[:-1]).get(path[-1])
    return found if isinstance(found, list) else []


def name_of(document: Document) -> str:
    """Return an object's name."""
    return str(part(document, "metadata").get("name", ""))


def age_of(document: Document, now: str) -> str:
    """Return how old an object is."""
    return since(part(document, "metadata").get("creationTimestamp"), now)


def seen(event: Document, now: str) -> str:
    """Return how long ago something happened, and where it did so several times, how often.

    Source: kubectl pkg/describe/describe.go DescribeEvents(), pkg/cmd/events/event_printer.go
    getInterval().
    """
    # events.k8s.io/v1 fills eventTime and series, core/v1 firstTimestamp and count.
    first = since(event.get("eventTime") or event.get("firstTimestamp"), now)
    if series := part(event, "series"):
        last = since(series.get("lastObservedTime"), now)
        return f"{last} (x{series.get('count', 0)} over {first})"
    count = event.get("count") or 0
    return (
        f"{since(event.get('lastTimestamp'), now)} (x{count} over {first})" if count > 1 else first
    )


def labels(pairs: Mapping[str, Any] | None) -> str:
    """Return labels, or a map selector.

    >>> labels({"b": "2", "a": "1"}), labels({})
    ('a=1,b=2', '<none>')
    """
    return ",".join(f"{key}={pairs[key]}" for key in sorted(pairs)) if pairs else NONE


def selector(value: Document | None) -> str:
    """Return a LabelSelector as the API server writes it; empty for one without terms.

    >>> selector({"matchLabels": {"a": "1"},
    ...           "matchExpressions": [{"key": "b", "operator": "In", "values": ["y", "x"]}]})
    'a=1,b in (x,y)'
    """
    if not value:
        return ""
    if not value.get("matchExpressions"):  # By far the most, and then `selectors` is not needed.
        pairs = part(value, "matchLabels")
        return ",".join(f"{key}={pairs[key]}" for key in sorted(pairs))
    from svcnet.api import selectors

    return str(selectors.from_object(value))


def containers(pod_spec: Document) -> tuple[str, str]:
    """Return the names and the images of a pod's containers."""
    found = items(pod_spec, "containers")
    return ",".join(each.get("name", "") for each in found), ",".join(
        each.get("image", "") for each in found
    )


def cut(shown: Sequence[str], count: int) -> str:
    """Return the first few of `count` things.

    >>> cut(["a", "b", "c", "d"], 4), cut(["a"], 1)
    ('a,b,c + 1 more...', 'a')
    """
    text = ",".join(shown[:SHOWN])
    return f"{text} + {count - SHOWN} more..." if count > SHOWN else text


def joined(values: Iterable[str], otherwise: str = NONE) -> str:
    """Return values with commas between them, or `otherwise` if there are none."""
    return ",".join(values) or otherwise


def yes_no(value: object) -> str:
    """Return a boolean as Go prints it.

    >>> yes_no(True), yes_no(None)
    ('true', 'false')
    """
    return "true" if value else "false"


def ingress_points(status: Document) -> list[str]:
    """Return where a load balancer answers, sorted."""
    points = [each.get("ip") or each.get("hostname") for each in items(status, "ingress")]
    # A set in loadBalancerStatusStringer() too: an address stands once, whatever its ports.
    return sorted({each for each in points if each})
