"""`config get-users`.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/config/get_users.go.
"""

from __future__ import annotations

from svcnet.cli.command.session import Session
from svcnet.cli.commands.kubeconfig import NAME
from svcnet.cli.commands.no_arguments import Extra, refuse_words


def config_get_users(session: Session, words: Extra = None) -> None:
    """Display users defined in the kubeconfig."""
    refuse_words(session, words)
    session.print_result(f"NAME\n{NAME}")
