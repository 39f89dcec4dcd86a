"""Documents without the nulls in them: what is null is as good as absent to those who merge."""

from __future__ import annotations

from typing import Any


def without_nulls(value: Any) -> Any:
    """Return a value without the null fields of the maps in it; null items of lists stay.

    >>> without_nulls({"a": None, "b": [{"c": None}, None]})
    {'b': [{}, None]}
    """
    if isinstance(value, dict):
        return {name: without_nulls(each) for name, each in value.items() if each is not None}
    if isinstance(value, list):
        return [without_nulls(each) for each in value]
    return value
