"""`create deployment`: a Deployment, out of flags.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/create/create_deployment.go.
"""

from __future__ import annotations

from typing import Annotated

from svcnet.api.kinds import DEPLOYMENT
from svcnet.cli.command.session import Session
from svcnet.cli.commands import generators
from svcnet.cli.commands.generated_object import Name, identity, make, name_and_command, saved
from svcnet.cli.commands.writing import WriteFlags, write_flags
from svcnet.cli.flags.declarations import option
from svcnet.cli.flags.shared import SaveConfig
from svcnet.cli.flags.values import INT32_MAX
from svcnet.errors import SvcnetError


def create_deployment(
    session: Session,
    words: Name = None,
    *,
    images: Annotated[
        list[str], option("--image", help="An image to run, in a container of its own.")
    ],
    replicas: Annotated[int, option("--replicas", "-r", max=INT32_MAX, help="How many pods.")] = 1,
    port: Annotated[
        int, option("--port", max=INT32_MAX, help="The port of the first container.")
    ] = -1,
    flags: Annotated[WriteFlags, write_flags("kubectl-create")],
    save_config: SaveConfig = False,
) -> None:
    """Create a deployment with the specified name."""
    name, command = name_and_command(session, words)
    # Nothing tells which of the containers the command is for.
    if len(images) > 1 and command:
        raise SvcnetError("cannot specify multiple --image options and command")
    document = generators.deployment(
        identity(session, name), images, replicas=replicas, port=port, command=command
    )
    make(
        session,
        flags,
        DEPLOYMENT,
        saved(document, save=save_config),
        "failed to create deployment",
    )
