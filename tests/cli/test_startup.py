"""Scripts call svcnet hundreds of times: what reading verbs may import."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SLOW = ("msgspec", "pydantic", "rich", "sqlalchemy", "typer", "yaml", "inspect", "platformdirs")
"""What costs milliseconds, and a `get` has no use for."""

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

    assert not (imported(*line.split(), db=fresh) - without) & set(SLOW)
    assert not without & {"sqlalchemy", "typer", "rich", "yaml"}


def test_help_in_a_pipe_needs_no_colours(fresh: Path) -> None:
    assert not imported("get", "--help", db=fresh) & {"typer", "rich", "inspect"}
