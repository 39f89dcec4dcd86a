"""Short ways to say which rule a field breaks, and checks that many kinds share.

Source: kubernetes staging/src/k8s.io/apimachinery/pkg/util/validation/field/errors.go and
pkg/api/validation/generic.go.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from svcnet.api import content
from svcnet.errors import Fault, FieldError

# Source: apimachinery pkg/api/validation/objectmeta.go FieldImmutableErrorMsg.
IMMUTABLE = "field is immutable"


def required(path: str, detail: str = "") -> FieldError:
    """Return the error of a field that must be given."""
    # No value: field.Error prints none for what is missing or forbidden.
    return FieldError(path, Fault.REQUIRED, None, detail)


def invalid(path: str, value: Any, detail: str) -> FieldError:
    """Return the error of a value that cannot be."""
    return FieldError(path, Fault.INVALID, value, detail)


def duplicate(path: str, value: Any) -> FieldError:
    """Return the error of a value that was there before."""
    return FieldError(path, Fault.DUPLICATE, value)


def not_found(path: str, value: Any) -> FieldError:
    """Return the error of a name that nothing has."""
    return FieldError(path, Fault.NOT_FOUND, value)


def too_many(path: str, count: int, most: int) -> FieldError:
    """Return the error of a list of `count` items where `most` are allowed."""
    return FieldError(path, Fault.TOO_MANY, count, f"must have at most {most} items")


def forbidden(path: str, detail: str) -> FieldError:
    """Return the error of a field that may not be used here."""
    return FieldError(path, Fault.FORBIDDEN, None, detail)


def unsupported(path: str, value: Any, supported: Iterable[str]) -> FieldError:
    """Return the error of a word that is none of `supported`, which are told in their order."""
    listed = ", ".join(f'"{each}"' for each in supported)
    return FieldError(path, Fault.UNSUPPORTED, value, f"supported values: {listed}")


def complaints(path: str, value: Any, messages: Iterable[str]) -> Iterator[FieldError]:
    """Yield one error for each complaint about a value."""
    return (invalid(path, value, each) for each in messages)


def port_number(path: str, value: int) -> Iterator[FieldError]:
    """Yield what keeps a number from being a port."""
    if value not in content.PORTS:
        yield invalid(path, value, content.PORT_RANGE)


def port_or_name(path: str, value: int | str) -> Iterator[FieldError]:
    """Yield what keeps a value from meaning a port: by number, or by the name a container gave."""
    # A name is looked up in each pod, where it may mean different numbers.
    if isinstance(value, str):
        return complaints(path, value, content.port_name(value))
    return port_number(path, value)


def not_negative(path: str, value: int | None) -> Iterator[FieldError]:
    """Yield the error of a number below zero."""
    if (value or 0) < 0:
        yield invalid(path, value, content.NOT_NEGATIVE)


def one_of(path: str, value: str | None, supported: Sequence[str]) -> Iterator[FieldError]:
    """Yield the error of a word that is missing, or is none of `supported`."""
    # Validators ask for emptiness first: a word that is missing is not told as an unknown one.
    if not value:
        yield required(path)
    elif value not in supported:
        yield unsupported(path, value, supported)


def unchanged(path: str, value: Any, old: Any) -> Iterator[FieldError]:
    """Yield the error of a field that was changed and may not be; nothing equals empty."""
    # Like Go's Semantic.DeepEqual(), to which a nil list equals an empty one.
    if value != old and (value or old):
        yield invalid(path, value, IMMUTABLE)
