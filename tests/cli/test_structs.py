"""What kubectl shows of its round through Go's structs and Go's JSON.

Expected values: the order of declaration in kubernetes staging/src/k8s.io/api/core/v1/types.go, and
what encoding/json escapes.
"""

from __future__ import annotations

import json

from tests.cli.conftest import Kubectl

ANNOTATED = """
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    note: "a < b & c > d \\u2028"
spec:
  ports:
  - port: 80
"""
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def test_server_side_apply_keeps_the_last_configuration_as_go_encodes_it(kubectl: Kubectl) -> None:
    assert kubectl("apply", "-f", "-", stdin=ANNOTATED).status == 0
    changed = ANNOTATED.replace("  name: web", "  name: web\n  labels: {a: b}")
    assert kubectl("apply", "--server-side", "-f", "-", stdin=changed).status == 0

    found = json.loads(kubectl("get", "svc", "web", "-o", "json").out)

    kept = found["metadata"]["annotations"][LAST_APPLIED]
    assert kept.endswith("\n")
    assert '"note":"a \\u003c b \\u0026 c \\u003e d \\u2028"' in kept
    assert '"labels":{"a":"b"}' in kept


def test_the_last_configuration_is_shown_as_it_was_kept(kubectl: Kubectl) -> None:
    assert kubectl("apply", "-f", "-", stdin=ANNOTATED).status == 0

    out = kubectl("apply", "view-last-applied", "svc/web", "-o", "json").out

    assert '"note": "a \\u003c b \\u0026 c \\u003e d \\u2028"' in out


def test_a_patch_that_does_not_fit_is_quoted_as_go_encodes_it(kubectl: Kubectl) -> None:
    assert kubectl("create", "service", "clusterip", "web", "--tcp=80").status == 0

    status, _, err = kubectl(
        "patch", "svc", "web", "--type=merge", "-p", '{"spec":{"ports":"<a&b>"}}'
    )

    # Twice: encoded as JSON, and then quoted as a string.
    assert status == 1
    assert r"\"ports\":\"\\u003ca\\u0026b\\u003e\"" in err


def test_overrides_come_out_in_the_order_of_the_struct(kubectl: Kubectl) -> None:
    overrides = {
        "spec": {
            "schedulingGates": [{"name": "wait"}],
            "overhead": {"cpu": "1"},
            "tolerations": [{"value": "v", "operator": "Equal", "key": "k"}],
            "hostNetwork": True,
            "nodeSelector": {"z": "1", "a": "2"},
            "setHostnameAsFQDN": True,
            "terminationGracePeriodSeconds": 5,
            "volumes": [{"emptyDir": {}, "name": "v"}],
        }
    }

    out = kubectl(
        "run", "p", "--image=i", "--dry-run=client", "-o", "json",
        f"--overrides={json.dumps(overrides)}",
    ).out  # fmt: skip

    pod = json.loads(out)
    assert list(pod) == ["kind", "apiVersion", "metadata", "spec", "status"]
    assert list(pod["spec"]) == [
        "volumes",
        "containers",
        "restartPolicy",
        "terminationGracePeriodSeconds",
        "dnsPolicy",
        "nodeSelector",
        "hostNetwork",
        "tolerations",
        "overhead",
        "setHostnameAsFQDN",
        "schedulingGates",
    ]
    assert list(pod["spec"]["volumes"][0]) == ["name", "emptyDir"]
    assert list(pod["spec"]["tolerations"][0]) == ["key", "operator", "value"]
    assert list(pod["spec"]["nodeSelector"]) == ["a", "z"]


NAMESAKE = """
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: deployments.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {plural: deployments, kind: Deployment}
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
"""


def test_a_custom_deployment_is_kept_as_it_was_written(kubectl: Kubectl) -> None:
    spec = {"replicas": "many", "template": [1, None]}
    document = {
        "apiVersion": "example.com/v1",
        "kind": "Deployment",
        "metadata": {"name": "d"},
        "spec": spec,
    }
    assert kubectl("apply", "-f", "-", stdin=NAMESAKE).status == 0

    status, out, err = kubectl("create", "-f", "-", stdin=json.dumps(document))

    assert (status, out, err) == (0, "deployment.example.com/d created\n", "")
    found = json.loads(kubectl("get", "deployments.example.com", "d", "-o", "json").out)
    assert found["spec"] == spec
    assert kubectl("get", "rs", "-o", "name").out == ""
