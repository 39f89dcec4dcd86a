"""Kinds of which little follows here: what a user sees of them all the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Kubectl

REGISTRATION = "admissionregistration.k8s.io/v1"
FLOW_CONTROL = "flowcontrol.apiserver.k8s.io/v1"


@pytest.mark.parametrize(
    ("named", "fields", "words", "table"),
    [
        (
            (REGISTRATION, "ValidatingAdmissionPolicy"),
            {
                "spec": {
                    "validations": [{"expression": "true"}],
                    "paramKind": {"apiVersion": "v1", "kind": "ConfigMap"},
                }
            },
            "validatingadmissionpolicies",
            "NAME   VALIDATIONS   PARAMKIND      AGE\nx      1             v1/ConfigMap   0s\n",
        ),
        (
            (REGISTRATION, "MutatingAdmissionPolicy"),
            {"spec": {"reinvocationPolicy": "Never"}},
            "mutatingadmissionpolicies",
            "NAME   MUTATIONS   PARAMKIND   AGE\nx      0           <unset>     0s\n",
        ),
        (
            (REGISTRATION, "ValidatingAdmissionPolicyBinding"),
            {"spec": {"policyName": "p", "paramRef": {"name": "c"}}},
            "validatingadmissionpolicybindings",
            "NAME   POLICYNAME   PARAMREF   AGE\nx      p            */c        0s\n",
        ),
        (
            ("apiregistration.k8s.io/v1", "APIService"),
            {"spec": {"groupPriorityMinimum": 1, "versionPriority": 1}},
            "apiservices",
            "NAME   SERVICE   AVAILABLE   AGE\nx      Local     True        0s\n",
        ),
        (
            ("certificates.k8s.io/v1", "CertificateSigningRequest"),
            {
                "spec": {
                    "request": "aGVsbG8=",
                    "signerName": "example.com/s",
                    "expirationSeconds": 3600,
                }
            },
            "csr",
            "NAME   AGE   SIGNERNAME      REQUESTOR   REQUESTEDDURATION   CONDITION\n"
            "x      0s    example.com/s               60m                 Pending\n",
        ),
        (
            (FLOW_CONTROL, "FlowSchema"),
            {"spec": {"priorityLevelConfiguration": {"name": "exempt"}}},
            "flowschemas",
            "NAME   PRIORITYLEVEL   MATCHINGPRECEDENCE   DISTINGUISHERMETHOD   AGE   MISSINGPL\n"
            "x      exempt          1000                 <none>                0s    ?\n",
        ),
        (
            (FLOW_CONTROL, "PriorityLevelConfiguration"),
            {"spec": {"type": "Exempt", "exempt": {}}},
            "prioritylevelconfigurations",
            "NAME   TYPE     NOMINALCONCURRENCYSHARES   QUEUES   HANDSIZE   QUEUELENGTHLIMIT   AGE"
            "\nx      Exempt   <none>                     <none>   <none>     <none>             "
            "0s\n",
        ),
        (
            ("resource.k8s.io/v1", "ResourceClaim"),
            {"spec": {}},
            "resourceclaims",
            "NAME   STATE     AGE\nx      pending   0s\n",
        ),
        (
            ("resource.k8s.io/v1", "DeviceClass"),
            {"spec": {}},
            "deviceclasses",
            "NAME   AGE\nx      0s\n",
        ),
        (
            ("storage.k8s.io/v1", "VolumeAttributesClass"),
            {"driverName": "d"},
            "vac",
            "NAME   DRIVERNAME   AGE\nx      d            0s\n",
        ),
        (
            ("storage.k8s.io/v1", "CSIStorageCapacity"),
            {"storageClassName": "s"},
            "csistoragecapacities",
            "NAME   STORAGECLASSNAME   CAPACITY\nx      s                  <unset>\n",
        ),
    ],
)
def test_it_is_made_shown_described_and_deleted(
    kubectl: Kubectl, named: tuple[str, str], fields: dict[str, Any], words: str, table: str
) -> None:
    api_version, kind = named
    document = {"apiVersion": api_version, "kind": kind, "metadata": {"name": "x"}, **fields}
    Path("in.json").write_text(json.dumps(document))
    group = api_version.partition("/")[0]

    assert kubectl("apply", "-f", "in.json").out == f"{kind.lower()}.{group}/x created\n"
    assert kubectl("get", words).out == table
    assert "Name:         x\n" in kubectl("describe", words, "x").out
    assert kubectl("delete", "-f", "in.json").status == 0


REVIEWS = {
    "selfsubjectreviews.authentication.k8s.io",
    "tokenreviews.authentication.k8s.io",
    "localsubjectaccessreviews.authorization.k8s.io",
    "selfsubjectaccessreviews.authorization.k8s.io",
    "selfsubjectrulesreviews.authorization.k8s.io",
    "subjectaccessreviews.authorization.k8s.io",
}


def test_what_may_be_done_to_kinds(kubectl: Kubectl) -> None:
    rows = kubectl("api-resources", "--verbs=list", "-o", "name").out.split()
    only_made = {"bindings", *REVIEWS}

    assert not only_made & {*rows}
    assert only_made <= {*kubectl("api-resources", "-o", "name").out.split()}
    assert "componentstatuses" in rows
    gone = kubectl("api-resources", "--verbs=deletecollection", "-o", "name").out.split()
    assert "namespaces" not in gone
    assert "configmaps" in gone


def test_a_question_is_answered_and_not_kept(kubectl: Kubectl) -> None:
    spec = {"user": "u", "resourceAttributes": {"verb": "get", "resource": "pods"}}
    review = {"apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview", "spec": spec}
    Path("in.json").write_text(json.dumps(review))

    made = kubectl("create", "-f", "in.json")

    assert made.out == "subjectaccessreview.authorization.k8s.io/<unknown> created\n"
    assert json.loads(kubectl("create", "-f", "in.json", "-o", "json").out)["spec"] == spec


def test_namesakes_of_the_core_go_last(kubectl: Kubectl) -> None:
    # Those of the core are there: nodes were registered.
    assert kubectl("get", "ev", "-o", "jsonpath={.items[*].apiVersion}").out.split() == ["v1"] * 3
    # Where else they would be looked for, it is said where they are.
    other = kubectl("get", "events.events.k8s.io")
    assert other.err.startswith("Warning: svcnet keeps what controllers record as v1 Event")
    assert kubectl("explain", "events").out.startswith("KIND:       Event\nVERSION:    v1\n")
