"""`svcnet rules`: from the state or from files, one node or all of them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from svcnet.cli.app import main
from tests.conformance.cases import CASES
from tests.conformance.unordered import unordered

KITCHEN_SINK = CASES / "combo-kitchen-sink"
BUNDLE = str(KITCHEN_SINK / "bundle.yaml")

MANIFEST = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: nginx}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 80}]
"""

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs a command: exit status, output, errors."""

    def run(*words: str) -> tuple[int, str, str]:
        status = main(words)
        out, err = capsys.readouterr()
        return status, out, err

    return run


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> Path:
    """Return a state with the manifest applied."""
    monkeypatch.setenv("SVCNET_DB", str(tmp_path / "cluster.db"))
    manifest = tmp_path / "web.yaml"
    manifest.write_text(MANIFEST)
    run("init")
    status, _, errors = run("apply", "-f", str(manifest))
    assert status == 0, errors
    return tmp_path


def rules_of(run: Run, *words: str, notes: str = "") -> str:
    """Return what is printed; `notes` is what is told beside."""
    status, out, err = run("rules", *words)
    assert (status, err) == (0, notes)
    return out


@pytest.mark.parametrize(
    ("words", "file"),
    [
        ((), "n2.iptables"),
        (("--ip-family", "ipv6"), "n2.ip6tables"),
        (("--proxy-mode", "nftables"), "n2.ip.nft"),
        (("--proxy-mode=nftables", "--ip-family=ipv6"), "n2.ip6.nft"),
    ],
)
def test_files_are_enough(run: Run, words: tuple[str, ...], file: str) -> None:
    printed = rules_of(run, "-f", BUNDLE, "--node", "n2", *words)

    assert unordered(printed) == unordered((KITCHEN_SINK / "expected" / file).read_text())


@pytest.mark.usefixtures("state")
def test_the_state_gives_the_rules_of_every_node(run: Run) -> None:
    printed = rules_of(run, "--node", "n1")

    assert printed.count("\n:KUBE-SVC-") == 2  # And default/kubernetes.
    assert printed.count("\n:KUBE-SEP-") == 4
    assert '"default/web cluster IP"' in printed


def test_a_manifest_gives_the_rules_it_would_get(run: Run, state: Path) -> None:
    notes = (
        "svcnet: no nodes in the files: those of the stored cluster, n1, n2, n3\n"
        "svcnet: no endpointslices in the files: they are derived from pods\n"
        "svcnet: cluster IPs are drawn from 10.96.0.0/12 and load balancers get 203.0.113.0/24, as "
        "in the stored cluster\n"
        "svcnet: pods are in 10.244.0.0/16, as in the stored cluster\n"
    )
    printed = rules_of(run, "-f", str(state / "web.yaml"), "--node", "n1", notes=notes)

    assert printed.count("\n:KUBE-SEP-") == 4
    assert '"default/web cluster IP"' in printed


def test_a_dump_gives_the_rules_of_the_cluster_it_was_taken_from(run: Run, state: Path) -> None:
    kinds = "nodes,services,endpointslices,servicecidrs"
    status, dump, _ = run("get", kinds, "-A", "-o", "json")
    assert status == 0
    (state / "dump.json").write_text(dump)
    notes = (
        "svcnet: only namespace default in the files: rules of other namespaces are missing\n"
        "svcnet: pods are in 10.244.0.0/16, as in the stored cluster\n"
    )

    for mode in ("iptables", "nftables"):
        words = ("--node", "n2", "--proxy-mode", mode)
        dumped = rules_of(run, "-f", str(state / "dump.json"), *words, notes=notes)
        assert dumped == rules_of(run, *words)


@pytest.mark.usefixtures("state")
def test_the_same_is_printed_every_time(run: Run) -> None:
    assert rules_of(run, "--node", "n1") == rules_of(run, "--node", "n1")


def test_a_config_file_may_choose_the_mode_and_a_flag_goes_before_it(
    run: Run, tmp_path: Path
) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("mode: nftables\n")
    words = ("-f", BUNDLE, "--node", "n1", "--config", str(config))

    assert rules_of(run, *words).startswith("table ip kube-proxy")
    assert "*nat" in rules_of(run, *words, "--proxy-mode", "iptables")


def test_all_nodes_have_a_file_each(run: Run, tmp_path: Path) -> None:
    for mode, suffix in (("iptables", "iptables"), ("nftables", "ip.nft")):
        words = ("-f", BUNDLE, "--proxy-mode", mode)
        assert rules_of(run, *words, "--all-nodes", "--output-dir", str(tmp_path / "out")) == ""
        for node in ("n1", "n2", "n3"):
            alone = rules_of(run, *words, "--node", node)
            assert (tmp_path / "out" / f"{node}.{suffix}").read_text() == alone


def test_a_summary_has_a_row_for_each_mode_and_family(run: Run) -> None:
    """Counted by hand in the captured files."""
    head, *rows = rules_of(run, "-f", BUNDLE, "--node", "n1", "--summary").splitlines()
    captured = (KITCHEN_SINK / "expected" / "n1.iptables").read_text()

    assert " ".join(head.split()) == "MODE FAMILY CHAINS RULES ELEMENTS SERVICES ENDPOINTS LARGE"
    assert [row.split()[:2] for row in rows] == [
        ["iptables", "ipv4"], ["iptables", "ipv6"], ["nftables", "ipv4"], ["nftables", "ipv6"],
    ]  # fmt: skip
    chains, rules = captured.count("\n:"), captured.count("\n-A ")
    assert rows[0].split()[2:5] == [str(chains), str(rules), "0"]


def test_a_summary_can_be_read_by_tools(run: Run) -> None:
    words = ("--summary", "-o", "json", "--proxy-mode", "nftables", "--ip-family", "ipv4")

    (row,) = json.loads(rules_of(run, "-f", BUNDLE, "--node", "n1", *words))

    assert (row["mode"], row["family"], row["large"]) == ("nftables", "ipv4", False)


@pytest.mark.parametrize("mode", ["iptables", "nftables"])
def test_rules_can_be_read_by_tools(run: Run, mode: str) -> None:
    told = json.loads(
        rules_of(run, "-f", BUNDLE, "--node", "n1", "--proxy-mode", mode, "-o", "json")
    )

    assert (told["node"], told["mode"], told["family"]) == ("n1", mode, "ipv4")
    names = [table["name"] for table in told["tables"]]
    assert names == (["mangle", "filter", "nat"] if mode == "iptables" else ["kube-proxy"])
    assert all(table["chains"] for table in told["tables"])


def test_rules_that_nft_would_refuse_come_with_a_warning(run: Run, tmp_path: Path) -> None:
    bundle = tmp_path / "long.yaml"
    bundle.write_text(
        "{apiVersion: v1, kind: Node, metadata: {name: n1}}\n---\n"
        "{apiVersion: v1, kind: Service, "
        f"metadata: {{name: {'s' * 63}, namespace: {'n' * 63}}}, "
        f"spec: {{clusterIP: 10.96.0.1, ports: [{{name: {'p' * 15}, port: 80}}]}}}}\n"
    )

    status, out, err = run("rules", "-f", str(bundle), "--node", "n1", "--proxy-mode", "nftables")

    assert (status, out[:5]) == (0, "table")
    assert "\nWarning: kube-proxy 1.36.2 cannot load these rules: the comment" in err
    assert err.endswith("has 143 bytes, nft allows 128\n")


def test_a_node_that_is_not_there_is_not_found(run: Run) -> None:
    status, out, err = run("rules", "-f", BUNDLE, "--node", "n9")

    assert (status, out) == (1, "")
    assert err == 'Error from server (NotFound): nodes "n9" not found\n'


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), 'required flag(s) "node" not set'),
        (("--node", "n1", "--proxy-mode", "ipvs"), 'invalid argument "ipvs" for "--proxy-mode"'),
        (("--node", "n1", "--ip-family", "4"), "must be ipv4 or ipv6"),
        (("--node", "n1", "-o", "yaml"), 'the output format "yaml", allowed formats are: json'),
        (("--node", "n1", "--all-nodes", "--output-dir", "x"), "exclude each other"),
        (("--all-nodes",), "--all-nodes needs --output-dir"),
        (("--all-nodes", "--output-dir", "x", "--summary"), "--summary and --output need --node"),
        (("--all-nodes", "--output-dir", "x", "-o", "json"), "--summary and --output need --node"),
        (("--node", "n1", "--output-dir", "x"), "--output-dir needs --all-nodes"),
        (("--node", "n1", "--config", "nowhere.yaml"), "open nowhere.yaml: no such file"),
    ],
    ids=str,
)
def test_words_that_make_no_sense_are_refused(run: Run, words: tuple[str, ...], told: str) -> None:
    status, out, err = run("rules", "-f", BUNDLE, *words)

    assert (status, out) == (1, "")
    assert err.startswith("error: ")
    assert told in err


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("mode: ipvs", "choose with --proxy-mode"),
        ("iptables: {masquerade: true}", 'unknown field "iptables.masquerade"'),
        ("iptables: {masqueradeBit: 32}", "must be within the range [0, 31]"),
        ("- mode: iptables", "a KubeProxyConfiguration is expected"),
        ("mode: [", "error parsing"),
    ],
)
def test_config_files_that_make_no_sense_are_refused(
    run: Run, tmp_path: Path, text: str, told: str
) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(text)

    status, _, err = run("rules", "-f", BUNDLE, "--node", "n1", "--config", str(config))

    assert status == 1
    assert told in err


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: 1", "apiVersion not set, kind not set"),
        ("{apiVersion: v1, kind: Node, metadata: {name: n1}, status: {addresses: 1}}", "Node"),
        ("{apiVersion: v1, kind: Nothing, metadata: {name: n1}}", 'no matches for kind "Nothing"'),
    ],
)
def test_objects_that_make_no_sense_are_refused(
    run: Run, tmp_path: Path, text: str, told: str
) -> None:
    bundle = tmp_path / "bundle.yaml"
    bundle.write_text(text)

    status, _, err = run("rules", "-f", str(bundle), "--node", "n1")

    assert status == 1
    assert told in err


def test_a_terminal_is_shown_how_far_it_is(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)

    status, out, _ = run("rules", "-f", BUNDLE, "--all-nodes", "--output-dir", str(tmp_path))

    assert (status, out) == (0, "")
    assert len(list(tmp_path.iterdir())) == 3


def test_files_cannot_be_called_after_every_node(run: Run, state: Path) -> None:
    # An earlier svcnet took such names from files.
    with sqlite3.connect(state / "cluster.db") as stored:
        stored.execute(
            """UPDATE documents SET body = replace(body, '"name":"n1"', '"name":"../n1"')"""
        )
    stored.close()

    status, _, err = run("rules", "--all-nodes", "--output-dir", str(state / "out"))

    assert status == 1
    assert err.endswith('error: no file can be called after the node "../n1"\n')


def test_a_folder_that_cannot_be_made_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    words = ("-f", BUNDLE, "--all-nodes", "--output-dir", str(tmp_path / "file" / "out"))
    status, _, err = run("rules", *words)

    assert (status, err) == (1, f"error: {tmp_path}/file/out: not a directory\n")
