"""The order of ports in slices and in Endpoints."""

from __future__ import annotations

from svcnet.control.controllers.endpoint_ports import Port, in_endpoints_order, in_slice_order


def test_ports_of_slices_and_of_endpoints_are_in_the_order_of_two_hashes() -> None:
    """As recorded: 53, 8080, 9000 in the slice and 9000, 8080, 53 in the Endpoints object."""
    http = Port("http", "TCP", 8080, "http")
    grpc = Port("grpc", "TCP", 9000, "kubernetes.io/h2c")
    dns = Port("dns", "UDP", 53)

    assert in_slice_order([http, grpc, dns]) == (dns, http, grpc)
    assert in_endpoints_order([http, grpc, dns]) == (grpc, http, dns)
