"""The order of a write, and what the server adds, wipes, counts and refuses."""

from __future__ import annotations

from typing import Any

import pytest

from svcnet.api.keys import Document, Key
from svcnet.api.merge import Patch, PatchType
from svcnet.control.apiserver import registry, requests
from svcnet.control.apiserver.registry import WriteOptions
from svcnet.errors import (
    AlreadyExists,
    BadRequest,
    Conflict,
    Invalid,
    NotFound,
    NotServed,
    RequestInvalid,
    StatusError,
)
from svcnet.store.transaction import Transaction
from tests.control.clusters import ANYTHING, NOW, cluster, created, key, merged, service

WEB = Key("deployments.apps", "default", "web")


def deployment(**spec: Any) -> Document:
    labels = {"app": "web"}
    template = {
        "metadata": {"labels": labels},
        "spec": {"containers": [{"name": "c", "image": "nginx"}]},
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "namespace": "default"},
        "spec": {"selector": {"matchLabels": labels}, "template": template, **spec},
        "status": {"replicas": 7},
    }


def stored(txn: Transaction, where: Key) -> Document:
    document = txn.get(where)
    assert document is not None
    return document


def patched(txn: Transaction, where: Key, body: Any, **how: Any) -> requests.Written:
    type_ = PatchType.JSON if isinstance(body, list) else how.pop("type_", PatchType.MERGE)
    return registry.patch(txn, where, Patch(type_, body), WriteOptions(**how))


class TestCreate:
    def test_the_server_sets_its_own_metadata(self) -> None:
        txn = cluster()
        document = service("s")
        document["metadata"] |= {
            "uid": "1",
            "resourceVersion": "5",
            "creationTimestamp": "2020-01-01T00:00:00Z",
        }

        metadata = registry.create(txn, document).document["metadata"]

        assert metadata["creationTimestamp"] == NOW
        assert metadata["uid"] not in ("", "1")
        assert int(metadata["resourceVersion"]) == txn.revision

    def test_status_is_wiped_and_changes_are_counted_from_one(self) -> None:
        document = registry.create(cluster(), deployment()).document

        assert document["status"] == {}
        assert document["metadata"]["generation"] == 1

    def test_the_namespace_must_be_there(self) -> None:
        document = service("s")
        document["metadata"]["namespace"] = "nope"

        with pytest.raises(NotFound, match=r'^namespaces "nope" not found$'):
            registry.create(cluster(), document)

    def test_decoding_comes_before_the_namespace(self) -> None:
        document = service("s", ports=[{"port": "80"}])
        document["metadata"]["namespace"] = "nope"

        with pytest.raises(BadRequest, match="cannot unmarshal string"):
            registry.create(cluster(), document)

    def test_broken_rules_come_before_existence(self) -> None:
        with pytest.raises(Invalid):
            registry.create(cluster(), service("kubernetes", type="Nonsense"))
        with pytest.raises(AlreadyExists, match=r'^services "kubernetes" already exists$'):
            registry.create(cluster(), service("kubernetes"))

    def test_all_broken_rules_are_told_at_once(self) -> None:
        """Recorded: a bad name and a bad type."""
        with pytest.raises(Invalid) as error:
            registry.create(cluster(), service("X_y", type="Nope"))

        assert [each.path for each in error.value.faults] == ["metadata.name", "spec.type"]

    def test_a_name_can_be_left_to_the_server(self) -> None:
        txn = cluster()
        document = service("")
        document["metadata"] = {"namespace": "default", "generateName": "g-"}
        names = {registry.create(txn, document).document["metadata"]["name"] for _ in range(20)}

        assert len(names) == 20
        assert all(each.startswith("g-") and len(each) == 7 for each in names)

    def test_a_kind_must_be_served(self) -> None:
        with pytest.raises(NotServed, match="the server could not find the requested resource"):
            registry.create(cluster(), service("s") | {"kind": "Servce"})

    def test_strange_fields_can_be_warned_about(self) -> None:
        document = service("s", colour="red")

        with pytest.raises(BadRequest, match=r'unknown field "spec\.colour"'):
            registry.create(cluster(), document)
        written = registry.create(cluster(), document, WriteOptions(field_validation="Warn"))

        assert written.warnings == ('unknown field "spec.colour"',)

    def test_any_kind_is_stored_and_given_back(self) -> None:
        document = {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": "c", "namespace": "default"},
            "data": {"k": "v"},
        }
        txn = cluster()
        registry.create(txn, document)

        assert stored(txn, Key("configmaps", "default", "c"))["data"] == {"k": "v"}


