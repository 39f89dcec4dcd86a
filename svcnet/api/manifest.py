"""Manifests: YAML and JSON text to documents, with kubectl's reading and kubectl's complaints.

The only module that knows the yaml library.  Printing is in `text` (JSON) and `yamltext` (YAML),
which need no library; their functions can be had here as well.

Source: kubernetes staging/src/k8s.io/apimachinery/pkg/util/yaml/decoder.go,
staging/src/k8s.io/cli-runtime/pkg/resource/visitor.go; sigs.k8s.io/yaml yaml.go.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any

import yaml

from svcnet.api import yamlscalars
from svcnet.api.go.json import marshal
from svcnet.api.go.json_scanner import JSONSyntaxError, parse_first
from svcnet.api.yamltext import to_yaml
from svcnet.errors import UsageError

__all__ = ["check_type", "flatten", "read", "read_one", "to_yaml"]

_STR_TAG = "tag:yaml.org,2002:str"
_CONVERTING = "error converting YAML to JSON: yaml: "
_BINARY_TAG = "tag:yaml.org,2002:binary"


def read(text: str, source: str) -> list[Any]:
    """Return the values that a manifest holds, one per document, empty documents left out.

    Text that begins with a brace is a stream of JSON values; where that fails at the first or
    second value, the rest is read as YAML.  Documents that hold something else than a mapping
    are returned too: `check_type` says what kubectl says of them.

    Args:
        text: what the file holds.
        source: how kubectl calls the file: its path, or ``STDIN``.

    Raises:
        UsageError: the text is neither YAML nor JSON; told in Go's words.
    """
    try:
        return [value for value in _values(text) if value is not None]
    except JSONSyntaxError as error:
        raise UsageError(f"error parsing {source}: json: offset {error.offset}: {error}") from None
    except _NotYAML as error:
        raise UsageError(f"error parsing {source}: {error}") from None


def read_one(text: str) -> Any:
    """Return the one value that a YAML or JSON text holds.

    Raises:
        ValueError: it is neither; told in Go's words (``yaml: line 2: …``).
    """
    try:
        return _yaml_value(text)
    except _NotYAML as error:
        raise ValueError(str(error).removeprefix("error converting YAML to JSON: ")) from None


def check_type(document: Any, source: str) -> None:
    """Refuse a document that does not say what it is, in the words of kubectl's validation.

    Raises:
        UsageError: `apiVersion` or `kind` is absent or is no string.
    """
    complaints = list(_type_complaints(document))
    if complaints:
        told = complaints[0] if len(complaints) == 1 else f"[{', '.join(complaints)}]"
        raise UsageError(
            f'error validating "{source}": error validating data: {told}; if you choose to ignore '
            "these errors, turn validation off with --validate=false"
        )


def flatten(documents: Iterable[Any]) -> list[Any]:
    """Return `documents` with each list (any document that has `items`) replaced by its items.

    Items that do not say what they are take it from the list: ``ServiceList`` holds Services.
    """
    found: list[Any] = []
    for document in documents:
        items = document.get("items") if isinstance(document, dict) else None
        if isinstance(items, list):
            kind = str(document.get("kind", "")).removesuffix("List")
            named = {"apiVersion": document.get("apiVersion", ""), "kind": kind}
            found += flatten(
                {**named, **each} if isinstance(each, dict) else each for each in items
            )
        else:
            found.append(document)
    return found


def _type_complaints(document: Any) -> Iterator[str]:
    """Yield why a document does not say what it is."""
    if not isinstance(document, dict):
        yield "invalid object to validate"
        return
    for field in ("apiVersion", "kind"):
        value = document.get(field)
        if value is None:
            yield f"{field} not set"
        elif not isinstance(value, str):
            yield f"{field} isn't string type"


def _values(text: str) -> Iterator[Any]:
    """Yield the values of a stream, JSON as far as it goes and YAML from there."""
    at = count = 0
    refused: JSONSyntaxError | None = None
    # kubectl guesses by the first letter (decoder.go GuessJSONStream()); a brace may begin YAML
    # in flow style too, hence the second try below.
    if text.lstrip().startswith("{"):
        while text[at:].strip():
            try:
                value, at = parse_first(text, at)
            except JSONSyntaxError as error:
                # Two values one after the other cannot be YAML: the stream is JSON, and broken.
                if count > 1:
                    raise
                refused = error
                break
            count += 1
            yield _plain_numbers(value)
        else:
            return
    try:
        yield from list(map(_yaml_value, _documents(text[at:])))
    except _NotYAML:
        if refused:
            raise refused from None
        raise


def _documents(text: str) -> Iterator[str]:
    """Yield the parts of a YAML stream; a separator at the top counts as a line of the first."""
    part: list[str] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        if line.startswith("---"):
            rest = line[3:].strip()
            # YAML allows a document to begin on this line; kubectl's splitting by lines does not.
            if rest and not rest.startswith("#"):
                raise _NotYAML(f"invalid Yaml document separator: {rest}")
            if part:
                yield "\n".join(part) + "\n"
                part = []
                continue
        part.append(line)
    yield "\n".join(part)


def _plain_numbers(value: Any) -> Any:
    """Return `value` with whole floats as integers, as a JSON number without a fraction is one."""
    if isinstance(value, dict):
        return {key: _plain_numbers(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain_numbers(each) for each in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


# --- YAML -------------------------------------------------------------------------------------


class _NotYAML(Exception):
    """The text is not YAML; `str()` is what sigs.k8s.io/yaml says."""


def _yaml_value(text: str) -> Any:
    """Return the first document's value in a part of a YAML stream."""
    parser = yaml.CSafeLoader(text)
    try:
        return _Builder(parser).document()
    except yaml.MarkedYAMLError as error:
        raise _NotYAML(f"{_CONVERTING}{_where(error)}{error.problem}") from None
    except yaml.reader.ReaderError as error:
        raise _NotYAML(f"{_CONVERTING}{error.reason}") from None
    except RecursionError:
        raise _NotYAML(f"{_CONVERTING}exceeded max depth of 10000") from None
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
