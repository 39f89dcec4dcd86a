"""`create job`: a Job, out of flags or of what a CronJob makes.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/create/create_job.go.
"""

from __future__ import annotations

from typing import Annotated

from svcnet.api.keys import Document
from svcnet.api.kinds import CRON_JOB, JOB
from svcnet.cli.command.session import Session
from svcnet.cli.commands import generators
from svcnet.cli.commands.generated_object import (
    Name,
    create_made,
    identity,
    make,
    name_and_command,
    saved,
)
from svcnet.cli.commands.generators import Identity
from svcnet.cli.commands.writing import Work, WriteFlags, write_flags, writing
from svcnet.cli.flags.declarations import option
from svcnet.cli.flags.shared import SaveConfig
from svcnet.cli.resource.builder import fetch, resolve, resource_query
from svcnet.errors import SvcnetError

_FAILURE = "failed to create job"


def create_job(
    session: Session,
    words: Name = None,
    *,
    image: Annotated[str, option("--image", help="An image to run.")] = "",
    from_: Annotated[
        str, option("--from", help="What to make the job of: cronjob/NAME, and nothing else.")
    ] = "",
    flags: Annotated[WriteFlags, write_flags("kubectl-create")],
    save_config: SaveConfig = False,
) -> None:
    """Create a job with the specified name."""
    name, command = name_and_command(session, words)
    if bool(image) == bool(from_):
        raise SvcnetError("either --image or --from must be specified")
    if command and from_:
        raise SvcnetError("cannot specify --from and command")
    named = identity(session, name)
    if image:
        document = generators.job(named, image, command)
        make(session, flags, JOB, saved(document, save=save_config), _FAILURE)
        return
    # Only a cluster knows its CronJobs, so that even a client's dry run asks it.
    with writing(session, flags) as work:
        document = _instantiated(work, named, from_)
        create_made(work, JOB, saved(document, save=save_config), _FAILURE)


def _instantiated(work: Work, named: Identity, source: str) -> Document:
    """Return the Job that a CronJob would make, under another name.

    Raises:
        SvcnetError: `source` names no object, several, or one of another kind.
    """
    query = resource_query(work.session, (source,))
    targets = work.named(resolve(query, work.txn.kinds()))
    if len(targets) != 1:
        raise SvcnetError("from must be an existing cronjob")
    (target,) = targets
    if isinstance(target, SvcnetError):
        raise target
    found = fetch(work.txn, target)
    if target.kind is not CRON_JOB:
        raise SvcnetError(f"unknown object type *{target.kind.version}.{target.kind.kind}")
    return generators.job_of(named, found)
