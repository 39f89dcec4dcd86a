"""msgspec, without what it imports and svcnet's types have no use for.

msgspec asks `typing_extensions` for names that `typing` has had since Python 3.11.  Where that
package is installed, importing it (and with it `inspect`, `ast`, `dis` and `tokenize`) takes longer
than all of msgspec does.  `msgspec.inspect` makes thirty classes to describe types with, and only
`msgspec.json.schema` asks for them.  The patterns are those of `platform` and `textwrap`.
"""

from __future__ import annotations

from svcnet.api.lean_import import patterns_when_used, without, without_part

with (
    without("typing_extensions"),
    without_part("msgspec", "inspect"),
    patterns_when_used(),
):
    import msgspec as msgspec  # noqa: PLC0414 - given to others
