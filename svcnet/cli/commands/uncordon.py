"""`uncordon`: mark nodes as schedulable.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/drain/drain.go.
"""

from __future__ import annotations

from svcnet.cli.command.session import Session
from svcnet.cli.commands.node_scheduling import WITHOUT, Nodes, named_nodes, set_unschedulable
from svcnet.cli.commands.writing import Intent, writes, writing
from svcnet.cli.flags.shared import Selector


@writes("kubectl-cordon", without=WITHOUT)
def uncordon(
    session: Session, words: Nodes = None, *, selector: Selector = "", wish: Intent
) -> None:
    """Mark node as schedulable."""
    with writing(session, wish) as work:
        for target in named_nodes(work, words, selector, "uncordon"):
            set_unschedulable(work, target, "uncordoned")
