"""What the tags of Go's types say of merging.

Expected values: `+structType`, `+listType`, `+listMapKey`, `patchStrategy` and `patchMergeKey` in
kubernetes staging/src/k8s.io/api/*/*/types.go.
"""

from __future__ import annotations

import pytest

from svcnet.api.fieldsets import fields_of, spelled
from svcnet.api.keys import Document
from svcnet.api.kinds import POD, Kinds
from svcnet.api.merge_keys import (
    MergeRule,
    merge_rules_of,
    rule_of_field,
    rule_of_item,
    rules_inside,
)


def rule(kind: str, *path: str) -> MergeRule:
    known = Kinds().named(kind)
    assert known is not None
    rules, found = merge_rules_of(known), MergeRule()
    for name in path:
        found = rule_of_field(rules, name)
        rules = rules_inside(found)
    return found


def test_ports_are_told_apart_by_number_and_by_protocol_too() -> None:
    ports = rule("svc", "spec", "ports")

    assert (ports.key, ports.merged, ports.owned_by) == ("port", True, ("port", "protocol"))


def test_a_volume_is_a_union() -> None:
    volumes = rule("deploy", "spec", "template", "spec", "volumes")

    assert (volumes.key, volumes.merged, volumes.retain_keys) == ("name", True, True)
    assert rule("deploy", "spec", "strategy").retain_keys


def test_half_a_selector_would_select_what_nobody_meant() -> None:
    assert rule("svc", "spec", "selector").atomic
    assert rule("deploy", "spec", "selector").atomic
    assert rule("pdb", "spec", "selector").replaced


def test_finalizers_are_a_set_of_values() -> None:
    finalizers = rule("pod", "metadata", "finalizers")

    assert (finalizers.merged, finalizers.owned_values, finalizers.key) == (True, True, "")


@pytest.mark.parametrize("name", ["fieldRef", "configMapKeyRef", "secretKeyRef"])
def test_a_source_of_a_variable_is_one_value(name: str) -> None:
    source = rule("pod", "spec", "containers", "env", "valueFrom", name)

    assert source.atomic
    assert rule_of_item(source).atomic


def test_what_is_one_value_is_owned_as_one() -> None:
    variable = {"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}
    pod: Document = {"spec": {"containers": [{"name": "c", "env": [variable]}]}}

    found = spelled(fields_of(pod, merge_rules_of(POD)))

    container = found["f:spec"]["f:containers"]['k:{"name":"c"}']
    assert container["f:env"]['k:{"name":"A"}'] == {
        ".": {},
        "f:name": {},
        "f:valueFrom": {"f:fieldRef": {}},
    }
