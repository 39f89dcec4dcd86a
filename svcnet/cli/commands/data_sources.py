"""Data of ConfigMaps and Secrets out of literals, files and environment files.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/create/create_configmap.go,
pkg/util/util.go ParseFileSource().
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, TypeAlias

from svcnet.api.keys import Document
from svcnet.api.kinds import Kind, Kinds
from svcnet.cli.command.session import Session
from svcnet.cli.commands.generated_object import make, saved
from svcnet.cli.commands.writing import WriteFlags
from svcnet.cli.flags.declarations import FlagGroup, option
from svcnet.errors import SvcnetError, go_quote
from svcnet.lean_namedtuple import NamedTuple


class DataFlags(NamedTuple):
    """Where keys and their values come from."""

    literals: tuple[str, ...]
    files: tuple[str, ...]
    env_files: tuple[str, ...]
    append_hash: bool

    def read(self) -> Iterator[tuple[str, bytes | str]]:
        """Yield keys and values from all sources; those of literals are text, as they came.

        Raises:
            SvcnetError: a name is to be made that nobody can foresee; a source cannot be read, a
                key is none, or is there twice.
        """
        if self.append_hash:
            raise SvcnetError("--append-hash is not supported by svcnet: give the name you want")
        yield from _pairs(self)


def _complete(
    *,
    literals: Annotated[
        list[str] | None,
        option("--from-literal", metavar="stringArray", help="A key and its value, KEY=VALUE."),
    ] = None,
    files: Annotated[
        list[str] | None,
        option("--from-file", metavar="stringArray", help="A file or directory: [KEY=]PATH."),
    ] = None,
    env_files: Annotated[
        list[str] | None,
        option("--from-env-file", metavar="stringArray", help="A file of lines KEY=VALUE."),
    ] = None,
    append_hash: Annotated[
        bool, option("--append-hash", help="Not supported: give the name you want.")
    ] = False,
) -> DataFlags:
    return DataFlags(tuple(literals or ()), tuple(files or ()), tuple(env_files or ()), append_hash)


Data: TypeAlias = Annotated[DataFlags, FlagGroup(_complete)]

_KEY = re.compile(r"[-._a-zA-Z0-9]+")


def make_with_data(session: Session, document: Document, flags: WriteFlags, *, save: bool) -> None:
    """Make an object of the core group, what is empty left out."""
    kind = Kinds().of_document("v1", document["kind"])
    assert isinstance(kind, Kind)
    # Go leaves empty maps and strings out (omitempty).
    kept = {name: value for name, value in document.items() if value}
    make(session, flags, kind, saved(kept, save=save), f"failed to create {kind.singular}")


def _pairs(flags: DataFlags) -> Iterator[tuple[str, bytes | str]]:
    if flags.env_files and (flags.literals or flags.files):
        raise SvcnetError("from-env-file cannot be combined with from-file or from-literal")
    seen: set[str] = set()
    # Files come first: kubectl handles its sources in this order.
    pairs: list[tuple[str, bytes | str]] = [
        pair for each in flags.files for pair in _from_file(each)
    ]
    pairs += [_from_literal(each) for each in flags.literals]
    pairs += [pair for each in flags.env_files for pair in _from_env_file(each)]
    for key, value in pairs:
        # Keys become the names of files, so these two are refused as well.
        if not _KEY.fullmatch(key) or key in (".", ".."):
            raise SvcnetError(
                f"{go_quote(key)} is not a valid key name: a valid config key must consist of "
                "alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or "
                "'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"
            )
        if key in seen:
            raise SvcnetError(
                f"cannot add key {go_quote(key)}, another key by that name already exists"
            )
        seen.add(key)
        yield key, value


def _from_literal(text: str) -> tuple[str, str]:
    """Read ``KEY=VALUE``; the value may hold further equals signs.

    Raises:
        SvcnetError: there is no key or no equals sign.
    """
    key, assigned, value = text.partition("=")
    if not assigned or not key:
        raise SvcnetError(f"invalid literal source {text}, expected key=value")
    return key, value


def _from_file(text: str) -> Iterator[tuple[str, bytes]]:
    """Yield what ``[KEY=]PATH`` stands for: one file, or the files of a directory by name.

    Raises:
        SvcnetError: there is no such file, or a key is given for a directory.
    """
    key, assigned, path = text.partition("=")
    if not assigned:
        key, path = "", text
    where = Path(path)
    if not where.exists():
        raise SvcnetError(f"error reading {path}: no such file or directory")
    if not where.is_dir():
        yield key or where.name, _content(where)
        return
    if key:
        # Every file in it would get the same key.
        raise SvcnetError("cannot give a key name for a directory path")
    for each in sorted(where.iterdir()):
        # Subdirectories, and files whose names are no keys, are passed over in silence.
        if each.is_file() and _KEY.fullmatch(each.name):
            yield each.name, _content(each)


def _content(path: Path) -> bytes:
    """Return what is in a file.

    Raises:
        SvcnetError: it cannot be read; the words are Go's.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise SvcnetError(f"open {path}: {(error.strerror or '').lower()}") from None


def _from_env_file(path: str) -> Iterator[tuple[str, bytes]]:
    """Yield the variables of a file; empty lines and comments are none.

    Raises:
        SvcnetError: it cannot be read, or is not UTF-8.
    """
    content = _content(Path(path)).removeprefix(b"\xef\xbb\xbf")
    for number, line in enumerate(content.splitlines(), 1):
        try:
            text = line.decode().lstrip()
        except UnicodeDecodeError:
            shown = " ".join(map(str, line))
            raise SvcnetError(
                f"env file {path} contains invalid utf8 bytes at line {number}: [{shown}]"
            ) from None
        # util/env_file.go cuts blanks only on the left: those at the end belong to the value.
        if text and not text.startswith("#"):
            key, _, value = text.partition("=")
            yield key, value.encode()
