"""ReplicaSets that a dump left out, told from the pods that they made.

People dump what they look at, Deployments and pods, and leave out what stands between.  Without
it a Deployment would make a new ReplicaSet and new pods beside those that are given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Any

from svcnet.api.go.strconv import parse_decimal
from svcnet.api.index_values import by_selector, by_selectors_of
from svcnet.api.keys import Document
from svcnet.api.kinds import DEPLOYMENT, REPLICA_SET
from svcnet.control.apiserver.pod_origins import latest_of, since, template_of
from svcnet.control.objects.ownership import by_controller, identity_of_document
from svcnet.control.objects.replicasets import POD_TEMPLATE_HASH, REVISION, without_hash
from svcnet.lean_namedtuple import NamedTuple


def missing_replica_sets(
    pods: Iterable[Document], deployments: Iterable[Document], known: Iterable[Document]
) -> Iterator[Document]:
    """Yield the ReplicaSets of `deployments` that `pods` say made them, and nobody gave.

    Args:
        pods: what is given, whole; their owner references name the sets.
        deployments: by whose `matchLabels` a set is told to be theirs, with their uids.
        known: the ReplicaSets that are there.

    Each set comes with the name and uid that its pods know, and as many replicas as it has pods.
    One has the Deployment's present template, unless a set that is there has it; that of another
    is made out from a pod.
    """
    there = list(known)
    uids = {each["metadata"]["uid"] for each in there}
    kept = by_controller(there)
    given = list(deployments)
    candidates, by_place = _Candidates(given), {_place(each): each for each in given}
    made: dict[int, tuple[Document, dict[str, _Made]]] = {}
    for uid, one in _by_maker(pods).items():
        if uid in uids:
            continue
        pod = one.pods[0]
        likely = by_place.get((pod["metadata"].get("namespace"), one.deployment))
        # By name first: labels may fit several.
        if likely is not None and _may_have_made(likely, pod):
            deployment: Document | None = likely
        else:
            deployment = candidates.maker_of(pod)
        if deployment is not None:
            made.setdefault(id(deployment), (deployment, {}))[1][one.reference["name"]] = one
    for deployment, sets in made.values():
        known_sets = kept.get(identity_of_document(deployment), [])
        yield from _replica_sets(deployment, sets, known_sets)


class _Made(NamedTuple):
    """A ReplicaSet that pods name."""

    reference: dict[str, Any]
    pods: list[Document]

    @property
    def code(self) -> str:
        """The hash that its pods bear; empty when they bear none."""
        labels = self.pods[0]["metadata"].get("labels") or {}
        return str(labels.get(POD_TEMPLATE_HASH) or "")

    @property
    def deployment(self) -> str:
        """The name of the Deployment that would have given it its name."""
        return str(self.reference["name"]).removesuffix(f"-{self.code}")


def _by_maker(pods: Iterable[Document]) -> dict[str, _Made]:
    made: dict[str, _Made] = {}
    for pod in pods:
        for owner in pod["metadata"].get("ownerReferences") or ():
            if owner.get("controller") and REPLICA_SET.is_of(owner):
                made.setdefault(owner["uid"], _Made(owner, [])).pods.append(pod)
    return made


def _place(document: Document) -> tuple[str | None, str]:
    metadata = document["metadata"]
    return metadata.get("namespace"), metadata["name"]


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


def _replica_sets(
    deployment: Document, sets: dict[str, _Made], known: Iterable[Document]
) -> Iterator[Document]:
    """Yield the sets of one Deployment, the newest with its number and the others below it."""
    template = deployment["spec"].get("template") or {}
    groups = {name: one.pods for name, one in sets.items()}
    is_kept = any(without_hash(each["spec"].get("template")) == template for each in known)
    latest = "" if is_kept else latest_of(groups, template, _told(deployment, groups))
    annotations = deployment["metadata"].get("annotations") or {}
    text = annotations.get(REVISION, "1")
    number = parse_decimal(text) or 1
    if latest:
        yield _replica_set(deployment, sets[latest], template, number)
    olds = sorted(set(groups) - {latest}, key=lambda name: (since(groups[name]), name))
    for below, name in enumerate(reversed(olds), 1):
        former = template_of(groups[name][0], template)
        yield _replica_set(deployment, sets[name], former, max(1, number - below))


def _told(deployment: Document, names: Iterable[str]) -> str:
    """Return the set that a Deployment's status says it is rolling out, if it is among `names`.

    Source: kubernetes pkg/controller/deployment/progress.go: the messages quote its name.
    """
    conditions = (deployment.get("status") or {}).get("conditions") or ()
    said = [each.get("message") or "" for each in conditions if each.get("type") == "Progressing"]
    return next((name for name in names if any(f'"{name}"' in each for each in said)), "")


def _replica_set(deployment: Document, one: _Made, template: Document, number: int) -> Document:
    metadata, spec = deployment["metadata"], deployment["spec"]
    code = {POD_TEMPLATE_HASH: one.code}
    labels = {**((template.get("metadata") or {}).get("labels") or {}), **code}
    made = since(one.pods)
    return {
        "apiVersion": REPLICA_SET.api_version,
        "kind": REPLICA_SET.kind,
        "metadata": {
            "annotations": {REVISION: str(number)},
            **({"creationTimestamp": made} if made else {}),
            "labels": labels,
            "name": one.reference["name"],
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
            "uid": one.reference["uid"],
        },
        "spec": {
            "replicas": len(one.pods),
            "selector": {"matchLabels": {**spec["selector"]["matchLabels"], **code}},
            "template": {
                **template,
                "metadata": {**(template.get("metadata") or {}), "labels": labels},
            },
        },
    }
