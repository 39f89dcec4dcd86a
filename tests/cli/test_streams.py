"""Standard output and error, as Go has them."""

from __future__ import annotations

import codecs
import errno
import io

import pytest

from svcnet.cli import streams
from svcnet.cli.streams import StandardError, StandardOutput
from svcnet.errors import OutputError


class Failing(io.BytesIO):
    """Takes nothing, for a reason; counts how often it was asked."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number, self.asked = number, 0

    def write(self, _: object) -> int:
        self.asked += 1
        raise OSError(self.number, "No space left on device")


@pytest.fixture(autouse=True)
def _registered() -> None:
    codecs.register_error(streams.RAW_BYTES, streams._raw_bytes)


def test_bytes_come_out_as_they_came_in_and_halves_of_pairs_do_not() -> None:
    binary = io.BytesIO()
    stream = StandardOutput(binary)

    stream.write("é\udcff\ud800\n")
    stream.flush()

    assert binary.getvalue() == "é".encode() + b"\xff" + "\ufffd\n".encode()


def test_what_cannot_be_written_is_told_once() -> None:
    binary = Failing(errno.ENOSPC)
    stream = StandardOutput(binary)
    stream.write("x")

    with pytest.raises(OutputError, match=r"^write /dev/stdout: no space left on device$"):
        stream.flush()
    assert stream.write("more") == 4
    stream.flush()

    assert binary.asked == 1


def test_more_than_is_held_back_fails_at_once() -> None:
    stream = StandardOutput(Failing(errno.ENOSPC))

    with pytest.raises(OutputError):
        stream.write("x" * 1_000_000)


@pytest.mark.parametrize("kind", [StandardOutput, StandardError])
def test_a_pipe_that_nobody_reads_is_for_the_process_to_die_of(kind: type[StandardOutput]) -> None:
    stream = kind(Failing(errno.EPIPE))

    with pytest.raises(BrokenPipeError):
        print("x", file=stream, flush=True)


def test_nobody_is_told_that_nobody_can_be_told() -> None:
    stream = StandardError(Failing(errno.ENOSPC))

    assert stream.write("x\n") == 2
    stream.flush()
