"""`completion`: what a shell needs to complete svcnet's command lines.

Source: kubectl pkg/cmd/completion/completion.go.
"""

from __future__ import annotations

from typing import Annotated

from svcnet.cli.frame.parameters import Context, argument
from svcnet.cli.frame.session import session
from svcnet.cli.telling.completion_scripts import SCRIPTS


def completion(
    ctx: Context,
    shells: Annotated[list[str] | None, argument(metavar="SHELL")] = None,
) -> None:
    """Output shell completion code for the specified shell (bash, zsh, fish, or powershell).

    The code must be evaluated by the shell, for example: source <(svcnet completion bash)
    """
    run = session(ctx)
    if not shells:
        raise run.usage("Shell not specified.")
    if len(shells) > 1:
        raise run.usage("Too many arguments. Expected only the shell type.")
    script = SCRIPTS.get(shells[0])
    if script is None:
        raise run.usage(f'Unsupported shell type "{shells[0]}".')
    run.say(script, end="")
