"""Programs that write to a state, each of which runs in a process of its own."""

from __future__ import annotations

from itertools import count
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier, Event
from pathlib import Path
from time import perf_counter

from svcnet.api.keys import Document, Key
from svcnet.control.apiserver import registry
from svcnet.control.bootstrap import bootstrap
from svcnet.control.manager import settle
from svcnet.store.opening import create, open_reader, open_store
from svcnet.store.pools import Pool, value_of
from svcnet.store.reader import Reader
from tests.store.objects import NOW, SETTINGS, service


def found(where: Path) -> None:
    """Make a cluster without nodes."""
    with create(str(where), SETTINGS, force=False) as store, store.transaction(NOW) as txn:
        bootstrap(txn, ())
        settle(txn)


def node_port_service(name: str) -> Document:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "namespace": "default"},
        "spec": {
            "type": "NodePort",
            "ports": [{"port": 80}],
            "ipFamilyPolicy": "PreferDualStack",
        },
    }


def create_services(where: Path, prefix: str, number: int) -> None:
    """Create Services, each with a command of its own."""
    for index in range(number):
        with open_store(str(where)) as store, store.transaction(NOW) as txn:
            registry.create(txn, node_port_service(f"{prefix}-{index}"))
            settle(txn)


def create_and_delete_forever(where: Path, prefix: str, begun: Event) -> None:
    """Create Services and delete every second one, until killed; tell when the first is there."""
    with open_store(str(where)) as store:
        for index in count():
            with store.transaction(NOW) as txn:
                registry.create(txn, node_port_service(f"{prefix}-{index}"))
                if index % 2:
                    registry.delete(txn, Key("services", "default", f"{prefix}-{index - 1}"))
                settle(txn)
            begun.set()


def held(reader: Reader) -> list[tuple[str, str]]:
    """Return what documents say that Services hold, and by whom, sorted."""
    return sorted(
        (value, each["metadata"]["name"])
        for each in reader.list("services")
        for value in (
            *each["spec"].get("clusterIPs", ()),
            *(str(port["nodePort"]) for port in each["spec"]["ports"] if "nodePort" in port),
        )
    )


def claimed(reader: Reader) -> list[tuple[str, str]]:
    """Return what is claimed, and by whom, sorted."""
    addresses = reader.claims(Pool.CLUSTER_IPS, "", "~", 10_000)
    ports = reader.claims(Pool.NODE_PORTS, 0, 65535, 10_000)
    return sorted((str(value_of(each.sort_key)), each.owner.name) for each in (*addresses, *ports))


def check(where: Path) -> int:
    """Check that claims and documents agree; return how many Services there are."""
    with open_reader(str(where)) as reader:
        assert held(reader) == claimed(reader)
        return len(reader.bodies("services"))


def put_service(where: Path, name: str) -> None:
    """Write one Service as it is, into the namespace ``line``."""
    with open_store(str(where)) as store, store.transaction(NOW) as txn:
        txn.put(service(name, "line"))


def time_commands(
    where: Path, prefix: str, number: int, begin: Barrier, waits: SimpleQueue[list[float]]
) -> None:
    """Create Services together with others, and tell how many seconds each took."""
    create_services(where, f"{prefix}-first", 1)  # Which imports what the others need.
    begin.wait()
    waited = []
    for index in range(number):
        started = perf_counter()
        create_services(where, f"{prefix}-{index}", 1)
        waited.append(perf_counter() - started)
    waits.put(waited)
