"""Whatever stands in a dump: it is taken over, or refused in words."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from svcnet.api.config import ClusterSettings
from svcnet.api.keys import Document
from svcnet.control.apiserver.restore import import_objects
from svcnet.control.bootstrap import bootstrap
from svcnet.control.manager import settle
from svcnet.errors import SvcnetError
from svcnet.store.reader import EmptyReader
from svcnet.store.transaction import Transaction

NOW = "2026-01-02T03:04:05Z"

SERVICE: Document = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {
        "name": "web",
        "namespace": "shop",
        "labels": {"app": "web"},
        "uid": "a",
        "creationTimestamp": NOW,
        "ownerReferences": [{"apiVersion": "v1", "kind": "Node", "name": "n1", "uid": "b"}],
    },
    "spec": {
        "clusterIP": "10.96.7.7",
        "clusterIPs": ["10.96.7.7"],
        "externalIPs": ["192.0.2.1"],
        "healthCheckNodePort": 31234,
        "externalTrafficPolicy": "Local",
        "ipFamilies": ["IPv4"],
        "loadBalancerSourceRanges": ["10.0.0.0/8"],
        "ports": [{"name": "http", "port": 80, "nodePort": 30080, "targetPort": "web"}],
        "selector": {"app": "web"},
        "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 5}},
        "sessionAffinity": "ClientIP",
        "type": "LoadBalancer",
    },
    "status": {"loadBalancer": {"ingress": [{"ip": "203.0.113.9", "ipMode": "VIP"}]}},
}
SLICE: Document = {
    "apiVersion": "discovery.k8s.io/v1",
    "kind": "EndpointSlice",
    "metadata": {
        "name": "web-1",
        "namespace": "shop",
        "labels": {"kubernetes.io/service-name": "web"},
    },
    "addressType": "IPv4",
    "endpoints": [
        {
            "addresses": ["10.244.0.9"],
            "conditions": {"ready": True},
            "nodeName": "n1",
            "hints": {"forZones": [{"name": "a"}]},
            "targetRef": {"kind": "Pod", "name": "p", "namespace": "shop"},
        }
    ],
    "ports": [{"name": "http", "port": 8080, "protocol": "TCP"}],
}
POD: Document = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "p", "namespace": "shop", "labels": {"app": "web"}},
    "spec": {
        "nodeName": "n1",
        "containers": [
            {"name": "c", "image": "i", "ports": [{"name": "web", "containerPort": 8080}]}
        ],
    },
    "status": {
        "phase": "Running",
        "podIP": "10.244.0.9",
        "podIPs": [{"ip": "10.244.0.9"}],
        "conditions": [{"type": "Ready", "status": "True"}],
    },
}
NODE: Document = {
    "apiVersion": "v1",
    "kind": "Node",
    "metadata": {"name": "n9", "labels": {"topology.kubernetes.io/zone": "a"}},
    "spec": {
        "podCIDR": "10.244.9.0/24",
        "podCIDRs": ["10.244.9.0/24"],
        "taints": [{"key": "k", "effect": "NoSchedule"}],
    },
    "status": {
        "addresses": [{"type": "InternalIP", "address": "192.168.50.99"}],
        "allocatable": {"pods": "9"},
        "conditions": [{"type": "Ready", "status": "True"}],
    },
}
DEPLOYMENT: Document = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web", "namespace": "shop"},
    "spec": {
        "replicas": 2,
        "selector": {"matchLabels": {"app": "web"}},
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%"}},
        "template": {
            "metadata": {"labels": {"app": "web"}},
            "spec": {"containers": [{"name": "c", "image": "i"}]},
        },
    },
}
DUMP = [SERVICE, SLICE, POD, NODE, DEPLOYMENT]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path to every value inside `value`."""
    if path:
        yield path
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for step, each in pairs:
            yield from places(each, (*path, step))


anything = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**40), 2**40),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(max_size=4),
        st.sampled_from(("None", "", "10.96.7.7", "fd00::1", "10.0.0.0/8", "web", "IPv6", "Local")),
    ),
    lambda each: (
        st.lists(each, max_size=2)
        | st.dictionaries(st.sampled_from(("name", "x", "port", "ip")), each, max_size=2)
    ),
    max_leaves=3,
)
changes = st.lists(
    st.tuples(st.sampled_from(sorted(places(DUMP), key=str)), st.one_of(st.just(...), anything)),
    min_size=1,
    max_size=3,
)


def changed(path: tuple[Any, ...], value: Any, dump: list[Any]) -> None:
    """Put a value in place of another, or take it away; the place itself may be gone by now."""
    at: Any = dump
    with suppress(LookupError, TypeError):
        for step in path[:-1]:
            at = at[step]
        if value is ...:
            del at[path[-1]]
        else:
            at[path[-1]] = value


@given(changes=changes)
def test_any_dump_is_taken_over_or_refused(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    dump: list[Any] = copy.deepcopy(DUMP)
    for path, value in changes:
        changed(path, value, dump)
    txn = Transaction(EmptyReader(ClusterSettings()), NOW)
    bootstrap(txn, ("n1", "n2"))

    with suppress(SvcnetError):
        import_objects(txn, [each for each in dump if isinstance(each, dict)])
        settle(txn)
        import_objects(txn, [])
        assert settle(txn) <= 1
