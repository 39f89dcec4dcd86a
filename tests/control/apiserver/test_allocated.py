"""Laws that hold whatever is done to Services."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from svcnet.api.service_spec import canonical
from svcnet.control.apiserver import registry
from svcnet.control.apiserver.allocated import claims_of
from svcnet.errors import StatusError
from svcnet.store.pools import Pool
from svcnet.store.transaction import Transaction
from tests.control.clusters import DUAL, cluster, created, held, key, merged, said, service

NAMES = st.sampled_from(["a", "b", "c", "d"])
TYPES = st.sampled_from(["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"])
PORTS = st.lists(
    st.fixed_dictionaries(
        {"name": st.sampled_from(["x", "y", "z"]), "port": st.sampled_from([53, 80])},
        optional={
            "nodePort": st.integers(30000, 30006),
            "protocol": st.sampled_from(["TCP", "UDP"]),
        },
    ),
    min_size=1,
    max_size=3,
    unique_by=(lambda port: port["name"], lambda port: (port["port"], port.get("protocol"))),
)
SPECS = st.fixed_dictionaries(
    {"type": TYPES, "ports": PORTS, "externalName": st.just("x.example.com")},
    optional={
        "clusterIP": st.sampled_from(["", "None", "10.96.0.1", "10.96.0.7", "fd00:10:96::7"]),
        "externalTrafficPolicy": st.sampled_from(["Cluster", "Local"]),
        "ipFamilyPolicy": st.sampled_from(["SingleStack", "PreferDualStack", "RequireDualStack"]),
        "ipFamilies": st.sampled_from([["IPv4"], ["IPv6"], ["IPv6", "IPv4"]]),
    },
)
STEPS = st.lists(
    st.tuples(st.sampled_from(["create", "merge", "update", "delete"]), NAMES, SPECS), max_size=12
)


def step(txn: Transaction, verb: str, name: str, spec: dict[str, Any]) -> None:
    try:
        match verb:
            case "create":
                created(txn, name, **spec)
            case "merge":
                merged(txn, name, **spec)
            case "update":
                registry.update(txn, service(name, **spec))
            case _:
                registry.delete(txn, key(name))
    except StatusError:
        pass


@given(STEPS)
def test_claims_are_what_documents_say(steps: list[tuple[str, str, dict[str, Any]]]) -> None:
    """And so no two Services share an address or a node port: a claim has one owner."""
    txn = cluster(DUAL)
    for verb, name, spec in steps:
        step(txn, verb, name, spec)

        for pool in Pool:
            assert held(txn, pool) == said(txn, pool)
    shown = {each["metadata"]["name"] for each in txn.list("ipaddresses.networking.k8s.io")}
    assert shown == set(held(txn, Pool.CLUSTER_IPS))


@given(STEPS)
def test_a_refused_write_changes_nothing(steps: list[tuple[str, str, dict[str, Any]]]) -> None:
    txn = cluster(DUAL)
    for verb, name, spec in steps:
        before = txn.revision, held(txn, Pool.NODE_PORTS), held(txn, Pool.CLUSTER_IPS)
        document = txn.get(key(name))
        try:
            if verb == "create":
                created(txn, name, **spec)
            else:
                merged(txn, name, **spec)
        except StatusError:
            after = txn.revision, held(txn, Pool.NODE_PORTS), held(txn, Pool.CLUSTER_IPS)
            assert (after, txn.get(key(name))) == (before, document)


@given(STEPS)
def test_deleting_everything_returns_everything(
    steps: list[tuple[str, str, dict[str, Any]]],
) -> None:
    txn = cluster(DUAL)
    before = held(txn, Pool.CLUSTER_IPS)
    for verb, name, spec in steps:
        step(txn, verb, name, spec)
    for document in txn.list("services"):
        registry.delete(txn, key(document["metadata"]["name"]))

    assert held(txn, Pool.CLUSTER_IPS) == before
    assert held(txn, Pool.NODE_PORTS) == {}


@given(STEPS)
def test_the_same_update_again_changes_nothing(
    steps: list[tuple[str, str, dict[str, Any]]],
) -> None:
    txn = cluster(DUAL)
    for verb, name, spec in steps:
        step(txn, verb, name, spec)
    for document in txn.list("services"):
        assert not registry.update(txn, document).changed


def test_addresses_are_claimed_in_one_spelling() -> None:
    document = service("s", type="ClusterIP", clusterIP="FD00::0:1", clusterIPs=["FD00::0:1"])

    assert [each.value for each in claims_of("services", document)] == ["fd00::1"]
    assert canonical("010.000.001.255") == "10.0.1.255"


def test_pods_hold_their_addresses_until_they_end() -> None:
    def holds(**changed: Any) -> list[Any]:
        pod = {"spec": {}, "status": {"podIPs": [{"ip": "10.244.0.2"}]}} | changed
        return [each.value for each in claims_of("pods", pod)]

    ended = {"phase": "Succeeded", "podIPs": [{"ip": "10.244.0.2"}]}
    assert holds() == ["10.244.0.2"]
    assert holds(status=ended) == []
    assert holds(spec={"hostNetwork": True}) == []
    assert holds(status={"podIP": "not an address"}) == []
