"""A test file is found by the name of the module that it tests."""

from __future__ import annotations

from pathlib import Path

import pytest

import svcnet

MODULES = Path(svcnet.__file__).parent
TESTS = Path(__file__).parents[1]

WHOLE = {
    "api/test_any_document.py": "decoding, defaulting, validation and warnings, one after another",
    "api/test_validation.py": "the package api/validation",
    "control/apiserver/test_restore_anything.py": "apiserver/restore, with whatever a dump holds",
    "control/test_settled_clusters.py": "all controllers, until nobody asks for anything",
    "control/test_whole_clusters.py": "from a manifest to the rules",
    "control/test_namesakes.py": "everything that goes by kinds, with kinds of one name",
    "store/test_opening_imports.py": "opening, in a process of its own",
    "store/test_processes.py": "several programs over one state",
    "store/test_transaction_model.py": "transaction, against two dictionaries",
    "store/test_writers.py": "sqlite_writer and sqlalchemy_writer alike",
}
"""Tests of more than a module, and of what."""

MIRRORED = ("api", "control", "netfilter", "proxy", "store")

FILES = [
    str(path.relative_to(TESTS))
    for folder in MIRRORED
    for path in sorted((TESTS / folder).rglob("test_*.py"))
]


@pytest.mark.parametrize("name", FILES)
def test_a_test_file_is_named_after_a_module(name: str) -> None:
    module = MODULES / name.replace("test_", "", 1)

    assert module.exists() != (name in WHOLE)


def test_every_mirrored_folder_has_tests() -> None:
    assert {name.split("/")[0] for name in FILES} == set(MIRRORED)


def test_what_is_said_to_be_whole_is_there() -> None:
    assert set(WHOLE) <= set(FILES)
