"""What a config file of kube-proxy may say, and what it is told when it is wrong."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcnet.api.kubeproxy import API_VERSION, KIND, KubeProxyConfiguration, read
from svcnet.api.struct_table import element_type, fields_of_struct, struct_of_kind
from svcnet.errors import UsageError


def refused(document: dict[str, Any]) -> str:
    with pytest.raises(UsageError) as caught:
        read(document, "config.yaml")
    return str(caught.value)


def test_nothing_need_be_said() -> None:
    assert read({}, "config.yaml") == KubeProxyConfiguration()


def test_names_are_those_of_kubernetes() -> None:
    config = read(
        {
            "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
            "kind": "KubeProxyConfiguration",
            "mode": "nftables",
            "clusterCIDR": "10.244.0.0/16,fd00::/48",
            "detectLocalMode": "BridgeInterface",
            "detectLocal": {"bridgeInterface": "cni0"},
            "nodePortAddresses": ["primary"],
            "bindAddress": "::",
            "healthzBindAddress": "[::]:10256",
            "metricsBindAddress": "127.0.0.1:10249",
            "oomScoreAdj": -999,
            "iptables": {"masqueradeBit": 31, "localhostNodePorts": False, "syncPeriod": "1m30s"},
            "ipvs": {"strictARP": True, "excludeCIDRs": []},
            "conntrack": {"maxPerCore": 0, "tcpBeLiberal": True},
            "winkernel": {"enableDSR": False},
            "featureGates": {"AllowServiceExternalIPs": False},
        },
        "config.yaml",
    )

    assert (config.mode, config.cluster_cidr) == ("nftables", "10.244.0.0/16,fd00::/48")
    assert config.iptables.masquerade_bit == 31
    assert config.conntrack.tcp_be_liberal
    assert not config.gate("AllowServiceExternalIPs", default=True)
    assert config.gate("Another", default=True)


@pytest.mark.parametrize(
    "gates",
    [
        {"NFTablesProxyMode": True},
        {"AllowServiceExternalIPs": False},
        {"AllAlpha": True, "AllBeta": False},
        {"ServiceTrafficDistribution": True},
    ],
    ids=str,
)
def test_gates_may_be_set_to_what_they_can_be(gates: dict[str, bool]) -> None:
    assert read({"featureGates": gates}, "c").feature_gates == gates


def test_the_fields_are_those_of_kubernetes() -> None:
    """The views of the file's parts, held against the table of structs."""

    def compare(view: type[msgspec.Struct], struct: str) -> None:
        fields = fields_of_struct(struct)
        assert set(view.__struct_encode_fields__) == set(fields)
        for info in msgspec.structs.fields(view):
            if isinstance(info.type, type) and issubclass(info.type, msgspec.Struct):
                compare(info.type, element_type(fields[info.encode_name].go_type))

    compare(KubeProxyConfiguration, struct_of_kind(API_VERSION, KIND))


def test_null_is_the_same_as_nothing() -> None:
    assert read({"clusterCIDR": None, "iptables": {"masqueradeBit": None}}, "c") == read({}, "c")


def test_no_range_is_something_else_than_nothing() -> None:
    assert read({"clusterCIDR": ""}, "c").cluster_cidr == ""
    assert read({}, "c").cluster_cidr is None


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ({"masqueradeAll": True}, "masqueradeAll"),
        ({"iptables": {"masqueradeBits": 1}}, "iptables.masqueradeBits"),
        ({"cluster_cidr": "10.244.0.0/16"}, "cluster_cidr"),
    ],
)
def test_unknown_fields_are_named(document: dict[str, Any], field: str) -> None:
    expected = f'config.yaml: strict decoding error: unknown field "{field}"'

    assert refused(document) == expected


def test_a_wrong_type_is_told_with_its_place() -> None:
    told = refused({"iptables": {"masqueradeBit": "14"}})

    assert told == (
        "config.yaml: strict decoding error: iptables.masqueradeBit: Expected `int | null`, "
        "got `str`"
    )


