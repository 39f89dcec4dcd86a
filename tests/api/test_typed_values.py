"""What server-side apply cannot tell the owners of."""

from __future__ import annotations

from typing import Any

import pytest

from svcnet.api.kinds import DEPLOYMENT, NODE, SERVICE, Kind
from svcnet.api.typed_values import fault

START = "failed to create typed patch object "


def service(**spec: Any) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "a", "namespace": "b"},
        "spec": spec,
    }


@pytest.mark.parametrize(
    ("ports", "told"),
    [
        (
            [{"port": 80}, {"port": 80, "protocol": "TCP", "name": "x"}],
            '.spec.ports: duplicate entries for key [port=80,protocol="TCP"]',
        ),
        ([{"port": 80}, {"port": 80, "protocol": "UDP"}], ""),
        ([{"prot": 1, "port": 80}], '.spec.ports[port=80,protocol="TCP"].prot: field not declared'),
        ([{"port": "x"}, {"port": None}], ""),
        (None, ""),
        ("text", ""),
    ],
)
def test_ports_are_told_apart_by_number_and_protocol(ports: Any, told: str) -> None:
    found = fault(service(ports=ports), SERVICE)

    assert found.startswith(f"{START}(b/a; /v1, Kind=Service): {told}" if told else "")
    assert bool(found) == bool(told)


def test_several_faults_have_a_line_each() -> None:
    container = {
        "name": "c",
        "zz": 1,
        "env": [{"name": "A"}, {"name": "A"}],
        "command": ["x", "x"],
    }
    spec = {"template": {"spec": {"containers": [container, {"image": "y"}]}}}
    document = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {}, "spec": spec}

    assert fault(document, DEPLOYMENT) == (
        f"{START}(/; apps/v1, Kind=Deployment): errors:\n"
        '  .spec.template.spec.containers[name="c"].env: duplicate entries for key [name="A"]\n'
        '  .spec.template.spec.containers[name="c"].zz: field not declared in schema\n'
        "  .spec.template.spec.containers: element 1: associative list with keys has an element "
        'that omits all key fields ["name"] (and has no default values for any key fields)'
    )


def test_plain_values_of_a_set_are_told_apart_too() -> None:
    metadata = {"name": "n", "finalizers": ["x.example/a", "x.example/a"]}
    document = {"apiVersion": "v1", "kind": "Node", "metadata": metadata}

    assert fault(document, NODE) == (
        f"{START}(/n; /v1, Kind=Node): .metadata.finalizers: duplicate entries for key "
        '[="x.example/a"]'
    )


def test_of_a_custom_kind_nothing_is_known() -> None:
    kind = Kind("Thing", "things", "example.com")

    assert not fault({"apiVersion": "example.com/v1", "kind": "Thing", "x": 1}, kind)
