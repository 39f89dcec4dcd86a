"""Load balancers get an address, as from a provider that answers at once.

Source: kubernetes staging/src/k8s.io/cloud-provider/controllers/service/controller.go.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import ip_address, ip_network

from svcnet.api.index_values import LOAD_BALANCER
from svcnet.api.keys import Key
from svcnet.api.kinds import SERVICE
from svcnet.api.objects import Service
from svcnet.control.objects.allocation import load_balancer_address
from svcnet.snapshot import Put, Snapshot


def sync_load_balancers(cluster: Snapshot) -> Iterator[Put]:
    """Ask for an address for every load balancer that has none.

    Without a range for them they stay pending, as where nobody provides load balancers; so do
    those of a class, which somebody else would provide.
    """
    cidr = cluster.settings.load_balancer_cidr
    # Other Services are read only when an address has to be chosen.
    waiting = [*_waiting(cluster)] if cidr else []
    taken = [*_addresses(_balancers(cluster))] if waiting else []
    family = "IPv6" if cidr and ip_network(cidr).version == 6 else "IPv4"  # noqa: PLR2004
    for service in waiting:
        # The range has one family; a Service of the other one cannot be served.
        if family not in (service.spec.ip_families or ("IPv4",)):
            continue
        address = _chosen(cidr, service.spec.load_balancer_ip, taken)
        document = cluster.document(Key(SERVICE.resource, service.namespace, service.name))
        if address is not None and document is not None:
            taken.append(address)
            ingress = [{"ip": address, "ipMode": "VIP"}]
            yield Put({**document, "status": {"loadBalancer": {"ingress": ingress}}})


def _waiting(cluster: Snapshot) -> Iterator[Service]:
    """Yield load balancers without address; all of them when an address may have come free."""
    events = cluster.changed.of(SERVICE.resource)
    found = [cluster.one(Service, each.key.namespace, each.key.name) for each in events]
    # A Service that is gone, or of another type now, may have left its address to those waiting.
    candidates = (
        found
        if all(each and each.spec.type == "LoadBalancer" for each in found)
        else _balancers(cluster)
    )
    for service in candidates:
        if service and _wants_address(service):
            yield service


def _balancers(cluster: Snapshot) -> tuple[Service, ...]:
    """Return the load balancers, and what still has the address of one."""
    return cluster.indexed(Service, LOAD_BALANCER)


def _wants_address(service: Service) -> bool:
    return (
        service.spec.type == "LoadBalancer"
        and service.spec.load_balancer_class is None
        and service.metadata.deletion_timestamp is None
        and not service.status.load_balancer.ingress
    )


def _addresses(services: Sequence[Service]) -> Iterator[str]:
    for service in services:
        for each in service.status.load_balancer.ingress or ():
            if each.ip:
                yield each.ip


def _chosen(cidr: str, asked: str, taken: Sequence[str]) -> str | None:
    """Return the address asked for if it can be had, the lowest free one if none was asked for."""
    if not asked:
        return load_balancer_address(cidr, taken)
    try:
        within = ip_address(asked) in ip_network(cidr)
    except ValueError:
        return None
    return asked if within and asked not in taken else None
