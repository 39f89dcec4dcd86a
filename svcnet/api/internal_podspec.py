"""Pod specs as the API server holds them inside: what some of its errors show.

Source: kubernetes pkg/apis/core/types.go.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from svcnet.api.decoder import tables
from svcnet.api.keys import Document
from svcnet.api.scalars import ZEROES

# Go writes abbreviations in capitals, and the names in JSON do not tell where one ends.
_SPELLED = {
    "apiVersion": "APIVersion",
    "csi": "CSI",
    "dnsConfig": "DNSConfig",
    "dnsPolicy": "DNSPolicy",
    "fc": "FC",
    "fsGroup": "FSGroup",
    "fsGroupChangePolicy": "FSGroupChangePolicy",
    "grpc": "GRPC",
    "httpGet": "HTTPGet",
    "httpHeaders": "HTTPHeaders",
    "ip": "IP",
    "iscsi": "ISCSI",
    "nfs": "NFS",
    "os": "OS",
    "rbd": "RBD",
    "seLinuxChangePolicy": "SELinuxChangePolicy",
    "seLinuxOptions": "SELinuxOptions",
    "storageos": "StorageOS",
    "cephfs": "CephFS",
    "tcpSocket": "TCPSocket",
    "tty": "TTY",
    "gcePersistentDisk": "GCEPersistentDisk",
    "awsElasticBlockStore": "AWSElasticBlockStore",
}
"""Fields whose Go name is more than a capital letter."""

_OF_SECURITY = ("hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace", "hostUsers")
"""What belongs to the pod's security context inside, and to its spec outside."""


def pod_spec(spec: Document) -> Document:
    """Return a PodSpec with the server's own fields, all of them, in their order."""
    # Source: kubernetes pkg/apis/core/v1/conversion.go, which moves them on the way in and out.
    context = {**(spec.get("securityContext") or {})}
    context |= {field: spec[field] for field in _OF_SECURITY if field in spec}
    return _struct("PodSpec", {**spec, "securityContext": context})


@cache
def _orders() -> dict[str, list[str]]:
    """Return the order of fields in each struct, which is that of Go's declaration."""
    path = Path(__file__).with_name("schema") / "internal.json"
    orders: dict[str, list[str]] = json.loads(path.read_text("utf-8"))
    return orders


def _struct(name: str, value: Document) -> Document:
    """Return a mapping with all fields of a struct under their Go names."""
    types = tables("core")[name]
    if name == "PodSecurityContext":
        types = {**tables("core")["PodSpec"], **types}
    # The internal types have no JSON tags: Go writes every field, by its Go name, in the order
    # of declaration.
    fields = _orders().get(name) or sorted(types)
    return {
        _SPELLED.get(field, field[:1].upper() + field[1:]): _value(
            types[field].removesuffix("!"), value.get(field)
        )
        for field in fields
    }


def _value(go_type: str, value: Any) -> Any:
    """Return a value of a Go type, structs in it completed."""
    bare = go_type.removeprefix("*")
    if value is None:
        return _zero(go_type)
    if bare.startswith("[]"):
        # An empty list does not outlive the store; what comes back is nil, written as null.
        return [_value(bare[2:], each) for each in value] or None
    if bare in tables("core") and isinstance(value, dict):
        return _struct(bare, value)
    return value


def _zero(go_type: str) -> Any:
    """Return what a field holds that is not given."""
    if go_type in ZEROES:
        return ZEROES[go_type]
    if go_type.startswith("string/"):
        return ""
    # Pointers, lists and maps are nil, which Go writes as null.
    return _struct(go_type, {}) if go_type in tables("core") else None
