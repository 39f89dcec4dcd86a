"""Whether the API groups that others answer for are available: nobody answers here.

Source: kubernetes staging/src/k8s.io/kube-aggregator/pkg/controllers/status/remote/
remote_available_controller.go sync().
"""

from __future__ import annotations

from collections.abc import Iterator

from svcnet.api.keys import Document
from svcnet.api.kinds import API_SERVICE
from svcnet.api.objects import Service
from svcnet.snapshot import Change, Put, Snapshot


def sync_api_services(cluster: Snapshot) -> Iterator[Change]:
    """Ask for the condition of every APIService that was written and has a Service behind it."""
    for event in cluster.changed.of(API_SERVICE.resource):
        document = cluster.document(event.key)
        if document is not None and (document.get("spec") or {}).get("service"):
            yield from _told(cluster, document)


def _told(cluster: Snapshot, document: Document) -> Iterator[Change]:
    spec = document["spec"]
    where = spec["service"]
    namespace, name = where.get("namespace", ""), where.get("name", "")
    service = cluster.one(Service, namespace, name)
    if service is None:
        reason = "ServiceNotFound"
        message = f'service/{name} in "{namespace}" is not present'
    else:
        # A pod that counts as running answers nothing.
        reason = "FailedDiscoveryCheck"
        url = f"https://{service.spec.cluster_ip}:{where.get('port')}/apis/"
        url += f"{spec.get('group', '')}/{spec.get('version', '')}"
        message = f"failing or missing response from {url}: nothing runs in this cluster"
    said = {"message": message, "reason": reason, "status": "False", "type": "Available"}
    status = document.get("status") or {}
    held = status.get("conditions") or []
    if any(said.items() <= each.items() for each in held):
        return
    others = [each for each in held if each.get("type") != "Available"]
    condition = {**said, "lastTransitionTime": cluster.now}
    yield Put({**document, "status": {**status, "conditions": [*others, condition]}})
