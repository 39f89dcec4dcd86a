"""What can be asked of a state, whoever keeps it.

Two answer: `sqlite_reader`, which costs a script no slow import, and `sqlalchemy_reader`.  One set
of tests holds both to this.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, TypeAlias

from svcnet.api.keys import Document, Key, Keys
from svcnet.api.kinds import CUSTOM_RESOURCE_DEFINITION, Kind, Kinds
from svcnet.lean_namedtuple import NamedTuple

if TYPE_CHECKING:
    # Both need modules that `get` must not pay for.
    from svcnet.api.config import ClusterSettings
    from svcnet.store.pools import Pool, SortKey


class Row(NamedTuple):
    """One stored object of a resource, as text."""

    namespace: str
    name: str
    body: bytes
    """Compact JSON, keys sorted."""


class ClaimRow(NamedTuple):
    """One claimed value and whose it is."""

    sort_key: SortKey
    owner: Key


class IndexRow(NamedTuple):
    """That an object is found under a value; in the order of the table's key."""

    value: str
    resource: str
    namespace: str
    name: str


class TallyRow(NamedTuple):
    """What is counted, and how much of it there is, or is more than before."""

    name: str
    amount: int


Documents: TypeAlias = list[Document]
Bodies: TypeAlias = list[bytes]
Rows: TypeAlias = list[Row]
ClaimRows: TypeAlias = list[ClaimRow]


class Reader(Protocol):
    """A state at one revision; lists are ordered by (namespace, name), byte by byte."""

    @property
    def settings(self) -> ClusterSettings:
        """What `init` decided."""
        ...

    @property
    def revision(self) -> int:
        """The highest `metadata.resourceVersion` that was ever given."""
        ...

    def get(self, key: Key) -> Document | None:
        """Return one object; the caller must not change it."""
        ...

    def list(self, resource: str, namespace: str | None = None) -> Documents:
        """Return the objects of a resource, or those of one namespace."""
        ...

    def body(self, key: Key) -> bytes | None:
        """Return one object's JSON text."""
        ...

    def bodies(self, resource: str, namespace: str | None = None) -> Bodies:
        """Return the JSON texts of the objects of a resource, or those of one namespace."""
        ...

    def rows(self, resource: str, namespace: str | None = None) -> Rows:
        """Return names and texts of the objects of a resource, or those of one namespace."""
        ...

    def indexed(self, resource: str, value: str, namespace: str | None = None) -> Documents:
        """Return the objects of a resource that are found under a value of `api.index_values`."""
        ...

    def indexed_rows(self, resource: str, value: str, namespace: str | None = None) -> Rows:
        """Return names and texts of the objects of a resource that are found under a value."""
        ...

    def indexed_keys(self, value: str) -> Keys:
        """Return where everything is kept that is found under a value, whatever it is."""
        ...

    def indexed_between(self, first: str, end: str) -> Keys:
        """Return where everything is kept that is found under a value from `first` to `end`.

        `end` itself does not count; what is found under several values is told as often.
        """
        ...

    def count_indexed(self, resource: str, value: str, namespace: str | None, most: int) -> int:
        """Return how many objects of a resource are found under a value; no more than `most`."""
        ...

    def tally(self, name: str) -> int:
        """Return what a tally of `api.tallies` is at."""
        ...

    def tallies(self, prefix: str) -> dict[str, int]:
        """Return what all tallies are at whose names begin with `prefix`, without those at 0."""
        ...

    def resources(self, namespace: str | None = None) -> tuple[str, ...]:
        """Return the resources that have objects, in all or in one namespace, sorted."""
        ...

    def kinds(self) -> Kinds:
        """Return the kinds that the cluster serves: the built-in ones and those users defined."""
        ...

    def owner_at(self, pool: Pool, sort_key: SortKey) -> Key | None:
        """Return whose the value at `sort_key` is."""
        ...

    def sort_keys_of(self, pool: Pool, owner: Key) -> tuple[SortKey, ...]:
        """Return the sort keys of what `owner` holds, ascending."""
        ...

    def claims(self, pool: Pool, low: SortKey, high: SortKey, limit: int) -> ClaimRows:
        """Return the first `limit` claims from `low` to `high`, ascending; both ends count."""
        ...

    def count(self, pool: Pool, low: SortKey, high: SortKey) -> int:
        """Return how many claims there are from `low` to `high`; both ends count."""
        ...

    def deletions(self, key: Key) -> int:
        """Return how often something of this name was deleted."""
        ...


