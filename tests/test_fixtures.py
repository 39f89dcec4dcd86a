"""The fixtures that protect the user are tested too."""

from __future__ import annotations

import pytest

from svcnet.cli.app import main


def test_a_test_cannot_reach_the_users_own_cluster(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["get", "svc"])

    assert stopped.value.code == 1
    assert "no-state-was-given.db" in capsys.readouterr().err
