"""Libraries of which not everything is imported."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from svcnet.api.lean_import import patterns_when_used, without


def test_a_module_is_missing_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "this", raising=False)

    with pytest.raises(ImportError), without("this"):
        __import__("this")

    assert "this" not in sys.modules


def test_a_module_that_was_imported_stays() -> None:
    with without("re"):
        assert __import__("re") is re


def test_patterns_are_compiled_when_they_are_used() -> None:
    compile_now = re.compile

    with patterns_when_used():
        broken, letters = re.compile("("), re.compile(r"[a-z]+", re.IGNORECASE)

    assert re.compile is compile_now
    assert letters.fullmatch("aBc")
    assert letters.pattern == "[a-z]+"
    with pytest.raises(re.error):
        broken.match("")


def test_others_find_the_libraries_whole() -> None:
    """Whoever else uses them in the same program."""
    program = """
from svcnet.api.lean_msgspec import msgspec
from svcnet.api.lean_yaml import yaml
import platform, textwrap, typing_extensions
assert yaml.safe_load("a: [1, 2.5, 2026-01-02, on, x\\u00e9]")["a"][1:2] == [2.5]
assert yaml.dump({"a": "1"}) == "a: '1'\\n"
assert textwrap.fill("one two", 4) == "one\\ntwo"
assert textwrap.dedent("  a\\n  b") == "a\\nb"
assert platform.python_version()
assert typing_extensions.get_type_hints
assert msgspec.json.decode(b"[1]", type=list[int]) == [1]
import msgspec.inspect
assert msgspec.inspect.type_info(int) == msgspec.inspect.IntType()
"""
    subprocess.run([sys.executable, "-c", program], check=True)
