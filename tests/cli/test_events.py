"""What happened, and why: `events`, `get events` and the end of `describe`."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import EPOCH, Kubectl

HOUR = 3600


@pytest.fixture
def web(kubectl: Kubectl) -> Kubectl:
    """A cluster with a deployment of two pods."""
    kubectl("create", "deployment", "web", "--image=nginx", "--replicas=2")
    return kubectl


def later(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(EPOCH + seconds))


def reasons(kubectl: Kubectl, *words: str) -> list[str]:
    out = kubectl("get", "events", *words, "-o", "jsonpath={.items[*].reason}").out
    return out.split()


def test_a_deployment_tells_how_it_was_scaled(
    web: Kubectl, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(monkeypatch, 60)
    web("scale", "deploy/web", "--replicas=1")
    name = web("get", "rs", "-o", "jsonpath={.items[0].metadata.name}").out

    later(monkeypatch, 90)

    assert web("describe", "deploy/web").out.partition("Events:\n")[2].splitlines() == [
        "  Type    Reason             Age   From                   Message",
        "  ----    ------             ----  ----                   -------",
        "  Normal  ScalingReplicaSet  90s   deployment-controller  "
        f"Scaled up replica set {name} from 0 to 2",
        "  Normal  ScalingReplicaSet  30s   deployment-controller  "
        f"Scaled down replica set {name} from 2 to 1",
    ]


def test_a_replica_set_tells_of_its_pods(web: Kubectl) -> None:
    web("scale", "deploy/web", "--replicas=1")

    told = web("describe", "rs").out.partition("Events:\n")[2]

    assert told.count("Created pod: web-") == 2
    assert told.count("Deleted pod: web-") == 1
    assert "replicaset-controller" in told


def test_a_pod_tells_where_it_was_put(web: Kubectl) -> None:
    pod, node = web(
        "get", "pods", "-o", "jsonpath={.items[0].metadata.name} {.items[0].spec.nodeName}"
    ).out.split()

    assert web("describe", "pod", pod).out.endswith(
        "  Normal  Scheduled  0s    default-scheduler  "
        f"Successfully assigned default/{pod} to {node}\n"
    )


def test_a_pod_tells_why_it_waits(kubectl: Kubectl) -> None:
    for node in ("n1", "n2", "n3"):
        kubectl("cordon", node)
    kubectl("run", "p", "--image=nginx")

    out = kubectl("get", "events", "--field-selector", "reason=FailedScheduling").out

    assert "Warning" in out
    assert "0/3 nodes are available: 3 node(s) were unschedulable." in out


def test_a_stateful_set_tells_of_its_pods(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=STATEFUL_SET)

    assert [
        line.split("statefulset-controller  ")[1]
        for line in kubectl("describe", "sts/db").out.partition("Events:\n")[2].splitlines()[2:]
    ] == [
        "create Claim data-db-0 Pod db-0 in StatefulSet db success",
        "create Pod db-0 in StatefulSet db successful",
    ]


STATEFUL_SET = """
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: c, image: nginx}]}
  volumeClaimTemplates:
  - metadata: {name: data}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
