"""Dumps as `kubectl get -o json` prints them, of clusters that installers of several kinds made.

Written by hand after what such clusters show; nothing here comes from svcnet.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

Document = dict[str, Any]

KUBEADM_PROXY = """\
apiVersion: kubeproxy.config.k8s.io/v1alpha1
bindAddress: 0.0.0.0
bindAddressHardFail: false
clientConnection:
  acceptContentTypes: ""
  burst: 0
  contentType: ""
  kubeconfig: /var/lib/kube-proxy/kubeconfig.conf
  qps: 0
clusterCIDR: CLUSTER_CIDR
configSyncPeriod: 0s
conntrack:
  maxPerCore: null
  min: null
  tcpBeLiberal: false
  tcpCloseWaitTimeout: null
  tcpEstablishedTimeout: null
  udpStreamTimeout: 0s
  udpTimeout: 0s
detectLocal:
  bridgeInterface: ""
  interfaceNamePrefix: ""
detectLocalMode: ""
enableProfiling: false
healthzBindAddress: ""
hostnameOverride: ""
iptables:
  localhostNodePorts: null
  masqueradeAll: false
  masqueradeBit: null
  minSyncPeriod: 0s
  syncPeriod: 0s
ipvs:
  excludeCIDRs: null
  minSyncPeriod: 0s
  scheduler: ""
  strictARP: false
  syncPeriod: 0s
  tcpFinTimeout: 0s
  tcpTimeout: 0s
  udpTimeout: 0s
kind: KubeProxyConfiguration
logging:
  flushFrequency: 0
  options:
    json:
      infoBufferSize: "0"
    text:
      infoBufferSize: "0"
  verbosity: 0
metricsBindAddress: ""
mode: "MODE"
nftables:
  masqueradeAll: false
  masqueradeBit: null
  minSyncPeriod: 0s
  syncPeriod: 0s
nodePortAddresses: null
oomScoreAdj: null
portRange: ""
showHiddenMetricsForVersion: ""
winkernel:
  enableDSR: false
  forwardHealthCheckVip: false
  networkName: ""
  rootHnsEndpointName: ""
  sourceVip: ""
"""
"""What kubeadm writes, from 1.31 on."""


class Layout(NamedTuple):
    """A cluster as an installer makes it."""

    pods: str
    """The first two numbers of a pod's address."""
    services: str
    """The first two numbers of a cluster IP."""
    nodes: tuple[str, ...] = ("cp-1", "worker-1", "worker-2")
    pod_cidrs: bool = True
    proxy: str = ""
    """The text of kube-proxy's configuration; empty: it is not in the dump."""
    proxy_name: str = "kube-proxy"
    proxy_key: str = "config.conf"
    service_cidr: str = ""
    """What the ServiceCIDR says; empty: the version has none."""
    version: str = "v1.36.2"


def kubeadm(cidr: str = "10.32.0.0/12", mode: str = "") -> str:
    """Return what kubeadm tells kube-proxy."""
    return KUBEADM_PROXY.replace("CLUSTER_CIDR", cidr).replace("MODE", mode)


LAYOUTS = {
    "kubeadm": Layout("10.32", "10.96", proxy=kubeadm(), service_cidr="10.96.0.0/12"),
    "kubeadm 1.34, nftables": Layout(
        "10.32", "10.96", proxy=kubeadm(mode="nftables"), version="v1.34.1"
    ),
    "kind": Layout("10.244", "10.96", ("kind-control-plane",), service_cidr="10.96.0.0/16"),
    "k3s": Layout("10.42", "10.43", version="v1.31.4+k3s1"),
    "EKS, objects alone": Layout(
        "192.168", "172.20", pod_cidrs=False, version="v1.32.3-eks-bcf3d70"
    ),
    "EKS, with its configuration": Layout(
        "192.168",
        "172.20",
        pod_cidrs=False,
        proxy='apiVersion: kubeproxy.config.k8s.io/v1alpha1\nclusterCIDR: ""\nconntrack:\n'
        "  maxPerCore: 32768\nkind: KubeProxyConfiguration\nmode: iptables\n",
        proxy_name="kube-proxy-config",
        proxy_key="config",
        version="v1.32.3-eks-bcf3d70",
    ),
}


