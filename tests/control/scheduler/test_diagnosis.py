"""The scheduler's messages, as clusters since 1.35 print them."""

from __future__ import annotations

from svcnet.control.scheduler.diagnosis import Status, refused_by_all, refused_by_each


def test_reasons_are_counted_and_sorted_and_preemption_told() -> None:
    taint = Status(("node(s) had untolerated taint(s)",))
    cpu = Status(("Insufficient cpu",), for_good=False)

    assert refused_by_each([cpu, taint, cpu], never_preempts=False) == (
        "0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu. "
        "no new claims to deallocate, preemption: 0/3 nodes are available: "
        "1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming "
        "pod."
    )


def test_a_pod_that_never_preempts_is_told_so() -> None:
    cpu = Status(("Insufficient cpu", "Insufficient memory"), for_good=False)

    assert refused_by_each([cpu], never_preempts=True) == (
        "0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory. "
        "no new claims to deallocate, preemption: not eligible due to preemptionPolicy=Never."
    )


def test_what_is_wrong_everywhere_is_told_once() -> None:
    assert refused_by_all(3, "pod has unbound immediate PersistentVolumeClaims") == (
        "0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found"
    )
