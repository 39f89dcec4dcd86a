"""What an object is, and where it is kept: documents and their keys."""

from __future__ import annotations

from typing import Any, TypeAlias

from svcnet.lean_namedtuple import NamedTuple

Document: TypeAlias = dict[str, Any]
"""An object as `get -o yaml` shows it, parts that svcnet has no use for included."""


class Key(NamedTuple):
    """Where an object is kept; `resource` is the plural with its group (`deployments.apps`)."""

    resource: str
    namespace: str
    """Empty for what belongs to the whole cluster."""
    name: str


Keys: TypeAlias = list[Key]
