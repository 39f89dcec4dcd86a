"""Which nodes a pod may run on, and why not on the others.

Source: kubernetes pkg/scheduler/framework/plugins/{nodeunschedulable,tainttoleration,
nodeaffinity}.
"""

from __future__ import annotations

from svcnet.api.objects import Node
from svcnet.api.workloads import PodSpec
from svcnet.control.objects.node_affinity import matches_node_affinity
from svcnet.control.objects.taints import REPELLING, UNSCHEDULABLE, tolerates, untolerated


def filter_reason(spec: PodSpec, node: Node) -> str:
    """Return why a pod may not run on `node`, in the scheduler's words; empty when it may."""
    # Asked first: the taint that says the same follows later.
    if node.spec.unschedulable and not tolerates(spec.tolerations or (), UNSCHEDULABLE):
        return "node(s) were unschedulable"
    if next(untolerated(spec.tolerations or (), node, REPELLING), None):
        return "node(s) had untolerated taint(s)"
    if not matches_node_affinity(spec, node):
        return "node(s) didn't match Pod's node affinity/selector"
    return ""
