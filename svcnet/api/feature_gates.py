"""The features of Kubernetes that can be switched, and what of a set of switches is refused.

`data/feature-gates-1.36.txt` has a line for each gate: its name, then what it is from a version on:

    NFTablesProxyMode 1.29=false,ALPHA 1.31=true,BETA 1.33=true,GA,locked

Source: kubernetes staging/src/k8s.io/component-base/featuregate/feature_gate.go.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TypeAlias

from svcnet.api.release import REFERENCE
from svcnet.lean_namedtuple import NamedTuple

_FILE = Path(__file__).with_name("data") / "feature-gates-1.36.txt"

Version: TypeAlias = tuple[int, ...]
"""``(1, 36)``."""

# Gates that are gone, each true for good since it was locked.  Kubernetes 1.36 refuses to start
# with them; the kube-proxy whose rules were recorded (case `traffic-distribution-gate`) is built
# from a tree that only warns.  Saying what holds anyway is let pass, then, and nothing else.
_GONE = frozenset({"LoadBalancerIPMode", "ServiceTrafficDistribution", "TopologyAwareHints"})


class FeatureSpec(NamedTuple):
    """What a gate is from one version on, until the next one's row."""

    since: Version
    default: bool
    stage: str
    """``ALPHA``, ``BETA``, ``GA`` or ``DEPRECATED``."""
    locked: bool
    """Whether it can no longer be set to anything but its default."""


def feature_spec(name: str, version: str = REFERENCE) -> FeatureSpec | None:
    """Return what a gate is in a version (``v1.36.2`` or ``1.36``); None if there is none.

    >>> feature_spec("NFTablesProxyMode", "1.31")
    FeatureSpec(since=(1, 31), default=True, stage='BETA', locked=False)
    """
    line = _lines().get(name)
    if line is None:
        return None
    wanted = _version(version.removeprefix("v"))[:2]
    found = [row for row in map(_row, line.split(" ")) if row.since <= wanted]
    return found[-1] if found else None


def check_feature_gates(gates: Mapping[str, bool]) -> Iterator[str]:
    """Yield why a component does not take these gates, in featuregate's words."""
    # Go takes them in any order and stops at the first that it does not know.
    for name in sorted(gates):
        value, spec = gates[name], feature_spec(name)
        if spec is None:
            if value and name in _GONE:
                continue
            yield f"unrecognized feature gate: {name}"
            return
        if spec.locked and value != spec.default:
            yield (
                f"cannot set feature gate {name} to {_go(value)}, "
                f"feature is locked to {_go(spec.default)}"
            )


def _go(value: bool) -> str:
    return "true" if value else "false"


@cache
def _lines() -> dict[str, str]:
    """Return each gate's rows, as they are written."""
    lines = _FILE.read_text("utf-8").splitlines()
    return {name: rows for name, _, rows in (line.partition(" ") for line in lines)}


def _row(text: str) -> FeatureSpec:
    since, _, spec = text.partition("=")
    default, stage, *locked = spec.split(",")
    return FeatureSpec(_version(since), default == "true", stage, locked == ["locked"])


def _version(text: str) -> Version:
    return tuple(map(int, text.split(".")))
