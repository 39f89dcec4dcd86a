"""Files in which people keep what a cluster showed: dumps, of whatever layout.

Besides what `files` reads for every verb: files that gzip made, and what `kubectl cluster-info
dump` leaves, as one stream with logs in it or as a folder.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/clusterinfo/clusterinfo_dump.go.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence

from svcnet.api import manifest
from svcnet.api.go.utf8 import decoded
from svcnet.cli.resource import files
from svcnet.control.dump.contents import SourcedDocument
from svcnet.errors import SvcnetError

EXTENSIONS = (*files.EXTENSIONS, *(f"{each}.gz" for each in files.EXTENSIONS))
_GZIP = b"\x1f\x8b"
_LOGS = re.compile(r"^==== START (logs for container .* of pod .*) ====$", re.MULTILINE)


def documents(filenames: Sequence[str], *, recursive: bool = False) -> Iterator[SourcedDocument]:
    """Yield the objects in files, Lists taken apart, each with what the user calls its file.

    Raises:
        SvcnetError: a file cannot be read, or holds what is no object.
    """
    names = [path for name in filenames for path in _paths(name)]
    for path in files.paths(names, recursive=recursive, extensions=EXTENSIONS):
        called = files.called(path)
        for document in manifest.flatten(manifest.read(_text(path), called)):
            yield SourcedDocument(document, called)


def _paths(name: str) -> Sequence[str]:
    """Return the files below a folder of a dump, or what was named."""
    is_dump = _is_dump_folder(name)
    return files.paths([name], recursive=True, extensions=EXTENSIONS) if is_dump else [name]


def _is_dump_folder(name: str) -> bool:
    """Tell whether `cluster-info dump --output-directory` made a folder.

    The nodes stand in it, and all else in folders called after namespaces.
    """
    try:
        inside = os.listdir(name)  # noqa: PTH208 - paths are told as they were typed
    except (OSError, ValueError):
        return False
    return any(f"nodes{each}" in inside for each in EXTENSIONS)


def _text(path: str) -> str:
    raw = files.bytes_of(path)
    if raw.startswith(_GZIP):
        raw = _unpacked(raw, path)
    return without_logs(decoded(raw))


def _unpacked(raw: bytes, path: str) -> bytes:
    import gzip
    import zlib

    try:
        return gzip.decompress(raw)
    except (OSError, EOFError, zlib.error) as error:
        raise SvcnetError(f"error reading {files.called(path)}: gzip: {error}") from None


def without_logs(text: str) -> str:
    r"""Return a stream of `cluster-info dump` without the logs of containers in it.

    A log may hold anything, and need not end with a line's end.

    >>> without_logs('''{}
    ... ==== START logs for container c of pod a/b ====
    ... {==== END logs for container c of pod a/b ====
    ... {}''')
    '{}\n\n{}'
    """
    kept, at = [], 0
    while found := _LOGS.search(text, at):
        kept.append(text[at : found.start()])
        end = f"==== END {found[1]} ===="
        stop = text.find(end, found.end())
        if stop < 0:  # Cut off in the middle of a log.
            return "".join(kept)
        at = stop + len(end)
    return "".join([*kept, text[at:]])
