"""Kinds that users define, from their definition to the last of their objects."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Kubectl

SPEC: dict[str, Any] = {
    "type": "object",
    "required": ["range"],
    "properties": {
        "range": {"type": "string", "format": "cidr", "description": "Where addresses are from."},
        "size": {"type": "integer", "default": 3, "minimum": 1},
    },
}
V1: dict[str, Any] = {
    "name": "v1",
    "served": True,
    "storage": True,
    "subresources": {
        "status": {},
        "scale": {"specReplicasPath": ".spec.size", "statusReplicasPath": ".status.size"},
    },
    "additionalPrinterColumns": [
        {"name": "Range", "type": "string", "jsonPath": ".spec.range"},
        {"name": "Size", "type": "integer", "jsonPath": ".spec.size", "priority": 1},
        {"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"},
    ],
    "schema": {
        "openAPIV3Schema": {
            "type": "object",
            "properties": {
                "spec": SPEC,
                "status": {"type": "object", "properties": {"size": {"type": "integer"}}},
            },
        }
    },
}
OLD: dict[str, Any] = {
    "name": "v1beta1",
    "served": True,
    "storage": False,
    "deprecated": True,
    "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}},
}


def definition(*versions: dict[str, Any], **spec: Any) -> dict[str, Any]:
    whole = {
        "group": "net.example.com",
        "scope": "Namespaced",
        "names": {
            "kind": "Pool",
            "plural": "pools",
            "singular": "basin",
            "shortNames": ["pl"],
            "categories": ["all"],
        },
        "versions": list(versions),
        **spec,
    }
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "pools.net.example.com"},
        "spec": whole,
    }


def pool(name: str, version: str = "v1", **spec: Any) -> dict[str, Any]:
    return {
        "apiVersion": f"net.example.com/{version}",
        "kind": "Pool",
        "metadata": {"name": name},
        "spec": spec,
    }


def applied(kubectl: Kubectl, document: dict[str, Any], *words: str) -> tuple[int, str, str]:
    Path("in.yaml").write_text(json.dumps(document))
    return tuple(kubectl("apply", "-f", "in.yaml", *words))  # type: ignore[return-value]


@pytest.fixture
def pools(kubectl: Kubectl) -> Kubectl:
    """A cluster with the kind and one object of it."""
    assert applied(kubectl, definition(OLD, V1))[0] == 0
    document = {**pool("p", range="192.0.2.0/24"), "status": {"size": 9}}
    assert applied(kubectl, document) == (0, "pool.net.example.com/p created\n", "")
    return kubectl


def test_an_object_gets_its_defaults_and_no_status(pools: Kubectl) -> None:
    got = json.loads(pools("get", "pools", "p", "-o", "json").out)

    assert got["spec"] == {"range": "192.0.2.0/24", "size": 3}
    assert "status" not in got
    assert got["metadata"]["generation"] == 1


@pytest.mark.parametrize("word", ["pools", "basin", "pl", "Pool", "pools.v1beta1.net.example.com"])
def test_it_goes_by_all_its_names(pools: Kubectl, word: str) -> None:
    assert pools("get", word, "-o", "name").out == "pool.net.example.com/p\n"


def test_its_columns_are_those_of_the_definition(pools: Kubectl) -> None:
    assert pools("get", "pools").out == "NAME   RANGE          AGE\np      192.0.2.0/24   0s\n"
    assert pools("get", "pools", "-o", "wide").out == (
        "NAME   RANGE          SIZE   AGE\np      192.0.2.0/24   3      0s\n"
    )
    assert "pool.net.example.com/p" in pools("get", "all").out


def test_unknown_fields_are_refused_warned_of_or_dropped(pools: Kubectl) -> None:
    document = pool("q", range="192.0.2.0/24", b=1, a=2)
    document["metadata"]["foo"] = 1
    unknown = ['unknown field "metadata.foo"', 'unknown field "spec.a"', 'unknown field "spec.b"']
    refused = 'Pool in version "v1" cannot be handled as a Pool: strict decoding error'

    assert applied(pools, document) == (
        1,
        "",
        'Error from server (BadRequest): error when creating "in.yaml": '
        f"{refused}: {', '.join(unknown)}\n",
    )
    status, _, err = applied(pools, document, "--validate=warn")
    assert (status, err) == (0, "".join(f"Warning: {each}\n" for each in unknown))
    assert json.loads(pools("get", "pl", "q", "-o", "json").out)["spec"] == {
        "range": "192.0.2.0/24",
        "size": 3,
    }


def test_what_does_not_fit_is_refused(pools: Kubectl) -> None:
    _, _, err = applied(pools, pool("q", size="x"))

    assert err == (
        'The Pool "q" is invalid: \n'
        '* spec.size: Invalid value: "string": spec.size in body must be of type integer: '
        '"string"\n'
        "* spec.range: Required value\n"
    )


def test_an_older_version_has_its_own_schema(pools: Kubectl) -> None:
    status, _, err = applied(pools, pool("old", "v1beta1", free=1))

    assert (status, err) == (0, "Warning: net.example.com/v1beta1 Pool is deprecated\n")
    got = json.loads(pools("get", "pools", "old", "-o", "json").out)
    assert (got["apiVersion"], got["spec"]) == ("net.example.com/v1", {"free": 1})


def test_applying_an_older_version_again_changes_nothing(pools: Kubectl) -> None:
    document = pool("old", "v1beta1", range="192.0.2.0/24")
    applied(pools, document)

    assert applied(pools, document)[1] == "pool.net.example.com/old unchanged\n"
    assert pools("diff", "-f", "in.yaml") == (0, "", "")


def test_it_is_replaced_by_who_does_not_say_what_it_replaces(pools: Kubectl) -> None:
    Path("in.yaml").write_text(json.dumps(pool("p", range="198.51.100.0/24")))

    assert pools("replace", "-f", "in.yaml").out == "pool.net.example.com/p replaced\n"
    assert pools("get", "pools", "p", "-o", "jsonpath={.spec.range}").out == "198.51.100.0/24"


def test_the_status_is_written_apart(pools: Kubectl) -> None:
    change = '{"spec":{"size":5},"status":{"size":7}}'
    merge = ("patch", "pools", "p", "--type=merge", "-p", change)
    shown = ("get", "pools", "p", "-o", "jsonpath={.spec.size} {.status} {.metadata.generation}")

    assert pools(*merge, "--subresource=status").status == 0
    assert pools(*shown).out == '3 {"size":7} 1'
    pools(*merge)
    assert pools(*shown).out == '5 {"size":7} 2'


def test_without_that_there_is_no_such_part(kubectl: Kubectl) -> None:
    plain = {**V1, "subresources": {}}
    applied(kubectl, definition(plain))
    applied(kubectl, {**pool("p", range="192.0.2.0/24"), "status": {"size": 1}})

    assert kubectl("get", "pools", "p", "-o", "jsonpath={.status}").out == '{"size":1}'
    change = ("patch", "pools", "p", "--type=merge", "-p", '{"status":{"size":2}}')
    assert kubectl(*change, "--subresource=status").err == (
        "Error from server (NotFound): the server could not find the requested resource\n"
    )
    assert kubectl(*change).status == 0
    assert kubectl("get", "pools", "p", "-o", "jsonpath={.metadata.generation}").out == "2"


def test_it_is_scaled_where_its_definition_says(pools: Kubectl) -> None:
    assert pools("scale", "pools", "p", "--replicas=4").out == "pool.net.example.com/p scaled\n"
    assert pools("get", "pools", "p", "-o", "jsonpath={.spec}").out == (
        '{"range":"192.0.2.0/24","size":4}'
    )


def test_explain_tells_what_the_schema_says(pools: Kubectl) -> None:
    out = pools("explain", "pools.spec").out

    assert out.startswith("GROUP:      net.example.com\nKIND:       Pool\nVERSION:    v1\n\n")
    assert "FIELD: spec <Object>\n" in out
    assert "  range\t<string> -required-\n    Where addresses are from.\n" in out
    assert pools("explain", "pools.spec.nothing").err == 'error: field "nothing" does not exist\n'


def test_a_definition_takes_its_objects_along(pools: Kubectl) -> None:
    assert pools("delete", "crd", "pools.net.example.com").out == (
        'customresourcedefinition.apiextensions.k8s.io "pools.net.example.com" deleted\n'
    )
    assert applied(pools, definition(V1))[0] == 0
    assert pools("get", "pools").err == "No resources found in default namespace.\n"


def test_an_object_behind_its_definition_in_a_file_is_gone_with_it(pools: Kubectl) -> None:
    items = [definition(V1), pool("p", range="192.0.2.0/24")]
    both = {"apiVersion": "v1", "kind": "List", "items": items}
    Path("both.json").write_text(json.dumps(both))

    said = pools("delete", "-f", "both.json")

    deleted = 'customresourcedefinition.apiextensions.k8s.io "pools.net.example.com" deleted\n'
    assert (said.status, said.out) == (1, deleted)
    assert said.err == (
        'Error from server (NotFound): error when deleting "both.json": '
        "the server could not find the requested resource\n"
    )


def test_a_definition_is_made_anew_together_with_its_object(pools: Kubectl) -> None:
    items = [definition(V1), pool("p", range="198.51.100.0/24")]
    both = {"apiVersion": "v1", "kind": "List", "items": items}
    Path("both.json").write_text(json.dumps(both))

    said = pools("replace", "--force", "-f", "both.json")

    assert (said.status, said.err) == (0, "")
    assert pools("get", "pools", "-o", "jsonpath={.items[*].spec.range}").out == "198.51.100.0/24"


def test_a_definition_waits_for_an_object_that_is_held(pools: Kubectl) -> None:
    finalizers = '{"metadata":{"finalizers":["example.com/hold"]}}'
    pools("patch", "pools", "p", "--type=merge", "-p", finalizers)

    pools("delete", "crd", "pools.net.example.com", "--wait=false")

    held = ("get", "crd", "-o", "jsonpath={.items[*].metadata.finalizers[*]}")
    assert pools(*held).out == "customresourcecleanup.apiextensions.k8s.io"
    pools("patch", "pools", "p", "--type=merge", "-p", '{"metadata":{"finalizers":null}}')
    assert pools("get", "crd").err == "No resources found\n"


def test_what_a_definition_says_of_itself(pools: Kubectl) -> None:
    status = json.loads(pools("get", "crd", "pools.net.example.com", "-o", "json").out)["status"]
    assert [(each["type"], each["observedGeneration"]) for each in status["conditions"]] == [
        ("NamesAccepted", 1),
        ("Established", 1),
    ]
    assert status["storedVersions"] == ["v1"]

    applied(pools, definition({**OLD, "storage": True}, {**V1, "storage": False}))

    status = json.loads(pools("get", "crd", "pools.net.example.com", "-o", "json").out)["status"]
    assert status["storedVersions"] == ["v1", "v1beta1"]


def test_formats_and_rules_that_nobody_keeps_are_remarked_on_once(kubectl: Kubectl) -> None:
    fields = {
        "n": {"type": "integer", "format": "int64"},
        "s": {"type": "string", "format": "date-time"},
    }
    spec = {"type": "object", "properties": fields, "x-kubernetes-validations": [{"rule": "true"}]}
    schema = {"openAPIV3Schema": {"type": "object", "properties": {"spec": spec}}}
    document = definition({**V1, "schema": schema})

    assert applied(kubectl, document)[2] == (
        'Warning: unrecognized format "int64"\n'
        "Warning: x-kubernetes-validations of pools.net.example.com are kept, but svcnet does not "
        "evaluate them\n"
    )
    assert applied(kubectl, document)[2] == ""


SCHEMA = "spec.validation.openAPIV3Schema"


@pytest.mark.parametrize(
    ("version", "spec", "faults"),
    [
        (
            V1,
            {"group": "example"},
            [
                'metadata.name: Invalid value: "pools.net.example.com": must be '
                'spec.names.plural+"."+spec.group',
                'spec.group: Invalid value: "example": should be a domain with at least one dot',
            ],
        ),
        (
            V1,
            {"scope": "Namespace"},
            [
                'spec.scope: Unsupported value: "Namespace": supported values: '
                '"Cluster", "Namespaced"'
            ],
        ),
        (
            {**V1, "schema": None},
            {},
            ["spec.versions[0].schema.openAPIV3Schema: Required value: schemas are required"],
        ),
        (
            {**V1, "schema": {"openAPIV3Schema": {"properties": {"spec": {}}}}},
            {},
            [
                f"{SCHEMA}.properties[spec].type: Required value: must not be empty for specified "
                "object fields",
                f"{SCHEMA}.type: Required value: must not be empty at the root",
            ],
        ),
        (
            {
                **V1,
                "schema": {
                    "openAPIV3Schema": {
                        "type": "object",
                        "properties": {"a": {"type": "array"}},
                        "anyOf": [{"type": "object"}],
                    }
                },
            },
            {},
            [
                f"{SCHEMA}.anyOf[0].type: Forbidden: must be empty to be structural",
                f"{SCHEMA}.properties[a].items: Required value: must be specified",
            ],
        ),
        (
            {**V1, "additionalPrinterColumns": [{"name": "A", "type": "text", "jsonPath": "a"}]},
            {},
            [
                'spec.additionalPrinterColumns[0].type: Invalid value: "text": must be one of '
                "boolean,date,integer,number,string",
                'spec.additionalPrinterColumns[0].JSONPath: Invalid value: "a": must be a simple '
                "json path starting with .",
            ],
        ),
        (
            V1,
            {"preserveUnknownFields": True},
            ["spec.preserveUnknownFields: Invalid value: true: must be false"],
        ),
    ],
)
def test_what_no_definition_may_be(
    kubectl: Kubectl, version: dict[str, Any], spec: dict[str, Any], faults: list[str]
) -> None:
    told = faults[0] if len(faults) == 1 else "\n* ".join(["", *faults])

    assert applied(kubectl, definition(version, **spec))[2] == (
        f'The CustomResourceDefinition "pools.net.example.com" is invalid: {told}\n'
    )


def test_a_group_of_kubernetes_own_needs_an_approval(kubectl: Kubectl) -> None:
    document = definition(V1, group="net.k8s.io")
    document["metadata"] = {"name": "pools.net.k8s.io"}
    path = "metadata.annotations[api-approved.kubernetes.io]"
    needed = 'protected groups must have approval annotation "api-approved.kubernetes.io"'
    see = "see https://github.com/kubernetes/enhancements/pull/1111"

    assert f"{path}: Required value: {needed}, {see}\n" in applied(kubectl, document)[2]
    document["metadata"]["annotations"] = {"api-approved.kubernetes.io": "yes"}
    assert f'{path}: Invalid value: "yes": {needed} with either' in applied(kubectl, document)[2]
    url = "https://example.com/1"
    document["metadata"]["annotations"] = {"api-approved.kubernetes.io": url}
    assert applied(kubectl, document)[0] == 0
    said = kubectl("get", "crd", "-o", "jsonpath={.items[0].status.conditions[0].message}").out
    assert said == f"approved in {url}"


def test_what_objects_are_stored_under_stays(pools: Kubectl) -> None:
    changed = definition(V1, scope="Cluster")

    assert 'spec.scope: Invalid value: "Cluster": field is immutable' in applied(pools, changed)[2]
