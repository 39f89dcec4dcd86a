"""`patch`: change parts of an object.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/patch/patch.go.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from svcnet.api import manifest, merge
from svcnet.api.keys import Document
from svcnet.api.kinds import BUILT_IN, Kind
from svcnet.api.merge import Patch, PatchType
from svcnet.cli.command.session import Session
from svcnet.cli.commands.writing import Work, WriteFlags, local_flags, write_flags, writing
from svcnet.cli.flags.declarations import option
from svcnet.cli.flags.shared import Subresource, Words
from svcnet.cli.resource.builder import fetch, resolve
from svcnet.cli.resource.resource_flags import Files
from svcnet.cli.resource.targets import Target
from svcnet.errors import StatusError, SvcnetError, go_quote

SCALE = Kind("Scale", "scales", "autoscaling")
"""What `--subresource=scale` answers with."""

TYPES = ("json", "merge", "strategic")


def patch(
    session: Session,
    words: Words = None,
    *,
    resources: Files,
    text: Annotated[str, option("--patch", "-p", help="What to change, as JSON or YAML.")] = "",
    patch_file: Annotated[str, option("--patch-file", help="A file that holds the patch.")] = "",
    type_: Annotated[
        str, option("--type", help="How the patch is meant: json, merge, strategic.")
    ] = "strategic",
    subresource: Subresource = "",
    local: Annotated[bool, option("--local", help="Only change what stands in the files.")] = False,
    flags: Annotated[
        WriteFlags, write_flags("kubectl-patch", without=("validate",), prints_late=True)
    ],
) -> None:
    """Update fields of a resource using strategic merge patch, a JSON merge patch, or a JSON patch.

    JSON and YAML formats are accepted.
    """
    _check(text, patch_file, type_, subresource, local=local, files=bool(resources.filenames))
    change = _read(PatchType(type_), _file_text(patch_file) if patch_file else text)
    query = resources.query(session, words, local=local)
    # Patches are sent without fieldValidation, for which the server's default is Warn.
    flags = local_flags(flags, local=local)._replace(validation="Warn", silent=True)
    with writing(session, flags) as work:
        targets = work.named(resolve(query, work.txn.kinds()))
        work.each(targets, lambda target: _patch(work, target, change, subresource))


def _check(
    text: str, patch_file: str, type_: str, subresource: str, *, local: bool, files: bool
) -> None:
    """Refuse flags that do not go together, in kubectl's order."""
    if text and patch_file:
        raise SvcnetError("cannot specify --patch and --patch-file together")
    if not text and not patch_file:
        raise SvcnetError(
            "must specify --patch or --patch-file containing the contents of the patch"
        )
    # What is local to change is only what stands in a file.
    if local and not files:
        raise SvcnetError("cannot specify --local and server resources")
    if type_ not in TYPES:
        raise SvcnetError(f"--type must be one of [{' '.join(TYPES)}], not {go_quote(type_)}")
    if subresource and subresource not in ("status", "scale", "resize"):
        known = "[status scale resize]"
        raise SvcnetError(
            f"invalid subresource value: {go_quote(subresource)}. Must be one of {known}"
        )


def _file_text(path: str) -> str:
    """Return what is in a patch file.

    Raises:
        SvcnetError: it cannot be read; the words are Go's.
    """
    try:
        with open(path, encoding="utf-8") as file:  # noqa: PTH123 - pathlib is slow to import
            return file.read()
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise SvcnetError(f"unable to read patch file: open {path}: {why.lower()}") from None


def _read(type_: PatchType, text: str) -> Callable[[], Patch]:
    """Read a patch as JSON or YAML; return what makes a patch of it.

    What looks like JSON is left unread until there is an object to patch: faults in it are told
    by the server, which looks for the object first.

    Raises:
        SvcnetError: it is no YAML.
    """
    # yaml.ToJSON() passes it on unread.
    if text.lstrip().startswith("{"):
        return lambda: merge.read_patch(type_, text)
    try:
        body = manifest.read_one(text)
    except ValueError as error:
        raise SvcnetError(f"unable to parse {go_quote(text)}: {error}") from None
    return lambda: merge.patch_of(type_, body)


def _patch(work: Work, target: Target, change: Callable[[], Patch], subresource: str) -> None:
    """Patch one object, and tell whether that changed it."""
    # What comes back from the subresource is a Scale, and it is told as one.
    kind = SCALE if subresource == "scale" else target.kind
    if work.flags.client_only:
        # What stands in a file is not looked up here, only patched.
        live = target.document or fetch(work.txn, target)
        after = _patched_here(live, change, target.kind)
        changed = after != live
    else:
        fetch(work.txn, target)
        after, _, changed = work.patch(target.key, change(), subresource)
        # kubectl compares with what it read: the server's object differs from any file.
        changed = changed or bool(target.source)
    work.show(kind, after, "patched" if changed else "patched (no change)")


def _patched_here(live: Document, change: Callable[[], Patch], kind: Kind) -> Document:
    """Return an object patched by kubectl itself, whose errors are its own then.

    Raises:
        SvcnetError: the patch is malformed, or does not fit.
    """
    try:
        read = change()
        if read.type is PatchType.STRATEGIC and kind not in BUILT_IN:
            raise SvcnetError(
                f"strategic merge patch is not supported for {kind.api_version}, Kind={kind.kind} "
                "locally, try --type merge"
            )
        return merge.patched(live, read, kind)
    except StatusError as error:
        why = str(error).removeprefix("error decoding patch: ")
        # One reads what it decodes into, the other into what.
        raise SvcnetError(why.replace("[]handlers.jsonPatchOp", "jsonpatch.Patch")) from None
