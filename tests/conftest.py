"""What every test stands on."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

# No test may touch the user's own cluster by accident: without a state of its own, a command fails.
NO_STATE = "/dev/null/no-state-was-given.db"

_COMMON = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
}
settings.register_profile("local", max_examples=50, **_COMMON)  # type: ignore[arg-type]
settings.register_profile("ci", max_examples=200, derandomize=True, print_blob=True, **_COMMON)  # type: ignore[arg-type]
settings.load_profile("ci" if os.environ.get("CI") else "local")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--every-case",
        action="store_true",
        help="Try every captured case in the kernel, 600 interrupts and 4000 documents.",
    )


@pytest.fixture(autouse=True)
def _no_state(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SVCNET_DB", NO_STATE)
