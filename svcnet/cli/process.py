"""The program as a process: its streams, the signals that end it, and its exit status.

All is as Go has it, so that scripts made for kubectl meet what they know: a stream that the shell
closed is an empty one, a write that fails is an error in Go's words, and SIGINT and SIGPIPE end the
process themselves, so that a loop in a shell stops.
"""

from __future__ import annotations

# Nothing that Python has not loaded by itself: until SIGINT is taken care of, every module is a
# moment for a traceback.  `signal` and `typing` import a dozen others.
import _signal  # type: ignore[import-not-found]
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


def run_process() -> NoReturn:
    """Run the command line of this process, and end it."""
    _die_of_interrupts()
    _insist_on_utf8()
    from svcnet.cli import streams

    streams.take_over()
    try:
        from svcnet.cli.app import main

        status = main()
        sys.stderr.flush()
    except BrokenPipeError:
        # Whoever read the output has seen enough (Go os/file_unix.go epipecheck()).
        _die_of(_signal.SIGPIPE)
    # All is written and closed by then.  To take the modules apart, as Python does at its end,
    # would cost a fifth of what a small command takes.
    os._exit(status)


def complete() -> NoReturn:
    """Tell kubectl how a line of its plugin may go on: its arguments are the words so far.

    Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/plugin/plugin_completion.go.
    """
    sys.argv.insert(1, "__complete")
    run_process()


def _die_of_interrupts() -> None:
    """Let SIGINT end the process at once, wherever it is.

    A transaction that is broken off so has never happened; `svcnet.scratch` sees to what is
    temporary.
    """
    # A script's jobs in the background have it ignored, and that stays so.
    if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)


def _insist_on_utf8() -> None:
    """Start again where Python would read arguments and names of files by a locale's letters.

    To Go they are bytes everywhere.  Few will ever see it: Python takes UTF-8 by itself where the
    locale is C or POSIX, unless it is forbidden to.
    """
    if sys.getfilesystemencoding() != "utf-8":
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])  # noqa: S606


def _die_of(number: int) -> NoReturn:
    """End the process as a signal does that nobody catches."""
    _signal.signal(number, _signal.SIG_DFL)
    os.kill(os.getpid(), number)
    os._exit(128 + number)  # Reached only where the signal is blocked.
