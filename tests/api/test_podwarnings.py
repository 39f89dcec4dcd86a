"""What the API server remarks on pods."""

from __future__ import annotations

from typing import Any

import pytest

from svcnet.api.podwarnings import warn_of_pod


def remarks(path: str = "", annotations: Any = None, **spec: Any) -> list[str]:
    return list(warn_of_pod(path, {"metadata": {"annotations": annotations or {}}, "spec": spec}))


def test_old_annotations_are_told_of() -> None:
    annotations = {"scheduler.alpha.kubernetes.io/critical-pod": ""}
    told = 'non-functional in v1.16+; use the "priorityClassName" field instead'
    at = "metadata.annotations[scheduler.alpha.kubernetes.io/critical-pod]"

    assert remarks("spec.template.", annotations) == [f"spec.template.{at}: {told}"]
    assert remarks("", annotations) == [f"{at}: {told}"]


@pytest.mark.parametrize(("context", "count"), [(None, 1), ({"seccompProfile": {}}, 0)])
def test_a_field_takes_the_place_of_the_seccomp_annotation(context: Any, count: int) -> None:
    annotations = {"seccomp.security.alpha.kubernetes.io/pod": "x"}

    assert len(remarks("", annotations, securityContext=context)) == count


def test_app_armor_is_remarked_on_in_templates_only() -> None:
    annotations = {"container.apparmor.security.beta.kubernetes.io/c": "x"}
    containers = [{"name": "c"}]

    assert remarks("", annotations, containers=containers) == []
    assert remarks("spec.template.", annotations, containers=containers) == [
        "spec.template.metadata.annotations[container.apparmor.security.beta.kubernetes.io/c]: "
        'deprecated since v1.30; use the "appArmorProfile" field instead'
    ]


@pytest.mark.parametrize(
    ("ports", "told"),
    [
        ([{"hostPort": 1}, {"hostPort": 1}], ["duplicate port definition with"]),
        ([{"hostPort": 1}, {}], ["overlapping port definition with"]),
        ([{"hostPort": 1, "hostIP": "192.0.2.1"}, {"hostPort": 1}],
         ["dangerously ambiguous port definition with"]),
        ([{"hostPort": 1}, {"hostPort": 2}], []),
        ([{"protocol": "UDP"}, {"protocol": "TCP"}], []),
    ],
)  # fmt: skip
def test_ports_of_all_containers_are_compared(ports: list[Any], told: list[str]) -> None:
    first, second = ({"containerPort": 80, "protocol": "TCP", **each} for each in ports)
    said = remarks(initContainers=[{"ports": [first]}], containers=[{"ports": [second]}])

    at = "spec.containers[0].ports[0]"
    assert said == [f"{at}: {each} spec.initContainers[0].ports[0]" for each in told]


@pytest.mark.parametrize(
    ("again", "hides"),
    [
        ({"value": "$(A):x"}, False),
        ({"value": "$(A)"}, True),
        ({"value": "x"}, True),
        ({"valueFrom": {"fieldRef": {}}}, True),
    ],
)
def test_a_variable_may_build_on_itself(again: dict[str, Any], *, hides: bool) -> None:
    said = remarks(containers=[{"env": [{"name": "A", "value": "1"}, {"name": "A", **again}]}])

    told = 'spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when'
    assert said == ([f"{told} using apply"] if hides else [])


def test_terms_without_a_selector_mean_no_pod() -> None:
    term = {"topologyKey": "zone"}
    said = remarks(
        affinity={
            "podAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]},
            "podAntiAffinity": {
                "preferredDuringSchedulingIgnoredDuringExecution": [{"podAffinityTerm": term}]
            },
        }
    )

    null = "labelSelector: a null labelSelector results in matching no pod"
    assert said == [
        f"spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].{null}",
        "spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0]."
        f"podAffinityTerm.{null}",
    ]


def test_aliases_and_pull_secrets_are_told_apart() -> None:
    said = remarks(
        hostAliases=[{"ip": "192.0.2.1"}, {"ip": "192.0.2.1"}],
        imagePullSecrets=[{"name": "a"}, {"name": ""}, {"name": "a"}],
    )

    assert said == [
        'spec.hostAliases[1].ip: duplicate ip "192.0.2.1"',
        'spec.imagePullSecrets[2].name: duplicate name "a"',
        'spec.imagePullSecrets[1].name: invalid empty name ""',
    ]
