"""docs/svcnet.1 is what the application is."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from svcnet.cli.command.help_man import man_page
from svcnet.cli.command.tree import VERBS
from svcnet.cli.flags.about import ABOUT

PAGE = Path(__file__).parents[2] / "docs" / "svcnet.1"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == man_page(), "run `make docs`, and read the diff"


def test_every_verb_and_global_flag_is_there() -> None:
    page = man_page().replace("\\-", "-")

    missing = [path for path, verb in VERBS.items() if verb.runs and f"\\fB{path}" not in page]
    assert missing == []
    assert [flag for flag in ABOUT if f"--{flag}" not in page] == []


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff reads the page")
def test_troff_has_nothing_to_complain_of() -> None:
    done = subprocess.run(
        ["groff", "-man", "-ww", "-Tutf8", str(PAGE)], capture_output=True, text=True, check=True
    )

    assert done.stderr == ""
    # The date is no part of the page: the same application gives the same page.
    assert "SVCNET(1)" in done.stdout
