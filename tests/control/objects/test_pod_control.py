"""How controllers make and delete pods, and what they record of it."""

from __future__ import annotations

from svcnet.api.keys import Key
from svcnet.control.objects.pod_control import PodControl
from svcnet.snapshot import Delete, Put, Record

OWNER = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": {"name": "web"}}
CONTROL = PodControl(OWNER, "replicaset-controller")


def test_a_pod_that_is_made_is_told_of() -> None:
    pod = {"metadata": {"name": "web-1", "namespace": "default"}}

    assert [*CONTROL.create(pod)] == [
        Put(pod),
        Record(OWNER, "Normal", "SuccessfulCreate", "Created pod: web-1", "replicaset-controller"),
    ]


def test_a_pod_that_is_deleted_is_told_of() -> None:
    key = Key("pods", "default", "web-1")

    assert [*CONTROL.delete(key)] == [
        Delete(key),
        Record(OWNER, "Normal", "SuccessfulDelete", "Deleted pod: web-1", "replicaset-controller"),
    ]
