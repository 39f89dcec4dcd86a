"""docs/cli.md is what the application is."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from svcnet.cli.command.help_markdown import markdown
from svcnet.cli.command.locate import function_of, locate
from svcnet.cli.command.manual import manuals
from svcnet.cli.command.tree import VERBS
from svcnet.cli.flags import declarations, pflag

PAGE = Path(__file__).parents[2] / "docs" / "cli.md"
RUNNABLE = sorted(path for path, verb in VERBS.items() if verb.runs)


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == markdown(), "run `make docs`, and read the diff"


def test_every_verb_has_a_usage_line_and_those_that_run_an_example() -> None:
    assert sorted(manuals()) == sorted(VERBS)
    assert [path for path in RUNNABLE if not manuals()[path].examples] == []


@pytest.mark.parametrize("path", RUNNABLE)
def test_examples_use_flags_that_there_are(path: str) -> None:
    for example in manuals()[path].examples:
        words = shlex.split(example.replace("<(", "").replace(")", ""))
        typed = words[words.index("svcnet") + 1 :]
        found, rest = locate(typed)
        known = pflag.of_parameters(declarations.of_function(function_of(VERBS[path])).parameters())

        assert found == path
        pflag.read((flag for flag, _ in known), rest, f"kubectl {path}")
