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
from svcnet.cli.resource.builder import found, resolve
from svcnet.cli.resource.resource_flags import FilesSelectorAll
from svcnet.cli.resource.targets import Target
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
    query = resources.query(session, words)
    condition = ScalePrecondition(current_replicas, resource_version)
    with writing(session, flags) as work:
        results = list(found(work.txn, resolve(query, work.txn.kinds())))
        targets = [each for each in results if isinstance(each, Target)]
        # Versions are drawn from one counter, so no two objects share one.
        if resource_version and len(targets) > 1:
            raise SvcnetError("cannot use --resource-version with multiple resources")
        if not results:
            raise SvcnetError("no objects passed to scale")
        work.each(results, lambda target: _scale(work, target, replicas, condition))


def _scale(work: Work, target: Target, replicas: int, condition: ScalePrecondition) -> None:
    """Give one object another number of pods.

    Raises:
        NotServed: its kind has no scale.
        SvcnetError: it is not as the user expects it.
    """
    assert target.document is not None
    if not target.kind.scalable:
        raise NotServed
    _check(target.document, condition)
    after = target.document
    if not work.flags.client_only:
        body = {"spec": {"replicas": replicas}}
        work.patch(target.key, Patch(PatchType.MERGE, body), "scale")
        # The answer is a Scale; what is told is the object itself.
        after = work.txn.get(target.key) or target.document
    work.show(target.kind, after, "scaled")


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
