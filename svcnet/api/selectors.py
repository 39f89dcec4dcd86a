"""Label selectors and field selectors: text and objects to requirements, and these to yes or no.

Source: kubernetes staging/src/k8s.io/apimachinery/pkg/labels/selector.go, pkg/fields/selector.go
and pkg/apis/meta/v1/helpers.go.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from svcnet.api import content
from svcnet.errors import go_quote
from svcnet.lean_namedtuple import NamedTuple

# In the order of the complaint, which names operators by their constants: `gt`, although
# a selector has `>`.
_BINARY = ("in", "notin", "=", "==", "!=", "gt", "lt")
_SPELLED = {"gt": ">", "lt": "<"}
_OPERATORS = {">": "gt", "<": "lt", **{each: each for each in ("in", "notin", "=", "==", "!=")}}
# Four only: objects cannot compare numbers.
_OF_OBJECT = {"In": "in", "NotIn": "notin", "Exists": "exists", "DoesNotExist": "!"}
# Patterns are text: `re` compiles one when it is first needed, and keeps it.
_INTEGER = r"[-+]?[0-9]+\Z"


class SelectorError(ValueError):
    """A selector cannot be read; `str()` is the API server's complaint."""


class Requirement(NamedTuple):
    """One condition on one label."""

    key: str
    operator: str
    """``=``, ``==``, ``!=``, ``in``, ``notin``, ``gt``, ``lt``, ``exists`` or ``!``."""
    values: tuple[str, ...] = ()
    """Sorted, without repetition."""

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Tell whether `labels` meet this condition."""
        value = labels.get(self.key)
        match self.operator:
            case "=" | "==" | "in":
                return value is not None and value in self.values
            # An object without the label is meant as well, which surprises many.
            case "!=" | "notin":
                return value is None or value not in self.values
            case "exists":
                return value is not None
            case "!":
                return value is None
            case _:
                return self._compares(value)

    def _compares(self, value: str | None) -> bool:
        # A label that is no number is not an error: labels are anybody's.
        if value is None or not re.match(_INTEGER, value):
            return False
        bound = int(self.values[0])
        return int(value) > bound if self.operator == "gt" else int(value) < bound

    def __str__(self) -> str:
        if self.operator in ("exists", "!"):
            return f"!{self.key}" if self.operator == "!" else self.key
        values = ",".join(self.values)
        if self.operator in ("in", "notin"):
            return f"{self.key} {self.operator} ({values})"
        return f"{self.key}{_SPELLED.get(self.operator, self.operator)}{values}"


class Selector(NamedTuple):
    """Conditions that must all hold, by key; without any, every object is meant.

    >>> str(parse("b in (y,x),a=1,!c"))
    'a=1,b in (x,y),!c'
    """

    requirements: tuple[Requirement, ...] = ()

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Tell whether an object with these labels is meant."""
        return all(requirement.matches(labels) for requirement in self.requirements)

    def __str__(self) -> str:
        return ",".join(map(str, self.requirements))


def parse(text: str) -> Selector:
    """Return the selector that a text like ``app=web,tier in (a,b),!old`` means.

    Raises:
        SelectorError: it means nothing.
    """
    # By key, as the server sorts them: its messages repeat a selector in that order.
    return Selector(
        tuple(sorted(_Parser(text).requirements(), key=lambda requirement: requirement.key))
    )


def from_labels(labels: Mapping[str, str] | None) -> Selector:
    """Return the selector that wants each of `labels`, as a Service's selector does."""
    # Maps have no order in Go, so it is sorted before it is shown.
    wanted = sorted((labels or {}).items())
    return Selector(tuple(Requirement(key, "=", (value,)) for key, value in wanted))


def from_object(selector: Mapping[str, Any]) -> Selector:
    """Return the selector that a `LabelSelector` object (matchLabels, matchExpressions) means.

    The object must be valid: an operator that is none of the four is refused with KeyError.
    """
    labels = selector.get("matchLabels") or {}
    requirements = list(from_labels(labels).requirements)
    for each in selector.get("matchExpressions") or ():
        values = tuple(sorted(set(each.get("values") or ())))
        requirements.append(Requirement(each["key"], _OF_OBJECT[each["operator"]], values))
    return Selector(tuple(sorted(requirements, key=lambda requirement: requirement.key)))


# --- the grammar of label selectors -----------------------------------------------------------

_LEXEME = r"[ \t\r\n]*([=!(),><]+|[^=!(),>< \t\r\n]+|\Z)"
_SYMBOLS = (")", ",", "!", "==", "=", ">", "<", "!=", "(")


