"""Documents held against the fields of their kinds."""

from __future__ import annotations

from typing import Any

import pytest

from svcnet.api import decoder, fields, quantity
from svcnet.api.keys import Document
from svcnet.errors import BadRequest
from tests.api.structs import STRUCTS

REFUSED = 'Service in version "v1" cannot be handled as a Service: '


def service(spec: Any, **metadata: Any) -> Document:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "x", **metadata},
        "spec": spec,
    }


def refused(document: Document) -> str:
    with pytest.raises(BadRequest) as caught:
        fields.decode(document)
    return str(caught.value)


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        (
            {"ports": [{"port": 80, "targetport": 8080}], "selectors": {"app": "x"}},
            'strict decoding error: unknown field "spec.ports[0].targetport", '
            'unknown field "spec.selectors"',
        ),
        (
            {"ports": [{"port": "80"}]},
            "json: cannot unmarshal string into Go struct field ServicePort.spec.ports.port of "
            "type int32",
        ),
        (
            {"ports": {"port": 80}},
            "json: cannot unmarshal object into Go struct field ServiceSpec.spec.ports of type "
            "[]v1.ServicePort",
        ),
        (
            {"publishNotReadyAddresses": "yes"},
            "json: cannot unmarshal string into Go struct field "
            "ServiceSpec.spec.publishNotReadyAddresses of type bool",
        ),
        (
            {"selector": {"v": True}},
            "json: cannot unmarshal bool into Go struct field ServiceSpec.spec.selector of type "
            "string",
        ),
        (
            {"ports": [{"port": 80, "protocol": 6}]},
            "json: cannot unmarshal number into Go struct field ServicePort.spec.ports.protocol of "
            "type v1.Protocol",
        ),
        (
            {"ports": [{"port": 1.5}]},
            "json: cannot unmarshal number 1.5 into Go struct field ServicePort.spec.ports.port of "
            "type int32",
        ),
        (
            {"ports": [{"targetPort": True}]},
            "json: cannot unmarshal bool into Go value of type int32",
        ),
        (
            [],
            "json: cannot unmarshal array into Go struct field Service.spec of type v1.ServiceSpec",
        ),
    ],
)
def test_what_does_not_fit_is_refused_in_the_servers_words(spec: Any, told: str) -> None:
    assert refused(service(spec)) == f"{REFUSED}{told}"


def test_of_wrong_types_the_first_in_alphabetical_order_is_told() -> None:
    assert "ServiceSpec.spec.clusterIP " in refused(service({"type": 1, "clusterIP": 1}))


def test_a_wrong_type_goes_before_an_unknown_field() -> None:
    assert "cannot unmarshal" in refused(service({"a": 1, "type": 1}))


def test_unknown_fields_are_warned_of_or_dropped_as_asked() -> None:
    document = service({"ports": [{"port": 80, "targetport": 1}], "a": 1})

    warned = fields.decode(document, "Warn")
    ignored = fields.decode(document, "Ignore")

    assert warned.warnings == ('unknown field "spec.a"', 'unknown field "spec.ports[0].targetport"')
    assert ignored.warnings == ()
    assert warned.document == ignored.document
    assert warned.document["spec"] == {"ports": [{"port": 80, "targetPort": 0}]}


def test_what_holds_nothing_is_not_stored() -> None:
    document = service(
        {"selector": {}, "clusterIP": "", "ports": None, "externalIPs": []},
        labels=None,
        annotations={},
        creationTimestamp=None,
    )

    assert fields.decode(document).document == {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "x"},
        "spec": {},
        "status": {"loadBalancer": {}},
    }


def test_pointers_are_stored_also_when_they_point_to_nothing() -> None:
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "spec": {
            "automountServiceAccountToken": False,
            "hostNetwork": False,
            "containers": [{"name": "c"}],
            "volumes": [{"name": "v", "emptyDir": {}}],
        },
    }

    assert fields.decode(pod).document["spec"] == {
        "automountServiceAccountToken": False,
        "containers": [{"name": "c", "resources": {}}],
        "volumes": [{"name": "v", "emptyDir": {}}],
    }


def test_slices_show_that_they_are_empty() -> None:
    document = {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "endpoints": []}

    assert fields.decode(document).document == {
        **document,
        "addressType": "",
        "endpoints": None,
        "metadata": {},
        "ports": None,
    }


def test_nulls_in_lists_and_maps_are_zero_values() -> None:
    document = service({"selector": {"a": None}, "externalIPs": [None]})

    spec = fields.decode(document).document["spec"]

    assert spec == {"selector": {"a": ""}, "externalIPs": [""]}


def test_kinds_without_a_table_are_taken_as_they_are() -> None:
    document = {"apiVersion": "example.com/v1", "kind": "Widget", "spec": {"a": None}}

    assert fields.decode(document) == (document, ())


def test_times_come_out_in_utc() -> None:
    document = service({}, creationTimestamp="2026-11-23T19:00:00.5+02:00")

    metadata = fields.decode(document).document["metadata"]

    assert metadata["creationTimestamp"] == "2026-11-23T17:00:00Z"


def test_a_bad_time_is_refused_as_go_refuses_it() -> None:
    told = refused(service({}, creationTimestamp="soon"))

    assert told == (
        f'{REFUSED}parsing time "soon" as "2006-01-02T15:04:05Z07:00": cannot parse "soon" as '
        '"2006"'
    )


def test_kubectl_itself_refuses_labels_that_are_no_strings() -> None:
    assert fields.metadata_fault(service({}, labels={"v": 1})) == (
        "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type "
        "string"
    )
    assert fields.metadata_fault(service({}, unknown=1)) == ""


@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        ("0.5", "500m"),
        ("100m", "100m"),
        ("1000m", "1"),
        ("1024Mi", "1Gi"),
        ("1500Mi", "1500Mi"),
        ("128974848", "128974848"),
        ("129e6", "129e6"),
        ("1.5Gi", "1536Mi"),
        ("0.1Gi", "107374182400m"),
        ("100000", "100k"),
        ("0", "0"),
        ("-1", "-1"),
        ("0.0000000001", "1n"),
    ],
)
def test_quantities_come_out_canonical(given: str, canonical: str) -> None:
    assert quantity.canonical(given) == canonical


@pytest.mark.parametrize("text", ["", "x", "1x", "1 Gi", "--1", "1.2.3", "Gi"])
def test_what_is_no_quantity_is_refused(text: str) -> None:
    with pytest.raises(quantity.QuantityError):
        quantity.canonical(text)


@pytest.mark.parametrize("name", STRUCTS)
def test_every_struct_of_the_table_can_be_decoded(name: str) -> None:
    struct = decoder.struct_named(name)

    assert struct.decode({}, (), decoder.DecodingErrors()) == struct.empty()


@pytest.mark.parametrize("when", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"])
def test_a_time_that_utc_has_no_year_for_is_refused(when: str) -> None:
    told = refused(service({}, creationTimestamp=when))

    assert told.startswith(f'{REFUSED}parsing time "{when}" as "2006-01-02T15:04:05Z07:00": ')


def test_bytes_that_are_null_are_none() -> None:
    secret = {"apiVersion": "v1", "kind": "Secret", "data": {"a": None, "b": "Yg=="}}

    assert fields.decode(secret).document["data"] == {"a": "", "b": "Yg=="}
