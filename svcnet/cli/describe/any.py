"""Descriptions of objects of kinds that nothing particular is known about.

Source: kubectl pkg/describe/describe.go genericDescriber, smartLabelFor().
"""

from __future__ import annotations

import re
from typing import Any

from svcnet.api.go.fmt import sprint
from svcnet.api.keys import Document
from svcnet.cli.describe.page import Page

# head() tells all of these but managedFields, which no description shows.
_HIDDEN = frozenset(
    f"metadata.{field}" for field in ("managedFields", "name", "namespace", "labels", "annotations")
)
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^A-Za-z]+")
# smartLabelFor() knows these; others only keep the capitals that they have.
_ACRONYMS = frozenset(["API", "URL", "UID", "GUID"])


def anything(page: Page, document: Document) -> None:
    """Describe an object by listing its fields."""
    page.head(document)
    _members(page, document, "", 0)


def _members(page: Page, members: Document, prefix: str, level: int) -> None:
    """Add fields by name; `prefix` is the path that leads to them, with its dot."""
    for name in sorted(members):
        path = f"{prefix}{name}"
        if path not in _HIDDEN:
            _member(page, name, members[name], path, level)


def _member(page: Page, name: str, value: Any, path: str, level: int) -> None:
    """Add one field, set in as deep as it lies."""
    match value:
        case dict():
            page.line(f"{label(name)}:", level)
            _members(page, value, f"{path}.", level + 1)
        case list():
            page.line(f"{label(name)}:", level)
            for each in value:
                # Nothing parts the elements of a list in printUnstructuredContent() either.
                if isinstance(each, dict):
                    _members(page, each, f"{path}.", level + 1)
                else:
                    page.line(sprint(each), level + 1)
        case _:
            page.field(label(name), sprint(value), level)


def label(name: str) -> str:
    """Return a field's name in words.

    >>> label("apiVersion"), label("clusterURL"), label("podCIDRs"), label("a.b/c")
    ('API Version', 'Cluster URL', 'Pod CIDRs', 'a.b/c')
    """
    if not all(letter.isalpha() or letter == "-" for letter in name):
        return name
    return " ".join(map(_word, _split(name)))


def _split(name: str) -> list[str]:
    """Return the words of a name; capitals stay together with a capitalised word after them."""
    words: list[str] = []
    for word in _WORDS.findall(name):
        # `CIDRs` was split into `CID` and `Rs`: capitals lend their last one to small letters.
        if words and word[0].isupper() and words[-1].isupper() and len(words[-1]) > 1:
            words[-1] += word
        else:
            words.append(word)
    return words


def _word(word: str) -> str:
    """Return a word of a label as kubectl spells it."""
    if word.upper() in _ACRONYMS:
        return word.upper()
    return word.title() if word.islower() else word
