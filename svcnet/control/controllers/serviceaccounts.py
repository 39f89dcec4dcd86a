"""Every namespace has an account that its pods go by when they name none.

Source: kubernetes pkg/controller/serviceaccount/serviceaccounts_controller.go.
"""

from __future__ import annotations

from collections.abc import Iterator

from svcnet.api.keys import Key
from svcnet.api.kinds import SERVICE_ACCOUNT
from svcnet.control.objects.concerns import DEFAULT_ACCOUNT
from svcnet.control.objects.namespaces import active_among
from svcnet.snapshot import Change, Put, Snapshot


def sync_service_accounts(cluster: Snapshot) -> Iterator[Change]:
    """Ask for the account of every namespace that has none."""
    kind = SERVICE_ACCOUNT
    for namespace in active_among(cluster):
        if cluster.document(Key(kind.resource, namespace, DEFAULT_ACCOUNT)) is None:
            metadata = {"name": DEFAULT_ACCOUNT, "namespace": namespace}
            yield Put({"apiVersion": kind.api_version, "kind": kind.kind, "metadata": metadata})
