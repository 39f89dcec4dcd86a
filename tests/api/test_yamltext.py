"""Documents as YAML."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from svcnet.api import manifest
from svcnet.api.yamltext import ordered, to_yaml

RECORDINGS = Path(__file__).parents[1] / "conformance" / "kubectl"


def _printed() -> list[tuple[str, str]]:
    """Return every whole YAML document that a real kubectl was seen to print."""
    found = []
    for path in sorted(RECORDINGS.glob("*.yaml")):
        for number, step in enumerate(yaml.load(path.read_text(), yaml.CSafeLoader)["steps"]):
            whole = "-o yaml" in step.get("run", "") and "|" not in step["run"]
            parts = step.get("stdout", "").split("---\n") if whole else []
            found += [(f"{path.stem}-{number}", part) for part in parts if part[:3] == "api"]
    return found


PRINTED = _printed()
assert PRINTED, f"nothing was recorded in {RECORDINGS}"


@pytest.mark.parametrize("text", [text for _, text in PRINTED], ids=[name for name, _ in PRINTED])
def test_what_kubectl_printed_is_printed_again(text: str) -> None:
    assert to_yaml(manifest.read_one(text)) == text


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("", '""'),
        ("plain", "plain"),
        ("two words", "two words"),
        ("on", '"on"'),
        ("null", '"null"'),
        ("~", '"~"'),
        ("80", '"80"'),
        ("0x1f", '"0x1f"'),
        ("1e3", '"1e3"'),
        ("12:30", '"12:30"'),
        ("2026-11-23", '"2026-11-23"'),
        ("2026-11-23T17:18:50Z", '"2026-11-23T17:18:50Z"'),
        ("10.96.0.1", "10.96.0.1"),
        ("1.2.3", "1.2.3"),
        ("a: b", "'a: b'"),
        ("a #b", "'a #b'"),
        ("it's", "it's"),
        ("'quoted'", "'''quoted'''"),
        ("- dash", "'- dash'"),
        ("-dash", "-dash"),
        ("*", "'*'"),
        ("[x]", "'[x]'"),
        ("a,b", "a,b"),
        (" blank", "' blank'"),
        ("tab\there", '"tab\\there"'),
        ("<<", '"<<"'),
        ("=", "="),
        ("\x00", '"\\0"'),
        ("😀", '"\\U0001F600"'),
        ("é", "é"),
        ("fd00::1", "fd00::1"),
        ("::1", "::1"),
        ("a\nb", "|-\n  a\n  b"),
        ("a\nb\n", "|\n  a\n  b"),
        ("a\n\n", "|+\n  a\n"),
        ("a \nb", '"a \\nb"'),
        ("  a\nb", "|2-\n    a\n  b"),
        (None, "null"),
        (True, "true"),
        (1, "1"),
        (0.5, "0.5"),
        ([], "[]"),
        ({}, "{}"),
    ],
)
def test_values_are_quoted_only_where_they_would_be_misread(value: object, written: str) -> None:
    assert to_yaml({"k": value}) == f"k: {written}\n"


def test_lists_are_not_indented() -> None:
    assert to_yaml({"a": [[1, 2], {"b": [3]}]}) == "a:\n- - 1\n  - 2\n- b:\n  - 3\n"


def test_a_line_is_folded_at_the_first_blank_beyond_column_eighty() -> None:
    words = "word " * 20

    assert to_yaml({"message": words.strip()}) == (
        f"message: {'word ' * 14}word\n  word word word word word\n"
    )


def test_a_long_key_is_marked() -> None:
    key = "k" * 129

    assert to_yaml({key: 1}) == f"? {key}\n: 1\n"


def test_numbers_in_keys_are_ordered_by_value() -> None:
    keys = ["a10", "a9", "a", "b1", "a-1", "a.b", "A", "a01"]

    assert ordered(dict.fromkeys(keys)) == ["A", "a", "a-1", "a.b", "a01", "a9", "a10", "b1"]


DOCUMENTS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    max_leaves=20,
)


@given(DOCUMENTS)
def test_what_is_printed_reads_back(document: object) -> None:
    """Reading what was printed gives the document, whatever it holds."""
    assert manifest.read_one(to_yaml(document)) == document
