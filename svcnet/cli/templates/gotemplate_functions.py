"""The functions that a template may call: Go's own, and the two that kubectl adds.

Only `exists` and `base64decode` are kubectl's.  Values come as they stand in the document; what is
not there comes as `MISSING` to the functions that tell it from null, and as None to the others.

Source: go text/template/funcs.go; cli-runtime pkg/printers/template.go, jsonpath.go.
"""

from __future__ import annotations

import base64
import binascii
import operator
from collections.abc import Callable
from typing import Any
from urllib.parse import quote_plus

from svcnet.api.go.fmt import GoInt, sprint, type_name
from svcnet.api.go.printf import sprint_all, sprintf
from svcnet.lean_namedtuple import NamedTuple


class CallError(Exception):
    """A function cannot do it; the message is Go's."""


class Missing:
    """The value of what is not there; there is one of it, `MISSING`."""

    def __repr__(self) -> str:
        return "<no value>"


MISSING = Missing()


class Function(NamedTuple):
    """What a name stands for."""

    call: Callable[..., Any]
    fixed: int
    """How many arguments there must be, at the least where `more` may follow."""
    more: bool = False
    text: bool = False
    """The first argument must be a string."""
    raw: bool = False
    """Arguments that are not there are told from those that are null."""


def truth(value: Any) -> bool:
    """Return whether `if` takes a value for true: it is there, and neither zero nor empty."""
    return value is not MISSING and bool(value)


def _index(item: Any, *keys: Any) -> Any:
    """Return ``item[key][key]…``."""
    if item is MISSING or item is None:
        raise CallError("index of untyped nil")
    for key in keys:
        if item is None:
            raise CallError("index of nil pointer")
        match item:
            case dict():
                item = item.get(_map_key(key), MISSING)
            case list() | str():
                item = _element(item, key)
            case _:
                raise CallError(f"can't index item of type {_type(item)}")
    return item


def _map_key(key: Any) -> str:
    if key is None or key is MISSING:
        raise CallError("value is nil; should be of type string")
    if not isinstance(key, str):
        raise CallError(f"value has type {_type(key)}; should be string")
    return key


def _element(item: list[Any] | str, key: Any) -> Any:
    # An index into text finds a byte, which prints as a number.
    elements = item if isinstance(item, list) else list(item.encode(errors="surrogateescape"))
    position = _position(key, len(elements) - 1)
    return elements[position]


def _position(key: Any, last: int) -> int:
    """Return a key as a place in a list, no further than `last`."""
    if key is None or key is MISSING:
        raise CallError("cannot index slice/array with nil")
    # Go's bool is no number, though Python's is.
    if not isinstance(key, int) or isinstance(key, bool):
        raise CallError(f"cannot index slice/array with type {_type(key)}")
    if not 0 <= key <= last:
        raise CallError(f"index out of range: {key}")
    return key


def _slice(item: Any, *bounds: Any) -> Any:
    """Return ``item[first:last]``; what is left out is the beginning or the end."""
    if item is MISSING or item is None:
        raise CallError("slice of untyped nil")
    if len(bounds) > 3:  # noqa: PLR2004 - item[1:2:3]
        raise CallError(f"too many slice indexes: {len(bounds)}")
    if not isinstance(item, list | str):
        raise CallError(f"can't slice item of type {_type(item)}")
    # Text is cut between bytes, in the middle of a letter if so asked.
    elements = item if isinstance(item, list) else item.encode(errors="surrogateescape")
    if isinstance(elements, bytes) and len(bounds) == 3:  # noqa: PLR2004
        raise CallError("cannot 3-index slice a string")
    numbers = [_position(each, len(elements)) for each in bounds]
    first, last = (
        (*numbers, len(elements))[0] if numbers else 0,
        (*numbers, *[len(elements)] * 2)[1],
    )
    if first > last:
        raise CallError(f"invalid slice index: {first} > {last}")
    part = elements[first:last]
    return part.decode(errors="surrogateescape") if isinstance(part, bytes) else part


def _len(item: Any) -> GoInt:
    """Return a length; that of text is in bytes."""
    if item is MISSING or item is None:
        raise CallError("reflect: call of reflect.Value.Type on zero Value")
    if isinstance(item, str):
        return GoInt(len(item.encode(errors="surrogateescape")))
    if isinstance(item, list | dict):
        return GoInt(len(item))
    raise CallError(f"len of type {_type(item)}")


def _exists(item: Any, *keys: Any) -> bool:
    """Return whether index would find something; a mistake on the way counts as nothing.

    Source: cli-runtime pkg/printers exists().
    """
    for key in keys:
        try:
            item = _index(item, key)
        except CallError:
            return False
    return not keys or (item is not MISSING and item is not None)


def _call(function: Any, *_arguments: Any) -> Any:
    if function is MISSING or function is None:
        raise CallError("call of nil")
    raise CallError(f"non-function {sprint(function)} of type {_type(function)}")


