"""`uncordon`: mark nodes as schedulable.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/drain/drain.go.
"""

from __future__ import annotations

from typing import Annotated

from svcnet.cli.command.session import Session
from svcnet.cli.commands.node_scheduling import WITHOUT, Nodes, named_nodes, set_unschedulable
from svcnet.cli.commands.writing import WriteFlags, write_flags, writing
from svcnet.cli.flags.shared import Selector


def uncordon(
    session: Session,
    words: Nodes = None,
    *,
    selector: Selector = "",
    flags: Annotated[WriteFlags, write_flags("kubectl-cordon", without=WITHOUT)],
) -> None:
    """Mark node as schedulable."""
    with writing(session, flags) as work:
        for target in named_nodes(work, words, selector, "uncordon"):
            set_unschedulable(work, target, "uncordoned")
