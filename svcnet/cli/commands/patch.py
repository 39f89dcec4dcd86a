"""`patch`: change parts of an object.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/patch/patch.go.
"""

from __future__ import annotations

from typing import Annotated

from svcnet.api import manifest, merge
from svcnet.api.kinds import Kind
from svcnet.api.merge import Patch, PatchType
from svcnet.cli.command.session import Session
from svcnet.cli.commands.writing import Work, WriteFlags, typed, write_flags, writing
from svcnet.cli.flags.declarations import option
from svcnet.cli.flags.shared import Subresource, Words
from svcnet.cli.resource.builder import fetch, resolve
from svcnet.cli.resource.resource_flags import Files
from svcnet.cli.resource.targets import Target
from svcnet.errors import SvcnetError, go_quote

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
    change = _file_text(patch_file) if patch_file else text
    query = resources.query(session, words)
    # Patches are sent without fieldValidation, for which the server's default is Warn.
    with writing(session, flags._replace(validation="Warn", silent=True)) as work:

        def act(target: Target) -> None:
            read = _read(PatchType(type_), change)
            _patch(work, target, read, subresource, local=local)

        work.each(work.named(resolve(query, work.txn.kinds())), act)


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


def _read(type_: PatchType, text: str) -> Patch:
    """Read a patch as JSON or YAML; what looks like JSON is left to the server to judge."""
    # yaml.ToJSON() passes it on unread, so faults in it come from the server.
    if text.lstrip().startswith("{"):
        return merge.read_patch(type_, text)
    try:
        return merge.patch_of(type_, manifest.read_one(text))
    except ValueError as error:
        raise SvcnetError(f"unable to parse {go_quote(text)}: {error}") from None


def _patch(work: Work, target: Target, change: Patch, subresource: str, *, local: bool) -> None:
    """Patch one object, and tell whether that changed it."""
    # What comes back from the subresource is a Scale, and it is told as one.
    kind = SCALE if subresource == "scale" else target.kind
    if local or work.flags.client_only:
        live = typed(target) if local else fetch(work.txn, target)
        after = merge.patched(live, change, target.kind)
        changed = after != live
    else:
        fetch(work.txn, target)
        after, _, changed = work.patch(target.key, change, subresource)
    work.show(kind, after, "patched" if changed else "patched (no change)")
