"""Every namespace has the certificate of the API server."""

from __future__ import annotations

import base64

from svcnet.api.keys import Key
from svcnet.control.apiserver import registry
from tests.control.clusters import cluster
from tests.control.workbench import resettled

ROOT_CA = Key("configmaps", "default", "kube-root-ca.crt")


def test_it_says_what_it_is_for() -> None:
    txn = cluster()
    resettled(txn)

    found = txn.get(ROOT_CA)

    assert found is not None
    assert found["metadata"]["annotations"] == {
        "kubernetes.io/description": (
            "Contains a CA bundle that can be used to verify the kube-apiserver when using "
            "internal endpoints such as the internal service IP or kubernetes.default.svc. No "
            "other usage is guaranteed across distributions of Kubernetes clusters."
        )
    }


def test_the_certificate_tells_that_nobody_is_behind_it() -> None:
    txn = cluster()
    resettled(txn)
    found = txn.get(ROOT_CA)
    assert found is not None

    first, *lines, last = found["data"]["ca.crt"].splitlines()

    assert (first, last) == ("-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----")
    assert base64.b64decode("".join(lines)).count(b"svcnet: no such authority") == 2


def test_it_is_in_every_namespace_and_comes_back() -> None:
    txn = cluster()
    resettled(txn)
    everywhere = [each["metadata"]["namespace"] for each in txn.list("configmaps")]
    assert everywhere == ["default", "kube-node-lease", "kube-public", "kube-system"]

    registry.delete(txn, ROOT_CA)
    resettled(txn)

    assert txn.get(ROOT_CA) is not None
