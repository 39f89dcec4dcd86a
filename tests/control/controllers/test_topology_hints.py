"""For which zones and nodes endpoints are meant."""

from __future__ import annotations

import msgspec
import pytest

from svcnet.api.keys import Document
from svcnet.api.objects import Node, Service
from svcnet.control.controllers.topology_hints import Draft, hint
from svcnet.store.transaction import Transaction
from tests.control.workbench import (
    changed,
    endpoints,
    pod,
    selecting,
    settled,
)


@pytest.mark.parametrize(
    ("distribution", "hints"),
    [
        ("PreferClose", {"forZones": [{"name": "zone-a"}]}),
        ("PreferSameZone", {"forZones": [{"name": "zone-a"}]}),
        ("PreferSameNode", {"forNodes": [{"name": "n1"}], "forZones": [{"name": "zone-a"}]}),
    ],
)
def test_hints_follow_traffic_distribution(distribution: str, hints: Document) -> None:
    document = selecting("web", trafficDistribution=distribution)

    txn = settled(pod("p"), document, nodes=["n1:zone-a"])

    assert endpoints(txn, "web")[0]["hints"] == hints
    changed(txn, "Service", "web", trafficDistribution=None)
    assert "hints" not in endpoints(txn, "web")[0]


def zoned_hints(txn: Transaction) -> list[str]:
    return sorted(each["hints"]["forZones"][0]["name"] for each in endpoints(txn, "web"))


def test_topology_mode_auto_shares_endpoints_by_cpu() -> None:
    """Two zones with the same CPUs get two endpoints each, also where three pods are in one."""
    document = selecting("web")
    document["metadata"]["annotations"] = {"service.kubernetes.io/topology-mode": "Auto"}
    txn = settled(
        *(pod(f"a{number}", nodeName="n1") for number in range(3)),
        pod("b", nodeName="n2"),
        document,
        nodes=["n1:zone-a", "n2:zone-b"],
    )

    assert zoned_hints(txn) == ["zone-a", "zone-a", "zone-b", "zone-b"]


def test_topology_mode_auto_needs_an_endpoint_for_every_zone() -> None:
    document = selecting("web")
    document["metadata"]["annotations"] = {"service.kubernetes.io/topology-mode": "Auto"}

    txn = settled(pod("p"), document, nodes=["n1:zone-a", "n2:zone-b"])

    assert "hints" not in endpoints(txn, "web")[0]


# --- shares of zones, as topologycache.go getAllocations() reckons them -----------------------

AUTO = msgspec.convert(
    {"metadata": {"name": "web", "annotations": {"service.kubernetes.io/topology-mode": "Auto"}}},
    Service,
)


def nodes(**cpus: str) -> list[Node]:
    """A ready node in each zone."""
    return [node(zone, cpu) for zone, cpu in cpus.items()]


def node(zone: str, cpu: str, ready: str = "True", **labels: str) -> Node:
    zoned = {"topology.kubernetes.io/zone": zone} if zone else {}
    return msgspec.convert(
        {
            "metadata": {"name": f"n-{zone}", "labels": {**zoned, **labels}},
            "status": {
                "allocatable": {"cpu": cpu},
                "conditions": [{"type": "Ready", "status": ready}],
            },
        },
        Node,
    )


def draft(zones: str, hints: str = "", *, changed: bool = True) -> Draft:
    """A slice with an endpoint in each of `zones`, a letter each, meant for those of `hints`."""
    endpoints: list[Document] = [
        {"addresses": [f"10.0.0.{number}"], "conditions": {"ready": True}, "zone": zone}
        for number, zone in enumerate(zones)
    ]
    for endpoint, meant in zip(endpoints, hints, strict=False):
        endpoint["hints"] = {"forZones": [{"name": meant}]}
    return Draft("slice", endpoints, changed)


def hinted(*drafts: Draft, among: list[Node]) -> str:
    """For which zones the endpoints are meant, a letter each; ``-`` for none."""
    hint(AUTO, among, drafts)
    return "".join(
        endpoint["hints"]["forZones"][0]["name"] if "hints" in endpoint else "-"
        for each in drafts
        for endpoint in each.endpoints
    )


@pytest.mark.parametrize(
    ("zones", "expected"),
    [
        # Half of 5 is 2.5; without more than 20 % overload each zone needs ceil(2.5 / 1.2) = 3.
        ("aaabb", "-----"),
        ("aab", "---"),
        # Half of 7 is 3.5, and ceil(3.5 / 1.2) = 3: there are enough for both.
        ("aaaabbb", "aaaabbb"),
        ("aaaaabb", "aaaabbb"),
        ("aabb", "aabb"),
    ],
)
def test_no_zone_may_be_overloaded_by_more_than_a_fifth(zones: str, expected: str) -> None:
    found = hinted(draft(zones), among=nodes(a="4", b="4"))

    assert sorted(found) == sorted(expected)


