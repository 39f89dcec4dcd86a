"""Namespaces that something has become of, as controllers need them that fill namespaces."""

from __future__ import annotations

from collections.abc import Iterator

from svcnet.api.kinds import NAMESPACE
from svcnet.api.objects import Namespace
from svcnet.snapshot import Snapshot


def active_among(cluster: Snapshot) -> Iterator[str]:
    """Yield the namespaces that changed, or had changes in them, and are not going; sorted."""
    keys = [event.key for event in cluster.changed]
    for name in sorted(
        {key.name if key.resource == NAMESPACE.resource else key.namespace for key in keys}
    ):
        namespace = cluster.one(Namespace, "", name)
        if namespace is not None and namespace.metadata.deletion_timestamp is None:
            yield name
