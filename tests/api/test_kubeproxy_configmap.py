"""kube-proxy's configuration, where clusters keep it."""

from __future__ import annotations

from typing import Any

import pytest

from svcnet.api.kubeproxy_configmap import (
    Layer,
    chosen,
    composed,
    config_map,
    configuration_text,
    is_configuration,
    layer,
    merged,
)
from svcnet.errors import UsageError


def stored(name: str, key: str, text: str, namespace: str = "kube-system") -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "data": {key: text, "kubeconfig.conf": "x"},
        "kind": "ConfigMap",
        "metadata": {"name": name, "namespace": namespace},
    }


@pytest.mark.parametrize(
    ("document", "text"),
    [
        (stored("kube-proxy", "config.conf", "mode: ipvs"), "mode: ipvs"),
        (stored("kube-proxy-config", "config", "mode: ipvs"), "mode: ipvs"),
        (stored("kube-proxy", "config.conf", "mode: ipvs", namespace="shop"), None),
        (stored("coredns", "config.conf", "mode: ipvs"), None),
        (stored("kube-proxy", "kubeconfig", "mode: ipvs"), None),
        ({**stored("kube-proxy", "config.conf", ""), "data": None}, None),
        ({**stored("kube-proxy", "config.conf", ""), "kind": "Secret"}, None),
        ({"kind": "Secret", "metadata": None}, None),
    ],
)
def test_one_config_map_configures_kube_proxy(document: dict[str, Any], text: str | None) -> None:
    assert configuration_text(document) == text


def test_kubeadms_goes_before_another_ones() -> None:
    eks = stored("kube-proxy-config", "config", "mode: ipvs")
    kubeadm = stored("kube-proxy", "config.conf", "mode: nftables")

    assert chosen([eks, kubeadm]) is kubeadm
    assert chosen([eks]) is eks
    assert chosen([]) is None


def test_what_a_part_says_goes_over_the_rest() -> None:
    under = {"mode": "ipvs", "iptables": {"masqueradeBit": 3, "masqueradeAll": True}}
    over = {"mode": "nftables", "iptables": {"masqueradeBit": 4}, "clusterCIDR": None}

    assert merged(over, under) == {
        "mode": "nftables",
        "iptables": {"masqueradeBit": 4, "masqueradeAll": True},
    }


def test_what_is_whole_hides_what_was_said_before() -> None:
    layers = [Layer({"mode": "ipvs"}, "a"), Layer({"clusterCIDR": ""}, "b", whole=True)]

    assert composed(layers) == {"clusterCIDR": ""}
    assert composed(reversed(layers)) == {"clusterCIDR": "", "mode": "ipvs"}


def test_a_config_map_is_whole_and_a_configuration_a_part() -> None:
    whole = layer(stored("kube-proxy", "config.conf", "mode: nftables\nconntrack: {old: 1}"), "s")
    part = layer({"mode": "nftables"}, "s")

    assert whole == Layer(
        {"clusterCIDR": "", "mode": "nftables", "conntrack": {}}, "s", True, ("conntrack.old",)
    )
    assert part == Layer({"mode": "nftables"}, "s")


def test_what_is_kept_reads_back() -> None:
    kept = config_map({"mode": "nftables", "clusterCIDR": "10.0.0.0/8"})

    assert layer(kept, "s").document["mode"] == "nftables"
    assert layer(kept, "s").document["clusterCIDR"] == "10.0.0.0/8"


def test_who_names_a_config_map_means_it_whatever_it_is_called() -> None:
    """Only among the objects of a cluster must one be told from others."""
    mine = stored("mine", "config.conf", "mode: nftables", namespace="lab")
    listed = {"apiVersion": "v1", "items": [mine, stored("kube-proxy", "config", "mode: ipvs")]}

    assert layer(mine, "s").document["mode"] == "nftables"
    assert layer({"kind": "List", **listed}, "s").document["mode"] == "ipvs"


@pytest.mark.parametrize("text", ["- a", "a: [", "just words"])
def test_a_config_map_without_a_mapping_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="error parsing s"):
        layer(stored("kube-proxy", "config.conf", text), "s")


def test_a_configuration_is_known_in_every_version() -> None:
    assert is_configuration(
        {"apiVersion": "kubeproxy.config.k8s.io/v1alpha2", "kind": "KubeProxyConfiguration"}
    )
    assert not is_configuration({"apiVersion": "v1", "kind": "KubeProxyConfiguration"})
