"""What the README shows is what happens."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_first_two_blocks_do_all_the_set_up() -> None:
    blocks = [body for _, body in FENCED.findall(README)]

    assert blocks[:2] == ["make demo\n", "make test\n"]


def test_the_session_is_real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SVCNET_DB", "cluster.db")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    svcnet = tmp_path / "svcnet"
    svcnet.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m svcnet "$@"\n')
    svcnet.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    shown = "".join(body for form, body in FENCED.findall(README) if form == "console")
    steps = re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", shown, re.MULTILINE)

    for command, output in steps:
        done = subprocess.run(
            ["sh", "-c", command], capture_output=True, text=True, check=False, cwd=tmp_path
        )
        assert (command, output) == (command, done.stdout + done.stderr)
    assert len(steps) > 5
