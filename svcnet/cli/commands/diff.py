"""`diff`: what `apply` would change.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/diff/diff.go.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable
from typing import Annotated

from svcnet.api.keys import Document
from svcnet.api.yamltext import to_yaml
from svcnet.cli.command.session import Session
from svcnet.cli.commands import apply_patcher
from svcnet.cli.commands.apply_migration import manager_of
from svcnet.cli.commands.writing import Work, WriteFlags, writing
from svcnet.cli.flags.declarations import argument, option
from svcnet.cli.flags.shared import (
    FieldManager,
    ShowManagedFields,
)
from svcnet.cli.printers.output import Format, without_managed_fields
from svcnet.cli.resource.resource_flags import FilesAndSelector
from svcnet.cli.resource.targets import Target
from svcnet.errors import SvcnetError
from svcnet.scratch import scratch_folders

TROUBLE = 2
"""Exit status of an error; 1 says that there are differences."""


def diff(
    session: Session,
    words: Annotated[list[str] | None, argument(hidden=True)] = None,
    *,
    resources: FilesAndSelector,
    server_side: Annotated[
        bool, option("--server-side", help="Compare with a server-side apply.")
    ] = False,
    force_conflicts: Annotated[
        bool, option("--force-conflicts", help="Take fields over that others own.")
    ] = False,
    field_manager: FieldManager = "",
    show_managed_fields: ShowManagedFields = False,
    prune: Annotated[bool, option("--prune", help="Not supported.")] = False,
    prune_allowlist: Annotated[
        list[str] | None, option("--prune-allowlist", help="Only for --prune.")
    ] = None,
    concurrency: Annotated[
        int, option("--concurrency", help="Taken, and makes no difference.")
    ] = 1,
) -> None:
    """Diff configurations specified by file name or stdin between the current and the applied one.

    The output is always YAML. KUBECTL_EXTERNAL_DIFF environment variable can be used to select your
    own diff command. Exit status: 0 no differences, 1 differences, more an error.
    """
    del prune_allowlist, concurrency
    try:
        _check(session, words, prune=prune)
        resources.require_files()
        query = resources.query(session, ())
        options = apply_patcher.ApplyOptions(
            server_side=server_side, force_conflicts=force_conflicts
        )
        manager = manager_of(field_manager, server_side=server_side)
        flags = WriteFlags(Format(managed_fields=show_managed_fields), "server", manager=manager)
        # A dry run by the server, so that its defaults are no differences.
        with writing(session, flags) as work:
            pairs = _pairs(work, work.in_files(query, "diff"), options)
    except SvcnetError as error:
        # 1 would read as `there are differences`.
        error.exit_code = TROUBLE
        raise
    if session.exit_status:
        session.exit_status = TROUBLE
        return
    session.exit_status = _compared(session, pairs)


def _check(session: Session, words: list[str] | None, *, prune: bool) -> None:
    """Refuse what `diff` does not take."""
    if prune:
        raise SvcnetError("--prune is not supported by svcnet")
    if words:
        raise session.usage(f"Unexpected args: [{' '.join(words)}]")


def _pairs(
    work: Work, targets: Iterable[Target | SvcnetError], options: apply_patcher.ApplyOptions
) -> list[tuple[str, str, str]]:
    """Return a file name for each object, with its text as it is and as it would be."""
    pairs: list[tuple[str, str, str]] = []

    def act(target: Target) -> None:
        live = work.txn.get(target.key)
        merged = apply_patcher.merged(work, target, live, options)
        shown = [_shown(work, each) for each in (live, merged)]
        # diff.go Masker: who may change a Secret need not want it on the screen.
        if target.kind.resource == "secrets":
            shown = _masked(*shown)
        before, after = (to_yaml(each) if each else "" for each in shown)
        pairs.append((_file_name(target), before, after))

    work.each(targets, act)
    return pairs


def _shown(work: Work, document: Document | None) -> Document:
    """Return an object as it is compared; an empty one where there is none."""
    if document is None:
        return {}
    return document if work.flags.form.managed_fields else without_managed_fields(document)


def _file_name(target: Target) -> str:
    """Return `group.version.Kind.namespace.name`, without what is empty."""
    kind = target.kind
    parts = (kind.group, kind.version, kind.kind, target.namespace, target.name)
    return ".".join(filter(None, parts))


def _masked(before: Document, after: Document) -> list[Document]:
    """Return both Secrets with stars for their data; what differs is marked."""
    old, new = before.get("data") or {}, after.get("data") or {}
    hidden_old, hidden_new = {}, {}
    for key in {**old, **new}:
        # Equal stars would hide that a value changes.
        changed = key in old and key in new and old[key] != new[key]
        if key in old:
            hidden_old[key] = "*** (before)" if changed else "***"
        if key in new:
            hidden_new[key] = "*** (after)" if changed else "***"
    return [
        {**document, "data": hidden} if hidden else document
        for document, hidden in ((before, hidden_old), (after, hidden_new))
    ]


def _compared(session: Session, pairs: Iterable[tuple[str, str, str]]) -> int:
    """Let the diff program compare two directories; return its exit status.

    Raises:
        SvcnetError: the program cannot be started.
    """
    with scratch_folders("LIVE-", "MERGED-") as (live, merged):
        for name, before, after in pairs:
            for directory, text in ((live, before), (merged, after)):
                # An object that is missing on one side is a missing file, which -N takes as empty.
                if text:
                    (directory / name).write_text(text, encoding="utf-8")
        # The program writes to the same place, past Python's buffer.
        sys.stdout.flush()
        words = [*_command(), str(live), str(merged)]
        try:
            status = subprocess.run(words, check=False).returncode  # noqa: S603 - the user's own
        except OSError as error:
            failed = SvcnetError(f'failed to run "{words[0]}": {error.strerror}')
            failed.exit_code = TROUBLE
            raise failed from None
    # 1 says no more than that there are differences, so kubectl tells only of others.
    if status > 1:
        session.print_note(f"exit status {status}")
    return status


def _command() -> list[str]:
    """Return the program that compares, with its flags; others than plain ones are left out."""
    name, *flags = os.environ.get("KUBECTL_EXTERNAL_DIFF", "").split(" ")
    if not name:
        return ["diff", "-u", "-N"]
    # kubectl passes on only what cannot mean anything to a shell.
    return [name, *(flag for flag in flags if re.fullmatch("[a-zA-Z0-9-=]+", flag))]
