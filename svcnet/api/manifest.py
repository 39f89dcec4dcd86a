"""Manifests: YAML and JSON text to documents, with kubectl's reading and kubectl's complaints.

YAML itself is read by `yaml_reader`, which is imported when there is some: the library takes longer
to import than all of a small write.  Printing is in `text` (JSON) and `yamltext` (YAML).

Source: kubernetes staging/src/k8s.io/apimachinery/pkg/util/yaml/decoder.go,
staging/src/k8s.io/cli-runtime/pkg/resource/visitor.go; sigs.k8s.io/yaml yaml.go.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, NoReturn

from svcnet.api.go.json_scanner import JSONSyntaxError, parse_first
from svcnet.api.go.utf8 import valid_text
from svcnet.api.yamlscalars import NotYAML
from svcnet.errors import UsageError

__all__ = ["check_type", "flatten", "read", "read_one"]

_LONGEST_KEY = 1024
"""A key of YAML that is longer needs a mark of its own, whatever quotes it is in."""


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
    except NotYAML as error:
        raise UsageError(f"error parsing {source}: {error}") from None


def read_one(text: str) -> Any:
    """Return the one value that a YAML or JSON text holds.

    Raises:
        ValueError: it is neither; told in Go's words (``yaml: line 2: …``).
    """
    # Go's JSON lets pass what its YAML refuses.
    if text.lstrip().startswith("{"):
        text = valid_text(text)
    try:
        return _json_value(text)
    except ValueError:
        pass  # Not JSON, or such as YAML may read otherwise.

    from svcnet.api.yaml_reader import first_value  # noqa: PLC0415 - see above

    try:
        return first_value(text)
    except NotYAML as error:
        raise ValueError(str(error).removeprefix("error converting YAML to JSON: ")) from None


def _json_value(text: str) -> Any:
    """Return the value of a JSON object that YAML cannot but read alike.

    Raises:
        ValueError: it is none, or has numbers, escapes, letters or a length that need YAML's eye.
    """
    plain = text.isascii() and text.isprintable() and "\\" not in text
    if not plain or not text.startswith("{") or len(text) > _LONGEST_KEY:
        raise ValueError
    return json.loads(text, parse_float=_refuse_number, parse_constant=_refuse_number)


def _refuse_number(digits: str) -> NoReturn:
    raise ValueError(digits)


def check_type(document: Any, source: str) -> None:
    """Refuse a document that does not say what it is, in the words of kubectl's validation.

    Raises:
        UsageError: `apiVersion` or `kind` is absent or is no string.
    """
    complaints = list(_type_complaints(document))
    if complaints:
        listed = complaints[0] if len(complaints) == 1 else f"[{', '.join(complaints)}]"
        raise UsageError(
            f'error validating "{source}": error validating data: {listed}; if you choose to '
            "ignore these errors, turn validation off with --validate=false"
        )


def flatten(documents: Iterable[Any]) -> list[Any]:
    """Return `documents` with each list (any document that has `items`) replaced by its items.

    Items that do not say what they are take it from the list: ``ServiceList`` holds Services.  A
    list whose items are null holds nothing: Go writes an empty slice so.
    """
    found: list[Any] = []
    for document in documents:
        is_list = isinstance(document, dict) and "items" in document
        items = document["items"] or [] if is_list else None
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
    from svcnet.api.yaml_reader import first_value  # noqa: PLC0415 - see above

    try:
        yield from list(map(first_value, _documents(text[at:])))
    except NotYAML:
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
                raise NotYAML(f"invalid Yaml document separator: {rest}")
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
