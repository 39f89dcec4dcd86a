"""`create cronjob`: a CronJob, out of flags.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/create/create_cronjob.go.
"""

from __future__ import annotations

from typing import Annotated

from svcnet.api.kinds import CRON_JOB
from svcnet.cli.command.session import Session
from svcnet.cli.commands import generators
from svcnet.cli.commands.generated_object import Name, identity, make, name_and_command, saved
from svcnet.cli.commands.writing import WriteFlags, write_flags
from svcnet.cli.flags.declarations import option
from svcnet.cli.flags.shared import SaveConfig
from svcnet.errors import SvcnetError


def create_cronjob(
    session: Session,
    words: Name = None,
    *,
    image: Annotated[str, option("--image", help="An image to run.")],
    schedule: Annotated[str, option("--schedule", help="When the jobs run, in the cron format.")],
    restart: Annotated[
        str, option("--restart", help="The jobs' restart policy: OnFailure, Never.")
    ] = "",
    flags: Annotated[WriteFlags, write_flags("kubectl-create")],
    save_config: SaveConfig = False,
) -> None:
    """Create a cron job with the specified name."""
    name, command = name_and_command(session, words)
    # Given, but empty: that is more than what flags that are required look at.
    for flag, value in (("--image", image), ("--schedule", schedule)):
        if not value:
            raise SvcnetError(f"{flag} must be specified")
    document = generators.cron_job(
        identity(session, name), image, schedule, command, restart=restart or "OnFailure"
    )
    make(session, flags, CRON_JOB, saved(document, save=save_config), "failed to create cronjob")