class _Parser:
    """Reads a selector token by token; the last token is empty, and is never left behind."""

    def __init__(self, text: str) -> None:
        self.tokens = list(_tokens(text))
        self.at = 0

    def requirements(self) -> Iterable[Requirement]:
        """Return all requirements; each fault is worded as the server words it at that place."""
        found: list[Requirement] = []
        while self._next:
            if not (self._is_word or self._next == "!"):
                raise SelectorError(
                    f"found '{self._next}', expected: !, identifier, or 'end of string'"
                )
            try:
                found.append(self._requirement())
            except SelectorError as error:
                raise SelectorError(f"unable to parse requirement: {error}") from None
            if not self._next:
                break
            if self._next != ",":
                raise SelectorError(f"found '{self._next}', expected: ',' or 'end of string'")
            self._take()
            if not (self._is_word or self._next == "!"):
                raise SelectorError(f"found '{self._next}', expected: identifier after ','")
        return found

    @property
    def _next(self) -> str:
        return self.tokens[self.at]

    @property
    def _is_word(self) -> bool:
        # `in` and `notin` count as words: labels may be called that, and only where an operator is
        # due are they operators.
        return self._next not in ("", *_SYMBOLS)

    def _take(self) -> str:
        token = self.tokens[self.at]
        self.at = min(self.at + 1, len(self.tokens) - 1)
        return token

    def _requirement(self) -> Requirement:
        absent = self._next == "!"
        if absent:
            self._take()
        if not self._is_word:
            raise SelectorError(f"found '{self._next}', expected: identifier")
        key = self._take()
        # The server checks without a path to a field, and Go prints none as `<nil>`.
        if complaints := content.label_key(key):
            raise SelectorError(f"<nil>: Invalid value: {go_quote(key)}: {'; '.join(complaints)}")
        if self._next in ("", ","):
            return Requirement(key, "!" if absent else "exists")
        # What follows is no part of it, and is refused by the caller.
        if absent:
            return Requirement(key, "!")
        return _checked(Requirement(key, operator := self._operator(), self._values(operator)))

    def _operator(self) -> str:
        token = self._take()
        if token not in _OPERATORS:
            raise SelectorError(f"found '{token}', expected: {', '.join(_BINARY)}")
        return _OPERATORS[token]

    def _values(self, operator: str) -> tuple[str, ...]:
        """Return the right side of an operator."""
        if operator in ("in", "notin"):
            return self._set()
        # `a=` asks for the empty value, and is how one finds labels that carry none.
        if self._next in ("", ","):
            return ("",)
        if not self._is_word:
            raise SelectorError(f"found '{self._next}', expected: identifier")
        return (self._take(),)

    def _set(self) -> tuple[str, ...]:
        if self._take() != "(":
            raise SelectorError(f"found '{self.tokens[self.at - 1]}' expected: '('")
        # `in ()` is not the empty set: the server reads one empty value.
        if self._next == ")":
            self._take()
            return ("",)
        if not (self._is_word or self._next == ","):
            raise SelectorError(f"found '{self._next}', expected: ',', ')' or identifier")
        values = self._listed()
        self._take()
        return tuple(sorted(values))

    def _listed(self) -> set[str]:
        """Return the values up to the closing parenthesis; an empty place is an empty value."""
        values: set[str] = set()
        while True:
            if self._is_word:
                values.add(self._take())
                if self._next == ")":
                    return values
                if self._next != ",":
                    raise SelectorError(f"found '{self._next}', expected: ',' or ')'")
            elif self._next == ",":
                self._take()
                if not values or self._next in (")", ","):
                    values.add("")
                if self._next == ")":
                    return values
            else:
                raise SelectorError(f"found '{self._next}', expected: ',', or identifier")


def _tokens(text: str) -> Iterable[str]:
    """Yield the words and operators of a selector, and an empty one at its end."""
    at = 0
    while found := re.compile(_LEXEME).match(text, at):
        at = found.end()
        token = found.group(1)
        if token and token[0] in "=!(),><":
            yield from _symbols(token)
        else:
            yield token
        if not token:
            return


def _symbols(run: str) -> Iterable[str]:
    """Yield the operators in a run of operators' letters, the longest first."""
    while run:
        symbol = run[:2] if run[:2] in _SYMBOLS else run[:1]
        yield symbol
        run = run[len(symbol) :]


def _checked(requirement: Requirement) -> Requirement:
    """Return `requirement` when its values can be values of labels."""
    complaints = []
    for index, value in enumerate(requirement.values):
        if requirement.operator in ("gt", "lt") and not re.match(_INTEGER, value):
            complaints.append(
                f"values[{index}]: Invalid value: {go_quote(value)}: for 'Gt', 'Lt' operators, "
                "the value must be an integer"
            )
        if wrong := content.label_value(value):
            at, why = f"values[{index}][{requirement.key}]", "; ".join(wrong)
            complaints.append(f"{at}: Invalid value: {go_quote(value)}: {why}")
    # Go's aggregate of errors prints brackets only around several.
    if complaints:
        raise SelectorError(complaints[0] if len(complaints) == 1 else f"[{', '.join(complaints)}]")
    return requirement


# --- field selectors --------------------------------------------------------------------------


class FieldRequirement(NamedTuple):
    """One condition on one field."""

    field: str
    value: str
    negated: bool = False

    def __str__(self) -> str:
        return f"{self.field}{'!=' if self.negated else '='}{self.value}"


def parse_fields(text: str) -> tuple[FieldRequirement, ...]:
    """Return the conditions that a text like ``spec.type=NodePort,metadata.name!=a`` means.

    Which fields a kind knows is not looked at.

    Raises:
        SelectorError: a part is no condition.
    """
    requirements = []
    # Sorted, as the server does before it complains: of several bad parts it names the first.
    for part in sorted(text.split(",")):
        # The longer ones first: every one of them contains the last.
        for operator in ("!=", "==", "="):
            if len(pieces := part.split(operator)) == 2:  # noqa: PLR2004 - field and value
                requirements.append(
                    FieldRequirement(pieces[0], pieces[1], negated=operator == "!=")
                )
                break
        else:
            if part:
                raise SelectorError(f"invalid selector: '{text}'; can't understand '{part}'")
    return tuple(requirements)
