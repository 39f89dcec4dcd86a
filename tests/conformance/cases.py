"""The captured cases of `rules/`: objects and configuration in, what a real node showed out."""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from svcnet.api import kubeproxy, manifest
from svcnet.api.keys import Document
from svcnet.api.kinds import Kinds
from svcnet.api.kubeproxy import KubeProxyConfiguration
from svcnet.netfilter.model import Family
from svcnet.proxy import watched
from svcnet.proxy.node import Mode
from svcnet.proxy.rulesets import SUFFIXES, Rulesets
from svcnet.proxy.watched import Watched

CASES = Path(__file__).parent / "rules"
DEFAULT_CLUSTER_CIDR = "10.244.0.0/16"


class Capture(NamedTuple):
    """One file that a tool printed on a node."""

    case: str
    node: str
    mode: Mode
    family: Family
    path: Path

    def __str__(self) -> str:
        return f"{self.case}:{self.node}.{SUFFIXES[self.mode, self.family]}"

    @property
    def text(self) -> str:
        """What the file holds."""
        raw = self.path.read_bytes()
        return (gzip.decompress(raw) if self.path.suffix == ".gz" else raw).decode()

    @property
    def rulesets(self) -> Rulesets:
        """What svcnet makes of the same objects and configuration."""
        return Rulesets(objects(self.case), configuration(self.case), self.mode, self.family)

    def printed(self) -> str:
        """Return what svcnet prints for that node."""
        return "".join(self.rulesets.text(self.node))


def captures() -> list[Capture]:
    """Return all captures, by case and file name."""
    forms = {suffix: form for form, suffix in SUFFIXES.items()}
    found = []
    for path in sorted(CASES.glob("*/expected/*")):
        node, _, suffix = path.name.removesuffix(".gz").partition(".")
        found.append(Capture(path.parts[-3], node, *forms[suffix], path))
    assert found, f"nothing was captured in {CASES}"
    return found


@lru_cache(maxsize=4)
def objects(case: str) -> Watched:
    """Return the objects of a case."""
    kinds = Kinds()
    by_resource: dict[str, list[Document]] = {}
    for document in manifest.flatten(
        manifest.read((CASES / case / "bundle.yaml").read_text(), case)
    ):
        kind = kinds.of_document(document["apiVersion"], document["kind"])
        assert kind is not None
        by_resource.setdefault(kind.resource, []).append(document)
    for documents in by_resource.values():
        documents.sort(key=_place)
    return watched.from_documents(lambda resource: by_resource.get(resource, []))


def _place(document: Document) -> tuple[str, str]:
    return document["metadata"].get("namespace", ""), document["metadata"]["name"]


def configuration(case: str) -> KubeProxyConfiguration:
    """Return the configuration of a case."""
    path = CASES / case / "config.yaml"
    given = manifest.read_one(path.read_text()) if path.exists() else {}
    config = kubeproxy.read(given, str(path))
    if config.cluster_cidr is None:
        return msgspec.structs.replace(config, cluster_cidr=DEFAULT_CLUSTER_CIDR)
    return config