class TextReader:
    """What every reader of stored text has in common; `body`, `rows` and `bodies` are its own."""

    _settings: bytes

    @cached_property
    def settings(self) -> ClusterSettings:
        """What `init` decided."""
        from svcnet.api.config import ClusterSettings  # noqa: PLC0415
        from svcnet.api.lean_msgspec import msgspec  # noqa: PLC0415

        return msgspec.json.decode(self._settings, type=ClusterSettings)

    def body(self, key: Key) -> bytes | None:
        """Return one object's JSON text."""
        raise NotImplementedError

    def bodies(self, resource: str, namespace: str | None = None) -> Bodies:
        """Return the JSON texts of the objects of a resource, or those of one namespace."""
        raise NotImplementedError

    def indexed_rows(self, resource: str, value: str, namespace: str | None = None) -> Rows:
        """Return names and texts of the objects of a resource that are found under a value."""
        raise NotImplementedError

    def get(self, key: Key) -> Document | None:
        """Return one object; the caller must not change it."""
        body = self.body(key)
        return None if body is None else json.loads(body)

    def list(self, resource: str, namespace: str | None = None) -> Documents:
        """Return the objects of a resource, or those of one namespace."""
        return [json.loads(body) for body in self.bodies(resource, namespace)]

    def indexed(self, resource: str, value: str, namespace: str | None = None) -> Documents:
        """Return the objects of a resource that are found under a value of `api.index_values`."""
        return [json.loads(row.body) for row in self.indexed_rows(resource, value, namespace)]

    def kinds(self) -> Kinds:
        """Return the kinds that the cluster serves: the built-in ones and those users defined."""
        return Kinds(custom_kinds(self.list(CUSTOM_RESOURCE_DEFINITION.resource)))


class EmptyReader(TextReader):
    """A cluster of which nothing is stored: settings, and no objects."""

    revision = 0

    def __init__(self, settings: ClusterSettings) -> None:
        self.settings = settings

    def body(self, key: Key) -> bytes | None:  # noqa: ARG002
        """Return nothing."""
        return None

    def bodies(self, resource: str, namespace: str | None = None) -> Bodies:  # noqa: ARG002
        """Return nothing."""
        return []

    def rows(self, resource: str, namespace: str | None = None) -> Rows:  # noqa: ARG002
        """Return nothing."""
        return []

    def indexed_rows(self, resource: str, value: str, namespace: str | None = None) -> Rows:  # noqa: ARG002
        """Return nothing."""
        return []

    def indexed_keys(self, value: str) -> Keys:  # noqa: ARG002
        """Return nothing."""
        return []

    def indexed_between(self, first: str, end: str) -> Keys:  # noqa: ARG002
        """Return nothing."""
        return []

    def count_indexed(self, resource: str, value: str, namespace: str | None, most: int) -> int:  # noqa: ARG002
        """Return 0."""
        return 0

    def tally(self, name: str) -> int:  # noqa: ARG002
        """Return 0."""
        return 0

    def tallies(self, prefix: str) -> dict[str, int]:  # noqa: ARG002
        """Return nothing."""
        return {}

    def resources(self, namespace: str | None = None) -> tuple[str, ...]:  # noqa: ARG002
        """Return nothing."""
        return ()

    def owner_at(self, pool: Pool, sort_key: SortKey) -> Key | None:  # noqa: ARG002
        """Return nothing."""
        return None

    def sort_keys_of(self, pool: Pool, owner: Key) -> tuple[SortKey, ...]:  # noqa: ARG002
        """Return nothing."""
        return ()

    def claims(self, pool: Pool, low: SortKey, high: SortKey, limit: int) -> ClaimRows:  # noqa: ARG002
        """Return nothing."""
        return []

    def count(self, pool: Pool, low: SortKey, high: SortKey) -> int:  # noqa: ARG002
        """Return 0."""
        return 0

    def deletions(self, key: Key) -> int:  # noqa: ARG002
        """Return 0."""
        return 0


def following(prefix: str) -> str:
    """Return the lowest text that is higher than all that begin with `prefix`.

    >>> following("load:")
    'load;'
    """
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)


def custom_kinds(definitions: Iterable[Document]) -> Iterator[Kind]:
    """Yield the kinds that CustomResourceDefinitions add, one for each, in its best version.

    Source: kubernetes staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/
    customresource_discovery_controller.go.
    """
    for definition in definitions:
        spec = definition.get("spec") or {}
        names = spec.get("names") or {}
        served = [each for each in spec.get("versions") or () if each.get("served")]
        if not served:
            continue
        chosen, *others = sorted(served, key=lambda each: _rank(each.get("name", "")))
        scale = (chosen.get("subresources") or {}).get("scale") or {}
        yield Kind(
            names.get("kind", ""),
            names.get("plural", ""),
            spec.get("group", ""),
            chosen.get("name", ""),
            namespaced=spec.get("scope") != "Cluster",
            short_names=tuple(names.get("shortNames") or ()),
            categories=tuple(names.get("categories") or ()),
            scalable="scale" in (chosen.get("subresources") or {}),
            singular_name=names.get("singular", ""),
            other_versions=tuple(each.get("name", "") for each in others),
            scale_paths=(
                scale.get("specReplicasPath", ""),
                scale.get("statusReplicasPath", ""),
                scale.get("labelSelectorPath") or "",
            ),
        )


_STAGES = {"": 0, "beta": 1, "alpha": 2}


def _rank(version: str) -> tuple[int, int, int, str]:
    """Return what versions are ordered by: released ones first, then betas; higher ones first.

    Source: kubernetes staging/src/k8s.io/apimachinery/pkg/version/helpers.go.

    >>> sorted(["v1alpha1", "v1", "foo", "v2beta1", "v10"], key=_rank)
    ['v10', 'v1', 'v2beta1', 'v1alpha1', 'foo']
    """
    found = re.fullmatch(r"v(\d+)(?:(alpha|beta)(\d+))?", version)
    if found is None:
        return 3, 0, 0, version
    return _STAGES[found[2] or ""], -int(found[1]), -int(found[3] or 0), ""
