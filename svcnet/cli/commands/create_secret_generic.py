"""`create secret generic`.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/create/create_secret.go.
"""

from __future__ import annotations

import base64
import os
from typing import Annotated

from svcnet.cli.command.session import Session
from svcnet.cli.commands.data_sources import Data, make_with_data
from svcnet.cli.commands.generated_object import Name, identity, name_and_command
from svcnet.cli.commands.writing import WriteFlags, write_flags
from svcnet.cli.flags.declarations import option
from svcnet.cli.flags.shared import SaveConfig


def create_secret_generic(
    session: Session,
    words: Name = None,
    *,
    data: Data,
    type_: Annotated[str, option("--type", help="What kind of secret it is.")] = "",
    save_config: SaveConfig = False,
    flags: Annotated[WriteFlags, write_flags("kubectl-create")],
) -> None:
    """Create a secret from a local file, directory, or literal value."""
    name, _ = name_and_command(session, words)
    document = {
        "kind": "Secret",
        "apiVersion": "v1",
        "metadata": identity(session, name).metadata(),
        "data": {
            # Gives back the bytes of a command line; those of a file stay as they are.
            key: base64.b64encode(os.fsencode(value)).decode()
            for key, value in data.read()
        },
        "type": type_,
    }
    make_with_data(session, document, flags, save=save_config)