@pytest.mark.parametrize(
    "about", [{"kind": "Deployment"}, {"apiVersion": "kubeproxy.config.k8s.io/v1"}]
)
def test_another_kind_is_refused(about: dict[str, str]) -> None:
    assert "is registered for version" in refused(about)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (
            {"iptables": {"masqueradeBit": 32}},
            "KubeProxyIPTablesConfiguration.MasqueradeBit: Invalid value: 32: "
            "must be within the range [0, 31]",
        ),
        (
            {"nftables": {"masqueradeBit": -1}},
            "KubeProxyNFTablesConfiguration.MasqueradeBit: Invalid value: -1: "
            "must be within the range [0, 31]",
        ),
        (
            {"nodePortAddresses": ["10.0.0.1"]},
            'NodePortAddresses[0]: Invalid value: "10.0.0.1": must be a valid CIDR',
        ),
        (
            {"nodePortAddresses": ["10.0.0.0/8", "primary"]},
            "NodePortAddresses[1]: Invalid value: \"primary\": can't use both 'primary' and CIDRs",
        ),
        (
            {"clusterCIDR": "10.244.0.0"},
            'ClusterCIDR: Invalid value: "10.244.0.0": must be a valid CIDR block '
            "(e.g. 10.100.0.0/16 or fde4:8dba:82e1::/48)",
        ),
        (
            {"clusterCIDR": "10.244.0.0/16,10.245.0.0/16"},
            'ClusterCIDR: Invalid value: "10.244.0.0/16,10.245.0.0/16": '
            "must be a valid DualStack CIDR (e.g. 10.100.0.0/16,fde4:8dba:82e1::/48)",
        ),
        (
            {"clusterCIDR": "1.0.0.0/8,fd00::/8,2.0.0.0/8"},
            'ClusterCIDR: Invalid value: "1.0.0.0/8,fd00::/8,2.0.0.0/8": only one CIDR allowed '
            "or a valid DualStack CIDR (e.g. 10.100.0.0/16,fde4:8dba:82e1::/48)",
        ),
        (
            {"mode": "userspace"},
            'Mode.ProxyMode: Invalid value: "userspace": must be iptables, ipvs, nftables or blank '
            "(blank means the best-available proxy [currently iptables])",
        ),
        (
            {"bindAddress": "localhost"},
            'BindAddress: Invalid value: "localhost": '
            "not a valid textual representation of an IP address",
        ),
        (
            {"healthzBindAddress": "::1"},
            'HealthzBindAddress: Invalid value: "::1": must be IP:port',
        ),
        (
            {"metricsBindAddress": "here:1"},
            'MetricsBindAddress: Invalid value: "here": must be a valid IP',
        ),
        (
            {"metricsBindAddress": "127.0.0.1:0"},
            'MetricsBindAddress: Invalid value: "0": must be a valid port',
        ),
        (
            {"detectLocalMode": "Bridge"},
            'DetectLocalMode: Unsupported value: "Bridge": supported values: "", '
            '"BridgeInterface", "ClusterCIDR", "InterfaceNamePrefix", "NodeCIDR"',
        ),
        (
            {"detectLocalMode": "BridgeInterface"},
            'InterfaceName: Invalid value: "": must not be empty',
        ),
        (
            {"detectLocalMode": "InterfaceNamePrefix"},
            'InterfacePrefix: Invalid value: "": must not be empty',
        ),
        (
            {"oomScoreAdj": 1001},
            "KubeProxyLinuxConfiguration.OOMScoreAdj: Invalid value: 1001: "
            "must be within the range [-1000, 1000]",
        ),
        (
            {"conntrack": {"min": -1}},
            "KubeProxyLinuxConfiguration.KubeProxyConntrackConfiguration.Min: Invalid value: -1: "
            "must be greater than or equal to 0",
        ),
        (
            {"clientConnection": {"burst": -1}},
            "ClientConnection.Burst: Invalid value: -1: must be greater than or equal to 0",
        ),
        (
            {"configSyncPeriod": "soon"},
            'ConfigSyncPeriod: Invalid value: "soon": time: invalid duration "soon"',
        ),
        (
            {"iptables": {"syncPeriod": "-1s"}},
            'SyncPeriod: Invalid value: "-1s": must be greater than 0',
        ),
        (
            {"featureGates": {"PreferSameTrafficDistribution": False}},
            'featureGates: Invalid value: {"PreferSameTrafficDistribution":false}: cannot set '
            "feature gate PreferSameTrafficDistribution to false, feature is locked to true",
        ),
        (
            {"featureGates": {"GitRepoVolumeDriver": True}},
            'featureGates: Invalid value: {"GitRepoVolumeDriver":true}: cannot set '
            "feature gate GitRepoVolumeDriver to true, feature is locked to false",
        ),
        (
            {"featureGates": {"NoSuchGate": True}},
            'featureGates: Invalid value: {"NoSuchGate":true}: unrecognized feature gate: '
            "NoSuchGate",
        ),
        # Known to Kubernetes 1.31 to 1.35 and gone since; what it was locked to is still true.
        (
            {"featureGates": {"ServiceTrafficDistribution": False}},
            'featureGates: Invalid value: {"ServiceTrafficDistribution":false}: unrecognized '
            "feature gate: ServiceTrafficDistribution",
        ),
        (
            {"featureGates": {"NFTablesProxyMode": False, "MultiCIDRServiceAllocator": False}},
            "featureGates: Invalid value: "
            '{"MultiCIDRServiceAllocator":false,"NFTablesProxyMode":false}: '
            "[cannot set feature gate MultiCIDRServiceAllocator to false, feature is locked to "
            "true, cannot set feature gate NFTablesProxyMode to false, feature is locked to true]",
        ),
    ],
    ids=str,
)
def test_bad_values_are_told_in_the_words_of_kube_proxy(
    document: dict[str, Any], expected: str
) -> None:
    """Source: kubernetes pkg/proxy/apis/config/validation/validation.go."""
    assert refused(document) == f"config.yaml: KubeProxyConfiguration.{expected}"


def test_all_that_is_wrong_is_told_at_once() -> None:
    told = refused({"mode": "x", "bindAddress": "y"})

    assert told.startswith("config.yaml: [KubeProxyConfiguration.")
    assert told.count("Invalid value") == 2


@pytest.mark.parametrize("text", ["010.244.000.0/16", "FD00::1/48", "0.0.0.0/0"])
def test_ranges_are_read_leniently(text: str) -> None:
    assert read({"clusterCIDR": text}, "c").cluster_cidr == text


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)
fields = st.sampled_from(
    ["bindAddress", "clusterCIDR", "mode", "nodePortAddresses", "iptables", "detectLocal", "x"]
)


@given(st.dictionaries(fields, values))
def test_no_file_is_too_odd(document: dict[str, Any]) -> None:
    try:
        read(document, "config.yaml")
    except UsageError as error:
        told = str(error)
    else:
        told = "config.yaml: "

    assert told.startswith("config.yaml: ")
