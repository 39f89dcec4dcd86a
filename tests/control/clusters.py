"""Clusters in memory, and documents to put into them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from svcnet.api.config import ClusterSettings
from svcnet.api.keys import Document, Key
from svcnet.api.kinds import SERVICE
from svcnet.api.merge import Patch, PatchType
from svcnet.control.apiserver import allocated, registry
from svcnet.control.bootstrap import bootstrap
from svcnet.store.pools import Pool, Value
from svcnet.store.reader import EmptyReader
from svcnet.store.transaction import Transaction

NOW = "2026-11-23T16:59:45Z"
DUAL = ClusterSettings(
    service_cidrs=("10.96.0.0/16", "fd00:10:96::/112"),
    cluster_cidrs=("10.244.0.0/16", "fd00:10:244::/56"),
    node_masks=(24, 64),
)


def cluster(
    settings: ClusterSettings | None = None, nodes: Iterable[str] = ("n1",), **changed: Any
) -> Transaction:
    """A new cluster; keywords are settings."""
    txn = Transaction(EmptyReader(settings or ClusterSettings(**changed)), NOW)
    bootstrap(txn, nodes)
    return txn


def key(name: str, namespace: str = "default") -> Key:
    return Key(SERVICE.resource, namespace, name)


def service(name: str, **spec: Any) -> Document:
    """A Service with port 80, unless `spec` says otherwise."""
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "namespace": "default"},
        "spec": {"ports": [{"port": 80}], **spec},
    }


def created(txn: Transaction, name: str, **spec: Any) -> Document:
    """The spec that a Service gets."""
    written: Document = registry.create(txn, service(name, **spec)).document["spec"]
    return written


def merged(txn: Transaction, name: str, **spec: Any) -> Document:
    """The spec of a Service after a JSON merge patch of it."""
    change = Patch(PatchType.MERGE, {"spec": spec})
    written: Document = registry.patch(txn, key(name), change).document["spec"]
    return written


def held(txn: Transaction, pool: Pool) -> dict[Value, Key]:
    """All claims of a pool."""
    return {
        value: owner
        for resource in txn.resources()
        for each in txn.list(resource)
        for owner in [claims_key(resource, each)]
        for value in txn.claimed_by(pool, owner)
    }


def said(txn: Transaction, pool: Pool) -> dict[Value, Key]:
    """What all documents say they hold."""
    return {
        claim.value: claims_key(resource, each)
        for resource in txn.resources()
        for each in txn.list(resource)
        for claim in allocated.claims_of(resource, each)
        if claim.pool is pool
    }


def claims_key(resource: str, document: Document) -> Key:
    metadata = document["metadata"]
    return Key(resource, metadata.get("namespace", ""), metadata["name"])


ANYTHING = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
"""A schema that holds nobody to anything."""


def service_cidr(name: str, *cidrs: str) -> Document:
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "ServiceCIDR",
        "metadata": {"name": name},
        "spec": {"cidrs": list(cidrs)},
    }
