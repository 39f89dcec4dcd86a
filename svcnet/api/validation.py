"""Every rule an object must meet, as a stream of field errors.

The rules of each kind are in `rules`; this module knows which rules go for which kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from svcnet.api.kinds import SERVICE, Kind
from svcnet.api.names import Document
from svcnet.api.rules import metadata, services
from svcnet.errors import FieldError

_RULES: dict[str, Callable[[Document], Iterator[FieldError]]] = {
    SERVICE.resource: services.check_service,
}
_UPDATE_RULES: dict[str, Callable[[Document, Document], Iterator[FieldError]]] = {
    SERVICE.resource: services.check_service_update,
}


def check(document: Document, kind: Kind) -> Iterator[FieldError]:
    """Yield every rule that a new object breaks.

    Args:
        document: the object, decoded, defaulted and with what is allocated filled in.
        kind: its kind.
    """
    yield from metadata.check_metadata(document, kind)
    if kind.resource in _RULES:
        yield from _RULES[kind.resource](document)


def check_update(document: Document, old: Document, kind: Kind) -> Iterator[FieldError]:
    """Yield every rule that a change of an object breaks: what may not change, then all others."""
    yield from metadata.check_metadata_update(document, old)
    if kind.resource in _UPDATE_RULES:
        yield from _UPDATE_RULES[kind.resource](document, old)
    elif kind.resource in _RULES:
        yield from _RULES[kind.resource](document)
