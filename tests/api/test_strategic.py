"""Strategic merge patches, against what a real API server answered and against laws."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcnet.api import strategic, strategic_diff
from svcnet.api.kinds import DEPLOYMENT, NODE, SERVICE
from svcnet.api.merge_keys import merge_rules_of, rules_inside

RULES = merge_rules_of(SERVICE)


def service(*ports: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    return {"metadata": {"name": "s", **metadata}, "spec": {"ports": list(ports)}}


def port(number: int, name: str = "") -> dict[str, Any]:
    return {"port": number, "name": name or f"p{number}"}


def test_a_new_port_goes_before_those_that_are_there() -> None:
    patched = strategic.apply(service(port(80)), {"spec": {"ports": [port(443)]}}, RULES)

    assert patched["spec"]["ports"] == [port(443), port(80)]


def test_ports_are_told_apart_by_number() -> None:
    patch = {"spec": {"ports": [{"port": 80, "targetPort": 9090}]}}

    patched = strategic.apply(service(port(443), port(80)), patch, RULES)

    assert patched["spec"]["ports"] == [port(443), {**port(80), "targetPort": 9090}]


def test_a_port_can_be_deleted_by_its_number() -> None:
    patch = {"spec": {"ports": [{"port": 443, "$patch": "delete"}]}}

    assert strategic.apply(service(port(443), port(80)), patch, RULES)["spec"]["ports"] == [
        port(80)
    ]


def test_null_takes_a_field_away() -> None:
    patched = strategic.apply(service(labels={"a": "1"}), {"metadata": {"labels": None}}, RULES)

    assert "labels" not in patched["metadata"]


def test_replace_leaves_nothing_of_what_was_there() -> None:
    patch = {"spec": {"$patch": "replace", "type": "ExternalName"}}

    assert strategic.apply(service(port(80)), patch, RULES)["spec"] == {"type": "ExternalName"}


def test_a_port_without_its_number_is_refused() -> None:
    with pytest.raises(strategic.MergeFault) as refused:
        strategic_diff.create(service(port(80)), service({"prt": 80}), RULES)

    assert str(refused.value) == "map: map[prt:80] does not contain declared merge key: port"


def test_finalizers_are_merged_as_a_set() -> None:
    before = {"metadata": {"finalizers": ["a", "b"]}}
    after = {"metadata": {"finalizers": ["b", "c"]}}

    patch = strategic_diff.create(before, after, RULES)

    assert patch["metadata"]["$deleteFromPrimitiveList/finalizers"] == ["a"]
    assert strategic.apply(before, patch, RULES) == after


def test_another_rollout_strategy_does_not_keep_the_old_ones_settings() -> None:
    shape = merge_rules_of(DEPLOYMENT)
    rolling = {"spec": {"strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1}}}}

    patch = strategic_diff.create(rolling, {"spec": {"strategy": {"type": "Recreate"}}}, shape)

    assert strategic.apply(rolling, patch, shape)["spec"]["strategy"] == {"type": "Recreate"}


def test_taints_are_replaced_as_a_list() -> None:
    before = {"spec": {"taints": [{"key": "a", "effect": "NoSchedule"}]}}
    after = {"spec": {"taints": [{"key": "b", "effect": "NoSchedule"}]}}

    patch = strategic_diff.create(before, after, merge_rules_of(NODE))

    assert patch == after


def test_apply_keeps_what_others_added_where_it_was() -> None:
    """Recorded: apply-three-way, the port 80 of a file becomes 81 beside a patched-in 9090."""
    original, modified = service(port(80, "http")), service(port(81, "http"))
    current = service(port(9090, "metrics"), port(80, "http"))

    patch = strategic_diff.three_way(original, modified, current, RULES)

    ports = strategic.apply(current, patch, RULES)["spec"]["ports"]
    assert ports == [port(9090, "metrics"), port(81, "http")]


def test_apply_takes_away_only_what_it_brought() -> None:
    original = service(port(80), labels={"mine": "1", "gone": "2"})
    current = service(port(80), labels={"mine": "1", "gone": "2", "theirs": "3"})

    patch = strategic_diff.three_way(
        original, service(port(80), labels={"mine": "1"}), current, RULES
    )

    assert patch == {"metadata": {"labels": {"gone": None}}}


def test_an_extra_port_makes_a_patch_that_changes_nothing() -> None:
    """Recorded: apply-three-way, the last step says `configured`."""
    applied, current = service(port(81)), service(port(9090), port(81))

    patch = strategic_diff.three_way(applied, applied, current, RULES)

    assert patch == {"spec": {"$setElementOrder/ports": [{"port": 81}]}}
    assert strategic.apply(current, patch, RULES) == current


words = st.sampled_from(["a", "b", "c"])
labels = st.dictionaries(words, words, max_size=3)
ports = st.lists(
    st.builds(
        lambda number, name, target: {"port": number, "name": name, "targetPort": target},
        st.integers(1, 4),
        words,
        st.integers(1, 3),
    ),
    unique_by=lambda each: each["port"],
    max_size=4,
)
documents = st.builds(
    lambda labels, ports, selector, type_: {
        "metadata": {"name": "s", "labels": labels},
        "spec": {"ports": ports, "selector": selector, "type": type_},
    },
    labels,
    ports,
    labels,
    words,
)


@given(documents, documents)
def test_the_patch_between_two_documents_leads_from_one_to_the_other(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    patch = strategic_diff.create(before, after, RULES)

    assert strategic.apply(before, patch, RULES) == after


@given(documents)
def test_nothing_is_to_be_patched_between_equal_documents(document: dict[str, Any]) -> None:
    assert strategic_diff.create(document, document, RULES) == {}


@given(documents, documents, documents)
def test_what_is_applied_is_there_afterwards(
    original: dict[str, Any], modified: dict[str, Any], current: dict[str, Any]
) -> None:
    patch = strategic_diff.three_way(original, modified, current, RULES)

    after = strategic.apply(current, patch, RULES)

    assert modified["metadata"]["labels"].items() <= after["metadata"]["labels"].items()
    for wanted in modified["spec"]["ports"]:
        assert wanted in after["spec"]["ports"]


@given(documents, documents)
def test_patching_leaves_its_arguments_alone(before: dict[str, Any], after: dict[str, Any]) -> None:
    kept = repr((before, after))

    strategic.apply(before, strategic_diff.create(before, after, RULES), RULES)

    assert repr((before, after)) == kept


@pytest.mark.parametrize(
    ("live", "patch", "expected"),
    [
        # What is expected is what `kubectl patch --local` makes of it.
        ({}, {"labels": {"a": None}}, {"labels": {}}),
        ({}, {"labels": {"a": None, "b": "c"}}, {"labels": {"b": "c"}}),
        ({"labels": {"a": "b"}}, {"labels": {"a": None}}, {"labels": {}}),
        ({}, {"tolerations": [{"key": None}]}, {"tolerations": [{}]}),
        ({"tolerations": []}, {"tolerations": [{"key": None}]}, {"tolerations": [{"key": None}]}),
        ({"labels": "text"}, {"labels": {"a": None}}, {"labels": {}}),
        (
            {},
            {"volumes": [{"name": "a", "emptyDir": {"medium": None}}]},
            {"volumes": [{"name": "a", "emptyDir": {}}]},
        ),
        # An item that joins others comes as it is.
        (
            {"volumes": [{"name": "b"}]},
            {"volumes": [{"name": "a", "emptyDir": None}]},
            {"volumes": [{"name": "a", "emptyDir": None}, {"name": "b"}]},
        ),
        ({}, {"labels": {"$patch": "replace", "a": "b"}}, {}),
        ({}, {"strategy": {"a": 1, "b": {"$patch": "delete"}}}, {"strategy": {"a": 1}}),
        ({}, {"volumes": [{"name": "a", "$patch": "delete"}, {"name": "b"}]},
         {"volumes": [{"name": "b"}]}),
    ],
)  # fmt: skip
def test_nulls_in_what_is_new_are_dropped(
    live: dict[str, Any], patch: dict[str, Any], expected: dict[str, Any]
) -> None:
    rules = rules_inside(
        rules_inside(rules_inside(merge_rules_of(DEPLOYMENT)["spec"])["template"])["spec"]
    )

    assert strategic.apply(live, patch, rules) == expected
