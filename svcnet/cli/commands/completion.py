"""`completion`: what a shell needs to complete svcnet's command lines.

Source: kubectl pkg/cmd/completion/completion.go.
"""

from __future__ import annotations

from typing import Annotated

from svcnet.cli.command.completion_scripts import SCRIPTS
from svcnet.cli.command.session import Session
from svcnet.cli.flags.declarations import argument


def completion(
    session: Session,
    shells: Annotated[list[str] | None, argument(metavar="SHELL")] = None,
) -> None:
    """Output shell completion code for the specified shell (bash, zsh, fish, or powershell).

    The code must be evaluated by the shell, for example: source <(svcnet completion bash)
    """
    if not shells:
        raise session.usage("Shell not specified.")
    if len(shells) > 1:
        raise session.usage("Too many arguments. Expected only the shell type.")
    script = SCRIPTS.get(shells[0])
    if script is None:
        raise session.usage(f'Unsupported shell type "{shells[0]}".')
    session.print_result(script, end="")
