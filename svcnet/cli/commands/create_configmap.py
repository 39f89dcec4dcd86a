"""`create configmap`.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/create/create_configmap.go.
"""

from __future__ import annotations

import base64
from typing import Annotated

from svcnet.cli.command.session import Session
from svcnet.cli.commands.data_sources import Data, make_with_data
from svcnet.cli.commands.generated_object import Name, identity, name_and_command
from svcnet.cli.commands.writing import WriteFlags, write_flags
from svcnet.cli.flags.shared import SaveConfig


def create_configmap(
    session: Session,
    words: Name = None,
    *,
    data: Data,
    save_config: SaveConfig = False,
    flags: Annotated[WriteFlags, write_flags("kubectl-create")],
) -> None:
    """Create a config map from a local file, directory or literal value."""
    name, _ = name_and_command(session, words)
    texts: dict[str, str] = {}
    binaries: dict[str, str] = {}
    for key, value in data.read():
        # A literal is text whatever bytes it has; kubectl looks into files alone.
        if isinstance(value, str):
            texts[key] = value
            continue
        try:
            # data holds UTF-8 only, everything else has to go into binaryData (core/v1 ConfigMap).
            texts[key] = value.decode()
        except UnicodeDecodeError:
            binaries[key] = base64.b64encode(value).decode()
    document = {
        "kind": "ConfigMap",
        "apiVersion": "v1",
        "metadata": identity(session, name).metadata(),
        "data": texts,
        "binaryData": binaries,
    }
    make_with_data(session, document, flags, save=save_config)
