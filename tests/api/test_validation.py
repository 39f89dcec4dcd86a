"""The rules that objects must meet."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from svcnet.api import manifest
from svcnet.api.defaulting import default
from svcnet.api.fields import decode
from svcnet.api.keys import Document
from svcnet.api.kinds import Kinds
from svcnet.api.validation.objects import check, check_update
from svcnet.api.warnings import warn

KINDS = Kinds()
PORTS = [{"port": 80}]
RANGE = "must be between 1 and 65535, inclusive"
NAME = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and "
    "must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used "
    "for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
)


def ready(document: Document) -> Document:
    """Return a document as it is when its rules are checked."""
    kind = KINDS.of_document(document["apiVersion"], document["kind"])
    assert kind is not None
    if kind.namespaced:
        document = {**document, "metadata": {"namespace": "default", **document["metadata"]}}
    return default(decode(document).document, kind)


def faults(text: str | Document, old: Document | None = None) -> list[str]:
    document = ready(manifest.read_one(text) if isinstance(text, str) else text)
    kind = KINDS.of_document(document["apiVersion"], document["kind"])
    assert kind is not None
    return [
        str(each) for each in (check_update(document, old, kind) if old else check(document, kind))
    ]


def service(spec: Document, **metadata: Any) -> Document:
    metadata = {"name": "s", **metadata}
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec}


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ({"ports": PORTS}, []),
        ({}, ["spec.ports: Required value"]),
        ({"clusterIP": "None", "clusterIPs": ["None"]}, []),
        (
            {"ports": [{"port": 80}, {"port": 81}]},
            ["spec.ports[0].name: Required value", "spec.ports[1].name: Required value"],
        ),
        (
            {"ports": [{"port": 80, "name": "a"}, {"port": 81, "name": "a"}]},
            ['spec.ports[1].name: Duplicate value: "a"'],
        ),
        (
            {"ports": [{"port": 80, "name": "a"}, {"port": 80, "name": "b"}]},
            [
                'spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,'
                '"Port":80,"TargetPort":0,"NodePort":0}'
            ],
        ),
        (
            {"ports": [{"port": 0}]},
            [
                f"spec.ports[0].port: Invalid value: 0: {RANGE}",
                f"spec.ports[0].targetPort: Invalid value: 0: {RANGE}",
            ],
        ),
        (
            {"ports": [{"port": 80, "protocol": "tcp"}]},
            [
                'spec.ports[0].protocol: Unsupported value: "tcp": supported values: "SCTP", '
                '"TCP", "UDP"'
            ],
        ),
        (
            {"ports": PORTS, "type": "Nope"},
            [
                'spec.type: Unsupported value: "Nope": supported values: "ClusterIP", '
                '"ExternalName", "LoadBalancer", "NodePort"'
            ],
        ),
        ({"type": "ExternalName"}, ["spec.externalName: Required value"]),
        (
            {"type": "ExternalName", "externalName": "x.y.", "clusterIPs": ["1.2.3.4"]},
            ["spec.clusterIPs: Forbidden: may not be set for ExternalName services"],
        ),
        (
            {"type": "NodePort", "ports": PORTS, "clusterIP": "None", "clusterIPs": ["None"]},
            [
                "spec.clusterIPs[0]: Invalid value: \"None\": may not be set to 'None' for "
                "NodePort services"
            ],
        ),
        (
            {"ports": PORTS, "clusterIPs": ["10.96.1.1", "10.96.1.2"]},
            [
                'spec.clusterIPs: Invalid value: ["10.96.1.1","10.96.1.2"]: must be empty when '
                "`clusterIP` is not specified",
                'spec.clusterIPs: Invalid value: ["10.96.1.1","10.96.1.2"]: may specify no more '
                "than one IP for each IP family",
            ],
        ),
        (
            {"ports": PORTS, "clusterIP": "10.96.0.10", "clusterIPs": ["10.96.0.11"]},
            ['spec.clusterIPs: Invalid value: ["10.96.0.11"]: first value must match `clusterIP`'],
        ),
        (
            {
                "ports": PORTS,
                "clusterIP": "10.96.8.8",
                "clusterIPs": ["10.96.8.8"],
                "ipFamilies": ["IPv6"],
            },
            [
                'spec.clusterIPs[0]: Invalid value: "10.96.8.8": expected an IPv6 value as '
                "indicated by `ipFamilies[0]`"
            ],
        ),
        (
            {"ports": PORTS, "ipFamilies": ["IPv4", "IPv4"]},
            ['spec.ipFamilies[1]: Duplicate value: "IPv4"'],
        ),
        (
            {"ports": PORTS, "sessionAffinity": "Cookie"},
            [
                'spec.sessionAffinity: Unsupported value: "Cookie": supported values: "ClientIP", '
                '"None"'
            ],
        ),
        (
            {
                "ports": PORTS,
                "sessionAffinity": "ClientIP",
                "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 86401}},
            },
            [
                "spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 86401: must be "
                "greater than 0 and less than 86400"
            ],
        ),
        (
            {"ports": [{"port": 80, "nodePort": 30081}]},
            ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"],
        ),
        (
            {"ports": PORTS, "type": "NodePort", "loadBalancerSourceRanges": ["10.0.0.0/8"]},
            [
                "spec.LoadBalancerSourceRanges: Forbidden: may only be used when `type` is "
                "'LoadBalancer'"
            ],
        ),
        (
            {"ports": PORTS, "loadBalancerClass": "example.com/lb"},
            ["spec.loadBalancerClass: Forbidden: may only be used when `type` is 'LoadBalancer'"],
        ),
        (
            {"ports": PORTS, "externalTrafficPolicy": "Local"},
            [
                'spec.externalTrafficPolicy: Invalid value: "Local": may only be set for '
                "externally-accessible services"
            ],
        ),
        (
            {"ports": PORTS, "type": "NodePort", "healthCheckNodePort": 30902},
            [
                "spec.healthCheckNodePort: Invalid value: 30902: may only be set when `type` is "
                "'LoadBalancer' and `externalTrafficPolicy` is 'Local'"
            ],
        ),
        (
            {"ports": PORTS, "trafficDistribution": ""},
            [
                'spec.trafficDistribution: Unsupported value: "": supported values: "PreferClose", '
                '"PreferSameZone", "PreferSameNode"'
            ],
        ),
    ],
)
def test_services(spec: Document, told: list[str]) -> None:
    assert faults(service(spec)) == told


def test_metadata_is_checked_first() -> None:
    told = faults(
        service({}, name="X_y", finalizers=["nodomain"], ownerReferences=[{"apiVersion": "v1"}])
    )

    assert told == [
        f'metadata.name: Invalid value: "X_y": {NAME}',
        'metadata.ownerReferences.kind: Invalid value: "": must not be empty',
        'metadata.ownerReferences.name: Invalid value: "": must not be empty',
        'metadata.ownerReferences.uid: Invalid value: "": must not be empty',
        'metadata.finalizers[0]: Invalid value: "nodomain": name is neither a standard finalizer '
        "name nor is it fully qualified",
        "spec.ports: Required value",
    ]


def test_addresses_and_classes_stay() -> None:
    balancer = {"type": "LoadBalancer", "ports": PORTS, "clusterIP": "10.96.0.2"}
    old = ready(service({**balancer, "clusterIPs": ["10.96.0.2"], "loadBalancerClass": "a/b"}))

    changed = {**balancer, "clusterIP": "10.96.0.3", "clusterIPs": ["10.96.0.3"]}

    assert faults(service(changed), old) == [
        'spec.clusterIPs[0]: Invalid value: ["10.96.0.3"]: may not change once set',
        "spec.loadBalancerClass: Invalid value: null: may not change once set",
    ]


def test_a_load_balancers_status_must_hold_addresses() -> None:
    old = ready(service({"type": "LoadBalancer", "ports": PORTS}))
    status = {"loadBalancer": {"ingress": [{"ip": "999.1.1.1"}]}}

    assert faults({**old, "status": status}, old) == [
        'status.loadBalancer.ingress[0].ip: Invalid value: "999.1.1.1": must be a valid IP '
        "address, (e.g. 10.9.8.7 or 2001:db8::ffff)"
    ]


DEPLOYMENT = (
    "{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {selector: {matchLabels: "
    "{app: d}}, template: {metadata: {labels: {app: d}}, spec: {containers: [{name: c, image: i, "
    "ports: [{containerPort: 80}]}]}}}}"
)
POD = (
    "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: c, image: nginx, "
    "ports: [{name: http, containerPort: 80}]}]}}"
)
SLICE = (
    "{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: e}, addressType: "
    "IPv4, endpoints: [{addresses: [192.0.2.10]}], ports: [{name: pg, port: 5432}]}"
)
RANGES = (
    "{apiVersion: networking.k8s.io/v1, kind: ServiceCIDR, metadata: {name: r}, spec: {cidrs: %s}}"
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (DEPLOYMENT, []),
        (
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: x}, spec: {template: {spec: "
            "{}}}}",
            [
                "spec.selector: Required value",
                "spec.template.metadata.labels: Invalid value: null: `selector` does not match "
                "template `labels`",
                "spec.template.spec.containers: Required value",
            ],
        ),
        (
            DEPLOYMENT.replace("{labels: {app: d}}", "{labels: {app: e}}"),
            [
                'spec.template.metadata.labels: Invalid value: {"app":"e"}: `selector` does not '
                "match template `labels`"
            ],
        ),
        (
            DEPLOYMENT.replace("spec: {selector", "spec: {replicas: -2, selector"),
            ["spec.replicas: Invalid value: -2: must be greater than or equal to 0"],
        ),
        (
            DEPLOYMENT.replace("{name: c,", "{name: C_c,"),
            [f'spec.template.spec.containers[0].name: Invalid value: "C_c": {NAME}'],
        ),
        (
            DEPLOYMENT.replace("containerPort: 80", "containerPort: 0"),
            ["spec.template.spec.containers[0].ports[0].containerPort: Required value"],
        ),
        (
            DEPLOYMENT.replace("containerPort: 80", "containerPort: 99999"),
            [
                "spec.template.spec.containers[0].ports[0].containerPort: Invalid value: 99999: "
                f"{RANGE}"
            ],
        ),
        (
            DEPLOYMENT.replace(", image: i", ""),
            ["spec.template.spec.containers[0].image: Required value"],
        ),
        (
            DEPLOYMENT.replace("ports: [", "volumeMounts: [{name: v, mountPath: /v}], ports: ["),
            ['spec.template.spec.containers[0].volumeMounts[0].name: Not found: "v"'],
        ),
        (
            DEPLOYMENT.replace("spec: {containers", "spec: {restartPolicy: Never, containers"),
            [
                'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: '
                '"Always"'
            ],
        ),
        (
            POD.replace("name: http", "name: HTTP_8"),
            [
                'spec.containers[0].ports[0].name: Invalid value: "HTTP_8": must contain only '
                "alpha-numeric characters (a-z, 0-9), and hyphens (-)",
                'spec.containers[0].ports[0].name: Invalid value: "HTTP_8": must contain at least '
                "one letter (a-z)",
            ],
        ),
        (SLICE, []),
        (
            SLICE.replace("192.0.2.10", "999.0.2.10"),
            [
                'endpoints[0].addresses[0]: Invalid value: "999.0.2.10": must be a valid IP '
                "address, (e.g. 10.9.8.7 or 2001:db8::ffff)"
            ],
        ),
        (
            SLICE.replace("192.0.2.10", "127.0.0.1"),
            [
                'endpoints[0].addresses[0]: Invalid value: "127.0.0.1": may not be in the loopback '
                "range (127.0.0.0/8, ::1/128)"
            ],
        ),
        (
            SLICE.replace("IPv4", "IPv5"),
            [
                'addressType: Unsupported value: "IPv5": supported values: "FQDN", "IPv4", "IPv6"',
            ],
        ),
        (SLICE.replace("addressType: IPv4, ", ""), ["addressType: Required value"]),
        (
            SLICE.replace("name: pg", "name: PG"),
            [f'ports[0].name: Invalid value: "PG": {NAME}'],
        ),
        (
            "{apiVersion: v1, kind: Endpoints, metadata: {name: e}, subsets: [{addresses: "
            "[{ip: not-an-ip}], ports: [{port: 80}]}]}",
            [
                'subsets[0].addresses[0].ip: Invalid value: "not-an-ip": must be a valid IP '
                "address, (e.g. 10.9.8.7 or 2001:db8::ffff)",
                'subsets[0].addresses[0].ip: Invalid value: "not-an-ip": must be a valid IP '
                "address",
            ],
        ),
        (
            RANGES % "[10.100.0.1/28]",
            [
                'spec.cidrs[0]: Invalid value: "10.100.0.1/28": must not have bits set beyond the '
                "prefix length"
            ],
        ),
        (
            RANGES % "[10.100.0.0/28, 10.101.0.0/28]",
            [
                'spec.cidrs: Invalid value: ["10.100.0.0/28","10.101.0.0/28"]: may specify no more '
                "than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64"
            ],
        ),
    ],
)
def test_other_kinds(text: str, told: list[str]) -> None:
    assert faults(text) == told


def test_selectors_of_workloads_stay() -> None:
    old = ready(manifest.read_one(DEPLOYMENT))

    assert faults(DEPLOYMENT.replace("app: d", "app: e"), old) == [
        'spec.selector: Invalid value: {"matchLabels":{"app":"e"}}: field is immutable'
    ]


def test_address_types_of_slices_stay() -> None:
    old = ready(manifest.read_one(SLICE))

    assert faults(SLICE.replace("IPv4", "IPv6"), old) == [
        'addressType: Invalid value: "IPv6": field is immutable'
    ]


def test_ranges_stay() -> None:
    old = ready(manifest.read_one(RANGES % "[10.96.0.0/24]"))

    assert faults(RANGES % "[10.97.0.0/24]", old) == [
        'spec.cidrs[0]: Invalid value: "10.97.0.0/24": field is immutable'
    ]
    assert faults(RANGES % "[10.96.0.0/24, 'fd00::/64']", old) == []


def test_a_pod_changes_its_image_and_nothing_else() -> None:
    old = ready(manifest.read_one(POD))

    assert faults(POD.replace("image: nginx", "image: nginx:2"), old) == [
        # The pull policy was decided by the tag.
        told
        for told in faults(POD.replace("image: nginx", "image: nginx:2"), old)
        if "ImagePullPolicy" in told
    ]
    assert faults(POD.replace("containerPort: 80", "containerPort: 81"), old) == [
        "spec: Forbidden: pod updates may not change fields other than "
        "`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,"
        "`spec.tolerations` (only additions to existing tolerations),"
        "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously "
        "negative)\n"
        "@@ -12,7 +12,7 @@\n"
        "     {\n"
        '      "Name": "http",\n'
        '      "HostPort": 0,\n'
        '-     "ContainerPort": 80,\n'
        '+     "ContainerPort": 81,\n'
        '      "Protocol": "TCP",\n'
        '      "HostIP": ""\n'
        "     }\n"
    ]


def test_checking_changes_nothing() -> None:
    document = ready(manifest.read_one(POD))
    before = copy.deepcopy(document)

    faults(document, before)

    assert document == before


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {externalIPs: [1.2.3.4], "
            "trafficDistribution: PreferClose}}",
            [
                "spec.externalIPs is deprecated and may no longer be implemented in some clusters",
                'spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"',
            ],
        ),
        (
            "{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {externalName: a.b}}",
            ['spec.externalName is ignored when spec.type is not "ExternalName"'],
        ),
        (
            "{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {clusterIP: None, "
            "sessionAffinity: ClientIP}}",
            ["spec.SessionAffinity is ignored for headless services"],
        ),
        (
            "{apiVersion: v1, kind: Endpoints, metadata: {name: e}}",
            ["v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"],
        ),
        (
            DEPLOYMENT.replace("name: d", "name: a.b"),
            [
                "metadata.name: this is used in Pod names and hostnames, which can result in "
                "surprising behavior; a DNS label is recommended: [must not contain dots]"
            ],
        ),
        (
            DEPLOYMENT.replace(
                "spec: {containers",
                "spec: {nodeSelector: {beta.kubernetes.io/os: linux}, containers",
            ),
            [
                "spec.template.spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; "
                'use "kubernetes.io/os" instead'
            ],
        ),
    ],
)
def test_what_is_accepted_may_be_remarked_on(text: str, told: list[str]) -> None:
    document = ready(manifest.read_one(text))
    kind = KINDS.of_document(document["apiVersion"], document["kind"])
    assert kind is not None

    assert list(warn(document, kind)) == told
