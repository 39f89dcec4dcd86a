"""Tables: cells as recorded from a real cluster, or as its printers.go makes them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcnet.api.keys import Document
from svcnet.api.kinds import BUILT_IN, SERVICE, Kind, Kinds
from svcnet.cli.printers.columns import table_of
from svcnet.cli.printers.columns_custom import custom_table
from svcnet.cli.printers.columns_workloads import pod_state
from svcnet.cli.printers.tables import TableOptions, align, lines

NOW = "2026-11-23T16:30:00Z"
MADE = "2026-11-23T16:29:15Z"
KINDS = Kinds()


def made(kind: str, name: str = "x", **rest: Any) -> Document:
    found = KINDS.named(kind)
    assert found is not None
    return {
        "apiVersion": found.api_version,
        "kind": found.kind,
        "metadata": {"name": name, "namespace": "default", "creationTimestamp": MADE},
        **rest,
    }


def row(document: Document) -> list[str]:
    kind = KINDS.of_document(document["apiVersion"], document["kind"])
    assert kind is not None
    return [str(cell) for cell in table_of(kind).row(document, NOW)]


def shown(*documents: Document, **options: Any) -> list[str]:
    kind = KINDS.of_document(documents[0]["apiVersion"], documents[0]["kind"])
    assert kind is not None
    return list(lines(kind, table_of(kind), documents, NOW, TableOptions(**options)))


def web(**spec: Any) -> Document:
    return made(
        "Service",
        "web",
        spec={
            "type": "ClusterIP",
            "clusterIPs": ["10.96.7.7"],
            "ports": [{"port": 80, "protocol": "TCP"}],
            "selector": {"app": "web"},
            **spec,
        },
    )


@pytest.mark.parametrize("kind", BUILT_IN, ids=lambda kind: kind.plural)
def test_every_kind_has_as_many_cells_as_headers(kind: Kind) -> None:
    shape = table_of(kind)

    cells = shape.row({"kind": kind.kind}, NOW)

    assert len(cells) == len(shape.headers)
    assert "NAME" in shape.headers
    assert all(0 < index < len(shape.headers) for index in shape.wide)


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(st.dictionaries(st.text(max_size=5), inner, max_size=3), max_size=3)
        | st.dictionaries(st.sampled_from(["name", "type", "ip", "port", "status"]), inner)
    ),
    max_leaves=8,
)


@given(st.sampled_from(BUILT_IN), st.sampled_from(["spec", "status", "metadata"]), json)
def test_no_object_breaks_a_table(kind: Kind, part: str, value: Any) -> None:
    """Objects that are restored from elsewhere need not look as the API server leaves them."""
    list(
        lines(
            kind, table_of(kind), [{"kind": kind.kind, part: value}], NOW, TableOptions(wide=True)
        )
    )


# --- services ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spec", "cells"),
    [
        ({}, ["ClusterIP", "10.96.7.7", "<none>", "80/TCP"]),
        ({"clusterIPs": ["None"]}, ["ClusterIP", "None", "<none>", "80/TCP"]),
        (
            {"type": "NodePort", "ports": [{"port": 80, "nodePort": 30080, "protocol": "TCP"}]},
            ["NodePort", "10.96.7.7", "<none>", "80:30080/TCP"],
        ),
        (
            {"externalIPs": ["203.0.113.1", "203.0.113.2"]},
            ["ClusterIP", "10.96.7.7", "203.0.113.1,203.0.113.2", "80/TCP"],
        ),
        (
            {"type": "LoadBalancer"},
            ["LoadBalancer", "10.96.7.7", "<pending>", "80/TCP"],
        ),
        (
            {"type": "ExternalName", "externalName": "x.io", "clusterIPs": None, "ports": None},
            ["ExternalName", "<none>", "x.io", "<none>"],
        ),
    ],
)
def test_a_service_shows_where_it_answers(spec: dict[str, Any], cells: list[str]) -> None:
    assert row(web(**spec))[1:5] == cells


def test_a_load_balancers_addresses_are_sorted_before_the_external_ones() -> None:
    status = {"loadBalancer": {"ingress": [{"ip": "9.9.9.9"}, {"hostname": "lb.example.com"}]}}
    service = {**web(type="LoadBalancer", externalIPs=["1.1.1.1"]), "status": status}

    assert row(service)[3] == "9.9.9.9,lb.example.com,1.1.1.1"


@pytest.mark.parametrize(
    ("ports", "addresses", "cells"),
    [
        (None, None, ["<unset>", "<unset>"]),
        ([{"port": 80}], ["10.0.0.1"], ["80", "10.0.0.1"]),
        ([{"name": "web"}, {}], ["10.0.0.1"], ["web,*", "10.0.0.1"]),
        (
            [{"port": 80}],
            ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5"],
            ["80", "10.0.0.1,10.0.0.2,10.0.0.3 + 2 more..."],
        ),
    ],
)
def test_a_slice_shows_its_first_endpoints(
    ports: Any, addresses: list[str] | None, cells: list[str]
) -> None:
    endpoints = None if addresses is None else [{"addresses": [each]} for each in addresses]

    cell = row(made("EndpointSlice", addressType="IPv4", ports=ports, endpoints=endpoints))

    assert cell[2:4] == cells


@pytest.mark.parametrize(
    ("subsets", "cell"),
    [
        (None, "<none>"),
        ([{"notReadyAddresses": [{"ip": "10.0.0.1"}], "ports": [{"port": 80}]}], ""),
        ([{"addresses": [{"ip": "10.0.0.1"}]}], "10.0.0.1"),
        ([{"addresses": [{"ip": "fd00::1"}], "ports": [{"port": 80}]}], "[fd00::1]:80"),
        (
            [{"addresses": [{"ip": f"10.0.0.{n}"} for n in range(1, 6)], "ports": [{"port": 80}]}],
            "10.0.0.1:80,10.0.0.2:80,10.0.0.3:80 + 2 more...",
        ),
    ],
)
def test_endpoints_show_their_first_ready_addresses(subsets: Any, cell: str) -> None:
    assert row(made("Endpoints", subsets=subsets))[1] == cell


# --- pods and nodes ---------------------------------------------------------------------------


def pod(**status: Any) -> Document:
    spec = {"containers": [{"name": "a"}, {"name": "b"}], "initContainers": [{"name": "i"}]}
    return made("Pod", spec=spec, status={"phase": "Running", **status})


RUNNING = {"state": {"running": {}}, "ready": True}


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ({}, "Running"),
        ({"reason": "Evicted"}, "Evicted"),
        ({"containerStatuses": [RUNNING, RUNNING]}, "Running"),
        (
            {"containerStatuses": [{"state": {"waiting": {"reason": "CrashLoopBackOff"}}}]},
            "CrashLoopBackOff",
        ),
        ({"containerStatuses": [{"state": {"terminated": {"exitCode": 3}}}]}, "ExitCode:3"),
        ({"containerStatuses": [{"state": {"terminated": {"signal": 9}}}]}, "Signal:9"),
        (
            {"containerStatuses": [{"state": {"terminated": {"reason": "Completed"}}}, RUNNING]},
            "NotReady",
        ),
        (
            {
                "containerStatuses": [{"state": {"terminated": {"reason": "Completed"}}}, RUNNING],
                "conditions": [{"type": "Ready", "status": "True"}],
            },
            "Running",
        ),
        ({"initContainerStatuses": [{"name": "i", "state": {"running": {}}}]}, "Init:0/1"),
        (
            {"initContainerStatuses": [{"name": "i", "state": {"terminated": {"exitCode": 1}}}]},
            "Init:ExitCode:1",
        ),
        (
            {"initContainerStatuses": [{"name": "i", "state": {"terminated": {"exitCode": 0}}}]},
            "Running",
        ),
        (
            {"conditions": [{"type": "PodScheduled", "reason": "SchedulingGated"}]},
            "SchedulingGated",
        ),
    ],
)
def test_a_pods_status_is_the_last_thing_that_is_so(status: dict[str, Any], reason: str) -> None:
    assert pod_state(pod(**status)).reason == reason


def test_a_pod_that_is_being_deleted_is_terminating_unless_it_is_done() -> None:
    for phase, reason in (("Running", "Terminating"), ("Succeeded", "Succeeded")):
        doomed = pod(phase=phase)
        doomed["metadata"]["deletionTimestamp"] = NOW

        assert pod_state(doomed).reason == reason


def test_restarts_tell_when_the_last_one_was() -> None:
    ended = {"terminated": {"finishedAt": "2026-11-23T16:25:00Z"}}
    status = {**RUNNING, "restartCount": 2, "lastState": ended}

    assert row(pod(containerStatuses=[status, RUNNING]))[1:4] == ["2/2", "Running", "2 (5m ago)"]


def test_sidecars_count_as_containers() -> None:
    sidecar = pod(
        initContainerStatuses=[{"name": "i", "started": True, "ready": True}],
        containerStatuses=[RUNNING, RUNNING],
    )
    sidecar["spec"]["initContainers"][0]["restartPolicy"] = "Always"

    assert row(sidecar)[1:3] == ["3/3", "Running"]


@pytest.mark.parametrize(
    ("conditions", "spec", "status"),
    [
        ([{"type": "Ready", "status": "True"}], {}, "Ready"),
        ([{"type": "Ready", "status": "Unknown"}], {}, "NotReady"),
        ([], {}, "Unknown"),
        (
            [{"type": "Ready", "status": "True"}],
            {"unschedulable": True},
            "Ready,SchedulingDisabled",
        ),
    ],
)
def test_a_nodes_status(conditions: Any, spec: Any, status: str) -> None:
    assert row(made("Node", spec=spec, status={"conditions": conditions}))[1] == status


def test_a_nodes_roles_are_in_its_labels() -> None:
    node = made("Node")
    node["metadata"]["labels"] = {
        "node-role.kubernetes.io/worker": "",
        "node-role.kubernetes.io/control-plane": "",
        "kubernetes.io/role": "edge",
    }

    assert row(node)[2] == "control-plane,edge,worker"


# --- custom resources -------------------------------------------------------------------------


def test_a_custom_resource_shows_the_columns_its_definition_asks_for() -> None:
    kind = Kind("Widget", "widgets", "example.com")
    columns = [
        {"name": "Size", "type": "integer", "jsonPath": ".spec.size"},
        {"name": "Since", "type": "date", "jsonPath": ".metadata.creationTimestamp"},
        {"name": "Note", "type": "string", "jsonPath": ".spec.note", "priority": 1},
    ]
    definition = {"spec": {"versions": [{"name": "v1", "additionalPrinterColumns": columns}]}}
    widget = {"metadata": {"name": "w", "creationTimestamp": MADE}, "spec": {"size": 3}}

    shape = custom_table(kind, definition)

    assert shape.headers == ("NAME", "SIZE", "SINCE", "NOTE")
    assert list(shape.row(widget, NOW)) == ["w", "3", "45s", ""]
    assert shape.wide == {3}
    assert custom_table(kind, {}).headers == ("NAME", "AGE")


# --- layout -----------------------------------------------------------------------------------


def test_columns_are_as_wide_as_their_widest_cell_and_a_gap() -> None:
    assert shown(web()) == [
        "NAME   TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)   AGE",
        "web    ClusterIP   10.96.7.7    <none>        80/TCP    45s",
    ]


def test_wide_tables_have_more_columns() -> None:
    assert shown(web(), wide=True)[0].endswith("AGE   SELECTOR")
    assert shown(web(), wide=True)[1].endswith("45s   app=web")


def test_labels_become_columns_where_asked_for() -> None:
    labelled = web()
    labelled["metadata"]["labels"] = {"app": "web", "topology.kubernetes.io/zone": "a"}
    wanted = {"label_columns": ("topology.kubernetes.io/zone", "none"), "show_labels": True}

    header, line = shown(labelled, **wanted)

    assert header.endswith("AGE   ZONE   NONE   LABELS")
    assert line.endswith("45s   a             app=web,topology.kubernetes.io/zone=a")


def test_namespaces_come_first_and_kinds_with_the_names() -> None:
    header, line = shown(web(), namespaces=True, kinds=True)

    assert header.startswith("NAMESPACE   NAME          TYPE")
    assert line.startswith("default     service/web   ClusterIP")


def test_nodes_have_no_namespace() -> None:
    assert shown(made("Node"), namespaces=True)[0].startswith("NAME ")


def test_without_headers_only_rows_count_for_widths() -> None:
    assert shown(web(), headers=False) == ["web   ClusterIP   10.96.7.7   <none>   80/TCP   45s"]


def test_no_objects_make_no_table() -> None:
    assert list(lines(SERVICE, table_of(SERVICE), [], NOW, TableOptions())) == []


@given(st.lists(st.lists(st.text("ab", max_size=9), min_size=3, max_size=3), min_size=1))
def test_every_cell_starts_where_its_column_does(rows: list[list[str]]) -> None:
    starts = [
        sum(max(6, *(len(row[at]) + 3 for row in rows)) for at in range(column))
        for column in range(3)
    ]

    for cells, line in zip(rows, align(rows), strict=True):
        for cell, start in zip(cells, starts, strict=True):
            assert line[start:].startswith(cell)
