"""Gates by version.  Expected values: the table of `spec/kube-proxy-versions.md`, section 7."""

from __future__ import annotations

import pytest

from svcnet.api.feature_gates import feature_spec


@pytest.mark.parametrize(
    ("name", "version", "expected"),
    [
        ("NFTablesProxyMode", "1.30", (False, "ALPHA", False)),
        ("NFTablesProxyMode", "1.31", (True, "BETA", False)),
        ("NFTablesProxyMode", "1.36", (True, "GA", True)),
        ("MultiCIDRServiceAllocator", "1.33", (True, "GA", False)),
        ("MultiCIDRServiceAllocator", "v1.34.7", (True, "GA", True)),
        ("PreferSameTrafficDistribution", "1.33", (False, "ALPHA", False)),
    ],
)
def test_a_gate_is_what_its_last_change_made_of_it(
    name: str, version: str, expected: tuple[bool, str, bool]
) -> None:
    found = feature_spec(name, version)

    assert found is not None
    assert (found.default, found.stage, found.locked) == expected


def test_before_its_first_version_there_is_no_gate() -> None:
    assert feature_spec("PreferSameTrafficDistribution", "1.32") is None
    assert feature_spec("NoSuchGate") is None
