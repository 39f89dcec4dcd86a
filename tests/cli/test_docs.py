"""`docs`: the pages are listed and printed as they are."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Kubectl

DOCS = Path(__file__).parents[2] / "docs"


def test_pages_are_listed_with_their_titles(kubectl: Kubectl) -> None:
    listed = kubectl("docs").out.splitlines()

    assert [line.split()[0] for line in listed] == sorted(page.stem for page in DOCS.glob("*.md"))
    assert "How a Service becomes rules" in "".join(listed)


def test_a_page_is_printed_as_it_is(kubectl: Kubectl) -> None:
    page = (DOCS / "rules.md").read_text(encoding="utf-8")

    assert kubectl("docs", "rules").out == page
    assert kubectl("docs", "rules.md").out == page


def test_a_page_that_is_not_there_is_an_error_that_names_those_that_are(kubectl: Kubectl) -> None:
    done = kubectl("docs", "nosuch")

    assert done.err.startswith('error: no page "nosuch": the pages are architecture, cli, ')


def test_pages_are_completed(kubectl: Kubectl) -> None:
    assert "rules" in kubectl("__complete", "docs", "r").out.split()
