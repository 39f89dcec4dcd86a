"""msgspec, without a package that it looks into and svcnet's types have no use for.

msgspec asks `typing_extensions` for names that `typing` has had since Python 3.11.  Where that
package is installed, importing it (and with it `inspect`, `ast`, `dis` and `tokenize`)
takes longer than all of msgspec does: half of 35 ms, in a write that takes 80.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def _without(name: str) -> Iterator[None]:
    """Let a module that was not imported yet be missing for a while."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]  # Python's own way to say so
    try:
        yield
    finally:
        del sys.modules[name]


with _without("typing_extensions"):
    import msgspec as msgspec  # noqa: PLC0414 - given to others
