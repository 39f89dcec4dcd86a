"""Nodes get a pod range each, out of the cluster CIDRs.

Source: kubernetes pkg/controller/nodeipam/ipam/range_allocator.go.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import ip_network

from svcnet.api.keys import Document, Key
from svcnet.api.kinds import NODE
from svcnet.api.objects import Node
from svcnet.control.objects.allocation import Network, pod_range
from svcnet.snapshot import Change, Put, Record, Snapshot


def allocate_pod_cidrs(cluster: Snapshot) -> Iterator[Change]:
    """Ask for a pod range for every node that has none, one of each family, lowest first.

    Nodes are served by the time of their creation.  A node that finds no range left goes without.
    """
    nodes = cluster.of(Node)
    # Nearly always there is nothing to do, and nothing must be parsed to see it.
    without = [each for each in nodes if not each.spec.pod_cidr and not each.spec.pod_cidrs]
    if not without:
        return
    settings = cluster.settings
    # Where ranges overlap, services go first: range_allocator.go filterOutServiceRange().
    taken: list[Network] = [ip_network(each, strict=False) for each in settings.service_cidrs]
    for each in nodes:
        given = each.spec.pod_cidrs or filter(None, [each.spec.pod_cidr])
        taken += [ip_network(cidr, strict=False) for cidr in given]
    came = {each.key for each in cluster.changed.of(NODE.resource) if each.came}
    for document in sorted((_whole(cluster, each) for each in without), key=_age):
        chosen = []
        for cidr, prefix in zip(settings.cluster_cidrs, settings.node_masks, strict=False):
            family = ip_network(cidr, strict=False)
            found = pod_range(family, prefix, _of_family(taken, family.version))
            if found is not None:
                chosen.append(str(found))
                taken.append(found)
        if Key(NODE.resource, "", document["metadata"]["name"]) in came and len(chosen) < len(
            settings.cluster_cidrs
        ):
            yield _not_available(document)
        if chosen:
            spec = {**(document.get("spec") or {}), "podCIDR": chosen[0], "podCIDRs": chosen}
            yield Put({**document, "spec": spec})


def _not_available(node: Document) -> Record:
    """Return what is recorded of a node that no range is left for.

    Source: pkg/controller/util/node/controller_utils.go RecordNodeStatusChange().
    """
    metadata = node["metadata"]
    about = {"metadata": {"name": metadata["name"], "uid": metadata.get("uid", "")}}
    known = {"apiVersion": NODE.api_version, "kind": NODE.kind, **about}
    message = f"Node {metadata['name']} status is now: CIDRNotAvailable"
    return Record(known, "Normal", "CIDRNotAvailable", message, "cidrAllocator")


def _whole(cluster: Snapshot, each: Node) -> Document:
    document = cluster.document(Key(NODE.resource, "", each.name))
    assert document is not None
    return document


def _age(document: Document) -> tuple[str, int]:
    """Return what sorts nodes by their creation, those of one second in order of writing."""
    metadata = document["metadata"]
    return metadata.get("creationTimestamp", ""), int(metadata.get("resourceVersion", 0))


def _of_family(networks: Iterable[Network], version: int) -> list[Network]:
    ours = [each for each in networks if each.version == version]
    return sorted(ours, key=lambda each: int(each.network_address))
