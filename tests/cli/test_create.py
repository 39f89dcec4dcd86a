"""`create configmap`, `secret generic`, `serviceaccount` and `node`."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Kubectl


def read(kubectl: Kubectl, *words: str) -> Any:
    return json.loads(kubectl("get", *words, "-o", "json").out)


def test_a_config_map_holds_literals_and_files(kubectl: Kubectl) -> None:
    Path("motd").write_text("hello\n")
    Path("raw.bin").write_bytes(b"\xff\x00")

    said = kubectl(
        "create", "configmap", "settings", "--from-literal=a=1", "--from-literal=b=x=y",
        "--from-file=motd", "--from-file=blob=raw.bin",
    )  # fmt: skip

    assert said == (0, "configmap/settings created\n", "")
    document = read(kubectl, "configmap", "settings")
    assert document["data"] == {"a": "1", "b": "x=y", "motd": "hello\n"}
    # What is no UTF-8 stands in a field of its own.
    assert document["binaryData"] == {"blob": base64.b64encode(b"\xff\x00").decode()}


def test_a_directory_gives_a_key_for_each_file(kubectl: Kubectl) -> None:
    Path("conf", "deeper").mkdir(parents=True)
    for name in ("one", "two.txt", "not a key"):
        Path("conf", name).write_text(name)

    kubectl("create", "cm", "settings", "--from-file=conf")

    assert read(kubectl, "cm", "settings")["data"] == {"one": "one", "two.txt": "two.txt"}


def test_an_env_file_skips_comments_and_empty_lines(kubectl: Kubectl) -> None:
    Path("env").write_text("# about\n\nA=1\n  B=two words\n")

    kubectl("create", "configmap", "settings", "--from-env-file=env")

    assert read(kubectl, "configmap", "settings")["data"] == {"A": "1", "B": "two words"}


def test_an_empty_config_map_has_no_data(kubectl: Kubectl) -> None:
    kubectl("create", "configmap", "settings")

    assert not {"data", "binaryData"} & read(kubectl, "configmap", "settings").keys()


@pytest.mark.parametrize("kind", [["configmap"], ["secret", "generic"]])
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--from-literal=a"], "invalid literal source a, expected key=value"),
        (["--from-literal==1"], "invalid literal source =1, expected key=value"),
        (["--from-literal=a=1", "--from-literal=a=2"], "another key by that name already exists"),
        (["--from-literal=a b=1"], "is not a valid"),
        (["--from-file=none"], "error reading none: no such file or directory"),
        (
            ["--from-env-file=none", "--from-literal=a=1"],
            "from-env-file cannot be combined with from-file or from-literal",
        ),
    ],
)
def test_data_that_makes_no_sense_is_refused(
    kubectl: Kubectl, kind: list[str], words: list[str], told: str
) -> None:
    said = kubectl("create", *kind, "settings", *words)

    assert said.status == 1
    assert said.err.startswith("error: ")
    assert told in said.err


def test_a_name_that_is_taken_is_refused(kubectl: Kubectl) -> None:
    kubectl("create", "configmap", "settings")

    assert kubectl("create", "configmap", "settings") == (
        1,
        "",
        'error: failed to create configmap: configmaps "settings" already exists\n',
    )


def test_a_secret_keeps_its_data_in_base64(kubectl: Kubectl) -> None:
    said = kubectl("create", "secret", "generic", "login", "--from-literal=user=admin")

    assert said == (0, "secret/login created\n", "")
    document = read(kubectl, "secret", "login")
    assert document["data"] == {"user": "YWRtaW4="}
    # The API server's default for secrets that do not say.
    assert document["type"] == "Opaque"


def test_a_secret_has_the_type_that_is_asked_for(kubectl: Kubectl) -> None:
    kubectl("create", "secret", "generic", "login", "--type=example.com/token")

    assert read(kubectl, "secret", "login")["type"] == "example.com/token"


def test_a_service_account_is_but_a_name(kubectl: Kubectl) -> None:
    assert kubectl("create", "serviceaccount", "robot").out == "serviceaccount/robot created\n"
    assert kubectl("create", "sa", "other", "--dry-run=client").out == (
        "serviceaccount/other created (dry run)\n"
    )
    names = kubectl("get", "sa", "-o", "name").out.split()
    assert "serviceaccount/robot" in names
    assert "serviceaccount/other" not in names


def test_a_named_namespace_is_where_objects_are_made(kubectl: Kubectl) -> None:
    kubectl("create", "namespace", "shop")
    kubectl("create", "sa", "robot", "-n", "shop")

    assert read(kubectl, "sa", "robot", "-n", "shop")["metadata"]["namespace"] == "shop"
    assert kubectl("get", "sa", "robot").status == 1


def test_a_node_has_the_zone_and_address_that_are_asked_for(kubectl: Kubectl) -> None:
    said = kubectl("create", "node", "edge", "--zone=b", "--internal-ip=192.168.50.99")

    assert said == (0, "node/edge created\n", "")
    document = read(kubectl, "node", "edge")
    assert document["metadata"]["labels"]["topology.kubernetes.io/zone"] == "b"
    assert {"type": "InternalIP", "address": "192.168.50.99"} in document["status"]["addresses"]
    assert kubectl("get", "node", "edge", "--no-headers").out.split()[1] == "Ready"


def test_a_new_node_gets_a_pod_range_of_its_own(kubectl: Kubectl) -> None:
    kubectl("create", "node", "edge")

    ranges = [each["spec"]["podCIDR"] for each in read(kubectl, "nodes")["items"]]
    addresses = [
        each["address"]
        for node in read(kubectl, "nodes")["items"]
        for each in node["status"]["addresses"]
        if each["type"] == "InternalIP"
    ]
    assert len({*ranges}) == len(ranges)
    assert len({*addresses}) == len(addresses)


def test_a_node_may_be_there_without_answering(kubectl: Kubectl) -> None:
    kubectl("create", "node", "edge", "--not-ready")

    assert kubectl("get", "node", "edge", "--no-headers").out.split()[1] == "NotReady"


def test_a_node_that_is_there_is_not_made_again(kubectl: Kubectl) -> None:
    said = kubectl("create", "node", "n1")

    assert said.status == 1
    assert 'nodes "n1" already exists' in said.err


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        (["--internal-ip=192.0.2.1,2001:DB8::1"], ["192.0.2.1", "2001:db8::1"]),
        (["--internal-ip=2001:db8::1", "--internal-ip=192.0.2.1"], ["2001:db8::1", "192.0.2.1"]),
        (["--internal-ip=192.0.2.1"], ["192.0.2.1"]),
    ],
)
def test_a_node_has_the_addresses_that_are_asked_for(
    kubectl: Kubectl, flags: list[str], expected: list[str]
) -> None:
    assert kubectl("create", "node", "edge", *flags).status == 0

    addresses = read(kubectl, "node", "edge")["status"]["addresses"]
    assert [each["address"] for each in addresses] == [*expected, "edge"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "x",
            'bad --internal-ip "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
        ),
        ("010.0.0.1", 'bad --internal-ip "010.0.0.1": must not have leading 0s'),
        ("127.0.0.1", 'bad --internal-ip "127.0.0.1": nodeIP can\'t be loopback address'),
        ("224.0.0.9", 'bad --internal-ip "224.0.0.9": nodeIP can\'t be a multicast address'),
        ("fe80::1", 'bad --internal-ip "fe80::1": nodeIP can\'t be a link-local unicast address'),
        ("::", 'bad --internal-ip "::": nodeIP can\'t be an all zeros address'),
        (
            "192.0.2.1,192.0.2.2",
            'bad --internal-ip "192.0.2.1,192.0.2.2"; must contain either a single IP or a '
            "dual-stack pair of IPs",
        ),
        ("192.168.50.11", '--internal-ip 192.168.50.11 is the address of node "n1"'),
    ],
)
def test_an_address_that_no_node_can_have_is_refused(
    kubectl: Kubectl, text: str, told: str
) -> None:
    assert kubectl("create", "node", "edge", "--internal-ip", text) == (1, "", f"error: {told}\n")
