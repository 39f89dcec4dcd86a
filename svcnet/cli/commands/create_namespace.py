"""`create namespace`.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/create/create_namespace.go.
"""

from __future__ import annotations

from typing import Annotated

from svcnet.api.kinds import NAMESPACE
from svcnet.cli.command.session import Session
from svcnet.cli.commands import generators
from svcnet.cli.commands.generated_object import Name, make, name_and_command, saved
from svcnet.cli.commands.writing import WriteFlags, write_flags
from svcnet.cli.flags.shared import SaveConfig


def create_namespace(
    session: Session,
    words: Name = None,
    *,
    flags: Annotated[WriteFlags, write_flags("kubectl-create")],
    save_config: SaveConfig = False,
) -> None:
    """Create a namespace with the specified name."""
    name, _ = name_and_command(session, words)
    make(session, flags, NAMESPACE, saved(generators.namespace(name), save=save_config))
