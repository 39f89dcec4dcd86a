"""`patch`: whether anything changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Kubectl

SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: s}
spec: {ports: [{port: 80}]}
"""


@pytest.fixture
def service(kubectl: Kubectl) -> Kubectl:
    """A Service, and the file that it was made from."""
    Path("s.yaml").write_text(SERVICE)
    assert kubectl("create", "-f", "s.yaml").status == 0
    return kubectl


@pytest.mark.parametrize("dry_run", ["none", "server", "client"])
@pytest.mark.parametrize(
    ("type_", "same", "other"),
    [
        ("strategic", '{"spec":{"type":"ClusterIP"}}', '{"spec":{"type":"NodePort"}}'),
        ("merge", '{"spec":{"selector":null}}', '{"spec":{"selector":{"a":"b"}}}'),
        (
            "json",
            '[{"op":"test","path":"/spec/type","value":"ClusterIP"}]',
            '[{"op":"remove","path":"/spec/ports/0/protocol"},'
            '{"op":"add","path":"/metadata/labels","value":{"a":"b"}}]',
        ),
    ],
)
def test_a_patch_that_changes_nothing_says_so(
    service: Kubectl, dry_run: str, type_: str, same: str, other: str
) -> None:
    words = ("patch", "svc", "s", f"--type={type_}", f"--dry-run={dry_run}", "-p")

    assert service(*words, same) == (0, "service/s patched (no change)\n", "")
    assert service(*words, other) == (0, "service/s patched\n", "")


def test_an_object_in_a_file_is_never_what_the_server_has(service: Kubectl) -> None:
    words = ("patch", "-f", "s.yaml", "-p", "{}")

    assert service(*words).out == "service/s patched\n"
    assert service(*words, "--dry-run=client").out == "service/s patched (no change)\n"


def test_a_status_that_stays_is_no_change(service: Kubectl) -> None:
    words = ("patch", "svc", "s", "--subresource=status", "-p", '{"status":{"loadBalancer":{}}}')

    assert service(*words).out == "service/s patched (no change)\n"
