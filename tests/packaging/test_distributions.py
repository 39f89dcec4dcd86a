"""The wheel and the sdist, built from what git knows: nothing is missing, nothing is warned of."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TRACKED = subprocess.run(
    ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
).stdout.splitlines()

pytestmark = pytest.mark.skipif(not TRACKED, reason="what is to be packed is asked of git")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, zipfile.ZipFile, list[str]]:
    """What the build said, the wheel, and the sdist's files below its own folder."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("out")
    for name in TRACKED:
        if (ROOT / name).exists():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    done = subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(source)],
        capture_output=True,
        text=True,
        check=False,
        # Without byte code setuptools says that there is none.
        env={key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"},
    )
    assert done.returncode == 0, done.stderr
    (wheel,), (sdist,) = out.glob("*.whl"), out.glob("*.tar.gz")
    with tarfile.open(sdist) as packed:
        names = [each.name.partition("/")[2] for each in packed.getmembers() if each.isfile()]
    return done.stdout + done.stderr, zipfile.ZipFile(wheel), names


def test_nothing_is_warned_of(built: tuple[str, zipfile.ZipFile, list[str]]) -> None:
    said, _, _ = built

    complaint = re.compile(r"\bwarning\b|\bdeprecat", re.IGNORECASE)

    assert [line for line in said.splitlines() if complaint.search(line)] == []


def test_the_sdist_holds_all_that_git_knows(
    built: tuple[str, zipfile.ZipFile, list[str]],
) -> None:
    _, _, names = built
    not_packed = {".gitignore", ".ci/run"}

    assert sorted(set(TRACKED) - set(names) - not_packed) == []


def test_the_wheel_holds_the_program_and_its_pages(
    built: tuple[str, zipfile.ZipFile, list[str]],
) -> None:
    _, wheel, _ = built
    names = wheel.namelist()
    program = [name for name in TRACKED if name.startswith("svcnet/")]
    pages = [Path(name).name for name in TRACKED if name.startswith("docs/")]
    data = f"{names[-1].partition('/')[0].removesuffix('.dist-info')}.data/data/share"

    assert sorted(set(program) - set(names)) == []
    assert {f"{data}/doc/svcnet/{page}" for page in pages if page.endswith(".md")} <= set(names)
    assert f"{data}/man/man1/svcnet.1" in names
    # What only a checkout needs stays there.
    assert [name for name in names if name.startswith(("tests", "benchmarks", "build"))] == []


def test_the_installed_program_finds_its_pages(
    built: tuple[str, zipfile.ZipFile, list[str]], tmp_path: Path
) -> None:
    _, wheel, _ = built
    place = tmp_path / "place"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index",
         "--disable-pip-version-check", "--ignore-installed", "--prefix", str(place),
         str(wheel.filename)],
        check=True,
    )  # fmt: skip

    (packages,) = place.glob("lib*/python*/site-packages")
    done = subprocess.run(
        [sys.executable, "-m", "svcnet", "docs", "rules"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(packages)},
    )

    assert done.stderr == ""
    assert done.stdout == (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")


def test_a_licence_and_addresses_are_told(
    built: tuple[str, zipfile.ZipFile, list[str]],
) -> None:
    _, wheel, _ = built
    (name,) = (each for each in wheel.namelist() if each.endswith("METADATA"))
    told = wheel.read(name).decode()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert "License-Expression: Apache-2.0" in told
    for label, address in project["urls"].items():
        assert f"Project-URL: {label}, {address}" in told


def test_links_of_the_readme_work_wherever_it_is_shown() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    prefix = f"{project['urls']['Homepage']}/blob/main/"
    links = re.findall(r"\]\(([^)]+)\)", (ROOT / "README.md").read_text())
    own = [link.removeprefix(prefix).partition("#")[0] for link in links if prefix in link]

    assert [link for link in links if not link.startswith(("https://", "#"))] == []
    assert [path for path in own if not (ROOT / path).exists()] == []
    assert own
