"""Addresses of load balancers."""

from __future__ import annotations

from svcnet.api.keys import Document
from svcnet.control.apiserver import registry
from svcnet.store.transaction import Transaction
from tests.control.clusters import cluster
from tests.control.workbench import (
    changed,
    deleted,
    read,
    resettled,
    selecting,
    settled,
)

# --- load balancers ---------------------------------------------------------------------------


def ingress(txn: Transaction, name: str) -> list[Document]:
    found: list[Document] = read(txn, "Service", name)["status"]["loadBalancer"].get("ingress", [])
    return found


def test_load_balancers_get_the_lowest_free_address() -> None:
    balancers = [selecting(name, type="LoadBalancer") for name in ("a", "b")]
    txn = settled(*balancers)
    assert ingress(txn, "b") == [{"ip": "203.0.113.2", "ipMode": "VIP"}]

    deleted(txn, "Service", "a")
    registry.create(txn, selecting("c", type="LoadBalancer"))
    resettled(txn)

    assert ingress(txn, "c") == [{"ip": "203.0.113.1", "ipMode": "VIP"}]


def test_a_load_balancer_can_ask_for_its_address() -> None:
    txn = settled(selecting("a", type="LoadBalancer", loadBalancerIP="203.0.113.77"))

    assert ingress(txn, "a") == [{"ip": "203.0.113.77", "ipMode": "VIP"}]


def test_without_a_range_load_balancers_stay_pending() -> None:
    txn = cluster(load_balancer_cidr="")
    registry.create(txn, selecting("a", type="LoadBalancer"))

    assert ingress(resettled(txn), "a") == []


def test_load_balancers_of_a_class_are_somebody_elses() -> None:
    txn = settled(selecting("a", type="LoadBalancer", loadBalancerClass="example.com/lb"))

    assert ingress(txn, "a") == []


def test_an_address_goes_when_the_service_is_no_load_balancer_any_more() -> None:
    txn = settled(selecting("a", type="LoadBalancer"))

    changed(txn, "Service", "a", type="ClusterIP", allocateLoadBalancerNodePorts=None)

    assert ingress(txn, "a") == []
