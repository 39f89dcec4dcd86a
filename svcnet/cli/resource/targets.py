"""What words, selectors and files can mean: objects by name, and all objects of some kinds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from svcnet.api.keys import Document, Key
from svcnet.api.kinds import Kind
from svcnet.errors import SvcnetError
from svcnet.lean_namedtuple import NamedTuple

if TYPE_CHECKING:
    from svcnet.store.reader import Reader
    from svcnet.store.transaction import Transaction


class ResourceQuery(NamedTuple):
    """What a command line says about the objects it is for."""

    words: Sequence[str] = ()
    filenames: Sequence[str] = ()
    recursive: bool = False
    selector: str = ""
    field_selector: str = ""
    all: bool = False
    """Every object of the types named."""
    namespace: str = "default"
    namespace_given: bool = False
    """Objects in files may then be of no other namespace."""
    all_namespaces: bool = False
    bare_type_means_all: bool = False
    """Whether `TYPE` alone lists everything, as for `get`; other verbs refuse it."""
    local: bool = False
    """Whether objects in files are taken as they stand there, whatever the server serves."""
    streams: Mapping[str, str] = {}
    """What came in through those of the files that are pipes."""


class Target(NamedTuple):
    """One object that is meant; it need not exist."""

    kind: Kind
    namespace: str
    name: str
    document: Document | None = None
    """The object: as found, when it was selected; as given, when it stands in a file."""
    source: str = ""
    """The file it stands in, as kubectl calls it; empty for what was named."""

    @property
    def key(self) -> Key:
        """Where the object is kept."""
        return Key(self.kind.resource, self.namespace, self.name)


class Named(NamedTuple):
    """Objects that were named one by one, or stand in files."""

    targets: tuple[Target, ...]
    single: bool
    """Whether the words can mean but one object: it is then printed by itself, not in a List."""
    faults: tuple[SvcnetError, ...] = ()
    """What is wrong with single objects in files; the others are meant all the same."""
    in_order: tuple[Target | SvcnetError, ...] = ()
    """Both, in the order in which they stand in the files."""


class Listed(NamedTuple):
    """All objects of some kinds that match the selectors."""

    kinds: tuple[Kind, ...]
    namespace: str | None
    """None: every namespace."""
    labels: str = ""
    fields: str = ""


Selection: TypeAlias = Named | Listed
Objects: TypeAlias = "Reader | Transaction"
"""Where objects are found."""
