"""Which pods want to be near which others, or far from them.

Only what is required counts; preferences would only be tie-breakers.

Source: kubernetes pkg/scheduler/framework/plugins/interpodaffinity/filtering.go.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from svcnet.api.index_values import REPELLING, by_label
from svcnet.api.keys import Document
from svcnet.api.lean_msgspec import msgspec
from svcnet.api.objects import LabelSelector
from svcnet.api.workloads import Pod
from svcnet.control.objects.ownership import Matcher, matcher
from svcnet.lean_namedtuple import NamedTuple
from svcnet.snapshot import Snapshot

_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"


AFFINITY_NOT_MATCHED = "node(s) didn't match pod affinity rules"
ANTI_AFFINITY_NOT_MATCHED = "node(s) didn't match pod anti-affinity rules"
EXISTING_ANTI_AFFINITY_NOT_MATCHED = "node(s) didn't satisfy existing pods anti-affinity rules"


class _Term(NamedTuple):
    """Pods that somebody wants near or far: which ones, and what near means."""

    namespaces: tuple[str, ...]
    selector: str
    """As text, so that equal terms are counted once."""
    topology: str
    """The node label whose equal values make nodes near."""


class InterPodAffinity:
    """The pods that are placed, counted by what others ask about them.

    Args:
        cluster: where the pods are that were placed before; only those asked about are read.
        index: the nodes by name, as numbers.
    """

    def __init__(self, cluster: Snapshot, index: Mapping[str, int]) -> None:
        self._cluster, self._nodes, self._index = cluster, cluster.nodes, index
        self._placed: list[tuple[Pod, int]] = []
        """Those that were placed since."""
        self._counts: dict[_Term, Counter[str]] = {}
        self._matchers: dict[_Term, Matcher] = {}
        self._repelling: dict[_Term, Counter[str]] = {}
        for pod, number in self._on_nodes(cluster.indexed(Pod, REPELLING)):
            self._repel(pod, number)

    def add(self, pod: Pod, index: int) -> None:
        """Count a pod that was just given the node with that index."""
        self._placed.append((pod, index))
        for term, counter in self._counts.items():
            self._tally(term, counter, pod, index)
        self._repel(pod, index)

    def _repel(self, pod: Pod, index: int) -> None:
        """Note which pods may not be near `pod`."""
        for term in _terms(pod, "podAntiAffinity"):
            self._repelling.setdefault(term, Counter())[self._domain(term, index)] += 1

    def _on_nodes(self, pods: Iterable[Pod]) -> Iterator[tuple[Pod, int]]:
        """Yield those of some pods that have a place, and the number of their node."""
        for pod in pods:
            number = self._index.get(pod.spec.node_name)
            # Pods that have ended take up no place.
            if number is not None and not pod.finished:
                yield pod, number

    def filter_reason(self, pod: Pod, index: int) -> str:
        """Return why `pod` may not be placed there, in the scheduler's words; empty when it may."""
        for term in _terms(pod, "podAffinity"):
            found, domain = self._count(term), self._domain(term, index)
            # The first of pods that want to be together may go anywhere.
            alone = not any(found.values()) and self._takes_in(term, pod)
            if not domain or (not found[domain] and not alone):
                return AFFINITY_NOT_MATCHED
        for term in _terms(pod, "podAntiAffinity"):
            if self._count(term)[self._domain(term, index)]:
                return ANTI_AFFINITY_NOT_MATCHED
        for term, domains in self._repelling.items():
            if self._takes_in(term, pod) and domains[self._domain(term, index)]:
                return EXISTING_ANTI_AFFINITY_NOT_MATCHED
        return ""

    def _count(self, term: _Term) -> Counter[str]:
        """Return how many pods a term takes in, by where they are; counted once, then kept up."""
        if term not in self._counts:
            counter = self._counts[term] = Counter()
            for pod, index in (*self._on_nodes(self._candidates(term)), *self._placed):
                self._tally(term, counter, pod, index)
        return self._counts[term]

    def _candidates(self, term: _Term) -> Iterator[Pod]:
        """Yield all pods that a term may take in, and few others."""
        selector = msgspec.json.decode(term.selector, type=LabelSelector | None)
        wanted = (selector.match_labels or {}) if selector else {}
        values = [by_label(*each) for each in wanted.items()]
        for namespace in term.namespaces:
            if values:
                yield from self._cluster.candidates(Pod, values, namespace)
            elif selector:
                yield from self._cluster.of(Pod, namespace)

    def _tally(self, term: _Term, counter: Counter[str], pod: Pod, index: int) -> None:
        domain = self._domain(term, index)
        if domain and self._takes_in(term, pod):
            counter[domain] += 1

    def _domain(self, term: _Term, index: int) -> str:
        """Return where a node is; empty, and near to nothing, when it does not say."""
        return self._nodes[index].labels.get(term.topology, "")

    def _takes_in(self, term: _Term, pod: Pod) -> bool:
        """Tell whether a term is about `pod`."""
        if term not in self._matchers:
            selector = msgspec.json.decode(term.selector, type=LabelSelector | None)
            # No selector takes in nothing, an empty one everything.
            self._matchers[term] = matcher(selector) if selector else lambda _: False
        return pod.namespace in term.namespaces and self._matchers[term](pod.labels)


def _terms(pod: Pod, kind: str) -> Iterator[_Term]:
    """Yield what a pod requires of those near it."""
    given: Document = (pod.spec.affinity or {}).get(kind) or {}
    for each in given.get(_REQUIRED) or ():
        yield _Term(
            tuple(each.get("namespaces") or (pod.namespace,)),
            msgspec.json.encode(each.get("labelSelector"), order="sorted").decode(),
            each.get("topologyKey", ""),
        )
