"""`scale`: another number of pods.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/scale/scale.go, pkg/scale/scale.go.
"""

from __future__ import annotations

from typing import Annotated

from svcnet.api.keys import Document
from svcnet.api.merge import Patch, PatchType
from svcnet.cli.command.session import Session
from svcnet.cli.commands.writing import Work, WriteFlags, write_flags, writing
from svcnet.cli.flags.declarations import option
from svcnet.cli.flags.shared import (
    ResourceVersion,
    Timeout,
    Words,
)
from svcnet.cli.resource.builder import fetch, found, resolve
from svcnet.cli.resource.resource_flags import FilesSelectorAll
from svcnet.cli.resource.targets import Named, Target
from svcnet.errors import NotServed, SvcnetError
from svcnet.lean_namedtuple import NamedTuple


class ScalePrecondition(NamedTuple):
    """What has to hold before anything is changed."""

    replicas: int = -1
    """How many there have to be now; negative: any number."""
    resource_version: str = ""


def scale(
    session: Session,
    words: Words = None,
    *,
    replicas: Annotated[int, option("--replicas", help="How many pods there are to be.")],
    current_replicas: Annotated[
        int, option("--current-replicas", help="Only if there are as many now.")
    ] = -1,
    resource_version: ResourceVersion = "",
    resources: FilesSelectorAll,
    timeout: Timeout = "0s",
    flags: Annotated[
        WriteFlags, write_flags("kubectl-scale", without=("validate", "field_manager"))
    ],
) -> None:
    """Set a new size for a deployment, replica set, replication controller, or stateful set.

    Scale also allows users to specify one or more preconditions for the scale action.
    """
    del timeout
    if replicas < 0:
        raise SvcnetError(
            "The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0"
        )
    if current_replicas < -1:
        raise SvcnetError("The --current-replicas must specify an integer of -1 or greater")
    query = resources.query(session, words)
    condition = ScalePrecondition(current_replicas, resource_version)
    with writing(session, flags) as work:
        selection = resolve(query, work.txn.kinds())
        # What stands in a file is not looked up: it is what will be printed.
        named = bool(query.filenames) and isinstance(selection, Named)
        results = work.named(selection) if named else list(found(work.txn, selection))
        targets = [each for each in results if isinstance(each, Target)]
        # Versions are drawn from one counter, so no two objects share one.
        if resource_version and len(targets) > 1:
            raise SvcnetError("cannot use --resource-version with multiple resources")
        if not results:
            raise SvcnetError("no objects passed to scale")
        try:
            for target in targets:
                _scale(work, target, replicas, condition)
        except SvcnetError as error:
            # The first error ends it, and hides what was not found; what was done is told.
            session.report(error)
            return
        for each in results:
            if isinstance(each, SvcnetError):
                session.report(each)


def _scale(work: Work, target: Target, replicas: int, condition: ScalePrecondition) -> None:
    """Give one object another number of pods, and print it as it was found, but for that number.

    Raises:
        NotServed: its kind has no scale.
        SvcnetError: it is not as the user expects it.
    """
    assert target.document is not None
    if not work.flags.client_only:
        live = fetch(work.txn, target)
        if not target.kind.scalable:
            raise NotServed
        _check(live, condition)
        body = {"spec": {"replicas": replicas}}
        work.patch(target.key, Patch(PatchType.MERGE, body), "scale")
    work.show(target.kind, _scaled(target, replicas), "scaled")


def _scaled(target: Target, replicas: int) -> Document:
    """Return an object with another number of pods; where custom kinds have it nobody knows.

    Source: scale.go updateReplicas().
    """
    document = target.document or {}
    if target.kind.group not in ("", "apps"):
        return document
    return {**document, "spec": {**(document.get("spec") or {}), "replicas": replicas}}


def _check(document: Document, condition: ScalePrecondition) -> None:
    """Refuse unless the object is as the user expects it."""
    # apps/v1's default, for objects that do not say.
    there = document["spec"].get("replicas", 1)
    if condition.replicas >= 0 and there != condition.replicas:
        raise SvcnetError(f"Expected replicas to be {condition.replicas}, was {there}")
    version = document["metadata"].get("resourceVersion", "")
    if condition.resource_version and version != condition.resource_version:
        raise SvcnetError(
            f"Expected resource version to be {condition.resource_version}, was {version}"
        )
