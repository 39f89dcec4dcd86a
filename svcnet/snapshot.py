"""The cluster at one revision, typed, in fixed order; and what a controller may ask for."""

from __future__ import annotations

from typing import Protocol, TypeAlias, TypeVar

from svcnet.api.config import ClusterSettings
from svcnet.api.keys import Document, Key
from svcnet.api.kinds import Kinds
from svcnet.api.lean_namedtuple import NamedTuple
from svcnet.api.objects import Namespace, Node, Service, ServiceCIDR

V = TypeVar("V")


class Put(NamedTuple):
    """Write this document, whole."""

    document: Document


class Delete(NamedTuple):
    """Take this object away."""

    key: Key


Change: TypeAlias = Put | Delete


# A protocol, because the store imports this module: naming its classes would close a circle.
class Source(Protocol):
    """Where a snapshot finds its objects: the database, or a transaction over it."""

    @property
    def settings(self) -> ClusterSettings:
        """What `init` decided."""
        ...

    @property
    def now(self) -> str:
        """The moment of reading, RFC 3339 in whole seconds: ``2026-11-23T16:27:33Z``."""
        ...

    @property
    def revision(self) -> int:
        """The highest `metadata.resourceVersion` that was ever given; rises with every write."""
        ...

    def views(self, view: type[V], namespace: str | None = None) -> tuple[V, ...]:
        """Return all objects of a kind, or those of one namespace, by (namespace, name)."""
        ...

    def view(self, view: type[V], namespace: str, name: str) -> V | None:
        """Return one object of a kind."""
        ...

    def document(self, key: Key) -> Document | None:
        """Return one object whole; the caller must not change it."""
        ...

    def list(self, resource: str, namespace: str | None = None) -> list[Document]:
        """Return the objects of a resource whole, or those of one namespace."""
        ...

    def resources(self, namespace: str | None = None) -> tuple[str, ...]:
        """Return the resources that have objects, in all or in one namespace, sorted."""
        ...

    def kinds(self) -> Kinds:
        """Return the kinds that the cluster serves."""
        ...


class Snapshot:
    """The cluster at one revision.

    Objects are decoded when they are first asked for, so a snapshot must be read before the next
    write to what it was taken from: controllers decide everything, then their changes are applied.
    """

    def __init__(self, source: Source, changed: frozenset[Key] | None = None) -> None:
        self._source = source
        self.settings = source.settings
        # Taken once: the clock goes on, but what one round writes must bear one time.
        self.now = source.now
        # Lets a controller pass over what cannot concern it; with None it must look at everything.
        self.changed = changed
        """What was written since the state last settled; None when that is not known."""

    def document(self, key: Key) -> Document | None:
        """Return one object whole; the caller must not change it."""
        return self._source.document(key)

    @property
    def revision(self) -> int:
        """A number that no later snapshot with other content has; generated names draw on it."""
        return self._source.revision

    def documents(self, resource: str, namespace: str | None = None) -> list[Document]:
        """Return the objects of a resource whole, or those of one namespace."""
        return self._source.list(resource, namespace)

    def resources(self, namespace: str | None = None) -> tuple[str, ...]:
        """Return the resources that have objects, in all or in one namespace, sorted."""
        return self._source.resources(namespace)

    def kind_of(self, resource: str) -> str:
        """Return what kind the objects of a resource are; empty when it is not served."""
        # Asked each time, for custom kinds come and go with their definitions.
        kinds = (kind.kind for kind in self._source.kinds().all if kind.resource == resource)
        return next(kinds, "")

    def of(self, view: type[V], namespace: str | None = None) -> tuple[V, ...]:
        """Return all objects of a kind, or those of one namespace, by (namespace, name)."""
        return self._source.views(view, namespace)

    def one(self, view: type[V], namespace: str, name: str) -> V | None:
        """Return one object of a kind, or None when it is not there."""
        return self._source.view(view, namespace, name)

    @property
    def services(self) -> tuple[Service, ...]:
        """All Services."""
        # Nothing is kept here: the source keeps what it has decoded, and knows when it is stale.
        return self.of(Service)

    @property
    def nodes(self) -> tuple[Node, ...]:
        """All Nodes."""
        return self.of(Node)

    @property
    def namespaces(self) -> tuple[Namespace, ...]:
        """All Namespaces."""
        return self.of(Namespace)

    @property
    def service_cidrs(self) -> tuple[ServiceCIDR, ...]:
        """All ServiceCIDRs."""
        return self.of(ServiceCIDR)
