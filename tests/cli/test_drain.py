"""`drain`: which pods leave a node, and which keep it from being drained.

Expected texts are those of kubectl's pkg/drain/filters.go and pkg/cmd/drain/drain.go.
"""

from __future__ import annotations

import json

from tests.cli.conftest import Kubectl

LONE = (
    "metadata: {{name: {name}}}\nspec: {{nodeName: n1, containers: [{{name: c, image: i}}]{more}}}"
)
SCRATCH = ", volumes: [{name: scratch, emptyDir: {}}]"


def lone(name: str = "lone", more: str = "") -> str:
    """Return a pod on n1 that nothing makes anew."""
    return "apiVersion: v1\nkind: Pod\n" + LONE.format(name=name, more=more) + "\n---\n"


def controlled(kind: str, more: str = "") -> str:
    """Return what keeps two pods, or one on each node."""
    count = "  replicas: 2\n" if kind == "Deployment" else ""
    return (
        f"apiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: web}}\nspec:\n{count}"
        "  selector: {matchLabels: {app: web}}\n  template:\n"
        "    metadata: {labels: {app: web}}\n"
        f"    spec: {{containers: [{{name: c, image: i}}]{more}}}\n---\n"
    )


def pods_on(kubectl: Kubectl, node: str) -> list[str]:
    found = json.loads(kubectl("get", "pods", "-o", "json").out)["items"]
    return [each["metadata"]["name"] for each in found if each["spec"].get("nodeName") == node]


def unschedulable(kubectl: Kubectl, node: str) -> bool:
    spec = json.loads(kubectl("get", "node", node, "-o", "json").out)["spec"]
    return bool(spec.get("unschedulable", False))


def test_pods_of_a_deployment_come_up_elsewhere(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=controlled("Deployment"))
    (leaving,) = pods_on(kubectl, "n1")

    said = kubectl("drain", "n1")

    assert said == (
        0,
        f"node/n1 cordoned\nevicting pod default/{leaving}\npod/{leaving} evicted\n"
        "node/n1 drained\n",
        "",
    )
    assert unschedulable(kubectl, "n1")
    assert pods_on(kubectl, "n1") == []
    assert len(pods_on(kubectl, "n2") + pods_on(kubectl, "n3")) == 2


def test_a_pod_without_a_controller_keeps_the_node(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=lone())
    why = "cannot delete Pods that declare no controller (use --force to override): default/lone"

    said = kubectl("drain", "n1")

    assert said.status == 1
    assert said.out == "node/n1 cordoned\n"
    assert f'unable to drain node "n1" due to error: {why}, continuing command...' in said.err
    assert "There are pending nodes to be drained:\n n1\n" in said.err
    # The node stays closed: cordoning came first, and is not undone.
    assert unschedulable(kubectl, "n1")
    assert pods_on(kubectl, "n1") == ["lone"]


def test_force_takes_such_a_pod_away_with_a_warning(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=lone())

    said = kubectl("drain", "n1", "--force")

    assert said.status == 0
    assert said.err == "Warning: deleting Pods that declare no controller: default/lone\n"
    assert kubectl("get", "pod", "lone").status == 1


def test_pods_of_a_daemon_set_are_ignored_only_if_asked(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=controlled("DaemonSet"))
    (daemon,) = pods_on(kubectl, "n1")

    refused = kubectl("drain", "n1")
    ignored = kubectl("drain", "n1", "--ignore-daemonsets")

    assert refused.status == 1
    assert "cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore)" in refused.err
    assert ignored == (
        0,
        "node/n1 already cordoned\nnode/n1 drained\n",
        f"Warning: ignoring DaemonSet-managed Pods: default/{daemon}\n",
    )
    assert pods_on(kubectl, "n1") == [daemon]


def test_local_data_is_given_up_only_if_asked(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=controlled("Deployment", SCRATCH))

    refused = kubectl("drain", "n1")
    drained = kubectl("drain", "n1", "--delete-emptydir-data")

    assert refused.status == 1
    assert (
        "cannot delete Pods with local storage (use --delete-emptydir-data to override)"
        in refused.err
    )
    assert drained.status == 0
    assert pods_on(kubectl, "n1") == []


def test_giving_up_local_data_does_not_stand_for_force(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=lone(more=SCRATCH))

    said = kubectl("drain", "n1", "--delete-emptydir-data")

    assert said.status == 1
    assert "cannot delete Pods that declare no controller" in said.err
    assert pods_on(kubectl, "n1") == ["lone"]


def test_a_dry_run_tells_what_would_leave(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=controlled("Deployment"))
    (staying,) = pods_on(kubectl, "n1")

    said = kubectl("drain", "n1", "--dry-run=client")

    assert said.status == 0
    assert f"evicting pod default/{staying} (dry run)" in said.out.splitlines()
    assert "node/n1 drained (dry run)" in said.out.splitlines()
    assert pods_on(kubectl, "n1") == [staying]
    assert not unschedulable(kubectl, "n1")


def test_an_unknown_node_is_refused(kubectl: Kubectl) -> None:
    said = kubectl("drain", "n9")

    assert said.status == 1
    assert 'nodes "n9" not found' in said.err
