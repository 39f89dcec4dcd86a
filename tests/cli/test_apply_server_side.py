"""`apply --server-side`: refusals, and who owns what when it follows on `apply`."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.conftest import Kubectl

SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: s}
spec:
  selector: {app: s}
  ports: [{name: http, port: 80}]
"""
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def entries(kubectl: Kubectl) -> list[dict[str, Any]]:
    said = kubectl("get", "svc", "s", "-o", "json", "--show-managed-fields")
    return list(json.loads(said.out)["metadata"]["managedFields"])


def owners(kubectl: Kubectl) -> list[str]:
    return [f"{each['manager']} {each['operation']}" for each in entries(kubectl)]


@pytest.fixture
def applied(kubectl: Kubectl) -> Kubectl:
    """A Service that `apply` made without the server's help."""
    assert kubectl("apply", "-f", "-", stdin=SERVICE).status == 0
    return kubectl


def test_what_the_client_applied_is_handed_over(applied: Kubectl) -> None:
    said = applied("apply", "--server-side", "-f", "-", stdin=SERVICE)

    assert said == (0, "service/s serverside-applied\n", "")
    assert owners(applied) == ["kubectl-last-applied Apply", "kubectl Apply"]
    first, second = entries(applied)
    annotations: dict[str, Any] = {"f:annotations": {f"f:{LAST_APPLIED}": {}}}
    assert first["fieldsV1"] == {"f:metadata": annotations}
    # It owns what it found there, and changed nothing.
    assert "time" not in first
    port: dict[str, Any] = {".": {}, "f:name": {}, "f:port": {}}
    ports = {'k:{"port":80,"protocol":"TCP"}': port}
    assert second["fieldsV1"] == {"f:spec": {"f:ports": ports, "f:selector": {}}}


def test_what_was_applied_and_is_no_longer_goes(applied: Kubectl) -> None:
    applied(
        "apply", "--server-side", "-f", "-", stdin=SERVICE.replace("  selector: {app: s}\n", "")
    )

    document = json.loads(applied("get", "svc", "s", "-o", "json").out)
    assert "selector" not in document["spec"]
    assert "selector" not in document["metadata"]["annotations"][LAST_APPLIED]


def test_another_manager_takes_over_and_lets_the_annotation_go(applied: Kubectl) -> None:
    applied("apply", "--server-side", "--field-manager=me", "-f", "-", stdin=SERVICE)

    assert owners(applied) == ["me Apply"]
    document = json.loads(applied("get", "svc", "s", "-o", "json").out)
    assert "annotations" not in document["metadata"]


def test_what_the_client_did_not_say_is_in_dispute(applied: Kubectl) -> None:
    # The type was filled in by the server: `apply` owns it, but never asked for it.
    wanted = f"{SERVICE}  type: NodePort\n"
    said = applied("apply", "--server-side", "-f", "-", stdin=wanted)

    conflict = 'conflict with "kubectl-client-side-apply" using v1: .spec.type\n'
    assert said.err.startswith(f"error: Apply failed with 1 conflict: {conflict}")
    assert owners(applied) == ["kubectl-client-side-apply Update"]


def test_what_it_said_may_be_changed(applied: Kubectl) -> None:
    wanted = SERVICE.replace("{app: s}", "{app: t}")

    assert applied("apply", "--server-side", "-f", "-", stdin=wanted).status == 0


def test_a_dry_run_hands_nothing_over(applied: Kubectl) -> None:
    applied("apply", "--server-side", "--dry-run=server", "-f", "-", stdin=SERVICE)

    assert owners(applied) == ["kubectl-client-side-apply Update"]


def test_book_keeping_can_be_written_by_hand(applied: Kubectl) -> None:
    (entry,) = entries(applied)
    change = [{"op": "replace", "path": "/metadata/managedFields/0/manager", "value": "me"}]

    assert applied("patch", "svc", "s", "--type=json", "-p", json.dumps(change)).status == 0
    assert entries(applied) == [{**entry, "manager": "me"}]


def test_ports_of_one_number_and_protocol_are_refused(kubectl: Kubectl) -> None:
    twice = SERVICE.replace("port: 80}", "port: 80}, {port: 80, protocol: TCP}")
    said = kubectl("apply", "--server-side", "-f", "-", stdin=twice)

    assert said.err == (
        "Error from server: failed to create typed patch object (default/s; /v1, Kind=Service): "
        '.spec.ports: duplicate entries for key [port=80,protocol="TCP"]\n'
    )
