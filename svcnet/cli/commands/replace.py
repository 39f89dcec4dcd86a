"""`replace`: put objects in the place of those that are there.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/replace/replace.go.
"""

from __future__ import annotations

from typing import Annotated

from svcnet.api.keys import Document
from svcnet.cli.command.session import Session
from svcnet.cli.commands import last_applied
from svcnet.cli.commands.delete_options import DeleteOptions, delete_all
from svcnet.cli.commands.writing import Work, WriteFlags, write_flags, writing
from svcnet.cli.flags.declarations import argument, option
from svcnet.cli.flags.shared import (
    SaveConfig,
    Subresource,
    Timeout,
    Wait,
)
from svcnet.cli.resource.resource_flags import Files
from svcnet.cli.resource.targets import Target
from svcnet.errors import SvcnetError


def replace(
    session: Session,
    words: Annotated[list[str] | None, argument(hidden=True)] = None,
    *,
    resources: Files,
    force: Annotated[
        bool, option("--force", help="Delete the objects, and make them anew.")
    ] = False,
    grace_period: Annotated[
        int, option("--grace-period", help="With --force: seconds that pods are given.")
    ] = -1,
    cascade: Annotated[
        str, option("--cascade", help="With --force: background, foreground or orphan.")
    ] = "background",
    timeout: Timeout = "0s",
    wait: Wait = False,
    raw: Annotated[str, option("--raw", help="Not supported: there is no server.")] = "",
    subresource: Subresource = "",
    save_config: SaveConfig = False,
    flags: Annotated[WriteFlags, write_flags("kubectl-replace")],
) -> None:
    """Replace a resource by file name or stdin.

    JSON and YAML formats are accepted. If replacing an existing resource, the complete resource
    spec must be provided.
    """
    del wait
    if raw:
        raise SvcnetError("--raw needs a running API server, which svcnet does not have")
    # Nothing is deleted without --force, so there is nothing to give time to.
    if grace_period >= 0 and not force:
        raise SvcnetError("--grace-period must have --force specified")
    if timeout not in ("0s", "0") and not force:
        raise SvcnetError("--timeout must have --force specified")
    resources.require_files()
    if words:
        raise session.usage(f"Unexpected args: [{' '.join(words)}]")
    query = resources.query(session, ())
    with writing(session, flags) as work:
        targets = work.in_files(query, "replace")
        if force:
            # --force of `replace` is not that of `delete_all`: pods may still take their time.
            options = DeleteOptions.read(cascade=cascade, grace_period=grace_period, force=False)
            there = [each for each in targets if isinstance(each, Target)]
            # All go before the first is made anew, and what was not there is made all the same.
            delete_all(work, there, options, ignore_missing=True)
            work.each(targets, lambda target: _remake(work, target, save=save_config))
        else:
            work.each(
                targets,
                lambda target: _replace(work, target, subresource, save=save_config),
                "replacing",
            )


def _replace(work: Work, target: Target, subresource: str, *, save: bool) -> None:
    """Put one object in the place of the one that is there."""
    assert target.document is not None
    document = last_applied.saved(target.document, always=save)
    if not work.flags.client_only:
        document = work.update(_versioned(work, target, document), subresource)
    work.show(target.kind, document, "replaced")


def _versioned(work: Work, target: Target, document: Document) -> Document:
    """Return an object with the version of the one it is to replace, unless it names one.

    Some kinds are only replaced by who says what it replaces.
    Source: cli-runtime pkg/resource/helper.go Replace().
    """
    metadata = document.get("metadata") or {}
    live = None if metadata.get("resourceVersion") else work.txn.get(target.key)
    if live is None or target.kind.kind != document.get("kind"):
        return document
    version = {"resourceVersion": live["metadata"]["resourceVersion"]}
    return {**document, "metadata": {**metadata, **version}}


def _remake(work: Work, target: Target, *, save: bool) -> None:
    """Make one object anew after it was deleted."""
    assert target.document is not None
    document = last_applied.saved(target.document, always=save)
    if not work.flags.client_only:
        document = work.create(document)
    work.show(target.kind, document, "replaced")
