"""ReplicaSets that a dump left out, told from the pods that they made.

People dump what they look at, Deployments and pods, and leave out what stands between.  Without
it a Deployment would make a new ReplicaSet and new pods beside those that are given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Any

from svcnet.api.index_values import by_selector, by_selectors_of
from svcnet.api.keys import Document
from svcnet.api.kinds import DEPLOYMENT, REPLICA_SET
from svcnet.control.objects.replicasets import POD_TEMPLATE_HASH, REVISION


def missing_replica_sets(
    pods: Iterable[Document], deployments: Iterable[Document], known: frozenset[str]
) -> Iterator[Document]:
    """Yield the ReplicaSets of `deployments` that `pods` say made them, and nobody gave.

    Args:
        pods: what is given, whole; their owner references name the sets.
        deployments: by whose `matchLabels` a set is told to be theirs, with their uids.
        known: uids of the ReplicaSets that are there.

    Each set comes with the name and uid that its pods know, the Deployment's template, and as
    many replicas as it has pods.
    """
    made: dict[str, tuple[dict[str, Any], list[Document]]] = {}
    for pod in pods:
        for owner in pod["metadata"].get("ownerReferences") or ():
            if owner.get("controller") and REPLICA_SET.is_of(owner):
                made.setdefault(owner["uid"], (owner, []))[1].append(pod)
    candidates = _Candidates(deployments)
    for uid, (owner, its_pods) in made.items():
        deployment = None if uid in known else candidates.maker_of(its_pods[0])
        if deployment is not None:
            yield _replica_set(deployment, owner, its_pods)


class _Candidates:
    """Deployments, found by what they select: a dump may have ten thousand of them."""

    def __init__(self, deployments: Iterable[Document]) -> None:
        self._found: dict[tuple[str, str], list[tuple[int, Document]]] = {}
        for place, each in enumerate(deployments):
            wanted = ((each.get("spec") or {}).get("selector") or {}).get("matchLabels") or {}
            where = each["metadata"].get("namespace", ""), by_selector(wanted)
            self._found.setdefault(where, []).append((place, each))

    def maker_of(self, pod: Document) -> Document | None:
        """Return the first Deployment that may have made a pod's ReplicaSet."""
        namespace = pod["metadata"].get("namespace", "")
        values = by_selectors_of(pod["metadata"].get("labels") or {})
        found = (
            each
            for value in values
            for each in self._found.get((namespace, value), ())
            if _may_have_made(each[1], pod)
        )
        first = min(found, key=itemgetter(0), default=None)
        return None if first is None else first[1]


def _may_have_made(deployment: Document, pod: Document) -> bool:
    wanted = ((deployment.get("spec") or {}).get("selector") or {}).get("matchLabels") or {}
    labels: Mapping[str, str] = pod["metadata"].get("labels") or {}
    same_place = deployment["metadata"].get("namespace") == pod["metadata"].get("namespace")
    # Without the label the pods are of some other maker, which only looks like a Deployment's.
    return (
        same_place
        and bool(wanted)
        and POD_TEMPLATE_HASH in labels
        and wanted.items() <= labels.items()
    )


def _replica_set(deployment: Document, owner: Mapping[str, Any], pods: list[Document]) -> Document:
    metadata, spec = deployment["metadata"], deployment["spec"]
    template = spec.get("template") or {}
    code = {POD_TEMPLATE_HASH: pods[0]["metadata"]["labels"][POD_TEMPLATE_HASH]}
    labels = {**((template.get("metadata") or {}).get("labels") or {}), **code}
    revision = (metadata.get("annotations") or {}).get(REVISION, "1")
    return {
        "apiVersion": REPLICA_SET.api_version,
        "kind": REPLICA_SET.kind,
        "metadata": {
            "annotations": {REVISION: revision},
            "labels": labels,
            "name": owner["name"],
            "namespace": metadata["namespace"],
            "ownerReferences": [
                {
                    "apiVersion": DEPLOYMENT.api_version,
                    "blockOwnerDeletion": True,
                    "controller": True,
                    "kind": DEPLOYMENT.kind,
                    "name": metadata["name"],
                    "uid": metadata["uid"],
                }
            ],
            "uid": owner["uid"],
        },
        "spec": {
            "replicas": len(pods),
            "selector": {"matchLabels": {**spec["selector"]["matchLabels"], **code}},
            "template": {
                **template,
                "metadata": {**(template.get("metadata") or {}), "labels": labels},
            },
        },
    }
