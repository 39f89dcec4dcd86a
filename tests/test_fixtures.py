"""The fixtures that protect the user are tested too."""

from __future__ import annotations

import pytest

from svcnet.cli.app import main


def test_a_test_cannot_reach_the_users_own_cluster(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["get", "svc"])

    assert status == 1
    assert "no-state-was-given.db" in capsys.readouterr().err
