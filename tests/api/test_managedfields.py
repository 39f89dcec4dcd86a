"""Who owns which field: recorded exchanges, and laws of field sets."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcnet.api.fieldsets import compare, fields_of, read, spelled
from svcnet.api.keys import Document
from svcnet.api.kinds import SERVICE
from svcnet.api.managedfields import Manager, Scope, applied, handed_over, updated
from svcnet.api.merge_keys import merge_rules_of
from svcnet.errors import ApplyConflict

RULES = merge_rules_of(SERVICE)
SCOPE = Scope(RULES, "2026-11-23T17:00:00Z", ("status",))
KUBECTL = Manager("kubectl", "v1", "Apply")
LABELLER = Manager("kubectl-label", "v1")

NAMES = st.sampled_from(["a", "b"])
VALUES = st.sampled_from(["1", "2"])
PORTS = st.fixed_dictionaries(
    {"port": st.integers(1, 3)}, optional={"name": NAMES, "nodePort": st.just(1)}
)
SPECS = {
    "selector": st.dictionaries(NAMES, VALUES, min_size=1),
    "externalIPs": st.lists(VALUES, min_size=1),
    "ports": st.lists(PORTS, min_size=1, unique_by=lambda port: str(port["port"])),
}
METADATA = {"labels": st.dictionaries(NAMES, VALUES, min_size=1)}
SERVICES: st.SearchStrategy[Document] = st.fixed_dictionaries(
    {},
    optional={
        "metadata": st.fixed_dictionaries({}, optional=METADATA),
        "spec": st.fixed_dictionaries({}, optional=SPECS),
    },
)


def service(labels: dict[str, str] | None = None, **spec: Any) -> Document:
    metadata: Document = {"name": "s", "namespace": "default"}
    if labels:
        metadata["labels"] = labels
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata,
        "spec": {
            "selector": {"app": "s"},
            "ports": [{"port": 80, "name": "http", "protocol": "TCP"}],
            **spec,
        },
    }


def owned(entries: list[Document]) -> dict[str, Document]:
    return {each["manager"]: each["fieldsV1"] for each in entries}


def applying(live: Document, config: Document, who: Manager, *, force: bool = False) -> Document:
    document, entries = applied(live, config, SCOPE, who, force=force)
    metadata = {**document["metadata"], "managedFields": entries}
    return {**document, "metadata": metadata}


def made(config: Document) -> Document:
    """What the first apply makes, with what the server adds."""
    nothing = {
        "apiVersion": "v1",
        "metadata": {"managedFields": [{"manager": "kubectl", "operation": "Apply"}]},
    }
    document = applying(nothing, config, KUBECTL)
    return {**document, "spec": {**document["spec"], "clusterIP": "10.96.0.7"}}


PORT: Document = {
    'k:{"port":80,"protocol":"TCP"}': {".": {}, "f:name": {}, "f:port": {}, "f:protocol": {}}
}


def test_who_applies_owns_what_is_written_and_nothing_more() -> None:
    """Recorded: kubectl apply --server-side, then get --show-managed-fields."""
    live = made(service())

    assert owned(live["metadata"]["managedFields"]) == {
        "kubectl": {"f:spec": {"f:ports": PORT, "f:selector": {}}}
    }


def test_the_same_again_changes_nothing() -> None:
    live = made(service({"a": "1"}))

    assert applying(live, service({"a": "1"}), KUBECTL) == live


def test_a_field_that_others_changed_is_theirs_and_not_to_be_had() -> None:
    """Recorded: a label, changed by kubectl label."""
    live = made(service({"a": "1"}))
    changed = {**live, "metadata": {**live["metadata"], "labels": {"a": "2"}}}
    entries = updated(live["metadata"]["managedFields"], (live, changed), SCOPE, LABELLER)
    changed["metadata"]["managedFields"] = entries

    with pytest.raises(ApplyConflict) as conflict:
        applying(changed, service({"a": "1"}), KUBECTL)
    forced = applying(changed, service({"a": "1"}), KUBECTL, force=True)

    assert owned(entries)["kubectl-label"] == {"f:metadata": {"f:labels": {"f:a": {}}}}
    assert str(conflict.value) == (
        'Apply failed with 1 conflict: conflict with "kubectl-label" using v1: .metadata.labels.a'
    )
    assert forced["metadata"]["labels"] == {"a": "1"}
    assert "kubectl-label" not in owned(forced["metadata"]["managedFields"])


def test_what_is_applied_no_more_goes_unless_others_own_it() -> None:
    """Recorded: two managers with a label each."""
    live = made(service({"a": "1"}))
    both = applying(live, service({"b": "2"}), KUBECTL._replace(name="other"))

    left = applying(both, service(), KUBECTL)

    assert both["metadata"]["labels"] == {"a": "1", "b": "2"}
    assert left["metadata"]["labels"] == {"b": "2"}
    assert left["spec"]["clusterIP"] == "10.96.0.7"


def test_an_item_of_a_list_goes_as_a_whole() -> None:
    two = [{"port": 80, "name": "a"}, {"port": 81, "name": "b", "protocol": "TCP"}]
    live = made(service(ports=two))

    left = applying(live, service(ports=two[1:]), KUBECTL)

    assert left["spec"]["ports"] == two[1:]


def test_several_conflicts_are_told_by_their_owners() -> None:
    conflict = ApplyConflict(
        [('"b" using v1', ".x"), ('"a" using v1', ".y"), ('"b" using v1', ".z")]
    )

    assert str(conflict).splitlines() == [
        'Apply failed with 3 conflicts: conflicts with "a" using v1:',
        "- .y",
        'conflicts with "b" using v1:',
        "- .x",
        "- .z",
    ]


def test_an_object_without_books_belongs_to_those_before() -> None:
    live = service({"a": "1"})

    with pytest.raises(
        ApplyConflict, match=r'conflict with "before-first-apply" using v1: \.metadata'
    ):
        applying(live, service({"a": "2"}), KUBECTL)


def test_the_server_takes_over_from_the_client() -> None:
    client = Manager("kubectl-client-side-apply", "v1")
    entries = updated([], ({"spec": {}}, service({"a": "1"})), SCOPE, client)

    taken = handed_over(entries, [client.name], KUBECTL)

    assert [each["operation"] for each in taken] == ["Apply"]
    assert "f:labels" in owned(taken)["kubectl"]["f:metadata"]


@given(SERVICES, SERVICES)
def test_what_changed_is_what_is_said_and_what_was_said(old: Document, new: Document) -> None:
    found = compare(old, new, RULES)

    assert not found.added & found.removed
    assert not found.modified & (found.added | found.removed)
    assert bool(found.added | found.modified | found.removed) == (old != new)


@given(SERVICES)
def test_nothing_differs_from_itself(document: Document) -> None:
    assert not any(compare(document, document, RULES))


@given(SERVICES)
def test_a_set_of_fields_is_read_as_it_was_spelled(document: Document) -> None:
    fields = fields_of(document, RULES) - {()}

    assert read(spelled(fields)) == fields


@given(SERVICES, SERVICES)
def test_whoever_applies_last_by_force_gets_what_was_asked_for(
    first: Document, second: Document
) -> None:
    base = {"apiVersion": "v1", "metadata": {}, "spec": {}}
    live = applying({**base, **first}, {"metadata": {}, **first}, KUBECTL._replace(name="other"))

    after = applying(live, {"metadata": {}, **second}, KUBECTL, force=True)

    assert SCOPE.of(fields_of(second, RULES)) <= fields_of(after, RULES)