class TestUpdate:
    def test_what_is_the_same_is_not_written(self) -> None:
        txn = cluster()
        created(txn, "s")
        before = txn.revision

        assert not registry.update(txn, stored(txn, key("s"))).changed
        assert not patched(txn, key("s"), {}).changed
        assert txn.revision == before

    def test_a_stale_version_is_refused(self) -> None:
        txn = cluster()
        created(txn, "s")
        seen = stored(txn, key("s"))
        merged(txn, "s", sessionAffinity="ClientIP")

        with pytest.raises(Conflict, match="please apply your changes to the latest version"):
            registry.update(txn, seen)

    def test_another_uid_is_another_object(self) -> None:
        txn = cluster()
        created(txn, "s")
        document = service("s")
        document["metadata"]["uid"] = "11111111-2222-3333-4444-555555555555"

        with pytest.raises(Conflict) as error:
            registry.update(txn, document)

        place = "Code: 4, Key: /registry/services/specs/default/s, ResourceVersion: 0"
        assert place in str(error.value)

    def test_only_some_kinds_are_made_by_an_update(self) -> None:
        """Recorded: replace makes a Service that is not there."""
        txn = cluster()
        registry.update(txn, service("s"))

        with pytest.raises(NotFound, match=r'^deployments.apps "web" not found$'):
            registry.update(txn, deployment())
        assert stored(txn, key("s"))

    def test_only_changes_to_the_spec_are_counted(self) -> None:
        txn = cluster()
        registry.create(txn, deployment())
        patched(txn, WEB, {"metadata": {"labels": {"a": "b"}}})
        labelled = stored(txn, WEB)["metadata"]["generation"]
        patched(txn, WEB, {"spec": {"replicas": 3}})

        assert (labelled, stored(txn, WEB)["metadata"]["generation"]) == (1, 2)

    def test_status_changes_only_through_its_subresource(self) -> None:
        """Recorded for a load balancer."""
        txn = cluster()
        created(txn, "s", type="LoadBalancer")
        status = {"loadBalancer": {"ingress": [{"ip": "198.51.100.9"}]}}

        assert not patched(txn, key("s"), {"status": status}).changed
        patched(
            txn,
            key("s"),
            {"status": status, "spec": {"sessionAffinity": "ClientIP"}},
            subresource="status",
        )

        service_ = stored(txn, key("s"))
        assert service_["spec"]["sessionAffinity"] == "None"
        assert service_["status"]["loadBalancer"]["ingress"] == [
            {"ip": "198.51.100.9", "ipMode": "VIP"}
        ]

    def test_the_scale_is_a_view_of_the_object(self) -> None:
        txn = cluster()
        registry.create(txn, deployment())
        written = patched(txn, WEB, {"spec": {"replicas": 4}}, subresource="scale")

        assert written.document["kind"] == "Scale"
        assert stored(txn, WEB)["spec"]["replicas"] == 4
        with pytest.raises(Invalid, match="must be greater than or equal to 0"):
            patched(txn, WEB, {"spec": {"replicas": -1}}, subresource="scale")
        with pytest.raises(NotServed):
            patched(txn, key("kubernetes"), {"spec": {"replicas": 1}}, subresource="scale")


