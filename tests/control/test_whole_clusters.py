"""Laws of whole clusters: what may be read back, written down or reordered without consequence."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcnet.api import manifest
from svcnet.api.keys import Document
from svcnet.api.kubeproxy import KubeProxyConfiguration
from svcnet.api.yamltext import to_yaml
from svcnet.control.apiserver import registry
from svcnet.control.apiserver.restore import import_objects
from svcnet.control.manager import settle
from svcnet.errors import StatusError
from svcnet.netfilter.model import Family
from svcnet.proxy import watched
from svcnet.proxy.node import Mode
from svcnet.proxy.rulesets import Rulesets
from svcnet.store.reader import EmptyReader
from svcnet.store.transaction import Transaction
from tests.control.clusters import DUAL, cluster
from tests.control.workbench import (
    deleted,
    deployment,
    key,
    pods,
    resettled,
    scaled,
    selecting,
    turned,
)

NODES = ("n1", "n2")
NAMES = st.sampled_from(["web", "api", "db"])
SPECS = st.fixed_dictionaries(
    {"type": st.sampled_from(["ClusterIP", "NodePort", "LoadBalancer"])},
    optional={
        "externalTrafficPolicy": st.just("Local"),
        "internalTrafficPolicy": st.just("Local"),
        "ipFamilyPolicy": st.sampled_from(["SingleStack", "PreferDualStack"]),
        "sessionAffinity": st.just("ClientIP"),
    },
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("create"), NAMES, SPECS),
        st.tuples(st.just("update"), NAMES, SPECS),
        st.tuples(st.just("delete"), NAMES, st.none()),
        st.tuples(st.just("scale"), st.sampled_from(["web", "api"]), st.integers(0, 4)),
        st.tuples(st.just("flip"), st.integers(0, 9), st.booleans()),
    ),
    max_size=6,
)


def lived_through(history: list[tuple[Any, ...]]) -> Transaction:
    """A cluster with two Deployments after steps of which some are refused."""
    txn = cluster(DUAL, NODES)
    for document in (deployment("web", 2), deployment("api", 1)):
        registry.create(txn, document)
    resettled(txn)
    for verb, name, value in history:
        try:
            step(txn, verb, name, value)
        except StatusError:
            continue  # A refused write is a step, too: it must leave no trace.
    return txn


def step(txn: Transaction, verb: str, name: Any, value: Any) -> None:
    match verb:
        case "create":
            registry.create(txn, selecting(name, name, **value))
        case "update":
            registry.update(txn, selecting(name, name, **value))
        case "delete":
            deleted(txn, "Service", name)
        case "scale":
            scaled(txn, "Deployment", name, value)
        case _ if found := [each["metadata"]["name"] for each in pods(txn)]:
            turned(txn, "Pod", found[name % len(found)], ready=value)
    resettled(txn)


def rules(txn: Transaction) -> list[str]:
    """The rules of every node, in both modes and both families."""
    seen = watched.from_documents(txn.list)
    config = KubeProxyConfiguration(cluster_cidr=",".join(txn.settings.cluster_cidrs))
    return [
        "".join(Rulesets(seen, config, mode, family).text(node))
        for mode in Mode
        for family in Family
        for node in NODES
    ]


@given(history=STEPS)
def test_no_two_services_share_an_address_or_a_node_port(history: list[tuple[Any, ...]]) -> None:
    specs = [each["spec"] for each in lived_through(history).list("services")]

    addresses = Counter(each for spec in specs for each in spec.get("clusterIPs") or ())
    numbers = Counter(
        number
        for spec in specs
        for number in {each["nodePort"] for each in spec["ports"] if each.get("nodePort")}
    )
    assert not [each for each, count in (addresses + numbers).items() if count > 1]


@given(history=STEPS)
def test_what_is_read_and_written_back_changes_nothing(history: list[tuple[Any, ...]]) -> None:
    """As `get -o yaml` and `apply -f -` do it: through text, and against what is stored."""
    txn = lived_through(history)
    before = txn.revision
    for resource in txn.resources():
        for document in txn.list(resource):
            (again,) = manifest.read(to_yaml(document), "-")

            assert not registry.update(txn, again).changed
    settle(txn)

    assert txn.revision == before


@given(history=STEPS)
def test_an_export_has_the_rules_of_its_cluster(history: list[tuple[Any, ...]]) -> None:
    txn = lived_through(history)
    exported: list[Document] = [each for name in watched.RESOURCES for each in txn.list(name)]
    again = Transaction(EmptyReader(txn.settings), txn.now)

    import_objects(again, exported)
    settle(again)

    assert rules(again) == rules(txn)


MANIFEST = [
    deployment("web", 2),
    deployment("api", 1),
    selecting("web", type="NodePort"),
    selecting("api", "api", type="LoadBalancer", externalTrafficPolicy="Local"),
    selecting("db", "db"),
]


@pytest.mark.parametrize("imported", [False, True])
@given(order=st.permutations(MANIFEST))
def test_the_order_of_a_manifest_does_not_change_the_rules(
    order: list[Document], imported: bool
) -> None:
    def given_in(documents: list[Document]) -> list[str]:
        txn = cluster(DUAL, NODES)
        if imported:
            import_objects(txn, documents)
        else:
            for each in documents:
                registry.create(txn, each)
        return rules(resettled(txn))

    assert given_in(order) == given_in(MANIFEST)


def test_deleting_all_leaves_the_rules_of_a_new_cluster() -> None:
    txn = cluster(DUAL, NODES)
    before = rules(txn)
    for each in MANIFEST:
        registry.create(txn, each)
    resettled(txn)

    for each in MANIFEST:
        registry.delete(txn, key(each["kind"], each["metadata"]["name"]))

    assert rules(resettled(txn)) == before
