"""`config use-context`.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/config/use_context.go.
"""

from __future__ import annotations

import sys
from typing import Annotated

from svcnet.cli.command.session import Session
from svcnet.cli.commands.kubeconfig import NAME
from svcnet.cli.flags.declarations import argument
from svcnet.errors import SvcnetError, go_quote


def config_use_context(
    session: Session, words: Annotated[list[str] | None, argument(metavar="CONTEXT_NAME")] = None
) -> None:
    """Set the current-context: the only one there is."""
    words = words or []
    if len(words) != 1:
        from svcnet.cli.command import help as help_

        path = "config use-context"
        shown = help_.of_verb(path, config_use_context, "kubectl", sys.maxsize)
        session.print_result(shown, end="")
        raise SvcnetError(f"Unexpected args: [{' '.join(words)}]")
    name = words[0]
    # A script made for a real cluster is to fail here, before it changes this state.
    if name != NAME:
        raise SvcnetError(f"no context exists with the name: {go_quote(name)}")
    session.print_result(f'Switched to context "{name}".')
