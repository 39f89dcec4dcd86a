"""Which pods leave a node that is drained, and which keep it from being drained.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/drain/filters.go, drain.go.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence

from svcnet.api.index_values import by_node
from svcnet.api.keys import Document, Key
from svcnet.api.kinds import POD
from svcnet.cli.commands.writing import Work
from svcnet.cli.printers.output import SUFFIXES
from svcnet.cli.resource.builder import labels_of
from svcnet.errors import SvcnetError
from svcnet.lean_namedtuple import NamedTuple


class DrainOptions(NamedTuple):
    """What keeps a node from being drained."""

    pod_selector: str = ""
    """Only pods with these labels are looked at."""
    unmanaged: bool = True
    """Pods that nothing makes anew."""
    daemons: bool = True
    """Pods of DaemonSets, which would be made anew on the same node."""
    local_data: bool = True
    """Pods whose data goes with them."""


_REASONS = {
    "daemons": "cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore)",
    "local_data": "cannot delete Pods with local storage (use --delete-emptydir-data to override)",
    "unmanaged": "cannot delete Pods that declare no controller (use --force to override)",
}
_REMARKS = {
    "daemons": "ignoring DaemonSet-managed Pods",
    "unmanaged": "deleting Pods that declare no controller",
}


def drain_node(
    work: Work, node: str, options: DrainOptions, *, grace_period: int = -1, delete: bool = False
) -> None:
    """Take the pods off a node.

    Args:
        work: the verb's work.
        node: the node's name.
        options: which pods must not be there.
        grace_period: seconds that pods are given; negative: as they say themselves.
        delete: delete pods instead of evicting them, which here is a matter of words.

    Raises:
        SvcnetError: there are pods that keep the node from being drained.
    """
    pods = list(_pods(work, node, options.pod_selector))
    refused = frozenset(name for name in _REASONS if getattr(options, name))
    troubles = [_trouble(each, refused) for each in pods]
    text = _listed(pods, troubles, {name: _REASONS[name] for name in _REASONS if name in refused})
    # Before any pod is touched: a node is drained as a whole or not at all.
    if text:
        raise SvcnetError(text)
    remarks = _listed(pods, troubles, _REMARKS)
    if remarks:
        work.session.warn(remarks)
    verb, done = ("deleting", "deleted") if delete else ("evicting", "evicted")
    # kubectl asks for all evictions at once, so that all are told before the first is done.
    leaving = [pod for pod, each in zip(pods, troubles, strict=True) if each != "daemons"]
    for pod in leaving:
        work.session.print_result(f"{verb} pod {_name(pod)}{SUFFIXES[work.flags.dry_run]}")
    # A server's dry run evicts nothing either, and so nobody is told to be gone.
    if work.flags.dry_run != "none":
        return
    for pod in leaving:
        metadata = pod["metadata"]
        key = Key(POD.resource, metadata["namespace"], metadata["name"])
        work.delete(key, grace_period=grace_period)
        work.show(POD, pod, done)


def _pods(work: Work, node: str, selector: str) -> Iterator[Document]:
    """Yield the pods on a node that a selector means.

    Raises:
        SvcnetError: the selector cannot be read.
    """
    from svcnet.api import selectors

    try:
        wanted = selectors.parse(selector)
    except ValueError as error:
        raise SvcnetError(f"--pod-selector={selector} can not be parsed: {error}") from None
    for pod in work.txn.indexed(POD.resource, by_node(node)):
        if wanted.matches(labels_of(pod)):
            yield pod


def _name(pod: Document) -> str:
    """Return a pod's name with its namespace."""
    return f"{pod['metadata']['namespace']}/{pod['metadata']['name']}"


def _trouble(pod: Document, refused: Container[str]) -> str:
    """Return what about a pod keeps its node from being drained, or else is remarked on.

    Empty when nothing is.  A pod may be in several troubles, and each that is `refused` counts;
    of those that are not, only the last is remarked on.

    Source: kubernetes staging/src/k8s.io/kubectl/pkg/drain/filters.go makeFilters().
    """
    if (pod.get("status") or {}).get("phase") in ("Succeeded", "Failed"):
        return ""
    owners = pod["metadata"].get("ownerReferences") or ()
    owner = next((each for each in owners if each.get("controller")), None)
    # A daemon's pod stays where it is, so its data is in no danger.
    if owner is not None and owner.get("kind") == "DaemonSet":
        return "daemons"
    volumes = (pod.get("spec") or {}).get("volumes") or ()
    if "local_data" in refused and any("emptyDir" in each for each in volumes):
        return "local_data"
    # unreplicatedFilter() runs last and overwrites what was said of local data.
    return "" if owner is not None else "unmanaged"


def _listed(pods: Sequence[Document], troubles: Sequence[str], reasons: Mapping[str, str]) -> str:
    """Return the pods in trouble, by reason."""
    parts = []
    for trouble, reason in reasons.items():
        names = [_name(pod) for pod, each in zip(pods, troubles, strict=True) if each == trouble]
        if names:
            parts.append(f"{reason}: {', '.join(names)}")
    return "; ".join(parts)
