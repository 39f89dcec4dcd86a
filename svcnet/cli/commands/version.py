"""`version`: which Kubernetes svcnet follows, and its own version.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/version/version.go.
"""

from __future__ import annotations

import sys
from typing import Annotated, Any

from svcnet import __version__
from svcnet.api.release import REFERENCE
from svcnet.cli.command.session import Session
from svcnet.cli.commands.no_arguments import Extra
from svcnet.cli.flags.declarations import option
from svcnet.errors import SvcnetError

_MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}


# --- version ----------------------------------------------------------------------------------


def version(
    session: Session,
    words: Extra = None,
    *,
    client: Annotated[
        bool, option("--client", help="Tell only the version of the program, no server's.")
    ] = False,
    output: Annotated[str, option("--output", "-o", help="One of 'yaml' or 'json'.")] = "",
) -> None:
    """Print the client and server version information.

    Both are the Kubernetes version that svcnet follows; svcnet's own stands beside them.
    """
    if words:
        raise SvcnetError(f"extra arguments: [{' '.join(words)}]")
    if output not in {"", "json", "yaml"}:
        raise SvcnetError("--output must be 'yaml' or 'json'")
    session.print_result(_versions(client=client, output=output), end="")


def _versions(*, client: bool, output: str) -> str:
    """Return the versions in the format asked for."""
    if not output:
        lines = [f"Client Version: v{REFERENCE}"]
        if not client:
            lines.append(f"Server Version: v{REFERENCE}")
        return "\n".join((*lines, f"svcnet Version: v{__version__}", ""))
    versions: dict[str, Any] = {"clientVersion": _kubernetes()}
    if not client:
        versions["serverVersion"] = _kubernetes()
    # Beside kubectl's own fields, so that scripts which read those still find them.
    versions["svcnetVersion"] = f"v{__version__}"
    if output == "json":
        import json

        return json.dumps(versions, indent=2) + "\n"
    from svcnet.api.yamltext import to_yaml

    return to_yaml(versions)


def _kubernetes() -> dict[str, str]:
    """Return the Kubernetes version that is followed, in kubectl's fields."""
    import platform

    major, minor, _ = REFERENCE.split(".")
    # Go's names of processors are not those of uname.
    machine = _MACHINES.get(platform.machine(), platform.machine())
    return {
        "major": major,
        "minor": minor,
        "gitVersion": f"v{REFERENCE}",
        "platform": f"{sys.platform}/{machine}",
    }