def dump(layout: Layout) -> list[Document]:
    """Return what such a cluster shows of itself: `kubectl get ... -A -o json`, one by one."""
    found = [
        *(_node(layout, index) for index in range(len(layout.nodes))),
        *(_namespace(each) for each in ("default", "kube-system", "shop")),
        *_service(layout, _Asked("default", "kubernetes", "0.1", port=443)),
        *_service(layout, _Asked("kube-system", "kube-dns", "0.10", app="kube-dns", port=53)),
        *_service(layout, _Asked("shop", "web", "17.4", app="web", kind="NodePort")),
        *_service(layout, _Asked("shop", "front", "201.9", app="web", kind="LoadBalancer")),
    ]
    if layout.proxy:
        found.append(
            {
                "apiVersion": "v1",
                "data": {layout.proxy_key: layout.proxy, "kubeconfig.conf": "apiVersion: v1\n"},
                "kind": "ConfigMap",
                "metadata": _metadata("kube-system", layout.proxy_name),
            }
        )
    if layout.service_cidr:
        found.append(
            {
                "apiVersion": "networking.k8s.io/v1",
                "kind": "ServiceCIDR",
                "metadata": {
                    **_metadata("", "kubernetes"),
                    "finalizers": ["networking.k8s.io/service-cidr-finalizer"],
                },
                "spec": {"cidrs": [layout.service_cidr]},
                "status": {
                    "conditions": [
                        {
                            "lastTransitionTime": CREATED,
                            "message": "Kubernetes Service CIDR is ready",
                            "reason": "",
                            "status": "True",
                            "type": "Ready",
                        }
                    ]
                },
            }
        )
    return found


CREATED = "2025-03-01T10:00:00Z"


def _metadata(namespace: str, name: str, labels: dict[str, str] | None = None) -> Document:
    number = hash_of(namespace, name)
    given = {
        "creationTimestamp": CREATED,
        "labels": labels,
        "name": name,
        "namespace": namespace,
        "resourceVersion": str(number % 9000 + 1000),
        "uid": f"6f5c1111-2222-4333-8444-{number:012x}",
    }
    return {key: value for key, value in given.items() if value}


def hash_of(*words: str) -> int:
    """Return a number that is the same in every process."""
    number = 0
    for letter in "/".join(words):
        number = (number * 131 + ord(letter)) % 2**48
    return number


def _node(layout: Layout, index: int) -> Document:
    name = layout.nodes[index]
    cidr = f"{layout.pods}.{index}.0/24"
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": _metadata(
            "",
            name,
            {"kubernetes.io/hostname": name, "topology.kubernetes.io/zone": f"zone-{index}"},
        ),
        "spec": {"podCIDR": cidr, "podCIDRs": [cidr]} if layout.pod_cidrs else {},
        "status": {
            "addresses": [
                {"address": f"172.18.0.{index + 2}", "type": "InternalIP"},
                {"address": name, "type": "Hostname"},
            ],
            "conditions": [
                {
                    "lastHeartbeatTime": CREATED,
                    "lastTransitionTime": CREATED,
                    "message": "kubelet is posting ready status",
                    "reason": "KubeletReady",
                    "status": "True",
                    "type": "Ready",
                }
            ],
            "daemonEndpoints": {"kubeletEndpoint": {"Port": 10250}},
            "nodeInfo": {
                "architecture": "amd64",
                "bootID": "0c9ff2a1-54a1-4c8e-8f38-4d5c5a2a1f0e",
                "containerRuntimeVersion": "containerd://2.1.1",
                "kernelVersion": "6.8.0-41-generic",
                "kubeProxyVersion": layout.version,
                "kubeletVersion": layout.version,
                "machineID": "5f3a",
                "operatingSystem": "linux",
                "osImage": "Debian GNU/Linux 12 (bookworm)",
                "systemUUID": "7d2b",
            },
        },
    }


def _namespace(name: str) -> Document:
    return {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": _metadata("", name, {"kubernetes.io/metadata.name": name}),
        "spec": {"finalizers": ["kubernetes"]},
        "status": {"phase": "Active"},
    }


class _Asked(NamedTuple):
    """A Service that is in the dump."""

    namespace: str
    name: str
    address: str
    port: int = 80
    app: str = ""
    kind: str = "ClusterIP"


def _service(layout: Layout, asked: _Asked) -> list[Document]:
    """Return a Service and its slice, with an endpoint on every node."""
    namespace, name, address, port, app, kind = asked
    ip = f"{layout.services}.{address}"
    metadata = _metadata(namespace, name)
    number = hash_of(name) % 200
    served: Document = {"name": "main", "port": port, "protocol": "TCP"}
    if kind != "ClusterIP":
        served["nodePort"] = 30100 + number
    service: Document = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata,
        "spec": {
            "clusterIP": ip,
            "clusterIPs": [ip],
            "internalTrafficPolicy": "Cluster",
            "ipFamilies": ["IPv4"],
            "ipFamilyPolicy": "SingleStack",
            "ports": [{**served, "targetPort": port}],
            "sessionAffinity": "None",
            "type": kind,
        },
        "status": {"loadBalancer": {}},
    }
    if kind != "ClusterIP":
        service["spec"]["externalTrafficPolicy"] = "Cluster"
    if kind == "LoadBalancer":
        service["spec"]["allocateLoadBalancerNodePorts"] = True
    if app:
        service["spec"]["selector"] = {"app": app}
    return [service, _slice(layout, metadata, port=port, managed=bool(app))]


