"""YAML to values: the first document of a text, as go-yaml and sigs.k8s.io/yaml read it.

The only module that knows the yaml library.

Source: go.yaml.in/yaml v2 decode.go; sigs.k8s.io/yaml yaml.go.
"""

from __future__ import annotations

import math
from typing import Any

from svcnet.api import yamlscalars
from svcnet.api.go.json import marshal
from svcnet.api.go.utf8 import is_valid
from svcnet.api.lean_yaml import yaml
from svcnet.api.yamlscalars import NotYAML

_STR_TAG = "tag:yaml.org,2002:str"
_CONVERTING = "error converting YAML to JSON: yaml: "
_BINARY_TAG = "tag:yaml.org,2002:binary"


def first_value(text: str) -> Any:
    """Return the first document's value in a part of a YAML stream; None when there is none.

    Raises:
        NotYAML: it cannot be read.
    """
    if not is_valid(text):
        raise NotYAML(f"{_CONVERTING}invalid leading UTF-8 octet")
    parser = yaml.CSafeLoader(text)
    try:
        return _Builder(parser).document()
    except yaml.MarkedYAMLError as error:
        raise NotYAML(f"{_CONVERTING}{_where(error)}{error.problem}") from None
    except yaml.reader.ReaderError as error:
        raise NotYAML(f"{_CONVERTING}{error.reason}") from None
    except RecursionError:
        raise NotYAML(f"{_CONVERTING}exceeded max depth of 10000") from None
    finally:
        parser.dispose()


def _where(error: yaml.MarkedYAMLError) -> str:
    """Return `line N: `, counted as the Go port does: from 0, from 1 for the scanner's errors."""
    if error.problem_mark and error.problem_mark.line:
        return f"line {error.problem_mark.line + isinstance(error, yaml.scanner.ScannerError)}: "
    if error.context_mark and error.context_mark.line:
        return f"line {error.context_mark.line}: "
    return ""


class _Builder:
    """Builds one document's value from the parser's events."""

    def __init__(self, parser: Any) -> None:
        self._next = parser.get_event
        self._anchors: dict[str, Any] = {}

    def document(self) -> Any:
        """Return the first document's value; None when there is none."""
        self._next()
        if isinstance(self._next(), yaml.StreamEndEvent):
            return None
        return self._value(self._next())

    def _value(self, event: Any) -> Any:
        """Return the value that begins with `event`; it is remembered when it has an anchor."""
        kind = type(event)
        if kind is yaml.ScalarEvent:
            value = _scalar(event)
        elif kind is yaml.MappingStartEvent:
            value = self._mapping(event)
        elif kind is yaml.SequenceStartEvent:
            value = self._sequence(event)
        else:
            # An alias, the only event left; it must follow its anchor.
            if event.anchor not in self._anchors:
                raise _refusal(f"unknown anchor '{event.anchor}' referenced")
            return self._anchors[event.anchor]
        if event.anchor:
            self._anchors[event.anchor] = value
        return value

    def _mapping(self, start: Any) -> dict[str, Any]:
        """Return the mapping that begins with `start`, what it merges included."""
        found: dict[str, Any] = {}
        merged: list[Any] = []
        self._anchors.pop(start.anchor, None)
        event = self._next()
        while type(event) is not yaml.MappingEndEvent:
            # In quotes "<<" is a key like any other.
            if type(event) is yaml.ScalarEvent and event.value == "<<" and not event.style:
                merged.append(self._value(self._next()))
            else:
                key = self._value(event)
                if type(key) is not str:
                    key = _key(key)
                # A key that repeats is no error to kubectl, the last one counts.
                found[key] = self._value(self._next())
            event = self._next()
        # What a mapping says itself goes before what is merged into it.
        for each in merged:
            found = {**_merge(each), **found}
        return found

    def _sequence(self, start: Any) -> list[Any]:
        found = []
        self._anchors.pop(start.anchor, None)
        event = self._next()
        while type(event) is not yaml.SequenceEndEvent:
            found.append(self._value(event))
            event = self._next()
        return found


def _refusal(problem: str) -> yaml.MarkedYAMLError:
    """Return an error without a place: Go tells none for what it finds after parsing."""
    return yaml.MarkedYAMLError(problem=problem)


def _scalar(event: Any) -> Any:
    """Return the value of a scalar that stands without a tag, or with one."""
    text = event.value
    if event.style or event.tag:
        return _tagged(event) if event.tag else text
    value = yamlscalars.resolve(text)
    if type(value) is float:
        if not math.isfinite(value):
            # YAML has these, but JSON, which kubectl makes of it at once, does not.
            name = "NaN" if math.isnan(value) else f"{'-' if value < 0 else '+'}Inf"
            raise _refusal(f"json: unsupported value: {name}")
        return int(value) if value.is_integer() else value
    return value


def _tagged(event: Any) -> Any:
    """Return the value of a scalar with a tag: only YAML's own tags change anything."""
    # Tags that YAML does not define mean nothing to kubectl.
    if not event.tag.startswith("tag:yaml.org,2002:") or event.tag in (_STR_TAG, _BINARY_TAG):
        return event.value
    value = yamlscalars.resolve(event.value)
    wanted = event.tag.rpartition(":")[2]
    names = {bool: "bool", int: "int", float: "float", str: "str", type(None): "null"}
    name = names[type(value)]
    if name == wanted or (name, wanted) == ("int", "float") or name == "str":
        return value
    raise _refusal(f"cannot decode !!{name} `{event.value}` as a !!{wanted}")


def _key(value: Any) -> str:
    """Return a key that is no string as JSON has it."""
    # JSON has string keys only: sigs.k8s.io/yaml writes others out.  First bool, an int to Python.
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return marshal(value)
    raise _refusal(f"unsupported map key of type: {type(value).__name__}")


def _merge(value: Any) -> dict[str, Any]:
    """Return the keys that ``<<`` brings in; of several mappings the first counts."""
    if isinstance(value, dict):
        return value
    if isinstance(value, list) and all(isinstance(each, dict) for each in value):
        return {key: each for one in reversed(value) for key, each in one.items()}
    raise _refusal("map merge requires map or sequence of maps as the value")
