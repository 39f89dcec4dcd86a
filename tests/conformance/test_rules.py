"""What a real kube-proxy left on real nodes, and what svcnet prints for them."""

from __future__ import annotations

import pytest

from tests.conformance.cases import Capture, captures
from tests.conformance.unordered import unordered

CAPTURES = captures()


def test_the_captures_are_there() -> None:
    assert len(CAPTURES) == 1295
    assert {(each.mode.value, each.family.value) for each in CAPTURES} == {
        ("iptables", "ipv4"),
        ("iptables", "ipv6"),
        ("nftables", "ipv4"),
        ("nftables", "ipv6"),
    }


@pytest.mark.parametrize("capture", CAPTURES, ids=str)
def test_a_node_holds_what_kube_proxy_put_there(capture: Capture) -> None:
    """The case's ABOUT.md says what it is about."""
    assert unordered(capture.printed()) == unordered(capture.text)


SERVICES = """*nat
:KUBE-SERVICES - [3:180]
-A KUBE-SERVICES -d 10.96.0.2/32 -p tcp -m comment --comment "b cluster IP" --dport 80 -j B
-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m comment --comment "a cluster IP" --dport 80 -j A1
-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m comment --comment "a cluster IP" --dport 80 -j A2
-A KUBE-SERVICES -m comment --comment "last" -j KUBE-NODEPORTS
COMMIT
"""


def swapped(text: str, one: int, other: int) -> str:
    lines = text.splitlines()
    lines[one], lines[other] = lines[other], lines[one]
    return "\n".join(lines)


def test_service_ports_may_follow_each_other_in_any_order() -> None:
    assert unordered(swapped(SERVICES, 2, 3)) == unordered(SERVICES)


@pytest.mark.parametrize(("one", "other"), [(3, 4), (2, 5)])
def test_rules_of_one_service_port_and_the_last_rule_keep_their_place(one: int, other: int) -> None:
    assert unordered(swapped(SERVICES, one, other)) != unordered(SERVICES)


def test_rules_of_other_chains_keep_their_order() -> None:
    text = SERVICES.replace("KUBE-SERVICES", "KUBE-POSTROUTING")

    assert unordered(swapped(text, 2, 3)) != unordered(text)


TABLE = """table ip kube-proxy {
  comment "rules for kube-proxy"
  set cluster-ips {
    type ipv4_addr
    elements = { 10.96.0.1, 10.96.0.2,
                 10.96.0.3 }
  }

  chain services {
    jump one
    jump two
  }

  chain service-AAAAAAAA-a/b/tcp/ {
    drop
  }

  chain service-BBBBBBBB-a/c/tcp/ {
    drop
  }
}
"""


def test_elements_and_service_chains_may_come_in_any_order() -> None:
    moved = TABLE.replace("10.96.0.1, 10.96.0.2", "10.96.0.2, 10.96.0.1")
    moved = moved.replace("AAAAAAAA-a/b", "X").replace("BBBBBBBB-a/c", "AAAAAAAA-a/b")
    moved = moved.replace("X", "BBBBBBBB-a/c")

    assert unordered(moved) == unordered(TABLE)


@pytest.mark.parametrize(
    ("old", "new"),
    [("10.96.0.3", "10.96.0.4"), ("jump one\n    jump two", "jump two\n    jump one")],
)
def test_what_nft_lists_must_be_the_same_otherwise(old: str, new: str) -> None:
    assert unordered(TABLE.replace(old, new)) != unordered(TABLE)