def _eq(left: Any, *rights: Any) -> bool:
    """Return whether the first argument equals any of the others."""
    if not rights:
        raise CallError("missing argument for comparison")
    return any(_equal(_there(left), _there(right)) for right in rights)


def _equal(left: Any, right: Any) -> bool:
    # Nothing equals nothing, and differs from all else without being a mistake.
    if left is None or right is None:
        return left is right
    if _basic(left) != _basic(right):
        raise CallError("incompatible types for comparison")
    if _basic(left) == "":
        if type(left) is not type(right):
            raise CallError(
                f"non-comparable types {sprintf('%s', [left])}: {_type(left)}, "
                f"{_type(right)}: {sprintf('%s', [right])}"
            )
        raise CallError(f"non-comparable type {sprintf('%s', [right])}: {_type(right)}")
    return bool(left == right)


def _lt(left: Any, right: Any) -> bool:
    return _ordered(left, right, operator.lt)


def _le(left: Any, right: Any) -> bool:
    return _ordered(left, right, operator.le)


def _ordered(left: Any, right: Any, compare: Callable[[Any, Any], bool]) -> bool:
    """Compare two values of the same basic type."""
    left, right = _there(left), _there(right)
    if not (_basic(left) and _basic(right)):
        raise CallError("invalid type for comparison")
    if _basic(left) != _basic(right):
        raise CallError("incompatible types for comparison")
    # Both are booleans, which can be equal but not less (funcs.go lt()).
    if _basic(left) == "bool":
        raise CallError("invalid type for comparison")
    return compare(left, right)


def _basic(value: Any) -> str:
    """Return the basic kind of a value; empty where it has none.

    Source: go text/template/funcs.go basicKind(), which sees int and int64 as one.
    """
    match value:
        case bool():
            return "bool"
        case int():
            return "int"
        case float():
            return "float"
        case str():
            return "string"
        case _:
            return ""


def _there(value: Any) -> Any:
    return None if value is MISSING else value


def _type(value: Any) -> str:
    return "nil" if value is None or value is MISSING else type_name(value)


def _base64decode(text: str) -> str:
    """Return the text that standard Base64 stands for, as in the data of a Secret.

    Raises:
        CallError: in the words of Go's encoding/base64.
    """
    try:
        return base64.b64decode(text, validate=True).decode(errors="surrogateescape")
    except (binascii.Error, ValueError):
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        # Go tells the first bad byte, or where the last, unfinished group begins.
        wrong = (at for at, letter in enumerate(text) if letter not in alphabet)
        at = next(wrong, len(text) - len(text) % 4)
        raise CallError(f"base64 decode failed: illegal base64 data at input byte {at}") from None


def _println(*values: Any) -> str:
    return " ".join(map(sprint, values)) + "\n"


def _joined(values: tuple[Any, ...]) -> str:
    """Return the text that html, js and urlquery escape."""
    return sprint_all(["<no value>" if each is None else each for each in values])


_HTML = str.maketrans(
    {'"': "&#34;", "'": "&#39;", "&": "&amp;", "<": "&lt;", ">": "&gt;", "\0": "\ufffd"}
)
_JS = str.maketrans(
    {
        "\\": r"\\",
        "'": r"\'",
        '"': r"\"",
        "<": r"\u003C",
        ">": r"\u003E",
        "&": r"\u0026",
        "=": r"\u003D",
        **{chr(code): f"\\u{code:04X}" for code in range(32)},
    }
)

FUNCTIONS: dict[str, Function] = {
    "base64decode": Function(_base64decode, 1, text=True),
    "call": Function(_call, 1, more=True, raw=True),
    "eq": Function(_eq, 1, more=True, raw=True),
    "exists": Function(_exists, 1, more=True),
    # Go makes these of lt and le too, so they fail in the same words.
    "ge": Function(lambda left, right: not _lt(left, right), 2, raw=True),
    "gt": Function(lambda left, right: not _le(left, right), 2, raw=True),
    "html": Function(lambda *values: _joined(values).translate(_HTML), 0, more=True),
    "index": Function(_index, 1, more=True, raw=True),
    "js": Function(lambda *values: _joined(values).translate(_JS), 0, more=True),
    "le": Function(_le, 2, raw=True),
    "len": Function(_len, 1, raw=True),
    "lt": Function(_lt, 2, raw=True),
    "ne": Function(lambda left, right: not _equal(_there(left), _there(right)), 2, raw=True),
    "not": Function(lambda value: not truth(value), 1, raw=True),
    "print": Function(lambda *values: sprint_all(values), 0, more=True),
    "printf": Function(lambda form, *values: sprintf(form, values), 1, more=True, text=True),
    "println": Function(_println, 0, more=True),
    "slice": Function(_slice, 1, more=True, raw=True),
    "urlquery": Function(lambda *values: quote_plus(_joined(values)), 0, more=True),
}
"""All but `and` and `or`, which do not look at arguments that they do not need."""
