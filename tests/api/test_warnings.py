"""What the API server remarks on Services, and when it has nothing to say."""

from __future__ import annotations

from typing import Any

import pytest

from svcnet.api.kinds import SERVICE
from svcnet.api.warnings import warn

DEPRECATED = "spec.externalIPs is deprecated and may no longer be implemented in some clusters"


def remarks(**spec: Any) -> list[str]:
    return list(warn({"spec": {"type": "ClusterIP", "sessionAffinity": "None", **spec}}, SERVICE))


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ({"externalIPs": ["192.0.2.1"]}, [DEPRECATED]),
        ({"type": "LoadBalancer", "externalIPs": ["192.0.2.1"]}, [DEPRECATED]),
        ({"externalIPs": []}, []),
        (
            {"externalIPs": ["192.0.2.1"], "clusterIP": "None"},
            ["spec.externalIPs is ignored for headless services"],
        ),
        (
            {"externalIPs": ["192.0.2.1"], "type": "ExternalName", "externalName": "a.b"},
            ['spec.externalIPs is ignored when spec.type is "ExternalName"'],
        ),
        (
            {"externalIPs": ["192.0.2.1"], "loadBalancerIP": "2001:DB8::1"},
            [
                DEPRECATED,
                'spec.loadBalancerIP: IPv6 address "2001:DB8::1" should be in RFC 5952 canonical '
                'format ("2001:db8::1")',
            ],
        ),
    ],
)
def test_external_addresses_are_deprecated_where_they_do_something(
    spec: dict[str, Any], told: list[str]
) -> None:
    assert remarks(**spec) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("10.0.0.0/8", []),
        ("2001:db8::/32", []),
        (
            "2001:DB8::/32",
            ['IPv6 CIDR value "2001:DB8::/32" should be in RFC 5952 canonical format '
             '("2001:db8::/32")'],
        ),
        (
            "10.0.0.1/8",
            ['CIDR value "10.0.0.1/8" is ambiguous in this context (should be "10.0.0.0/8" or '
             '"10.0.0.1/32"?)'],
        ),
        (
            "010.0.0.0/8",
            ['non-standard CIDR value "010.0.0.0/8" will be considered invalid in a future '
             'Kubernetes release: use "10.0.0.0/8"'],
        ),
    ],
)  # fmt: skip
def test_ranges_are_remarked_on_by_their_spelling(text: str, told: list[str]) -> None:
    found = remarks(type="LoadBalancer", loadBalancerSourceRanges=[text])

    assert found == [f"spec.loadBalancerSourceRanges[0]: {each}" for each in told]
