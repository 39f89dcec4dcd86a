"""A range of cluster IPs, until there is none left."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path

import pytest

from svcnet.cli.app import main
from svcnet.store.opening import open_reader

RANGE = ip_network("10.0.0.0/28")


def addresses(where: str) -> dict[str, str]:
    with open_reader(where) as reader:
        services = reader.list("services")
    return {each["metadata"]["name"]: each["spec"]["clusterIP"] for each in services}


def test_every_address_is_handed_out_once_and_can_be_had_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    where = str(tmp_path / "state.db")
    monkeypatch.setenv("SVCNET_DB", where)
    usable = {str(each) for each in RANGE.hosts()}
    assert main(["init", f"--service-cluster-ip-range={RANGE}"]) == 0

    for number in range(len(usable) - 1):  # default/kubernetes has the first one.
        assert main(["create", "service", "clusterip", f"s{number}", "--tcp=80"]) == 0
    capsys.readouterr()
    assert set(addresses(where).values()) == usable
    assert len(addresses(where)) == len(usable)

    assert main(["create", "service", "clusterip", "late", "--tcp=80"]) == 1
    assert capsys.readouterr().err == (
        "error: failed to create ClusterIP service: Internal error occurred: failed to allocate a "
        'serviceIP for Service "late": range is full\n'
    )

    released = addresses(where)["s5"]
    assert main(["delete", "service", "s5"]) == 0
    assert main(["create", "service", "clusterip", "late", "--tcp=80"]) == 0
    assert addresses(where)["late"] == released
