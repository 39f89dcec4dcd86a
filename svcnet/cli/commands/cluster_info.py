"""`cluster-info`: where the state is kept.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/clusterinfo/clusterinfo.go.
"""

from __future__ import annotations

from svcnet.cli.command.session import Session
from svcnet.cli.commands.no_arguments import Extra, refuse_words

# --- cluster-info -----------------------------------------------------------------------------


def cluster_info(session: Session, words: Extra = None) -> None:
    """Display cluster information: where the state is kept."""
    refuse_words(session, words)
    with session.read() as objects:
        nodes = [each["metadata"]["name"] for each in objects.list("nodes")]
    session.print_result(f"Kubernetes control plane is running at {session.db}")
    session.print_result("")
    for node in nodes[:1]:
        session.print_result(f"To see what a node makes of it, use 'svcnet rules --node {node}'.")
