"""The Service by which pods reach the API server, and its endpoints; the server keeps all alive.

Source: kubernetes pkg/controlplane/controller/kubernetesservice/controller.go,
pkg/controlplane/reconcilers/endpointsadapter.go; recorded.
"""

from __future__ import annotations

from svcnet.api.addresses import family
from svcnet.api.keys import Document, Key
from svcnet.api.kinds import ENDPOINT_SLICE, ENDPOINTS, SERVICE
from svcnet.control.objects.allocation import service_range
from svcnet.store.transaction import Transaction

KUBERNETES = Key(SERVICE.resource, "default", "kubernetes")
ITS_ENDPOINTS = KUBERNETES._replace(resource=ENDPOINTS.resource)
ITS_SLICE = KUBERNETES._replace(resource=ENDPOINT_SLICE.resource)
# kube-apiserver's default for --secure-port.
SECURE_PORT = 6443


def kubernetes_service(txn: Transaction) -> Document:
    """Return a new ``default/kubernetes``: the first address of the first service range.

    It has no selector: the API server writes its endpoints itself.
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


def kubernetes_endpoints(address: str) -> Document:
    """Return the Endpoints that tell where the API server is.

    Nobody mirrors them: it writes the slice itself, too.
    """
    return {
        "apiVersion": ENDPOINTS.api_version,
        "kind": ENDPOINTS.kind,
        "metadata": {
            "labels": {"endpointslice.kubernetes.io/skip-mirror": "true"},
            "name": ITS_ENDPOINTS.name,
            "namespace": ITS_ENDPOINTS.namespace,
        },
        "subsets": [{"addresses": [{"ip": address}], "ports": [dict(_PORT)]}],
    }


def kubernetes_slice(address: str) -> Document:
    """Return the slice that tells where the API server is.

    It is not called like a generated one, and belongs to nobody: it outlives the Service.
    """
    return {
        "addressType": family(address),
        "apiVersion": ENDPOINT_SLICE.api_version,
        "endpoints": [{"addresses": [address], "conditions": {"ready": True}}],
        "kind": ENDPOINT_SLICE.kind,
        "metadata": {
            "generation": 1,
            "labels": {"kubernetes.io/service-name": KUBERNETES.name},
            "name": ITS_SLICE.name,
            "namespace": ITS_SLICE.namespace,
        },
        "ports": [dict(_PORT)],
    }


_PORT = {"name": "https", "port": SECURE_PORT, "protocol": "TCP"}
