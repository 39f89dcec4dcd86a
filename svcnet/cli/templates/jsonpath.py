"""kubectl's jsonpath: what a template finds in a document, and how it is printed.

Source: client-go util/jsonpath/jsonpath.go; cli-runtime pkg/printers/jsonpath.go.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from typing import Any, assert_never

from svcnet.api.go.fmt import sprint, syntax, type_name
from svcnet.api.go.json import marshal_numbers
from svcnet.api.keys import Document
from svcnet.cli.templates.jsonpath_parser import (
    Node,
    PathArray,
    PathError,
    PathField,
    PathFilter,
    PathIdentifier,
    PathList,
    PathLiteral,
    PathRecursive,
    PathText,
    PathUnion,
    PathWildcard,
    parse,
)
from svcnet.errors import UsageError, go_quote

_RELAXED = re.compile(r"\{\.?([^{}]+)\}\Z|\.?([^{}]+)\Z")


def check(template: str) -> None:
    """Refuse a template that cannot be read, before anything is asked of the state.

    Raises:
        UsageError: ``error parsing jsonpath {.spec, unclosed action``.
    """
    try:
        parse(template)
    except PathError as error:
        raise UsageError(f"error parsing jsonpath {template}, {error}") from None


def render(
    template: str, document: Document, *, missing_ok: bool = True, as_json: bool = False
) -> str:
    """Return what a template prints of a document; there is no newline at the end.

    Args:
        template: text with actions in braces.
        document: an object, or a List of them.
        missing_ok: print nothing for a field that is not there, instead of failing.
        as_json: print everything that an action finds as one indented JSON array.

    Raises:
        UsageError: the template cannot be read, or does not fit the document; then the message
            shows both and ends with two empty lines, as kubectl's does.
    """
    check(template)
    try:
        found = find(template, document, missing_ok=missing_ok)
    except PathError as error:
        raise UsageError(
            f"error executing jsonpath {go_quote(template)}: Error executing template: {error}. "
            "Printing more information for debugging the template:\n"
            f"\ttemplate was:\n\t\t{template}\n"
            f"\tobject given to jsonpath engine was:\n\t\t{syntax(document)}\n\n"
        ) from None
    # Each action prints an array of its own, also when it finds one value or none.
    if as_json:
        return "".join(marshal_numbers(values, indent=4) + "\n" for values in found)
    return "".join(" ".join(map(_printed, values)) for values in found)


def find(template: str, document: Any, *, missing_ok: bool = True) -> list[list[Any]]:
    """Return the values that each action of a template finds, in order; text finds itself.

    Members of maps are visited by key, so that output can be compared (kubectl takes them as they
    come).

    Raises:
        PathError: with kubectl's words, without prefix.
    """
    return _Walk(parse(template), missing_ok=missing_ok).run(0, document)


def relaxed(expression: str) -> str:
    """Return the template that a user means by `metadata.name`, `.metadata.name` or `{...}`.

    Raises:
        UsageError: braces stand elsewhere than around the whole.

    Source: kubectl pkg/cmd/get/customcolumn.go RelaxedJSONPathExpression().

    >>> relaxed("metadata.name"), relaxed("{.spec}"), relaxed("")
    ('{.metadata.name}', '{.spec}', '')
    """
    # Nothing is asked for: braces around it would ask for the whole object.
    if not expression:
        return expression
    match = _RELAXED.match(expression)
    if not match:
        raise UsageError(
            "unexpected path string, expected a 'name1.name2' or '.name1.name2' or "
            "'{name1.name2}' or '{.name1.name2}'"
        )
    return f"{{.{match[1] or match[2]}}}"


def as_generated(document: Any) -> Any:
    """Return a document as kubectl sees one that it made itself: every number is a float64.

    Then a filter that compares a port with a whole number fails, as it does there.
    """
    match document:
        case dict():
            return {key: as_generated(value) for key, value in document.items()}
        case list():
            return [as_generated(value) for value in document]
        case int() if not isinstance(document, bool):
            return float(document)
        case _:
            return document


def _printed(value: Any) -> str:
    """Return a value as text: lists and maps as JSON."""
    return (
        marshal_numbers(value) if value is None or isinstance(value, dict | list) else sprint(value)
    )


class _Nothing:
    """What a range that has no elements runs over, once, to find its end."""

    def __repr__(self) -> str:
        return "<invalid reflect.Value>"


_NOTHING = _Nothing()


class _Failure(PathError):
    """A step cannot be taken; carries what stood there, which is enough for a filter's `exists`."""

    def __init__(self, message: str, standing: Sequence[Any]) -> None:
        super().__init__(message)
        self.standing = standing


class _Walk:
    """One run of a template over a document.

    Ranges are found while running, as kubectl does it: a range without an end runs to the end of
    the template for every element, and then what follows runs once more for the whole.
    """

    def __init__(self, nodes: tuple[Node, ...], *, missing_ok: bool) -> None:
        self._nodes = nodes
        self._missing_ok = missing_ok
        self._begun = self._inside = self._ending = 0
        self._last_end = -1

    def run(self, start: int, value: Any) -> list[list[Any]]:
        """Return what the nodes from `start` on find, up to the end of the range they are in."""
        found: list[list[Any]] = []
        at = start
        while at < len(self._nodes):
            values = self._node([value], self._nodes[at])
            # An `end` was met; it may stand among other steps of an action.
            if 0 < self._ending <= self._inside:
                self._ending -= 1
                self._last_end = at
                break
            if self._begun:
                self._begun -= 1
                found.extend(self._range(at + 1, values))
                # Without an `end`, what follows runs once more, for the whole.
                at = max(at, self._last_end)
            else:
                found.append(values)
            at += 1
        return found

    def _range(self, start: int, elements: list[Any]) -> list[list[Any]]:
        """Run the nodes of a range for each element."""
        self._inside += 1
        found = [values for each in elements for values in self.run(start, each)]
        if not elements:
            self.run(start, _NOTHING)  # only to find where the range ends
        self._inside -= 1
        return found

    def _node(self, values: list[Any], node: Node) -> list[Any]:  # noqa: C901, PLR0911 - a case each
        """Return what one node finds, going on from `values`."""
        match node:
            case PathList(steps):
                for step in steps:
                    values = self._node(values, step)
                return values
            case PathText(text):
                return [text]
            case PathLiteral(value):
                return [value] * len(values)
            case PathField(name):
                return self._field(values, name)
            case PathArray():
                return _sliced(values, node)
            case PathWildcard():
                return [member for value in values for member in _members(value)]
            case PathRecursive():
                return _descended(values)
            case PathUnion(parts):
                return self._union(values, parts)
            case PathFilter():
                return self._filtered(values, node)
            case PathIdentifier(name):
                return self._word(values, name)
            case _:
                assert_never(node)

    def _field(self, values: list[Any], name: str) -> list[Any]:
        """Return the members of one name; what is no map has none."""
        # All values are looked at together: one that has the field is enough.
        found = [each[name] for each in values if isinstance(each, dict) and name in each]
        if values and not found and not self._missing_ok:
            raise _Failure(f"{name} is not found", ())
        return found

    def _union(self, values: list[Any], parts: tuple[PathList, ...]) -> list[Any]:
        """Return what each part of a union finds, part by part."""
        try:
            return [found for part in parts for found in self._node(values, part)]
        except _Failure as error:
            raise _Failure(str(error), values) from None

    def _word(self, values: list[Any], name: str) -> list[Any]:
        """Note that a range begins or ends."""
        if name == "range":
            self._begun += 1
            return values
        if name != "end":
            raise _Failure(f"unrecognized identifier {name}", values)
        if not self._inside:
            raise _Failure("not in range, nothing to end", ())
        self._ending += 1
        return []

    def _filtered(self, values: list[Any], node: PathFilter) -> list[Any]:
        """Return the elements of lists that pass a filter."""
        found: list[Any] = []
        for value in values:
            if not isinstance(value, list):
                raise _Failure(
                    f"{sprint(value)} is not array or slice and cannot be filtered", values
                )
            found.extend(each for each in value if self._passes(each, node))
        return found

    def _passes(self, element: Any, node: PathFilter) -> bool:
        """Return whether an element passes; one that lacks what is compared does not."""
        if node.operator == "exists":
            try:
                return bool(self._node([element], node.left))
            except _Failure as error:
                # kubectl asks whether anything stands there, not whether the path went through.
                return bool(error.standing)
        left = self._node([element], node.left)
        if not left:
            return False
        _only(left)
        right = self._node([element], node.right)
        if not right:
            return False
        _only(right)
        return _compared(left[0], node.operator, right[0])


def _only(values: list[Any]) -> None:
    if len(values) > 1:
        raise _Failure("can only compare one element at a time", ())


def _sliced(values: list[Any], node: PathArray) -> list[Any]:
    """Return the elements of lists from a first to a last one."""
    found: list[Any] = []
    for value in values:
        if value is None:
            continue
        if not isinstance(value, list):
            raise _Failure(f"{_type(value)} is not array or slice", values)
        length = len(value)
        first = node.first or 0
        first += length if first < 0 else 0
        last = length if node.last is None else node.last
        last += length if last < 0 or (last == 0 and node.derived) else 0
        # Asking for nothing is allowed anywhere; kubectl then leaves further lists out too.
        if first == last:
            return found
        _check_bounds(first, last, values, length)
        step = 1 if node.step is None else node.step
        # Asked last, as in evalArray(): a slice that is out of bounds is told as that.
        if step <= 0:
            raise _Failure("step must be > 0", values)
        found.extend(value[first:last:step])
    return found


def _check_bounds(first: int, last: int, values: list[Any], length: int) -> None:
    """Refuse a slice that reaches outside of its list."""
    if not 0 <= first < length:
        raise _Failure(f"array index out of bounds: index {first}, length {length}", values)
    if not 0 <= last <= length:
        raise _Failure(f"array index out of bounds: index {last - 1}, length {length}", values)
    if first > last:
        raise _Failure(f"starting index {first} is greater than ending index {last}", values)


def _type(value: Any) -> str:
    return "<nil>" if isinstance(value, _Nothing) else type_name(value)


def _members(value: Any) -> list[Any]:
    """Return what is in a value; what is in a text are its bytes."""
    match value:
        case dict():
            return [value[key] for key in sorted(value)]
        case list():
            return value
        # Go goes through text byte by byte.
        case str():
            return list(value.encode(errors="surrogateescape"))
        case _:
            return []


def _descended(values: list[Any]) -> list[Any]:
    """Return values with all that is in them, each before its own members."""
    found: list[Any] = []
    for value in values:
        if members := _members(value):
            found.append(value)
            found.extend(_descended(members))
    return found


_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _compared(left: Any, sign: str, right: Any) -> bool:
    """Compare two values of the same basic type.

    Source: client-go third_party/forked/golang/template/funcs.go.
    """
    if sign not in {*_ORDER, "==", "!="}:
        raise _Failure(f"unrecognized filter operator {sign}", ())
    for value in (left, right):
        if value is None or isinstance(value, dict | list):
            raise _Failure("invalid type for comparison", ())
    # True is an int in Python, and 1 is no float in Go: types must be the very same.
    if type(left) is not type(right):
        raise _Failure("incompatible types for comparison", ())
    if sign in _ORDER and isinstance(left, bool):
        raise _Failure("invalid type for comparison", ())
    if sign in _ORDER:
        return _ORDER[sign](left, right)
    return bool(left == right) == (sign == "==")
