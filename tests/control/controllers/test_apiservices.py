"""Groups of the API that others answer for."""

from __future__ import annotations

from typing import Any

from svcnet.api.keys import Document, Key
from svcnet.control.apiserver import registry
from tests.control.clusters import cluster, service
from tests.control.workbench import resettled


def api_service(**spec: Any) -> Document:
    return {
        "apiVersion": "apiregistration.k8s.io/v1",
        "kind": "APIService",
        "metadata": {"name": "v1.meters.example.com"},
        "spec": {
            "group": "meters.example.com",
            "groupPriorityMinimum": 100,
            "version": "v1",
            "versionPriority": 100,
            **spec,
        },
    }


def condition(document: Document, *others: Document) -> Document:
    """The only condition of an APIService, `others` being there."""
    txn = cluster()
    for each in (*others, document):
        registry.create(txn, each)
    resettled(txn)
    found = txn.get(Key("apiservices.apiregistration.k8s.io", "", "v1.meters.example.com"))
    assert found is not None
    [told] = found["status"]["conditions"]
    return {name: told[name] for name in ("type", "status", "reason", "message")}


METERS = {"name": "meters", "namespace": "default"}


def test_without_its_service_there_is_nobody_to_answer() -> None:
    assert condition(api_service(service=METERS)) == {
        "type": "Available",
        "status": "False",
        "reason": "ServiceNotFound",
        "message": 'service/meters in "default" is not present',
    }


def test_with_its_service_nobody_answers_either() -> None:
    told = condition(
        api_service(service=METERS),
        service("meters", clusterIP="10.96.0.10", ports=[{"port": 443}]),
    )

    assert (told["status"], told["reason"]) == ("False", "FailedDiscoveryCheck")
    assert "https://10.96.0.10:443/apis/meters.example.com/v1" in told["message"]


def test_what_the_api_server_answers_for_itself_is_available() -> None:
    assert condition(api_service()) == {
        "type": "Available",
        "status": "True",
        "reason": "Local",
        "message": "Local APIServices are always available",
    }
