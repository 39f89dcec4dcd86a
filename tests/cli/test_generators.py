"""What `create` makes out of flags; expected values were recorded from kubectl 1.36."""

from __future__ import annotations

import re

import pytest

from svcnet.cli.commands import generators
from svcnet.cli.commands.generators import Identity
from svcnet.errors import SvcnetError


def test_a_deployment_has_a_container_for_each_image_and_the_first_has_the_port() -> None:
    made = generators.deployment(Identity("two"), ["nginx:1.25", "redis:7"], replicas=3, port=6379)

    assert made["spec"]["replicas"] == 3
    assert made["spec"]["template"]["spec"]["containers"] == [
        {
            "name": "nginx",
            "image": "nginx:1.25",
            "ports": [{"containerPort": 6379}],
            "resources": {},
        },
        {"name": "redis", "image": "redis:7", "resources": {}},
    ]


def test_fields_stand_in_the_order_of_the_go_structs() -> None:
    made = generators.deployment(Identity("x", "team"), ["nginx"])

    assert list(made) == ["kind", "apiVersion", "metadata", "spec", "status"]
    assert list(made["metadata"]) == ["name", "namespace", "labels"]
    assert list(made["spec"]) == ["replicas", "selector", "template", "strategy"]


def test_a_container_name_is_cleaned_and_told_apart() -> None:
    assert re.fullmatch("my-app-[a-z0-9]{5}", generators.container_name("team/my_app:1"))


@pytest.mark.parametrize(
    ("text", "name", "target"),
    [("80", "80", 80), ("80:8080", "80-8080", 8080), ("80:http", "80-http", "http")],
)
def test_a_port_is_named_after_how_it_was_asked_for(text: str, name: str, target: object) -> None:
    (port,) = generators.service(Identity("s"), "ClusterIP", [text])["spec"]["ports"]

    assert (port["name"], port["port"], port["targetPort"]) == (name, 80, target)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("abc", 'strconv.ParseUint: parsing "abc": invalid syntax'),
        ("80000", 'strconv.ParseUint: parsing "80000": value out of range'),
        (
            "80:",
            "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-),"
            "must contain at least one letter (a-z)",
        ),
        ("80:0", "must be between 1 and 65535, inclusive"),
    ],
)
def test_a_port_that_is_none_is_refused(text: str, told: str) -> None:
    with pytest.raises(SvcnetError) as refused:
        generators.service(Identity("s"), "ClusterIP", [text])

    assert str(refused.value) == told
