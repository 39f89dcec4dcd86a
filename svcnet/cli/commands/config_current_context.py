"""`config current-context`.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/config/current_context.go.
"""

from __future__ import annotations

from svcnet.cli.command.session import Session
from svcnet.cli.commands.kubeconfig import NAME
from svcnet.cli.commands.no_arguments import Extra, refuse_words


def config_current_context(session: Session, words: Extra = None) -> None:
    """Display the current-context."""
    refuse_words(session, words)
    session.print_result(NAME)
