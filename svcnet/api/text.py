"""Documents as the text that kubectl prints: JSON as Go's encoder writes it, compact or indented.

No other library is needed here, so that `get -o json` starts quickly; YAML is in `yamltext`.
"""

from __future__ import annotations

import json
from typing import Any

from svcnet.errors import go_quote

__all__ = ["go_quote", "sorted_keys", "to_compact_json", "to_json"]

_HTML = (
    ("&", "\\u0026"),
    ("<", "\\u003c"),
    (">", "\\u003e"),
    # Ends of lines to JavaScript but not to JSON, so encode.go escapes them as well.
    ("\u2028", "\\u2028"),
    ("\u2029", "\\u2029"),
)
"""What Go escapes inside JSON strings; outside of strings none of these can stand."""


def to_json(document: Any) -> str:
    """Return `document` as `-o json` prints it: four blanks a level, a newline at the end.

    Keys come in the order they have; give a document with sorted keys where kubectl sorts.

    >>> print(to_json({"kind": "List", "items": []}), end="")
    {
        "kind": "List",
        "items": []
    }
    """
    return _as_go(json.dumps(document, indent=4, ensure_ascii=False)) + "\n"


def to_compact_json(document: Any, *, in_order: bool = False) -> str:
    r"""Return `document` on one line, keys sorted and without blanks, as Go encodes a map.

    With `in_order` keys come in the order they have, as Go encodes a struct.

    >>> print(to_compact_json({"b": "a<b", "a": [1, None]}))
    {"a":[1,null],"b":"a\u003cb"}
    """
    return _as_go(
        json.dumps(document, separators=(",", ":"), sort_keys=not in_order, ensure_ascii=False)
    )


def sorted_keys(value: Any) -> Any:
    """Return `value` with the keys of every mapping in it sorted, as Go prints maps."""
    if isinstance(value, dict):
        # Python sorts by code point and Go by byte, which in UTF-8 comes to the same.
        return {key: sorted_keys(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [sorted_keys(each) for each in value]
    return value


def _as_go(text: str) -> str:
    """Escape what Go's encoder escapes so that JSON can stand inside HTML."""
    for letter, escaped in _HTML:
        if letter in text:
            text = text.replace(letter, escaped)
    return text
