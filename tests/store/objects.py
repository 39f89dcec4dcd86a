"""Small objects to store."""

from __future__ import annotations

from svcnet.api.config import ClusterSettings
from svcnet.api.keys import Document, Key

NOW = "2026-01-02T03:04:05Z"
SETTINGS = ClusterSettings(seed="7", service_cidrs=("10.0.0.0/24", "fd00::/112"))


def service(name: str, namespace: str = "default", **spec: object) -> Document:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "namespace": namespace, "uid": f"uid-of-{name}"},
        "spec": spec,
    }


def node(name: str) -> Document:
    return {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name, "uid": "u"}}


def definition(plural: str, kind: str, *versions: Document) -> Document:
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.example.com", "uid": "u"},
        "spec": {
            "group": "example.com",
            "names": {"kind": kind, "plural": plural, "shortNames": ["x"], "categories": ["all"]},
            "scope": "Cluster",
            "versions": list(versions),
        },
    }


def key(name: str, namespace: str = "default") -> Key:
    return Key("services", namespace, name)
