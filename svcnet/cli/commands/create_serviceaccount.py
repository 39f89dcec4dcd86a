"""`create serviceaccount`.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/create/create_serviceaccount.go.
"""

from __future__ import annotations

from typing import Annotated

from svcnet.cli.command.session import Session
from svcnet.cli.commands.data_sources import make_with_data
from svcnet.cli.commands.generated_object import Name, identity, name_and_command
from svcnet.cli.commands.writing import WriteFlags, write_flags
from svcnet.cli.flags.shared import SaveConfig


def create_serviceaccount(
    session: Session,
    words: Name = None,
    *,
    save_config: SaveConfig = False,
    flags: Annotated[WriteFlags, write_flags("kubectl-create")],
) -> None:
    """Create a service account with the specified name."""
    name, _ = name_and_command(session, words)
    metadata = identity(session, name).metadata()
    document = {"kind": "ServiceAccount", "apiVersion": "v1", "metadata": metadata}
    make_with_data(session, document, flags, save=save_config)
