"""`cluster-info`: where the state is kept.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/clusterinfo/clusterinfo.go.
"""

from __future__ import annotations

from svcnet.cli.command.session import Session
from svcnet.cli.commands.no_arguments import Extra, refuse_words
from svcnet.errors import UsageError

# --- cluster-info -----------------------------------------------------------------------------


def cluster_info(session: Session, words: Extra = None) -> None:
    """Display cluster information: where the state is kept."""
    if words and words[0] == "dump":
        raise UsageError(
            "svcnet has no `cluster-info dump`: use `kubectl get all -A -o yaml` for the objects "
            "and `svcnet rules --node NODE` for a node's rules"
        )
    refuse_words(session, words)
    with session.read() as objects:
        nodes = [each["metadata"]["name"] for each in objects.list("nodes")]
    session.say(f"Kubernetes control plane is running at {session.db}")
    session.say("")
    for node in nodes[:1]:
        session.say(f"To see what a node makes of it, use 'svcnet rules --node {node}'.")
