"""Objects in files: what `-f` names, and what stands in it.

Source: kubernetes staging/src/k8s.io/cli-runtime/pkg/resource/builder.go FilenameParam(), Path(),
visitor.go StreamVisitor.

Without `pathlib` and, where no pattern is given, without `glob`: both together cost a tenth of what
it takes to apply one object.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from stat import S_ISFIFO
from typing import TYPE_CHECKING

from svcnet.api.go.utf8 import decoded
from svcnet.api.keys import Document
from svcnet.api.kinds import Kind, Kinds
from svcnet.errors import SvcnetError, go_quote

if TYPE_CHECKING:
    from svcnet.cli.resource.targets import ResourceQuery, Target

EXTENSIONS = (".json", ".yaml", ".yml")
STDIN = "STDIN"


def paths(
    filenames: Sequence[str], *, recursive: bool = False, extensions: tuple[str, ...] = EXTENSIONS
) -> tuple[str, ...]:
    """Return the files that ``-f`` means, ``-`` for standard input.

    A directory stands for the files in it whose names end in `extensions`, by name; with
    `recursive` for those in the directories below it, too.

    Raises:
        SvcnetError: one of them does not exist, is a URL, or is a directory without manifests.
    """
    found: list[str] = []
    for name in filenames:
        if name == "-":
            # It can be read once only.
            if "-" in found:
                raise SvcnetError("standard input cannot be used for multiple arguments")
            found.append(name)
        elif name.startswith(("http://", "https://")):
            raise SvcnetError(
                f"svcnet reads nothing from the network: fetch {go_quote(name)} and give it to -f -"
            )
        else:
            matches = _matching(name)
            for match in matches:
                found += _manifests(match, extensions, recursive=recursive)
            # All that was found so far counts: an empty directory behind a good file is no
            # mistake (builder.go Path() looks at the sum of its paths).
            if not found:
                raise SvcnetError(
                    f"error reading [{' '.join(matches)}]: recognized file extensions are "
                    f"[{' '.join(extensions)}]"
                )
    return tuple(found)


def _matching(name: str) -> list[str]:
    try:
        # First as it stands: a file's own name may hold `*` or `[`.
        if os.path.lexists(name):
            return [name]
        import glob

        matches = sorted(glob.glob(name))  # noqa: PTH207 - absolute patterns, too
    except ValueError:  # A zero byte: no file can have that name.
        matches = []
    if not matches:
        raise SvcnetError(f"the path {go_quote(name)} does not exist")
    return matches


def _manifests(path: str, extensions: tuple[str, ...], *, recursive: bool) -> Iterator[str]:
    if not os.path.isdir(path):  # noqa: PTH112
        yield path
        return
    try:
        names = sorted(os.listdir(path))  # noqa: PTH208 - paths are told as they were typed
    except OSError as error:
        raise _unreadable(path, error) from None
    for name in names:
        inside = os.path.join(path, name)  # noqa: PTH118 - as above
        if os.path.isdir(inside):  # noqa: PTH112
            if recursive:
                yield from _manifests(inside, extensions, recursive=True)
        elif name.endswith(extensions):
            yield inside


def streams(filenames: Sequence[str] | None) -> dict[str, str]:
    """Return what comes in through pipes, `-` and named ones, by the name they were given by.

    They are read before the state is opened: whoever writes into them may need the state, too.

    Raises:
        SvcnetError: one of them cannot be read.
    """
    piped = [name for name in filenames or () if name == "-" or _is_pipe(name)]
    return {name: text_of(name) for name in dict.fromkeys(piped)}


def _is_pipe(name: str) -> bool:
    try:
        return S_ISFIFO(os.stat(name).st_mode)  # noqa: PTH116
    except (OSError, ValueError):
        return False


def text_of(path: str) -> str:
    """Return what stands in a file, or on standard input.

    Raises:
        SvcnetError: it cannot be read.
    """
    return decoded(bytes_of(path))


def bytes_of(path: str) -> bytes:
    """Return what stands in a file, or on standard input.

    Raises:
        SvcnetError: it cannot be read.
    """
    try:
        if path == "-":
            return sys.stdin.buffer.read()
        with open(path, "rb") as file:  # noqa: PTH123
            return file.read()
    except OSError as error:
        raise _unreadable(path, error) from None


def _unreadable(path: str, error: OSError) -> SvcnetError:
    why = (error.strerror or str(error)).lower()
    return SvcnetError(
        f"error parsing {STDIN}: read /dev/stdin: {why}" if path == "-" else f"open {path}: {why}"
    )


def called(path: str) -> str:
    """Return how kubectl calls a file."""
    return STDIN if path == "-" else path


def documents(path: str, text: str | None = None) -> list[Document]:
    """Return the objects in a file, Lists taken apart; its text may be known already.

    Raises:
        SvcnetError: it cannot be read or is no YAML.
    """
    from svcnet.api import manifest

    return list(
        manifest.flatten(manifest.read(text_of(path) if text is None else text, called(path)))
    )


def objects(
    where: Sequence[str], kinds: Kinds, query: ResourceQuery
) -> Iterator[Target | SvcnetError]:
    """Yield each object in the files as a target, or what is wrong with it.

    An object without a namespace is taken to be in the session's.
    """
    for path in where:
        try:
            found = documents(path, query.streams.get(path))
        except SvcnetError as error:
            yield error
            continue
        for document in found:
            try:
                yield target(document, kinds, query, called(path))
            # The others are still meant: kubectl goes on after each object (ContinueOnError()).
            except SvcnetError as error:
                yield error


def target(document: Document, kinds: Kinds, query: ResourceQuery, source: str) -> Target:
    """Return what an object in a file is called, with the object in its namespace.

    Raises:
        SvcnetError: it has no kind, is of a kind that is not served, or of another namespace than
            the command line asks for.
    """
    from svcnet.api.fields import metadata_fault
    from svcnet.cli.resource.targets import Target

    api_version, kind_name = _typed(document, source)
    if fault := metadata_fault(document):
        raise SvcnetError(f'unable to decode "{source}": {fault}')
    metadata = document.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    name, namespace = metadata.get("name") or "", metadata.get("namespace") or ""
    kind = kinds.of_document(api_version, kind_name)
    if query.local:
        # Without a server nobody knows which kinds have namespaces: nothing is filled in.
        kind = kind or _unserved(api_version, kind_name)
        return Target(kind, namespace, name, document, source)
    if kind is None:
        raise SvcnetError(
            f'resource mapping not found for name: "{name}" namespace: "{namespace}" from '
            f'"{source}": no matches for kind "{kind_name}" in version "{api_version}"\n'
            "ensure CRDs are installed first"
        )
    # A namespace that such an object names all the same is ignored, like the session's.
    if not kind.namespaced:
        return Target(kind, "", name, document, source)
    if not namespace:
        # The caller gets a document of its own: the one that was read stays as it was typed.
        namespace = query.namespace
        document = {**document, "metadata": {**metadata, "namespace": namespace}}
    elif query.namespace_given and namespace != query.namespace:
        raise SvcnetError(
            f'the namespace from the provided object "{namespace}" does not match the namespace '
            f"\"{query.namespace}\". You must pass '--namespace={namespace}' to perform this "
            "operation."
        )
    return Target(kind, namespace, name, document, source)


def _unserved(api_version: str, kind: str) -> Kind:
    """Return a kind that only a file knows; what its plural is matters to the server alone."""
    group, _, version = api_version.rpartition("/")
    return Kind(kind, kind.lower(), group, version)


def _typed(document: Document, source: str) -> tuple[str, str]:
    """Return an object's apiVersion and kind.

    Raises:
        UsageError: one of them is missing.
    """
    from svcnet.api import manifest
    from svcnet.api.go.json import marshal

    manifest.check_type(document, source)
    api_version, kind = document["apiVersion"], document["kind"]
    if not kind:
        shown = marshal(document)
        raise SvcnetError(f"unable to decode \"{source}\": Object 'Kind' is missing in '{shown}'")
    return api_version, kind
