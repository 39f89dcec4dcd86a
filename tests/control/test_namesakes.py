"""A kind of another group is not the built-in kind of the same name."""

from __future__ import annotations

import pytest

from svcnet.api.defaulting import default
from svcnet.api.fields import blank, decode
from svcnet.api.keys import Document
from svcnet.api.kinds import BUILT_IN, Kind
from svcnet.api.merge_keys import merge_rules_of
from svcnet.api.validation.objects import check, check_update
from svcnet.api.warnings import warn
from svcnet.control.apiserver.strategies import strategy_of

NAMESAKES = [kind._replace(group="example.com", namespaced=True) for kind in BUILT_IN]
DEFINITION: Document = {"spec": {"versions": [{"name": "v1"}]}}


def widget(kind: Kind) -> Document:
    # Nothing of it would pass for an object of the built-in kind.
    return {
        "apiVersion": kind.api_version,
        "kind": kind.kind,
        "metadata": {"name": "x", "namespace": "default"},
        "spec": {"no": ["such", "field"], "ports": [{"port": -1}, {"port": -1}]},
    }


@pytest.mark.parametrize("kind", NAMESAKES, ids=lambda kind: kind.resource)
def test_nothing_is_known_of_a_kind_of_another_group(kind: Kind) -> None:
    document = widget(kind)

    assert decode(document) == (document, ())
    assert blank(kind.api_version, kind.kind) == {}
    assert default(document, kind) == document
    assert list(check(document, kind)) == []
    assert list(check_update(document, document, kind)) == []
    assert list(warn(document, kind)) == []
    assert set(merge_rules_of(kind)) == {"metadata"}


@pytest.mark.parametrize("kind", NAMESAKES, ids=lambda kind: kind.resource)
def test_it_is_treated_as_custom_kinds_are(kind: Kind) -> None:
    strategy = strategy_of(kind, DEFINITION)

    assert strategy.counted
    assert not strategy.unconditional
    assert not strategy.owns_status


@pytest.mark.parametrize("kind", BUILT_IN, ids=lambda kind: kind.resource)
def test_objects_and_references_are_of_a_kind_by_group_and_name(kind: Kind) -> None:
    other = kind._replace(group="example.com")

    assert kind.is_of({"apiVersion": kind.api_version, "kind": kind.kind})
    assert not kind.is_of({"apiVersion": other.api_version, "kind": kind.kind})
    assert not other.is_of({"apiVersion": kind.api_version, "kind": kind.kind})
