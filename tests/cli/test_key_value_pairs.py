"""Labels, annotations and taints as words of a command line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcnet.cli.commands import key_value_pairs, taint_changes
from svcnet.errors import SvcnetError


def test_names_come_before_changes() -> None:
    assert key_value_pairs.names_and_pairs(["svc", "a", "x=1", "y-"], "label") == (
        ["svc", "a"],
        ["x=1", "y-"],
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["x=1", "x-"], "can not both modify and remove a label in the same command"),
        (["a=b=c"], "invalid label spec: a=b=c"),
    ],
)
def test_labels_that_make_no_sense_are_refused(words: list[str], told: str) -> None:
    with pytest.raises(SvcnetError) as refused:
        key_value_pairs.label_changes(words)

    assert str(refused.value) == told


def test_an_annotation_may_hold_equals_signs() -> None:
    assert key_value_pairs.annotation_changes(["eq=a=b"]).wanted == {"eq": "a=b"}


keys = st.text(st.sampled_from("abc"), min_size=1, max_size=2)


@given(st.dictionaries(keys, keys), st.dictionaries(keys, keys), st.lists(keys, unique=True))
def test_afterwards_what_was_asked_for_is_there_and_what_was_not_is_as_before(
    before: dict[str, str], wanted: dict[str, str], unwanted: list[str]
) -> None:
    gone = tuple(key for key in unwanted if key not in wanted)

    after = key_value_pairs.Changes(wanted, gone).applied(before)

    assert wanted.items() <= after.items()
    assert not set(gone) & set(after)
    assert {**before, **wanted, **dict.fromkeys(gone)}.keys() == after.keys() | set(gone)


def test_a_taint_is_added_changed_and_taken_away() -> None:
    """Recorded: nodes."""
    first = taint_changes.read_taints(["key=value:NoSchedule"])
    held, done = taint_changes.tainted("n2", [], first, overwrite=False)
    assert (held, done) == ([{"key": "key", "value": "value", "effect": "NoSchedule"}], "tainted")

    with pytest.raises(SvcnetError, match="already has key taint"):
        taint_changes.tainted("n2", held, first, overwrite=False)

    other = taint_changes.read_taints(["key=other:NoSchedule"])
    held, done = taint_changes.tainted("n2", held, other, overwrite=True)
    assert (held[0]["value"], done) == ("other", "modified")

    removal = taint_changes.read_taints(["key:NoSchedule-"])
    assert taint_changes.tainted("n2", held, removal, overwrite=False) == ([], "untainted")


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("k=v:Sometimes", "invalid taint effect: Sometimes, unsupported taint effect"),
        ("k:v:NoSchedule", "invalid taint spec: k:v:NoSchedule"),
        ("k=v", "invalid taint spec: k=v"),
    ],
)
def test_a_word_that_is_no_taint_is_refused(word: str, told: str) -> None:
    with pytest.raises(SvcnetError) as refused:
        taint_changes.read_taints([word])

    assert str(refused.value) == told