def _slice(layout: Layout, service: Document, *, port: int, managed: bool) -> Document:
    namespace, name = service["namespace"], service["name"]
    labels = {"kubernetes.io/service-name": name}
    if managed:
        labels["endpointslice.kubernetes.io/managed-by"] = "endpointslice-controller.k8s.io"
    metadata = _metadata(namespace, f"{name}-x7k2p" if managed else name, labels)
    metadata["generation"] = 3
    last = hash_of(namespace, name) % 100 + 3
    return {
        "addressType": "IPv4",
        "apiVersion": "discovery.k8s.io/v1",
        "endpoints": [
            {
                "addresses": [f"{layout.pods}.{index}.{last}"],
                "conditions": {"ready": True, "serving": True, "terminating": False},
                "nodeName": node,
                "zone": f"zone-{index}",
            }
            for index, node in enumerate(layout.nodes)
        ],
        "kind": "EndpointSlice",
        "metadata": metadata,
        "ports": [{"name": "main", "port": port, "protocol": "TCP"}],
    }


def workload(layout: Layout) -> list[Document]:
    """Return a Deployment behind Service `web`, its ReplicaSet, and a pod on every node."""
    template: Document = {
        "metadata": {"labels": {"app": "web"}},
        "spec": {
            "containers": [
                {
                    "image": "nginx:1.29",
                    "imagePullPolicy": "IfNotPresent",
                    "name": "web",
                    "resources": {},
                    "terminationMessagePath": "/dev/termination-log",
                    "terminationMessagePolicy": "File",
                }
            ],
            "dnsPolicy": "ClusterFirst",
            "restartPolicy": "Always",
            "schedulerName": "default-scheduler",
            "securityContext": {},
            "terminationGracePeriodSeconds": 30,
        },
    }
    count = len(layout.nodes)
    coded = {"app": "web", "pod-template-hash": "5d4f8c7b9"}
    deployment = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {
            **_metadata("shop", "web"),
            "annotations": {"deployment.kubernetes.io/revision": "1"},
            "generation": 1,
        },
        "spec": {
            "progressDeadlineSeconds": 600,
            "replicas": count,
            "revisionHistoryLimit": 10,
            "selector": {"matchLabels": {"app": "web"}},
            "strategy": {
                "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"},
                "type": "RollingUpdate",
            },
            "template": template,
        },
        "status": {"availableReplicas": count, "observedGeneration": 1, "readyReplicas": count,
                   "replicas": count, "updatedReplicas": count},
    }  # fmt: skip
    replica_set = {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": {
            **_metadata("shop", "web-5d4f8c7b9", coded),
            "annotations": {
                "deployment.kubernetes.io/desired-replicas": str(count),
                "deployment.kubernetes.io/max-replicas": str(count + 1),
                "deployment.kubernetes.io/revision": "1",
            },
            "generation": 1,
            "ownerReferences": [_owner(deployment)],
        },
        "spec": {
            "replicas": count,
            "selector": {"matchLabels": coded},
            "template": {**template, "metadata": {"labels": coded}},
        },
        "status": {"availableReplicas": count, "fullyLabeledReplicas": count,
                   "observedGeneration": 1, "readyReplicas": count, "replicas": count},
    }  # fmt: skip
    pods = [_pod(layout, index, coded, replica_set, template["spec"]) for index in range(count)]
    return [deployment, replica_set, *pods]


def _owner(owner: Document) -> Document:
    return {
        "apiVersion": owner["apiVersion"],
        "blockOwnerDeletion": True,
        "controller": True,
        "kind": owner["kind"],
        "name": owner["metadata"]["name"],
        "uid": owner["metadata"]["uid"],
    }


def _pod(
    layout: Layout, index: int, labels: dict[str, str], owner: Document, spec: Document
) -> Document:
    address = f"{layout.pods}.{index}.77"
    ready = {
        "lastProbeTime": None,
        "lastTransitionTime": CREATED,
        "observedGeneration": 1,
        "status": "True",
        "type": "Ready",
    }
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            **_metadata("shop", f"web-5d4f8c7b9-q{index}zx", labels),
            "generateName": "web-5d4f8c7b9-",
            "generation": 1,
            "ownerReferences": [_owner(owner)],
        },
        "spec": {**spec, "enableServiceLinks": True, "nodeName": layout.nodes[index]},
        "status": {
            "conditions": [ready],
            "hostIP": f"172.18.0.{index + 2}",
            "phase": "Running",
            "podIP": address,
            "podIPs": [{"ip": address}],
            "qosClass": "BestEffort",
            "startTime": CREATED,
        },
    }


def as_list(documents: list[Document]) -> str:
    """Return what `kubectl get -o json` prints of several objects."""
    return json.dumps({"apiVersion": "v1", "items": documents, "kind": "List"}, indent=4)
