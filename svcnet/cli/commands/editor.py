"""The user's editor: which it is, and a text that goes through it.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/util/editor/editor.go.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import tempfile
from pathlib import Path

from svcnet.errors import SvcnetError, go_quote
from svcnet.lean_namedtuple import NamedTuple


class Edited(NamedTuple):
    """What came out of the editor."""

    text: str
    path: str
    """The file it stands in, which is kept until it is removed."""

    def remove(self) -> None:
        """Take the file away."""
        Path(self.path).unlink(missing_ok=True)


def edited(text: str, suffix: str) -> Edited:
    """Let the user edit `text` in a temporary file whose name ends in `suffix`.

    Raises:
        SvcnetError: the editor cannot be started, or ends with an error.
    """
    path = _new_file(suffix)
    Path(path).write_text(text, encoding="utf-8")
    name, words = _command(path)
    try:
        done = subprocess.run(words, check=False)  # noqa: S603 - the user's own editor
    except OSError as error:
        raise SvcnetError(
            f"unable to launch the editor {go_quote(name)}: {error.strerror}"
        ) from None
    # An editor that fails may have written half of a file.
    if done.returncode:
        raise SvcnetError(f"there was a problem with the editor {go_quote(name)}")
    # An editor that leaves other bytes than UTF-8 behind gets a syntax error, not a traceback.
    return Edited(Path(path).read_text(encoding="utf-8", errors="replace"), path)


def _new_file(suffix: str) -> str:
    """Make a file that nobody else has, named with digits only as kubectl's is."""
    while True:
        number = secrets.randbelow(10**10)
        path = Path(tempfile.gettempdir(), f"kubectl-edit-{number}{suffix}")
        try:
            # Made here and by nobody else, readable by nobody else: it may hold a Secret.
            path.touch(mode=0o600, exist_ok=False)
        except FileExistsError:
            continue
        return str(path)


def _command(path: str) -> tuple[str, list[str]]:
    """Return what to call the editor, and the words that start it on a file."""
    # In kubectl's order, so that one may have another editor for objects.
    editor = os.environ.get("KUBE_EDITOR") or os.environ.get("EDITOR") or "vi"
    # Most often a program's name alone, which needs no shell.
    if " " not in editor:
        return editor, [editor, path]
    if not any(letter in editor for letter in "\"'\\"):
        return editor, [*editor.split(" "), path]
    # Quoting is the shell's business.
    shell = os.environ.get("SHELL") or "/bin/bash"
    return editor, [shell, "-c", f'{editor} "{path}"']
