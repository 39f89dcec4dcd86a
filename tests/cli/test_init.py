"""`init`, and the cluster that another command makes first."""

from __future__ import annotations

from pathlib import Path

import pytest

from svcnet.api.config import ClusterSettings
from svcnet.control.bootstrap import create_default
from svcnet.store.opening import open_reader
from svcnet.store.pools import Pool
from tests.cli.conftest import run


def test_init_says_in_one_line_what_it_made(db: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run("init", capsys=capsys)

    assert (status, err) == (0, "")
    assert out == (
        f"cluster made in {db}: nodes n1, n2, n3; services 10.96.0.0/12; node ports 30000-32767; "
        "pods 10.244.0.0/16; load balancers 203.0.113.0/24\n"
    )
    with open_reader(db) as reader:
        assert reader.settings == ClusterSettings()
        nodes = [each["spec"]["podCIDR"] for each in reader.list("nodes")]
        assert nodes == ["10.244.0.0/24", "10.244.1.0/24", "10.244.2.0/24"]
        assert len(reader.claims(Pool.POD_RANGES, "", "~", 10)) == 3


def test_all_that_init_is_told_is_kept(db: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(
        "init",
        "--nodes=a:zone-1,b",
        "--service-cluster-ip-range=10.0.0.0/24,fd00::/112",
        "--service-node-port-range=30000+9",
        "--cluster-cidr=10.8.0.0/16,fd00:8::/56",
        "--load-balancer-ip-range=none",
        "--seed=-4",
        capsys=capsys,
    )

    assert (status, err) == (0, "")
    assert "nodes a:zone-1, b; " in out
    assert out.endswith("load balancers pending\n")
    with open_reader(db) as reader:
        assert reader.settings == ClusterSettings(
            seed="-4",
            service_cidrs=("10.0.0.0/24", "fd00::/112"),
            node_ports=(30000, 30009),
            cluster_cidrs=("10.8.0.0/16", "fd00:8::/56"),
            node_masks=(24, 64),
            load_balancer_cidr="",
        )
        labels = reader.list("nodes")[0]["metadata"]["labels"]
        assert labels["topology.kubernetes.io/zone"] == "zone-1"


def test_a_cluster_may_have_no_nodes(db: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run("init", "--nodes", "", capsys=capsys)

    assert status == 0
    assert "nodes none;" in out
    with open_reader(db) as reader:
        assert reader.list("nodes") == []


@pytest.mark.usefixtures("db")
def test_a_cluster_that_is_there_stays(db: str, capsys: pytest.CaptureFixture[str]) -> None:
    run("init", "--seed=1", capsys=capsys)

    status, out, err = run("init", "--seed=2", capsys=capsys)

    assert (status, out) == (1, "")
    assert err == f"error: a cluster exists already in {db}; --force replaces it\n"
    with open_reader(db) as reader:
        assert reader.settings.seed == "1"


def test_force_replaces_a_cluster(db: str, capsys: pytest.CaptureFixture[str]) -> None:
    run("init", "--seed=1", capsys=capsys)
    run("create", "service", "clusterip", "web", "--tcp=80", capsys=capsys)

    assert run("init", "--seed=2", "--force", capsys=capsys)[0] == 0

    with open_reader(db) as reader:
        assert reader.settings.seed == "2"
        assert [row.name for row in reader.rows("services")] == ["kubernetes"]


@pytest.mark.usefixtures("db")
def test_the_same_commands_give_the_same_state(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    states = []
    for name in ("one.db", "two.db"):
        where = str(tmp_path / name)
        run("init", "--db", where, capsys=capsys)
        run("create", "service", "nodeport", "web", "--tcp=80", "--db", where, capsys=capsys)
        with open_reader(where) as reader:
            states.append([reader.bodies(each) for each in reader.resources()])

    assert states[0] == states[1]


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(
    ("words", "kind", "endpoint"),
    [
        ((), "IPv4", "192.168.50.10"),
        (("--apiserver-advertise-address=10.0.0.7",), "IPv4", "10.0.0.7"),
        (("--service-cluster-ip-range=fd00::/112",), "IPv6", "fd00:192:168:50::10"),
        # The Service asks for one family, and so does what stands behind it.
        (("--service-cluster-ip-range=10.0.0.0/24,fd00::/112",), "IPv4", "192.168.50.10"),
        (("--apiserver-advertise-address=none",), "", ""),
    ],
)
def test_the_api_server_says_where_it_is(
    words: tuple[str, ...], kind: str, endpoint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("init", *words, capsys=capsys)[0] == 0

    rows = run("get", "endpointslices", "--no-headers", capsys=capsys).out.split()
    assert rows[:4] == (["kubernetes", kind, "6443", endpoint] if kind else [])


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("mode", ["iptables", "nftables"])
def test_traffic_for_the_api_server_goes_there(
    mode: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run("init", capsys=capsys)

    rules = run("rules", "--node=n1", f"--proxy-mode={mode}", capsys=capsys).out

    assert "192.168.50.10:6443" in rules or "192.168.50.10 . 6443" in rules
    assert "has no endpoints" not in rules


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(
    ("words", "why"),
    [
        (
            ["--apiserver-advertise-address=x"],
            'invalid argument "x" for "--apiserver-advertise-address" flag: failed to parse IP: '
            '"x"',
        ),
        (
            ["--apiserver-advertise-address=127.0.0.1"],
            'invalid argument "127.0.0.1" for "--apiserver-advertise-address" flag: may not be in '
            "the loopback range (127.0.0.0/8, ::1/128)",
        ),
        (
            ["--apiserver-advertise-address=fd00::1"],
            'service IP family "10.96.0.0/12" must match public address family "fd00::1"',
        ),
        (
            ["--service-cluster-ip-range=10.0.0.0/30"],
            "error determining service IP ranges for primary service cidr: the service cluster IP "
            "range must be at least 8 IP addresses",
        ),
        (
            ["--service-node-port-range=9-8"],
            'invalid argument "9-8" for "--service-node-port-range" flag: end port cannot be less '
            "than start port: 9-8",
        ),
        (["--nodes=a,a"], 'invalid argument "a,a" for "--nodes" flag: node a comes twice'),
        (["n1"], "Unexpected args: [n1]"),
    ],
)
def test_what_cannot_be_is_refused_and_makes_nothing(
    words: list[str], why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = run("init", *words, capsys=capsys)

    assert (status, out) == (1, "")
    assert err.splitlines()[0] == f"error: {why}"
    assert not list(tmp_path.iterdir())


def test_a_write_makes_the_default_cluster_first(
    db: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = run("create", "namespace", "x", capsys=capsys)

    assert (status, out) == (0, "namespace/x created\n")
    assert err == f"svcnet: made a new cluster with nodes n1, n2, n3 in {db}\n"


def test_who_comes_second_makes_no_cluster(db: str) -> None:
    assert create_default(db, ("n1",), "2026-01-01T00:00:00Z")
    assert not create_default(db, ("n1", "n2"), "2026-01-01T00:00:00Z")


@pytest.mark.parametrize(
    ("services", "pods", "addresses"),
    [
        (
            "10.0.0.0/24,fd00::/112",
            ["10.244.0.0/24", "fd00:10:244::/64"],
            ["192.168.50.11", "fd00:192:168:50::11"],
        ),
        (
            "fd00::/112,10.0.0.0/24",
            ["fd00:10:244::/64", "10.244.0.0/24"],
            ["fd00:192:168:50::11", "192.168.50.11"],
        ),
        ("fd00::/112", ["fd00:10:244::/64"], ["fd00:192:168:50::11"]),
    ],
)
def test_nodes_have_what_services_of_each_family_need(
    db: str,
    capsys: pytest.CaptureFixture[str],
    services: str,
    pods: list[str],
    addresses: list[str],
) -> None:
    status, _, err = run("init", f"--service-cluster-ip-range={services}", capsys=capsys)

    assert (status, err) == (0, "")
    with open_reader(db) as reader:
        node = reader.list("nodes")[0]
        assert node["spec"]["podCIDRs"] == pods
        assert [each["address"] for each in node["status"]["addresses"]] == [*addresses, "n1"]