"""


def test_a_node_tells_that_it_came_and_went(kubectl: Kubectl) -> None:
    assert kubectl("describe", "node", "n1").out.endswith(
        "  Normal  RegisteredNode  0s    node-controller  "
        "Node n1 event: Registered Node n1 in Controller\n"
    )
    kubectl("delete", "node", "n1")

    assert "Node n1 event: Removing Node n1 from Controller" in kubectl("get", "events").out


def test_hints_tell_why_they_are_not_given(kubectl: Kubectl) -> None:
    kubectl("create", "service", "clusterip", "near", "--tcp=80")
    kubectl("annotate", "svc/near", "service.kubernetes.io/topology-mode=Auto")

    assert kubectl("describe", "svc", "near").out.endswith(
        "  Warning  TopologyAwareHintsDisabled  0s    endpoint-slice-controller  Insufficient "
        "Node information: allocatable CPU or zone not specified on one or more nodes, "
        "addressType: IPv4\n"
    )


def test_the_same_reason_again_is_counted(
    kubectl: Kubectl, monkeypatch: pytest.MonkeyPatch
) -> None:
    kubectl("create", "service", "clusterip", "near", "--tcp=80")
    kubectl("annotate", "svc/near", "service.kubernetes.io/topology-mode=Auto")
    for minute in (1, 2):
        later(monkeypatch, 60 * minute)
        kubectl("label", "svc/near", f"at={minute}", "--overwrite")
    later(monkeypatch, 180)

    assert "60s (x3 over 3m)" in kubectl("describe", "svc", "near").out
    assert "60s (x3 over 3m)" in kubectl("events", "--for", "svc/near").out


def test_scaling_far_writes_few_events(kubectl: Kubectl) -> None:
    kubectl("create", "deployment", "web", "--image=nginx", "--replicas=40")

    out = kubectl("get", "events", "--field-selector", "reason=SuccessfulCreate").out

    assert len(out.splitlines()) == 1 + 10
    assert out.count("(combined from similar events): Created pod: web-") == 1


def test_events_are_gone_after_an_hour(web: Kubectl, monkeypatch: pytest.MonkeyPatch) -> None:
    later(monkeypatch, HOUR)
    web("create", "configmap", "a")
    assert "ScalingReplicaSet" in reasons(web)
    later(monkeypatch, HOUR + 1)

    web("create", "configmap", "b")

    assert reasons(web) == []


def test_what_is_seen_again_stays_for_another_hour(
    kubectl: Kubectl, monkeypatch: pytest.MonkeyPatch
) -> None:
    kubectl("create", "service", "clusterip", "near", "--tcp=80")
    kubectl("annotate", "svc/near", "service.kubernetes.io/topology-mode=Auto")
    later(monkeypatch, HOUR - 10)
    kubectl("label", "svc/near", "a=b")
    later(monkeypatch, HOUR + 10)
    kubectl("create", "configmap", "b")

    assert reasons(kubectl) == ["TopologyAwareHintsDisabled"]


def test_events_of_a_dump_stay_however_old_they_are(kubectl: Kubectl) -> None:
    event = {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"name": "p.17a1b2c3d4e5f607", "namespace": "default", "uid": "1"},
        "involvedObject": {"kind": "Pod", "name": "p", "namespace": "default"},
        "reason": "BackOff",
        "lastTimestamp": "2024-01-01T00:00:00Z",
    }
    kubectl("import", "-f", "-", stdin=json.dumps(event))
    kubectl("create", "configmap", "a")

    assert "BackOff" in reasons(kubectl)


def test_dry_runs_leave_no_events(kubectl: Kubectl) -> None:
    before = reasons(kubectl)
    kubectl("create", "deployment", "web", "--image=nginx", "--dry-run=server")

    assert reasons(kubectl) == before


def test_a_namespace_goes_with_its_events(kubectl: Kubectl) -> None:
    kubectl("create", "ns", "shop")
    kubectl("create", "deployment", "web", "--image=nginx", "-n", "shop")
    assert "ScalingReplicaSet" in reasons(kubectl, "-n", "shop")

    kubectl("delete", "ns", "shop")

    assert "shop" not in kubectl("get", "events", "-A", "--no-headers").out
    assert kubectl("get", "ns", "shop").status == 1


def test_all_does_not_mean_events(web: Kubectl) -> None:
    assert "event" not in web("get", "all").out


def test_events_can_be_selected_by_their_object(web: Kubectl) -> None:
    chosen = "involvedObject.kind=Deployment,involvedObject.name=web,type=Normal"

    assert reasons(web, "--field-selector", chosen) == ["ScalingReplicaSet"]
    by_source = ("--field-selector", "source=node-controller")
    assert set(reasons(web, *by_source)) == {"RegisteredNode"}
    assert set(reasons(web, "--field-selector", "source=default-scheduler")) == {"Scheduled"}


def test_events_lists_the_latest_last(web: Kubectl, monkeypatch: pytest.MonkeyPatch) -> None:
    later(monkeypatch, 60)
    web("scale", "deploy/web", "--replicas=1")

    lines = web("events").out.splitlines()

    assert lines[0].split() == ["LAST", "SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"]
    assert [line.split()[0] for line in lines[1:]] == ["60s"] * 8 + ["0s"] * 2
    assert "Deployment/web" in lines[-1] or "Deployment/web" in lines[-2]


def test_events_of_one_object(web: Kubectl) -> None:
    lines = web("events", "--for", "deploy/web", "--no-headers").out.splitlines()

    assert len(lines) == 1
    assert lines[0].split()[:4] == ["0s", "Normal", "ScalingReplicaSet", "Deployment/web"]


@pytest.mark.parametrize(
    ("words", "err"),
    [
        (["--for", "web"], "error: --for must be in resource/name form\n"),
        (
            ["--for", "a/b/c"],
            "error: arguments in resource/name form may not have more than one slash\n",
        ),
        (["--for", "foo/x"], 'error: the server doesn\'t have a resource type "foo"\n'),
        (["--types", "Odd"], "error: valid --types are Normal or Warning\n"),
    ],
)
def test_events_refuses_what_kubectl_refuses(kubectl: Kubectl, words: list[str], err: str) -> None:
    assert kubectl("events", *words) == (1, "", err)


def test_events_that_are_not_there(kubectl: Kubectl) -> None:
    none = "No events found in kube-system namespace.\n"
    assert kubectl("events", "-n", "kube-system") == (0, "", none)
    assert kubectl("events", "--types=warning", "-A") == (0, "", "No events found.\n")


def test_events_of_all_namespaces_say_where(kubectl: Kubectl) -> None:
    lines = kubectl("events", "-A").out.splitlines()

    assert lines[0].startswith("NAMESPACE   LAST SEEN   TYPE ")
    assert lines[1].startswith("default     0s          Normal ")


def test_events_as_documents_are_a_list_of_their_own_kind(kubectl: Kubectl) -> None:
    """A typed list: its JSON has the order of Go's struct."""
    out = kubectl("events", "--for", "node/n1", "-o", "json").out

    found = json.loads(out)
    assert list(found) == ["kind", "apiVersion", "metadata", "items"]
    assert (found["kind"], found["metadata"]) == ("EventList", {})
    assert list(found["items"][0])[:4] == ["kind", "apiVersion", "metadata", "involvedObject"]
    names = kubectl("events", "--for", "node/n1", "-o", "name").out
    assert names == f"event/{found['items'][0]['metadata']['name']}\n"


def test_watching_ends_in_an_error_as_get_does(kubectl: Kubectl) -> None:
    found = kubectl("events", "-w")

    assert found.status == 1
    assert "RegisteredNode" in found.out
    assert "nothing to watch for" in found.err
