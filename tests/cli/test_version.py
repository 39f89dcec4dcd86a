"""`version`."""

from __future__ import annotations

import json
import tomllib
from importlib.metadata import version as installed
from pathlib import Path

import svcnet
from svcnet.api.release import REFERENCE
from tests.cli.conftest import Kubectl


def test_version_tells_the_kubernetes_version_that_is_followed(kubectl: Kubectl) -> None:
    status, out, err = kubectl("version")

    assert (status, err) == (0, "")
    assert out.splitlines()[:2] == [
        f"Client Version: v{REFERENCE}",
        f"Server Version: v{REFERENCE}",
    ]
    assert out.splitlines()[2].startswith("svcnet Version: v")


def test_version_of_the_client_alone_has_no_server(kubectl: Kubectl) -> None:
    told = json.loads(kubectl("version", "--client", "-o", "json")[1])

    assert told["clientVersion"]["gitVersion"] == f"v{REFERENCE}"
    assert "serverVersion" not in told
    assert kubectl("version", "-o", "yaml")[1].startswith("clientVersion:\n  gitVersion: v")


def test_there_is_one_version_everywhere(kubectl: Kubectl) -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())

    assert kubectl("--version").out == f"svcnet {svcnet.__version__}\n"
    assert f"svcnet Version: v{svcnet.__version__}\n" in kubectl("version").out
    assert installed("svcnet") == svcnet.__version__
    assert "version" not in project["project"]
    assert project["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "svcnet.__version__"}
