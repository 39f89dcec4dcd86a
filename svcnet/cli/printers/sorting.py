"""``--sort-by``: objects in the order of one of their fields.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/get/sorter.go; for the order of digits inside
text, fvbommel/sortorder natsort.go.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from svcnet.api import quantity
from svcnet.api.keys import Document
from svcnet.errors import SvcnetError

T = TypeVar("T")


class Unsortable(SvcnetError):
    """No object has the field, or what it holds cannot be compared."""


def ordered(things: Sequence[T], field: str, document_of: Callable[[T], Document]) -> list[T]:
    """Return things by the first value that the path `field` finds in the document of each.

    Raises:
        Unsortable: the path cannot be read, or no object has such a field.
    """
    from svcnet.cli.printers.gosort import sort
    from svcnet.cli.templates import jsonpath

    try:
        template = jsonpath.relaxed(field)
        values = [_first(jsonpath.find(template, document_of(each))) for each in things]
    except (SvcnetError, ValueError) as error:
        raise Unsortable(str(error)) from None
    if things and all(value is None for value in values):
        raise Unsortable(f'couldn\'t find any field with path "{template}" in the list of objects')
    order = sort(len(things), lambda i, j: is_less(values[i], values[j]))
    return [things[index] for index in order]


def _first(found: Iterable[Sequence[Any]]) -> Any:
    return next((value for values in found for value in values), None)


def is_less(one: Any, other: Any) -> bool:
    """Return whether `one` comes before `other`; what is not there comes before everything.

    So two missing values are each before the other, which turns their order around.

    Raises:
        Unsortable: they are of different kinds, or of one that has no order.
    """
    if one is None:
        return True
    if other is None:
        return False
    # Text may be an amount of something: 900Mi is less than 1Gi.
    if isinstance(one, str) and isinstance(other, str):
        try:
            return quantity.parse(one)[0] < quantity.parse(other)[0]
        except quantity.QuantityError:
            return natural_less(one, other)
    # The same Go type, that is: int64 and float64 are not compared with each other.
    if _is_number(one) and type(one) is type(other):
        return bool(one < other)
    raise Unsortable(f"unsortable type: {type(one).__name__}")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def natural_less(one: str, other: str) -> bool:
    """Return whether `one` comes before `other` when runs of digits count as numbers.

    >>> natural_less("web-9", "web-10"), natural_less("a01", "a1"), natural_less("a", "ab")
    (True, False, True)
    """
    return _natural_key(one) < _natural_key(other)


def _natural_key(text: str) -> list[tuple[int, int, str]]:
    """Return what to compare: letters one by one, digits by value, then by how many zeros lead."""
    key: list[tuple[int, int, str]] = []
    zeros: list[tuple[int, int, str]] = []
    for run in re.findall(r"[0-9]+|[^0-9]", text):
        if "0" <= run[0] <= "9":
            digits = run.lstrip("0")
            key.append((ord("0"), len(digits), digits))
            zeros.append((0, len(run) - len(digits), ""))
        else:
            key.append((ord(run), 0, ""))
    # Zeros in front only count between texts that are else the same.
    return [*key, (-1, 0, ""), *zeros]
