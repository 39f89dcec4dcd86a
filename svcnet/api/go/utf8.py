r"""Text that is no UTF-8, as Go has it.

To Go a text is bytes, and it prints what it was given.  Python keeps a byte that is no UTF-8 as a
letter of its own, U+DC80 to U+DCFF (PEP 383), and so gives it back.  What Go encodes, as JSON or
for a server, has U+FFFD in its place.

Source: go encoding/json/encode.go appendString(), decode.go unquoteBytes();
golang.org/x/text encoding/unicode BOMOverride().
"""

from __future__ import annotations

import re
from typing import Any

_SURROGATES = "[\ud800-\udfff]"
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def decoded(raw: bytes) -> str:
    r"""Return what a manifest's bytes say; a byte order mark tells how, and goes.

    >>> decoded(b"a\xffb"), decoded(b"\xef\xbb\xbfa"), decoded(b"\xff\xfea\0")
    ('a\ufffdb', 'a', 'a')
    """
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(encoding, errors="replace")
    return raw.decode(errors="replace")


def valid_text(text: str) -> str:
    r"""Return `text` with U+FFFD for each byte that is no UTF-8, and for half a pair of UTF-16.

    >>> valid_text("a\udcffb\ud800")
    'a\ufffdb\ufffd'
    """
    return text if text.isascii() else re.sub(_SURROGATES, "\ufffd", text)


def is_valid(text: str) -> bool:
    r"""Tell whether `text` is UTF-8.

    >>> is_valid("é"), is_valid("\udce9")
    (True, False)
    """
    return text.isascii() or not re.search(_SURROGATES, text)


def valid(value: Any) -> Any:
    """Return a JSON value with `valid_text` for every text and key in it."""
    if isinstance(value, str):
        return valid_text(value)
    if isinstance(value, dict):
        return {valid_text(key): valid(each) for key, each in value.items()}
    if isinstance(value, list):
        return [valid(each) for each in value]
    return value