def test_zones_get_endpoints_in_proportion_to_their_cpus() -> None:
    """Three quarters of 8 are 6 for `a`, at least ceil(6 / 1.2) = 5; 2 for `b`, at least 2."""
    assert sorted(hinted(draft("aaaabbbb"), among=nodes(a="6", b="2"))) == [*"aaaaaabb"]


@pytest.mark.parametrize(
    ("meant", "changed"),
    [
        # 3 at least for each of two zones, and one of 7 is to spare: 4 at most.
        ("aaaabbb", False),
        ("aaabbbb", False),
        ("aabbbbb", True),
        ("aaaaabb", True),
        # An endpoint for a zone that there is not.
        ("aaaabbc", True),
    ],
)
def test_a_slice_stays_as_long_as_no_zone_has_more_than_it_may(
    meant: str, *, changed: bool
) -> None:
    held = draft("aaaabbb", meant, changed=False)

    hinted(held, among=nodes(a="4", b="4"))

    assert held.changed is changed


def test_what_other_slices_are_meant_for_counts() -> None:
    """Of 8 endpoints in halves each zone has 4, and 4 is also the least: ceil(4 / 1.2)."""
    first, second = draft("aaab", "aaab", changed=False), draft("abbb", "aaab", changed=False)

    # Of the second, only one may be meant for `a` when three of the first are.
    assert hinted(first, second, among=nodes(a="4", b="4")).count("a") == 4
    assert (first.changed, second.changed) == (False, True)


@pytest.mark.parametrize(
    "among",
    [
        nodes(a="4"),
        [*nodes(a="4", b="4"), node("", "4")],
        [*nodes(a="4", b="4"), node("c", "0")],
    ],
    ids=["one zone", "a node without a zone", "a node without CPUs"],
)
def test_without_knowing_all_zones_there_are_no_hints(among: list[Node]) -> None:
    assert hinted(draft("aaabbb", "aaabbb", changed=False), among=among) == "------"


@pytest.mark.parametrize(
    "left_out",
    [
        node("", "4", ready="False"),
        node("c", "64", ready="Unknown"),
        node("c", "64", **{"node-role.kubernetes.io/control-plane": ""}),
        node("", "4", **{"node-role.kubernetes.io/master": ""}),
    ],
    ids=["not ready", "out of reach", "control plane", "master"],
)
def test_nodes_that_serve_nobody_do_not_count(left_out: Node) -> None:
    assert hinted(draft("aabb"), among=[left_out, *nodes(a="4", b="4")]) == "aabb"


def test_endpoints_that_are_not_ready_are_neither_counted_nor_hinted() -> None:
    slice_ = draft("aabb")
    for each in slice_.endpoints[1:3]:
        each["conditions"] = {"ready": False}

    # 2 of 2 zones are left, one for each.
    assert hinted(slice_, among=nodes(a="4", b="4")) == "a--b"
    three = nodes(a="4", b="4", c="4")
    assert hinted(slice_, among=three) == "----"


@pytest.mark.parametrize(
    ("annotations", "expected"),
    [
        ({"service.kubernetes.io/topology-mode": "auto"}, "aabb"),
        ({"service.kubernetes.io/topology-aware-hints": "Auto"}, "aabb"),
        ({"service.kubernetes.io/topology-mode": "Disabled"}, "----"),
        (
            {
                "service.kubernetes.io/topology-aware-hints": "Disabled",
                "service.kubernetes.io/topology-mode": "Auto",
            },
            "----",
        ),
    ],
)
def test_the_older_annotation_has_the_last_word(annotations: dict[str, str], expected: str) -> None:
    service = msgspec.convert({"metadata": {"name": "web", "annotations": annotations}}, Service)
    slice_ = draft("aabb")

    hint(service, nodes(a="4", b="4"), [slice_])

    hints = [each.get("hints", {"forZones": [{"name": "-"}]}) for each in slice_.endpoints]
    assert "".join(each["forZones"][0]["name"] for each in hints) == expected


@pytest.mark.parametrize(
    ("distribution", "where", "expected"),
    [
        ("PreferSameNode", {"zone": "a"}, {"forZones": [{"name": "a"}]}),
        ("PreferSameNode", {"nodeName": "n"}, {"forNodes": [{"name": "n"}]}),
        ("PreferSameNode", {}, None),
        ("PreferSameZone", {"nodeName": "n"}, None),
        ("", {"zone": "a", "nodeName": "n"}, None),
    ],
)
def test_an_endpoint_is_meant_for_what_is_known_of_its_place(
    distribution: str, where: Document, expected: Document | None
) -> None:
    service = msgspec.convert({"spec": {"trafficDistribution": distribution}}, Service)
    endpoint = {"addresses": ["10.0.0.1"], "conditions": {"ready": True}, **where}
    slice_ = Draft("slice", [endpoint], changed=False)

    hint(service, [], [slice_])

    assert slice_.endpoints[0].get("hints") == expected
    assert slice_.changed is (expected is not None)


