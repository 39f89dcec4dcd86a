"""What `rules` looks at: the stored objects, or those of files in their place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from svcnet.api.config import DEFAULT_NODES, ClusterSettings
from svcnet.api.keys import Document
from svcnet.api.kinds import NODE, Kinds
from svcnet.api.kubeproxy import KubeProxyConfiguration
from svcnet.api.lean_msgspec import msgspec
from svcnet.errors import StateError, UsageError
from svcnet.proxy import watched
from svcnet.proxy.watched import Watched

if TYPE_CHECKING:
    from svcnet.cli.command.session import Session
    from svcnet.store.transaction import Transaction

_PLAIN = frozenset({"namespaces", *watched.RESOURCES})
_INERT = frozenset({"configmaps", "secrets", "serviceaccounts", "events", "limitranges"})
"""Kinds from which nothing follows that rules could show."""


def stored(session: Session) -> tuple[Watched, ClusterSettings]:
    """Return the stored objects and settings."""
    with session.read() as reader:
        return watched.from_bodies(reader.bodies), reader.settings


def from_files(session: Session, filenames: Sequence[str]) -> tuple[Watched, ClusterSettings]:
    """Return the objects of files, and what follows from them; nothing is stored.

    Files that hold all that kube-proxy watches are taken as they are.  Where workloads, cluster
    IPs or nodes are to be made first, the API server and its controllers make them, in memory.
    """
    settings = _settings(session)
    documents = list(_documents(filenames))
    by_resource = _by_resource(documents, session.namespace)
    # The usual bundle of a real cluster holds everything, and needs neither controllers nor SQL.
    if by_resource is None or not _is_complete(by_resource):
        txn = _settled(documents, settings, session.now)
        return watched.from_documents(txn.list), settings
    return watched.from_documents(lambda resource: by_resource.get(resource, ())), settings


def _documents(filenames: Sequence[str]) -> Iterator[Document]:
    from svcnet.api import manifest
    from svcnet.cli.resource import files

    for path in files.paths(filenames):
        for document in files.documents(path):
            manifest.check_type(document, files.called(path))
            yield document


def _settings(session: Session) -> ClusterSettings:
    """Return the settings of the state, or of a default cluster if there is none to be read."""
    from svcnet.store.opening import exists, open_reader

    try:
        if exists(session.db):
            with open_reader(session.db) as reader:
                return reader.settings
    except StateError:
        pass  # Files need no state, so nothing is wrong with one that cannot be used.
    return ClusterSettings()


def _by_resource(documents: Iterable[Document], namespace: str) -> dict[str, list[Document]] | None:
    """Return documents by resource, in order; None when one is of a kind nobody serves."""
    # Built-in kinds only: no rule follows from custom ones, and reading theirs needs the state.
    kinds = Kinds()
    found: dict[str, dict[tuple[str, str], Document]] = {}
    for document in documents:
        kind = kinds.of_document(document.get("apiVersion", ""), document.get("kind", ""))
        if kind is None:
            return None
        metadata = document.get("metadata") or {}
        place = metadata.get("namespace") or namespace if kind.namespaced else ""
        placed = {**document, "metadata": {**metadata, "namespace": place}}
        found.setdefault(kind.resource, {})[place, str(metadata.get("name", ""))] = placed
    return {
        resource: [documents[place] for place in sorted(documents)]
        for resource, documents in found.items()
    }


def _is_complete(by_resource: dict[str, list[Document]]) -> bool:
    """Return whether nothing has to be made before rules can be."""
    if not by_resource.get(watched.NODES) or not by_resource.keys() <= _PLAIN | _INERT:
        return False
    # A Service without an address has yet to be given one.
    specs = [_mapping(each.get("spec")) for each in by_resource.get(watched.SERVICES, ())]
    return all(each.get("clusterIP") or each.get("type") == "ExternalName" for each in specs)


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _settled(documents: list[Document], settings: ClusterSettings, now: str) -> Transaction:
    """Return a cluster that was given `documents`; without nodes among them, a default one."""
    from svcnet.control.apiserver.restore import import_objects
    from svcnet.control.bootstrap import bootstrap
    from svcnet.control.manager import settle
    from svcnet.store.reader import EmptyReader
    from svcnet.store.transaction import Transaction

    # Over an empty reader: the state's own objects are not to mix with those of the files.
    txn = Transaction(EmptyReader(settings), now)
    # A manifest knows nothing of nodes; it is meant for some cluster, so it gets one.
    if not any(map(NODE.is_of, documents)):
        bootstrap(txn, DEFAULT_NODES)
    import_objects(txn, documents)
    settle(txn, recording=False)
    return txn


def configuration(path: str, settings: ClusterSettings) -> KubeProxyConfiguration:
    """Return what a config file says, over what the cluster was made with.

    Args:
        path: a file, ``-`` for standard input, or empty for none.
        settings: what gives the range of pods where the file does not.

    Raises:
        SvcnetError: the file cannot be read, or says what kube-proxy would refuse.
    """
    from svcnet.api import kubeproxy
    from svcnet.cli.resource import files

    config = KubeProxyConfiguration()
    if path:
        config = kubeproxy.read(_one_mapping(files.text_of(path), path), path)
    if config.cluster_cidr is None:
        ranges = ",".join(settings.cluster_cidrs)
        config = msgspec.structs.replace(config, cluster_cidr=ranges)
    return config


def _one_mapping(text: str, path: str) -> Document:
    from svcnet.api import manifest

    try:
        value = manifest.read_one(text)
    except ValueError as error:
        raise UsageError(f"error parsing {path}: {error}") from None
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise UsageError(f"error parsing {path}: a KubeProxyConfiguration is expected")
    return value
