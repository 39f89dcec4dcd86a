"""`typing.NamedTuple`, without looking at what the annotations mean.

Python's own compiles the annotation of every field, and checks that it is a type: three quarters
of what a class costs, and a write that takes 70 ms makes sixty classes.  Type checkers see Python's
own; at run time the fields are only names.
"""

from __future__ import annotations

from collections import namedtuple
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple  # noqa: PLC0414 - given to others
else:
    _NOT_COPIED = {"__annotations__", "__module__", "__dict__", "__weakref__", "__qualname__"}

    class _Maker(type):
        """Makes a class with named fields out of the body of a class."""

        def __new__(cls, name: str, _: tuple[type, ...], body: dict[str, Any]) -> type:
            fields = body.get("__annotations__", {})
            defaults = [body[field] for field in fields if field in body]
            made = namedtuple(name, fields, defaults=defaults, module=body["__module__"])  # noqa: PYI024
            made.__annotations__ = fields
            for key, value in body.items():
                if key not in fields and key not in _NOT_COPIED:
                    setattr(made, key, value)
            return made

    NamedTuple = type.__new__(_Maker, "NamedTuple", (), {})
