"""`typing.NamedTuple`, made in a fifth of the time.

Python's own compiles the annotation of every field, checks that it is a type, and compiles a
function for every class: 0.4 ms, and a write that takes 80 ms makes sixty classes.  Here
annotations are not looked at, and classes with as many fields share compiled code.  Type checkers
see Python's own; what it promises holds here as well.
"""

from __future__ import annotations

import sys
from functools import cache
from operator import itemgetter
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import NamedTuple as NamedTuple  # noqa: PLC0414 - given to others
else:
    try:  # As `collections` does: written in C, and three times as fast as a property.
        from _collections import _tuplegetter
    except ImportError:  # pragma: no cover - another Python than CPython

        def _tuplegetter(index: int, doc: str) -> property:
            return property(itemgetter(index), doc=doc)

    # Python 3.13 came to see a name that is no field as a wrong argument.
    _UNEXPECTED = TypeError if sys.version_info >= (3, 13) else ValueError

    class _Base(tuple):
        """What all classes with named fields can do."""

        __slots__ = ()
        _fields = ()

        @classmethod
        def _make(cls, values: Iterable[Any]) -> _Base:
            return cls(*values)

        def _replace(self, /, **changes: Any) -> _Base:
            values = [changes.pop(*each) for each in zip(self._fields, self, strict=True)]
            if changes:
                raise _UNEXPECTED(f"Got unexpected field names: {list(changes)!r}")
            return tuple.__new__(type(self), values)

        def _asdict(self) -> dict[str, Any]:
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self) -> str:
            shown = (f"{name}={value!r}" for name, value in self._asdict().items())
            return f"{type(self).__name__}({', '.join(shown)})"

        def __getnewargs__(self) -> tuple[Any, ...]:
            return tuple(self)

    @cache
    def _constructor(count: int) -> CodeType:
        """Return the code that makes a tuple of `count` values, whatever their names."""
        values = ", ".join(f"_{number}" for number in range(count))
        several = f"{values}," if count else ""
        # Nothing but numbers goes into the text.
        made: FunctionType = eval(f"lambda _cls, {values}: _new(_cls, ({several}))")  # noqa: S307
        return made.__code__

    class _Maker(type):
        """Makes a class with named fields out of the body of a class."""

        def __new__(cls, name: str, _: tuple[type, ...], body: dict[str, Any]) -> type:
            fields = tuple(body.get("__annotations__", ()))
            defaults = {field: body[field] for field in fields if field in body}
            # Python refuses a field without a default behind one that has one.
            assert tuple(defaults) == fields[len(fields) - len(defaults) :], name
            code = _constructor(len(fields)).replace(co_varnames=("_cls", *fields))
            new = FunctionType(code, {"_new": tuple.__new__}, "__new__", tuple(defaults.values()))
            own = {
                "__slots__": (),
                "__match_args__": fields,
                "_fields": fields,
                "_field_defaults": defaults,
                "__new__": new,
            }
            getters = {field: _tuplegetter(at, "") for at, field in enumerate(fields)}
            return type(name, (_Base,), {**body, **own, **getters})

    NamedTuple = type.__new__(_Maker, "NamedTuple", (), {})