class TestPatch:
    def test_a_patch_needs_an_object(self) -> None:
        with pytest.raises(NotFound, match=r'^services "s" not found$'):
            patched(cluster(), key("s"), {})

    def test_a_patch_cannot_give_another_name(self) -> None:
        txn = cluster()
        created(txn, "s")

        with pytest.raises(BadRequest, match=r"object \(t\) does not match the name on the URL"):
            patched(txn, key("s"), {"metadata": {"name": "t"}})

    def test_wrong_types_have_words_of_their_own_in_a_strategic_merge_patch(self) -> None:
        """Recorded."""
        txn = cluster()
        created(txn, "s")

        with pytest.raises(RequestInvalid) as error:
            patched(txn, key("s"), {"spec": {"ports": "x"}}, type_=PatchType.STRATEGIC)

        assert str(error.value) == (
            'patch: Invalid value: "map[spec:map[ports:x]]": cannot restore slice from string'
        )

    @pytest.mark.parametrize(
        ("body", "why"),
        [
            ({"spec": {"selector": "x"}}, "cannot restore map from string"),
            ({"spec": {"sessionAffinityConfig": [1]}}, "cannot restore struct from: slice"),
            ({"spec": {"healthCheckNodePort": "x"}}, "unrecognized type: int32"),
            ({"spec": {"externalName": 5}}, "cannot convert int64 to string"),
        ],
    )
    def test_each_wrong_type_is_told_as_the_conversion_tells_it(
        self, body: Document, why: str
    ) -> None:
        txn = cluster()
        created(txn, "s")

        with pytest.raises(RequestInvalid) as error:
            patched(txn, key("s"), body, type_=PatchType.STRATEGIC)

        assert str(error.value).endswith(f": {why}")

    def test_a_field_that_was_asked_for_and_is_taken_away_was_a_change(self) -> None:
        """Recorded: `patched`, although the node port stays; a drawn one is nobody's."""
        txn = cluster()
        who = WriteOptions(manager="kubectl")
        ports = [{"port": 80, "nodePort": 30080}]
        registry.create(txn, service("a", type="NodePort", ports=ports), who)
        registry.create(txn, service("b", type="NodePort"), who)
        removal = [{"op": "remove", "path": "/spec/ports/0/nodePort"}]

        assert patched(txn, key("a"), removal, manager="kubectl").changed
        assert not patched(txn, key("b"), removal, manager="kubectl").changed
        assert stored(txn, key("a"))["spec"]["ports"][0]["nodePort"] == 30080


@pytest.mark.parametrize("spec", [{}, {"type": "NodePort"}, {"clusterIP": "None"}])
def test_a_dry_run_shows_what_would_be_and_leaves_no_trace(spec: Document) -> None:
    txn = cluster()
    before = txn.revision

    shown = registry.create(txn, service("s", **spec), WriteOptions(dry_run=True))

    assert shown.document["spec"]["clusterIP"]
    assert txn.revision == before
    with pytest.raises(StatusError):
        registry.delete(txn, key("s"))


def test_a_dry_run_refuses_what_a_run_would_refuse() -> None:
    with pytest.raises(AlreadyExists):
        registry.create(cluster(), service("kubernetes"), WriteOptions(dry_run=True))


def test_server_side_apply_makes_and_changes_objects() -> None:
    txn = cluster()
    who = WriteOptions(manager="kubectl")
    config = service("s", selector={"app": "s"})
    document = registry.apply(txn, config, who).document

    assert not registry.apply(txn, config, who).changed
    again = registry.apply(txn, service("s", selector={"app": "t"}), who)

    assert again.changed
    assert again.document["spec"]["selector"] == {"app": "t"}
    assert again.document["spec"]["clusterIP"] == document["spec"]["clusterIP"]


def test_a_defined_kind_is_served_at_once() -> None:
    txn = cluster()
    definition = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "widgets.example.com"},
        "spec": {
            "group": "example.com",
            "names": {"kind": "Widget", "plural": "widgets"},
            "scope": "Namespaced",
            "versions": [{"name": "v1", "served": True, "storage": True, "schema": ANYTHING}],
        },
    }
    status = registry.create(txn, definition).document["status"]
    widget = {
        "apiVersion": "example.com/v1",
        "kind": "Widget",
        "metadata": {"name": "w", "namespace": "default"},
        "spec": {"size": 1},
    }
    registry.create(txn, widget)
    where = Key("widgets.example.com", "default", "w")

    assert [each["type"] for each in status["conditions"]] == ["NamesAccepted", "Established"]
    assert status["storedVersions"] == ["v1"]
    assert stored(txn, where)["metadata"]["generation"] == 1
    patched(txn, where, {"spec": {"size": 2}})
    assert stored(txn, where)["metadata"]["generation"] == 2
    with pytest.raises(Invalid, match="must be specified for an update"):
        registry.update(txn, {**widget, "spec": {"size": 3}})
