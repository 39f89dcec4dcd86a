"""The kubeconfig that a script looks at before it starts.

There is one context, because there is one state; `--db` and SVCNET_DB say which.
"""

from __future__ import annotations

from typing import Annotated, Any

from svcnet.cli.command.session import Session
from svcnet.cli.flags.declarations import option

NAME = "svcnet"
"""What the only context, its cluster and its user are called."""

NoHeaders = Annotated[bool, option("--no-headers", help="Leave the line of headers out.")]


def kubeconfig(session: Session) -> dict[str, Any]:
    """Return the configuration that a kubeconfig for this state would hold."""
    context = {"cluster": NAME, "namespace": session.namespace, "user": NAME}
    return {
        "apiVersion": "v1",
        # In the place of a server's address: where requests go is a file.
        "clusters": [{"cluster": {"server": session.db}, "name": NAME}],
        "contexts": [{"context": context, "name": NAME}],
        "current-context": NAME,
        "kind": "Config",
        "users": [{"name": NAME, "user": {}}],
    }
