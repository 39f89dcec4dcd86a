"""The objects of one resource inside a transaction: what is stored, under what was written.

Texts are read by namespace, and only of namespaces that somebody asks for: a change in one of
them does not read the others.  Each object is decoded once, when it is first looked at, and again
only after it was written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from svcnet.api.keys import Document, Key
from svcnet.api.lean_msgspec import msgspec
from svcnet.errors import InternalError
from svcnet.store.reader import Reader

_documents = msgspec.json.Decoder()
_texts = msgspec.json.Encoder(order="sorted")


class Entry:
    """One object in its three forms; the two decoded ones are made when they are asked for."""

    __slots__ = ("_document", "_view", "body")

    def __init__(self, body: bytes, document: Document | None = None) -> None:
        self.body = body
        self._document = document
        self._view: Any = None

    @classmethod
    def of(cls, document: Document) -> Entry:
        """Return the entry of a document that was just written."""
        return cls(_texts.encode(document), document)

    @property
    def document(self) -> Document:
        """The object whole."""
        # Most stored objects are only looked at as views: decoding both takes twice as long.
        if self._document is None:
            self._document = _documents.decode(self.body)
        return self._document

    def view(self, view: type[Any]) -> Any:
        """Return the object as the pipeline reads it."""
        if self._view is None:
            try:
                self._view = _decoder(view).decode(self.body)
            except msgspec.ValidationError as error:
                name = self.document.get("metadata", {}).get("name", "")
                why = f'{view.__name__} "{name}" cannot be read: {error}'
                raise InternalError(why) from None
        return self._view


class ResourceCache:
    """All objects of one resource."""

    def __init__(self, base: Reader, resource: str) -> None:
        self._base = base
        self._resource = resource
        self._namespaces: dict[str, NamespaceCache] = {}
        self._whole = False
        self._views: tuple[Any, ...] | None = None

    def get(self, namespace: str, name: str) -> Entry | None:
        """Return one object."""
        cache = self._namespace(namespace)
        if name in cache.entries:
            return cache.entries[name]
        if cache.whole:
            return None
        # One object of many: reading it alone is cheaper than reading its namespace.
        body = self._base.body(Key(self._resource, namespace, name))
        entry = None if body is None else Entry(body)
        cache.learn(name, entry)
        return entry

    def learn(self, namespace: str, name: str, body: bytes) -> None:
        """Keep the text of one stored object, unless it is known."""
        cache = self._namespace(namespace)
        if name not in cache.entries:
            cache.learn(name, Entry(body))

    def set(self, namespace: str, name: str, entry: Entry | None) -> None:
        """Keep what was written; None: the object was deleted."""
        self._namespace(namespace).write(name, entry)
        self._views = None

    def entries(self, namespace: str | None = None) -> Iterator[Entry]:
        """Return the objects, or those of one namespace, by (namespace, name)."""
        if namespace is None:
            self._read_all()
            return (entry for cache in self._in_order() for entry in cache.ordered())
        return iter(self._read(namespace).ordered())

    def views(self, view: type[Any], namespace: str | None = None) -> tuple[Any, ...]:
        """Return the objects, or those of one namespace, as the pipeline reads them."""
        if namespace is not None:
            return self._read(namespace).views(view)
        if self._views is None:
            self._read_all()
            caches = [cache.views(view) for cache in self._in_order()]
            self._views = (
                caches[0]
                if len(caches) == 1
                else tuple(each for each_cache in caches for each in each_cache)
            )
        return self._views

    def _in_order(self) -> list[NamespaceCache]:
        return [cache for _, cache in sorted(self._namespaces.items())]

    def _namespace(self, namespace: str) -> NamespaceCache:
        cache = self._namespaces.get(namespace)
        if cache is None:
            cache = self._namespaces[namespace] = NamespaceCache(whole=self._whole)
        return cache

    def _read(self, namespace: str) -> NamespaceCache:
        cache = self._namespace(namespace)
        if not cache.whole:
            cache.fill((row.name, row.body) for row in self._base.rows(self._resource, namespace))
        return cache

    def _read_all(self) -> None:
        if self._whole:
            return
        found: dict[str, list[tuple[str, bytes]]] = {name: [] for name in self._namespaces}
        for namespace, name, body in self._base.rows(self._resource):
            found.setdefault(namespace, []).append((name, body))
        for namespace, rows in found.items():
            cache = self._namespace(namespace)
            if not cache.whole:
                cache.fill(rows)
        self._whole = True


class NamespaceCache:
    """The objects of one resource in one namespace."""

    __slots__ = ("_ordered", "_views", "entries", "whole")

    def __init__(self, *, whole: bool) -> None:
        self.entries: dict[str, Entry | None] = {}
        """None: known not to be there."""
        self.whole = whole
        """Whether every stored object is in `entries`."""
        self._ordered: list[Entry] | None = None
        self._views: tuple[Any, ...] | None = None

    def learn(self, name: str, entry: Entry | None) -> None:
        """Keep one stored object."""
        self.entries[name] = entry
        self._ordered = self._views = None

    def write(self, name: str, entry: Entry | None) -> None:
        """Keep what was written."""
        self.entries[name] = entry
        self._ordered = self._views = None

    def fill(self, rows: Iterable[tuple[str, bytes]]) -> None:
        """Take all stored objects; what is known already is newer, and stays."""
        for name, body in rows:
            if name not in self.entries:
                self.entries[name] = Entry(body)
        self.whole = True
        self._ordered = self._views = None

    def ordered(self) -> list[Entry]:
        """Return the objects by name, byte by byte."""
        if self._ordered is None:
            # Code points sort as their UTF-8 does, so this is the order of the database.
            self._ordered = [each for _, each in sorted(self.entries.items()) if each is not None]
        return self._ordered

    def views(self, view: type[Any]) -> tuple[Any, ...]:
        """Return the objects by name, as the pipeline reads them."""
        if self._views is None:
            self._views = tuple([each.view(view) for each in self.ordered()])
        return self._views


_decoders: dict[type[Any], msgspec.json.Decoder[Any]] = {}


def _decoder(view: type[Any]) -> msgspec.json.Decoder[Any]:
    decoder = _decoders.get(view)
    if decoder is None:
        decoder = _decoders[view] = msgspec.json.Decoder(view)
    return decoder
