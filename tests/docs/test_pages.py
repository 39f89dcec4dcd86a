"""What README.md and docs/*.md show is what happens."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_first_two_commands_do_all_the_set_up() -> None:
    blocks = [body for form, body in FENCED.findall(PAGES[0].read_text()) if form == "sh"]

    assert blocks[:2] == ["make demo\n", "make test\n"]


def test_the_sessions_are_real() -> None:
    done = subprocess.run(
        [sys.executable, "docs/write_sessions.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("page", ["README.md", "docs/tutorial.md"])
def test_who_types_along_sets_what_the_sessions_are_played_with(page: str) -> None:
    """Another clock lets other pods go first, and another place is told by `init`."""
    played = (ROOT / "docs" / "write_sessions.py").read_text()
    typed = re.findall(r"^\$ export (.*)$", (ROOT / page).read_text(), re.MULTILINE)

    told = dict(each.split("=") for line in typed for each in line.split())
    assert told == dict(re.findall(r'"(SVCNET_DB|SOURCE_DATE_EPOCH)": "(.*)"', played))


def test_there_are_sessions_to_play() -> None:
    steps = {path.name: path.read_text().count("\n$ ") for path in PAGES}

    assert steps["README.md"] > 10
    assert steps["tutorial.md"] > 20


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_to_other_pages_lead_somewhere(page: Path) -> None:
    text = FENCED.sub("", page.read_text())
    links = [link for link in re.findall(r"\]\(([^)]+)\)", text) if "://" not in link]

    for path, _, part in (link.partition("#") for link in links):
        linked = (page.parent / path) if path else page
        assert linked.exists(), path
        headings = re.findall(r"^#+ (.*)$", FENCED.sub("", linked.read_text()), re.MULTILINE)
        anchors = {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}
        assert not part or part in anchors, part


def test_no_line_is_wider_than_a_screen() -> None:
    wide = [
        (path.name, line)
        for path in (PAGES[0], ROOT / "docs" / "tutorial.md")
        for line in path.read_text().splitlines()
        if len(line) >= 200 and "](https://" not in line
    ]

    assert wide == []
