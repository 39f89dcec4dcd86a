"""What `cordon`, `uncordon` and `drain` have in common: which nodes, and whether they take pods.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/drain/drain.go, pkg/drain/cordon.go.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from svcnet.api.kinds import NODE
from svcnet.api.merge import Patch, PatchType
from svcnet.cli.commands.writing import Work
from svcnet.cli.flags.declarations import argument
from svcnet.cli.resource.builder import found, resolve, resource_query
from svcnet.cli.resource.targets import Target
from svcnet.errors import SvcnetError, UsageError

Nodes: TypeAlias = Annotated[list[str] | None, argument(metavar="NODE")]
WITHOUT = (
    "validate", "field_manager", "output", "template", "allow_missing_template_keys",
    "show_managed_fields",
)  # fmt: skip
"""Flags that verbs about nodes do not take."""


def named_nodes(work: Work, words: list[str] | None, selector: str, verb: str) -> list[Target]:
    """Return the nodes that are meant.

    Raises:
        UsageError: none were named.
        NotFound: one of them does not exist.
    """
    session = work.session
    if not words and not selector:
        raise UsageError(
            f"USAGE: {verb} NODE [flags]", f"See '{session.command} -h' for help and examples"
        )
    if words and selector:
        raise SvcnetError("error: cannot specify both a node name and a --selector option")
    # Names stand alone here, as there is but one type; `node/n1` is taken as well.
    names = [word if "/" in word else f"nodes/{word}" for word in words or ()] or ["nodes"]
    query = resource_query(session, names, selector=selector)
    nodes = []
    for each in found(work.txn, resolve(query, work.txn.kinds())):
        if isinstance(each, SvcnetError):
            raise each
        nodes.append(each)
    return nodes


def set_unschedulable(work: Work, target: Target, done: Literal["cordoned", "uncordoned"]) -> None:
    """Let a node take pods, or no longer."""
    assert target.document is not None
    closed = done == "cordoned"
    # UpdateIfRequired() in drain/cordon.go: no request for what is so already.
    if bool((target.document.get("spec") or {}).get("unschedulable")) == closed:
        work.show(NODE, target.document, f"already {done}")
        return
    if not work.flags.client_only:
        body = {"spec": {"unschedulable": True if closed else None}}
        work.patch(target.key, Patch(PatchType.STRATEGIC, body))
    work.show(NODE, target.document, done)