def test_the_cpus_of_a_zone_are_those_of_all_its_nodes() -> None:
    """Two thirds of 6 are 4, at least ceil(4 / 1.2); a third is 2."""
    assert hinted(draft("aaabbb"), among=nodes(a="4", b="4") + nodes(a="4")).count("a") == 4


THIRDS = nodes(a="4", b="4", c="4")


@pytest.mark.parametrize(
    ("zones", "among", "expected"),
    [
        # 14 / 3 = 4.67: `a` has 1.33 too many, which is one; `b` and `c` lack 0.67 each.
        ("aaaaaabbbbcccc", THIRDS, "aaaaabbbbbcccc"),
        # 13 / 3 = 4.33: `c` lacks 1.33; `a` and `b` have 0.67 too many each.
        ("aaaaabbbbbccc", THIRDS, "aaaabbbbbcccc"),
        # 3.5, 3.5 and 7 of 14: half an endpoint is enough to give where a whole one is missing,
        ("aaaabbbbcccccc", nodes(a="4", b="4", c="8"), "aaabbbbccccccc"),
        # and enough to take where a whole one is left.
        ("aaabbbcccccccc", nodes(a="4", b="4", c="8"), "aaaabbbccccccc"),
        # 4.8 and 2.4 of 12: `a` has 1.2 too many, but nobody lacks as much as a half.
        ("aaaaaabbccdd", nodes(a="4", b="2", c="2", d="2"), "aaaaaabbccdd"),
        # 7 / 3 = 2.33: less than one on both sides.
        ("aaabbcc", THIRDS, "aaabbcc"),
        # 7.2 and 3.6 of 18: `a` lacks 1.2, but nobody has as much as a half too many.
        (
            "aaaaaabbbbccccdddd",
            nodes(a="4", b="2", c="2", d="2"),
            "aaaaaabbbbccccdddd",
        ),
        # 1.6 of 10 for `a`, but at least ceil(1.6 / 1.2) = 2: a whole one is missing.
        ("abbbbbbbbb", nodes(a="16", b="84"), "aabbbbbbbb"),
        # From a zone that has all to one that has none.
        ("aaaa", nodes(a="4", b="4"), "aabb"),
    ],
)
def test_endpoints_move_where_a_half_or_more_is_too_many_and_missing(
    zones: str, among: list[Node], expected: str
) -> None:
    """Source: topologycache/sliceinfo.go getGivingAndReceivingZones()."""
    assert "".join(sorted(hinted(draft(zones), among=among))) == expected


def test_the_most_that_a_zone_may_have_is_what_the_others_leave() -> None:
    """6.05 and 3.95 of 10 are at least ceil(5.04) = 6 and ceil(3.29) = 4: nothing is to spare."""
    held = draft("aaaaabbbbb", "aaaaabbbbb", changed=False)

    assert sorted(hinted(held, among=nodes(a="6050m", b="3950m"))) == [*"aaaaaabbbb"]


def test_a_slice_that_is_written_anyway_is_hinted_anew() -> None:
    assert hinted(draft("aaaabbb", "aaabbbb"), among=nodes(a="4", b="4")) == "aaaabbb"


def test_all_slices_that_stay_count_for_those_that_are_written() -> None:
    """Of 12 endpoints 6 are for each zone: seven of `a` are one too many."""
    stay = [draft("aaa", "aaa", changed=False) for _ in range(2)]

    assert hinted(*stay, draft("abbbbb"), among=nodes(a="4", b="4")) == "aaaaaabbbbbb"


def test_an_endpoint_that_is_not_ready_does_not_make_its_slice_be_written() -> None:
    held = draft("aaaabbba", "aaabbbb", changed=False)
    held.endpoints[-1]["conditions"] = {"ready": False}

    assert hinted(held, among=nodes(a="4", b="4")) == "aaabbbb-"
    assert held.changed is False


@pytest.mark.parametrize(("ready", "expected"), [(False, "aab-b"), (True, "-----")])
def test_an_endpoint_without_a_zone_spoils_hints_when_it_is_ready(
    expected: str, *, ready: bool
) -> None:
    slice_ = draft("aabcb")
    slice_.endpoints[3] = {"addresses": ["10.0.0.3"], "conditions": {"ready": ready}}

    assert hinted(slice_, among=nodes(a="4", b="4")) == expected
