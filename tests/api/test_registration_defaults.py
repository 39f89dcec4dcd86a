"""What may be left out of webhooks, policies, drivers and the like."""

from __future__ import annotations

from typing import Any

import pytest

from svcnet.api.defaulting import default
from svcnet.api.kinds import BUILT_IN

KINDS = {kind.kind: kind for kind in BUILT_IN if kind.kind != "Event"}
MATCHING = {"matchPolicy": "Equivalent", "namespaceSelector": {}, "objectSelector": {}}


def filled(kind: str, **fields: Any) -> dict[str, Any]:
    once = default(fields, KINDS[kind])
    assert default(once, KINDS[kind]) == once
    return once


def test_a_validating_webhook_as_recorded() -> None:
    service = {"name": "guard", "namespace": "default", "path": "/check"}
    webhook = {
        "clientConfig": {"service": service},
        "name": "check.guard.example.com",
        "rules": [{"resources": ["things"]}],
        "sideEffects": "None",
    }

    assert filled("ValidatingWebhookConfiguration", webhooks=[webhook])["webhooks"] == [
        {
            "clientConfig": {"service": {**service, "port": 443}},
            "failurePolicy": "Fail",
            **MATCHING,
            "name": "check.guard.example.com",
            "rules": [{"resources": ["things"], "scope": "*"}],
            "sideEffects": "None",
            "timeoutSeconds": 10,
        }
    ]


def test_a_mutating_webhook_is_called_once() -> None:
    [webhook] = filled("MutatingWebhookConfiguration", webhooks=[{"name": "a"}])["webhooks"]

    assert webhook["reinvocationPolicy"] == "Never"


def test_what_is_given_stands() -> None:
    given = {"name": "a", "failurePolicy": "Ignore", "timeoutSeconds": 3, "objectSelector": None}
    [webhook] = filled("ValidatingWebhookConfiguration", webhooks=[given])["webhooks"]

    assert (webhook["failurePolicy"], webhook["timeoutSeconds"]) == ("Ignore", 3)


@pytest.mark.parametrize(
    ("kind", "spec", "expected"),
    [
        (
            "ValidatingAdmissionPolicy",
            {"matchConstraints": {"resourceRules": [{"resources": ["pods"]}]}},
            {
                "failurePolicy": "Fail",
                "matchConstraints": {
                    **MATCHING,
                    "resourceRules": [{"resources": ["pods"], "scope": "*"}],
                },
            },
        ),
        (
            "ValidatingAdmissionPolicyBinding",
            {"policyName": "p", "matchResources": {}},
            {"policyName": "p", "matchResources": MATCHING},
        ),
        ("MutatingAdmissionPolicyBinding", {"policyName": "p"}, {"policyName": "p"}),
        ("APIService", {"service": {"name": "a"}}, {"service": {"name": "a", "port": 443}}),
        ("APIService", {"group": "a"}, {"group": "a"}),
        ("FlowSchema", {}, {"matchingPrecedence": 1000}),
        (
            "PriorityLevelConfiguration",
            {"limited": {"limitResponse": {"queuing": {"queues": 3}, "type": "Queue"}}},
            {
                "limited": {
                    "lendablePercent": 0,
                    "limitResponse": {
                        "queuing": {"handSize": 8, "queueLengthLimit": 50, "queues": 3},
                        "type": "Queue",
                    },
                    "nominalConcurrencyShares": 30,
                }
            },
        ),
        (
            "PriorityLevelConfiguration",
            {"exempt": {}},
            {"exempt": {"lendablePercent": 0, "nominalConcurrencyShares": 0}},
        ),
        (
            "CSIDriver",
            {"attachRequired": False},
            {
                "attachRequired": False,
                "fsGroupPolicy": "ReadWriteOnceWithFSType",
                "podInfoOnMount": False,
                "requiresRepublish": False,
                "seLinuxMount": False,
                "storageCapacity": False,
                "volumeLifecycleModes": ["Persistent"],
            },
        ),
        (
            "ResourceClaim",
            {"devices": {"requests": [{"exactly": {}}, {"exactly": {"allocationMode": "All"}}]}},
            {
                "devices": {
                    "requests": [
                        {"exactly": {"allocationMode": "ExactCount", "count": 1}},
                        {"exactly": {"allocationMode": "All"}},
                    ]
                }
            },
        ),
        (
            "ResourceClaimTemplate",
            {"spec": {"devices": {"requests": [{"firstAvailable": [{"count": 2}]}]}}},
            {
                "spec": {
                    "devices": {
                        "requests": [
                            {"firstAvailable": [{"allocationMode": "ExactCount", "count": 2}]}
                        ]
                    }
                }
            },
        ),
    ],
)
def test_specs(kind: str, spec: dict[str, Any], expected: dict[str, Any]) -> None:
    assert filled(kind, spec=spec)["spec"] == expected
