"""The Service by which pods reach the API server; the API server itself keeps it alive.

Source: kubernetes pkg/controlplane/controller/kubernetesservice/controller.go; recorded.
"""

from __future__ import annotations

from svcnet.api.keys import Document, Key
from svcnet.api.kinds import SERVICE
from svcnet.control.objects.allocation import service_range
from svcnet.store.transaction import Transaction

KUBERNETES = Key(SERVICE.resource, "default", "kubernetes")
# kube-apiserver's default for --secure-port.
SECURE_PORT = 6443


def kubernetes_service(txn: Transaction) -> Document:
    """Return a new ``default/kubernetes``: the first address of the first service range.

    It has no selector and no endpoints: there is no API server to point at.
    """
    first = service_range(txn.settings.service_cidrs[0])
    address = str(first.address(first.bands.static.first))
    return {
        "apiVersion": SERVICE.api_version,
        "kind": SERVICE.kind,
        "metadata": {
            "creationTimestamp": txn.now,
            "labels": {"component": "apiserver", "provider": "kubernetes"},
            "name": KUBERNETES.name,
            "namespace": KUBERNETES.namespace,
            "uid": txn.fresh_uid(KUBERNETES),
        },
        "spec": {
            "clusterIP": address,
            "clusterIPs": [address],
            "internalTrafficPolicy": "Cluster",
            "ipFamilies": [first.family],
            # In dual-stack clusters, too: it never asks for a second family.
            "ipFamilyPolicy": "SingleStack",
            "ports": [{"name": "https", "port": 443, "protocol": "TCP", "targetPort": SECURE_PORT}],
            "sessionAffinity": "None",
            "type": "ClusterIP",
        },
        "status": {"loadBalancer": {}},
    }
