"""The order of ports in slices and in Endpoints."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from svcnet.api.objects import Service
from svcnet.api.workloads import Pod
from svcnet.control.controllers.endpoint_ports import (
    Port,
    in_endpoints_order,
    in_slice,
    in_slice_order,
    in_subset,
    of_slice,
    resolver,
)


def test_ports_of_slices_and_of_endpoints_are_in_the_order_of_two_hashes() -> None:
    """As recorded: 53, 8080, 9000 in the slice and 9000, 8080, 53 in the Endpoints object."""
    http = Port("http", "TCP", 8080, "http")
    grpc = Port("grpc", "TCP", 9000, "kubernetes.io/h2c")
    dns = Port("dns", "UDP", 53)

    assert in_slice_order([http, grpc, dns]) == (dns, http, grpc)
    assert in_endpoints_order([http, grpc, dns]) == (grpc, http, dns)


def sidecar(restart: str | None) -> Pod:
    """A pod whose port stands in an init container."""
    container = {"name": "s", "ports": [{"name": "http", "containerPort": 8080}]}
    init = {**container, "restartPolicy": restart} if restart else container
    return msgspec.convert({"spec": {"containers": [{"name": "c"}], "initContainers": [init]}}, Pod)


@pytest.mark.parametrize(("restart", "numbers"), [("Always", [8080]), ("Never", []), (None, [])])
def test_sidecars_may_serve_and_other_init_containers_have_ended(
    restart: str | None, numbers: list[int]
) -> None:
    port = {"name": "web", "port": 80, "targetPort": "http", "appProtocol": "kubernetes.io/h2c"}
    service = msgspec.convert({"spec": {"ports": [port]}}, Service)

    found = resolver(service)(sidecar(restart))

    assert found == tuple(Port("web", "TCP", each, "kubernetes.io/h2c") for each in numbers)


def test_ports_go_to_a_slice_and_come_back() -> None:
    given: list[dict[str, Any]] = [
        {"name": "a", "port": 80, "protocol": "TCP", "appProtocol": "http"},
        {"name": "a", "port": 80, "protocol": "TCP"},
        {"name": "", "protocol": "UDP"},
    ]

    ports = of_slice(given)

    assert all(each in given for each in map(in_slice, ports))
    assert len(set(ports)) == 3


def test_a_port_without_a_name_has_none_in_endpoints_and_an_empty_one_in_slices() -> None:
    port = Port("", "TCP", 80, "http")

    assert in_slice(port) == {"appProtocol": "http", "name": "", "port": 80, "protocol": "TCP"}
    assert in_subset(port) == {"appProtocol": "http", "port": 80, "protocol": "TCP"}
