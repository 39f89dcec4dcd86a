"""What is in files that somebody wants a cluster made of.

`read` is the one place that each document passes on its way to `restoring.restore`, whichever verb
asks: here it is told what can be used, what is passed over and what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

from svcnet.api import kubeproxy_configmap, manifest
from svcnet.api.fields import decode, metadata_fault
from svcnet.api.keys import Document
from svcnet.api.kinds import (
    CUSTOM_RESOURCE_DEFINITION,
    ENDPOINT_SLICE,
    NODE,
    SERVICE,
    Kind,
    Kinds,
)
from svcnet.api.service_spec import is_allocated
from svcnet.api.validation.derived import check_derived
from svcnet.errors import BadRequest, Invalid, StatusError, SvcnetError, UsageError, go_quote
from svcnet.lean_namedtuple import NamedTuple
from svcnet.store.reader import custom_kinds

WORKLOADS = frozenset(
    {
        "cronjobs.batch",
        "daemonsets.apps",
        "deployments.apps",
        "jobs.batch",
        "replicasets.apps",
        "replicationcontrollers",
        "statefulsets.apps",
    }
)
"""Resources from which pods follow."""


class SourcedDocument(NamedTuple):
    """A document and how the user calls the file it is from."""

    document: Document
    source: str


class Item(NamedTuple):
    """An object that can be used, in the namespace that it is in."""

    kind: Kind
    document: Document

    @property
    def place(self) -> tuple[str, str]:
        """Namespace and name."""
        metadata = self.document["metadata"]
        return metadata.get("namespace", ""), metadata["name"]


class Fault(NamedTuple):
    """Why an object cannot be taken."""

    error: SvcnetError
    source: str


class Contents(NamedTuple):
    """What files hold."""

    items: tuple[Item, ...]
    """Of several documents of one name the last one."""
    configuration: Document | None
    """A KubeProxyConfiguration that stands by itself, maybe in part; its source is `source`."""
    source: str
    ignored: dict[str, list[str]]
    """Objects of kinds that nobody serves: their names, by ``VERSION KIND``."""
    unknown_fields: dict[str, int]
    """Fields that a server of another version gave, as ``Service spec.topologyKeys``: how often."""
    faults: tuple[Fault, ...]
    is_dump: bool
    """Whether they show a cluster: there are nodes among them, or objects that a server gave."""

    def of(self, kind: Kind) -> list[Document]:
        """Return the objects of a kind, in the order of the files."""
        return [each.document for each in self.items if each.kind.resource == kind.resource]

    def config_map(self) -> Document | None:
        """Return the ConfigMap that configures kube-proxy."""
        config_maps = (each.document for each in self.items if each.kind.kind == "ConfigMap")
        return kubeproxy_configmap.chosen(config_maps)


def read(
    found: Iterable[SourcedDocument], namespace: str, definitions: Iterable[Document] = ()
) -> Contents:
    """Return what documents hold that were found in files, Lists already flattened.

    Args:
        found: the documents.
        namespace: where objects are that do not say it.
        definitions: CustomResourceDefinitions besides those among the documents.

    Raises:
        UsageError: a document does not say what it is, or is of an unknown kind, like all others.
    """
    given = list(found)
    for document, source in given:
        manifest.check_type(document, source)
    own = _definitions(each.document for each in given)
    reading = _Reading(Kinds(custom_kinds([*definitions, *own])), namespace)
    for each in given:
        reading.take(each)
    return reading.contents()


def _definitions(documents: Iterable[Document]) -> Iterator[Document]:
    """Yield the CustomResourceDefinitions among documents; bad ones are told of in their turn."""
    for each in documents:
        if CUSTOM_RESOURCE_DEFINITION.is_of(each):
            with suppress(BadRequest):
                yield decode(each, "Ignore").document


class _Reading:
    """Takes documents one by one."""

    def __init__(self, kinds: Kinds, namespace: str) -> None:
        self._kinds, self._namespace = kinds, namespace
        self._items: dict[tuple[str, str, str], Item] = {}
        self._configuration: Document | None = None
        self._source = ""
        self._ignored: dict[str, list[str]] = {}
        self._unknown: dict[str, int] = {}
        self._faults: list[Fault] = []
        self._is_dump = False

    def take(self, sourced: SourcedDocument) -> None:
        """Take one document for what it is."""
        document, source = sourced
        api_version, name = document["apiVersion"], document["kind"]
        if kubeproxy_configmap.is_configuration(document):
            self._configuration, self._source = document, source
            return
        kind = self._kinds.of_document(api_version, name)
        if kind is None:
            called = f"{api_version} {name}".strip()
            self._ignored.setdefault(called, []).append(_called(document))
            return
        try:
            item = self._item(kind, document, source)
        except StatusError as error:
            self._faults.append(Fault(error, f"error when creating {go_quote(source)}"))
        except SvcnetError as error:
            self._faults.append(Fault(error, ""))
        else:
            self._is_dump = self._is_dump or kind is NODE or _is_served(document)
            self._items[kind.resource, *item.place] = item

    def _item(self, kind: Kind, document: Document, source: str) -> Item:
        """Return a document as an object of its kind.

        Raises:
            SvcnetError: its metadata make no sense, or it has no name; in the words of `apply`.
            BadRequest: a value is of the wrong type, or a field is unknown that no server gave.
            Invalid: nothing can be derived from it.
        """
        if fault := metadata_fault(document):
            raise SvcnetError(f'unable to decode "{source}": {fault}')
        metadata = document.get("metadata") or {}
        namespace = metadata.get("namespace") or self._namespace if kind.namespaced else ""
        if not metadata.get("name"):
            raise _nameless(kind, namespace, source)
        # Slices are most of a dump, and what a server gave of them has no field to tell of.
        if kind is not ENDPOINT_SLICE or not _is_served(document):
            document, warnings = decode(document, "Warn" if _is_served(document) else "Strict")
            for each in warnings:
                path = each.removeprefix('unknown field "').removesuffix('"')
                called = f"{kind.kind} {_without_indices(path)}"
                self._unknown[called] = self._unknown.get(called, 0) + 1
        if kind is NODE:
            document = _with_both_ranges(document)
        placed = {**document["metadata"]}
        placed.pop("namespace", None)
        if namespace:
            placed["namespace"] = namespace
        document = {**document, "metadata": placed}
        if faults := tuple(check_derived(document, kind)):
            raise Invalid(kind.qualified, placed["name"], faults)
        return Item(kind, document)

    def contents(self) -> Contents:
        """Return what came of all documents.

        Raises:
            UsageError: there were some, and all are of unknown kinds.
        """
        if self._ignored and not (self._items or self._faults or self._configuration):
            version, _, kind = next(iter(self._ignored)).rpartition(" ")
            raise UsageError(f'no matches for kind "{kind}" in version "{version}"')
        return Contents(
            tuple(self._items.values()),
            self._configuration,
            self._source,
            self._ignored,
            self._unknown,
            tuple(self._faults),
            self._is_dump,
        )


def _with_both_ranges(node: Document) -> Document:
    """Return a node both fields of whose pod ranges are given where one of them is."""
    spec = node.get("spec") or {}
    if ("podCIDR" in spec) == ("podCIDRs" in spec):
        return node
    from svcnet.api.defaulting import default  # noqa: PLC0415 - the usual dump has both

    return default(node, NODE)


def _is_served(document: Document) -> bool:
    """Tell whether an object comes from an API server: it has what only servers give."""
    metadata = document.get("metadata")
    if isinstance(metadata, dict) and (metadata.get("uid") or metadata.get("resourceVersion")):
        return True
    return SERVICE.is_of(document) and is_allocated(document)


def _nameless(kind: Kind, namespace: str, source: str) -> SvcnetError:
    group = f"{kind.group}/{kind.version}, " if kind.group else f"/{kind.version}, "
    return SvcnetError(
        "error when retrieving current configuration of:\n"
        f'Resource: "{group}Resource={kind.plural}", '
        f'GroupVersionKind: "{group}Kind={kind.kind}"\n'
        f'Name: "", Namespace: "{namespace}"\n'
        f"from server for: {go_quote(source)}: resource name may not be empty"
    )


def _called(document: Document) -> str:
    metadata = document.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    name, namespace = metadata.get("name") or "", metadata.get("namespace")
    return f"{namespace}/{name}" if namespace else str(name)


def _without_indices(path: str) -> str:
    """Return a path without the places in lists.

    >>> _without_indices("spec.ports[3].nodePorts")
    'spec.ports[].nodePorts'
    """
    first, *rest = path.split("[")
    return first + "".join(f"[{each[each.find(']') :]}" for each in rest)


def resources(items: Sequence[Item]) -> dict[str, list[Document]]:
    """Return the objects by resource, each list by (namespace, name)."""
    found: dict[str, list[Document]] = {}
    for each in sorted(items, key=lambda item: item.place):
        found.setdefault(each.kind.resource, []).append(each.document)
    return found
