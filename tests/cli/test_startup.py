"""Scripts call svcnet hundreds of times: what verbs that read and verbs that write may import."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from svcnet.cli.app import main

SLOW = (
    "asyncio",
    "dataclasses",
    "hashlib",
    "inspect",
    "jsonpatch",
    "platformdirs",
    "pydantic",
    "rich",
    "socket",
    "sqlalchemy",
    "tempfile",
    "typer",
    "typing_extensions",
)
"""What costs milliseconds, and neither a read nor a write has a use for."""
SLOW_TO_READ = (*SLOW, "msgspec", "pathlib", "yaml")

PROGRAM = """
import sys
from svcnet.cli.app import main
status = main(sys.argv[1:])
print(*sorted({name.partition(".")[0] for name in sys.modules}), sep="\\n", file=sys.stderr)
sys.exit(status)
"""


def imported(*words: str, db: Path) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-I", "-c", PROGRAM, *words, "--db", str(db)],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stderr.split())


@pytest.mark.parametrize(
    "line",
    [
        "get svc",
        "get svc,ep,endpointslices,nodes,ns -A -o wide",
        "get pods,deploy,rs,sts,ds --show-labels",
        "get svc kubernetes -o json",
        "get svc kubernetes -o yaml",
        "get svc -o name",
        "get svc -o jsonpath={.items[*].metadata.name}",
        "get svc -l app!=x --field-selector metadata.name=kubernetes --sort-by .metadata.name",
    ],
)
def test_reading_imports_nothing_slow(line: str, fresh: Path) -> None:
    without = imported("options", db=fresh)

    assert not (imported(*line.split(), db=fresh) - without) & set(SLOW_TO_READ)
    assert not without & {"sqlalchemy", "typer", "rich", "yaml"}


def test_the_version_costs_no_more_than_a_read(fresh: Path) -> None:
    version = imported("version", db=fresh) - imported("options", db=fresh)

    assert not version & {*SLOW, "importlib.metadata", "email", "platform", "sqlite3"}


def test_finding_the_users_own_state_imports_nothing_slow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh: Path
) -> None:
    monkeypatch.delenv("SVCNET_DB")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    (tmp_path / "svcnet").mkdir()
    shutil.copy(fresh, tmp_path / "svcnet" / "cluster.db")
    program = [sys.executable, "-c", PROGRAM, "get", "svc"]

    done = subprocess.run(program, capture_output=True, text=True, check=True)

    assert "kubernetes" in done.stdout
    assert not set(done.stderr.split()) & {"pathlib", "platformdirs", "ctypes"}


def test_help_in_a_pipe_needs_no_colours(fresh: Path) -> None:
    assert not imported("get", "--help", db=fresh) & {"typer", "rich", "inspect"}


SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: api}
spec: {ports: [{port: 80}], selector: {app: api}}
"""


@pytest.fixture(scope="module")
def busy(fresh: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state with a Deployment and a Service; copy it."""
    path = tmp_path_factory.mktemp("busy") / "state.db"
    shutil.copy(fresh, path)
    for line in (
        "create deployment web --image=nginx --replicas=2",
        "expose deployment web --port=80",
    ):
        assert main([*line.split(), "--db", str(path)]) == 0
    return path


@pytest.mark.parametrize(
    "line",
    [
        "create deployment api --image=nginx",
        "create service clusterip api --tcp=80",
        "expose deployment web --name=api --port=80 --type=NodePort",
        "label svc web tier=front",
        "annotate deploy web note=x",
        "scale deployment web --replicas=3",
        'patch svc web -p {"spec":{"sessionAffinity":"ClientIP"}}',
        "delete svc web",
        "delete deployment web",
        "apply -f api.yaml",
    ],
)
def test_writing_imports_nothing_slow(
    line: str, busy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("api.yaml").write_text(SERVICE)
    shutil.copy(busy, "state.db")

    modules = imported(*line.split(), db=Path("state.db"))

    assert "sqlite3" in modules
    assert not modules & set(SLOW)
    assert ("yaml" in modules) == (" -f " in line)


def test_making_the_default_cluster_needs_no_sqlalchemy(tmp_path: Path) -> None:
    modules = imported("create", "namespace", "x", db=tmp_path / "state.db")

    assert not modules & {"sqlalchemy", "rich", "typer", "inspect", "asyncio"}
