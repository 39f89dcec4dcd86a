r"""Standard input, output and error as Go's programs have them.

They are UTF-8 whatever the locale is, and bytes that are not come out as they came in.  One that
the shell closed is empty (Go runtime/fds_unix.go checkfds()).
"""

from __future__ import annotations

import codecs
import io
import os
import sys
from typing import BinaryIO, cast

from svcnet.errors import OutputError

RAW_BYTES = "svcnet.raw-bytes"
"""How surrogates are written: those that stand for bytes as these, others as U+FFFD."""


def take_over() -> None:
    """Put streams that behave as Go's do in the place of Python's."""
    codecs.register_error(RAW_BYTES, _raw_bytes)
    # In this order: a file that is opened gets the lowest number that is free.
    if sys.stdin is None:
        sys.stdin = io.TextIOWrapper(_empty("rb"))
    sys.stdout = StandardOutput(sys.stdout.buffer if sys.stdout else _empty("wb"))
    sys.stderr = StandardError(sys.stderr.buffer if sys.stderr else _empty("wb"))


def _raw_bytes(error: UnicodeError) -> tuple[bytes, int]:
    assert isinstance(error, UnicodeEncodeError)
    letters = error.object[error.start : error.end]
    return b"".join(map(_raw, letters)), error.end


def _raw(letter: str) -> bytes:
    # Python keeps a byte of an argument that is not UTF-8 as one of these 128 (PEP 383).
    code = ord(letter) - 0xDC00
    return bytes([code]) if 0x80 <= code <= 0xFF else "\ufffd".encode()  # noqa: PLR2004


def _empty(mode: str) -> BinaryIO:
    """Open what is always empty; it gets the number of the stream that is missing."""
    number = os.open(os.devnull, os.O_RDWR)
    # Programs that are started, an editor or diff, are to find it there too.
    os.set_inheritable(number, True)
    return cast(BinaryIO, open(number, mode, closefd=False))


class StandardOutput(io.TextIOWrapper):
    """Where results go: what cannot be written is an error."""

    _is_broken = False

    def __init__(self, binary: BinaryIO) -> None:
        by_lines = binary.isatty() or isinstance(self, StandardError)
        super().__init__(binary, "utf-8", RAW_BYTES, newline="\n", line_buffering=by_lines)

    def write(self, text: str) -> int:
        """Write, or hold back until there is more.

        Raises:
            OutputError: what was held back cannot be written.  It is told once: further writes
                are as good as done.
            BrokenPipeError: nobody reads any more.
        """
        if not self._is_broken:
            try:
                super().write(text)
            except OSError as error:
                self._fail(error)
        return len(text)

    def flush(self) -> None:
        """Write what was held back; raises as `write` does."""
        if not self._is_broken:
            try:
                super().flush()
            except OSError as error:
                self._fail(error)

    def _fail(self, error: OSError) -> None:
        self._is_broken = True
        if isinstance(error, BrokenPipeError):
            raise error
        raise OutputError(error.strerror or str(error)) from None


class StandardError(StandardOutput):
    """Where notes and errors go: where they cannot be written there is nobody to tell."""

    def _fail(self, error: OSError) -> None:
        self._is_broken = True
        if isinstance(error, BrokenPipeError):
            raise error
