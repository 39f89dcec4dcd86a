"""What can be wrong with documents from which svcnet derives something.

Written by hand: what may stand in the places of a valid document, and should not.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from typing import Any, NamedTuple, TypeAlias

from tests.cli.valid_documents import UID, VALID, Document

Choose: TypeAlias = Callable[[Sequence[Any]], Any]
"""Picks one of several, whoever decides which."""

POISON: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 7, 65536, 2**31, 2**63, 10**30, -(10**30), 0.5, 1e300,
    float("nan"), float("inf"), "", " ", "x", "X_Y", "-", "a\nb", "\n", "a\x00b", "\x7f", "\ud800",
    "a\udfffb", "\U0001f600", "é", "a" * 64, "a" * 254, "a" * 5000, "a/b", "a.b", "..", "../a", "%",
    "a b", "None", "null", "true", "1", "-1", "0x10", "1e3", "٣", "25%", "-5%", "150%", "x%",
    "10.0.0.1", "010.0.0.1", "10.0.0.256", "10.96.0.1", "0.0.0.1", "127.0.0.1", "224.0.0.1", "::",
    "fd00::1", "fe80::1%eth0", "::ffff:10.0.0.1", "10.0.0.0/8", "10.0.0.1/8", "10.0.0.0/33",
    "0.0.0.0/0", "::/0", "fd00::/108", "x/y", "1Gi", "1..5", "-1Gi", "1e999", "0.0000000001",
    "9" * 40, "2025-03-01T10:00:00Z", "2025-13-01T10:00:00Z", "yesterday", "0000-00-00T00:00:00Z",
    "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", UID, "v1", "v2", "apps/v1",
    "apps/v1beta1", "a/b/c", "TCP", "SCTP", "tcp", "IPv4", "IPv6", "FQDN", "ClusterIP", "NodePort",
    "ExternalName", "Recreate", "OnDelete", "Never", "Always", "Exists", "Gt", "web", "n1",
    "kube-system", "default", [], {}, [None], [[]], [{}], [""], ["x"], ["x", "x"], [1], {"": ""},
    {"x": None}, {"x": 1}, {"x": "y"}, {"a\nb": "c"}, {"\ud800": "a"}, {"app": "\ud800"},
    {"matchLabels": {}}, {"spec": None}, {"spec": {"containers": None}}, {"name": None},
    ["10.0.0.0/8", "10.1.0.0/16", "fd00::/108"], ["10.96.0.1", "10.96.0.1"],
    {"kubernetes.io/service-name": "web"}, {"deprecated.daemonset.template.generation": "\u00b2"},
    {"deployment.kubernetes.io/revision": "x"}, {"deployment.kubernetes.io/revision": "9" * 30},
    {"deployment.kubernetes.io/desired-replicas": "\u0663"}, {"app": "web", "a": "b"},
    {"kubectl.kubernetes.io/last-applied-configuration": "{"},
    {"kubectl.kubernetes.io/last-applied-configuration": "[]"},
    {"kubectl.kubernetes.io/last-applied-configuration": '{"metadata":1}'},
    [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web", "uid": UID,
      "controller": True}],
    [{"apiVersion": "v1", "kind": "Service", "name": "web", "uid": UID, "controller": True,
      "blockOwnerDeletion": True}],
    [{"apiVersion": "", "kind": "", "name": "", "uid": ""}],
    [{"apiVersion": "x/y/z", "kind": "Q", "name": "a\nb", "uid": "u"}],
)  # fmt: skip
"""What may stand anywhere."""

ADDED: tuple[tuple[str, Any], ...] = (
    ("deletionTimestamp", "2025-03-01T10:00:00Z"),
    ("deletionTimestamp", "yesterday"),
    ("deletionGracePeriodSeconds", -(10**20)),
    ("resourceVersion", "x"),
    ("resourceVersion", 5),
    ("generateName", "a\nb-"),
    ("generation", -3),
    ("generation", "2"),
    ("selfLink", "/"),
    ("finalizers", ["foregroundDeletion", "x"]),
    ("finalizers", ["kubernetes"]),
    ("ownerReferences", POISON[-4]),
    ("ownerReferences", POISON[-3]),
    ("managedFields", [{"fieldsV1": []}]),
    ("managedFields", [{"manager": "a", "operation": "Apply", "fieldsV1": {"f:": {"x": 1}}}]),
    ("name", "a\nb"),
    ("namespace", "a\nb"),
    ("namespace", "kube-system"),
)
"""What may stand in metadata."""


class Place(NamedTuple):
    """A value in a document: what it stands in, and where."""

    inside: Any
    at: Any


def places(value: Any) -> Iterator[Place]:
    """Yield every place in a document."""
    entries = value.items() if isinstance(value, dict) else enumerate(value)
    for at, each in list(entries):
        yield Place(value, at)
        if isinstance(each, (dict, list)):
            yield from places(each)


def _replaced(document: Document, choose: Choose) -> None:
    inside, at = choose(list(places(document)))
    inside[at] = deepcopy(choose(POISON))


def _misvalued(document: Document, choose: Choose) -> None:
    """Put a value of the right type in a place: only who knows what it is for can refuse it."""
    inside, at = choose(list(places(document)))
    kind = type(inside[at])
    inside[at] = deepcopy(choose([each for each in POISON if type(each) is kind]))


def _removed(document: Document, choose: Choose) -> None:
    inside, at = choose(list(places(document)))
    del inside[at]


def _doubled(document: Document, choose: Choose) -> None:
    lists = [each for inside, at in places(document) if isinstance(each := inside[at], list)]
    if lists:
        found = choose(lists)
        found += deepcopy(found)


def _added(document: Document, choose: Choose) -> None:
    name, value = choose(ADDED)
    if isinstance(document.get("metadata"), dict):
        document["metadata"][name] = deepcopy(value)


def _mixed(document: Document, choose: Choose) -> None:
    """Put what stands in one place into another one."""
    found = list(places(document))
    source, target = choose(found), choose(found)
    target.inside[target.at] = deepcopy(source.inside[source.at])


CHANGES = (_replaced, _misvalued, _misvalued, _misvalued, _removed, _doubled, _added, _mixed)


def poisoned(choose: Choose) -> Document:
    """Return a valid document with up to three things wrong."""
    document: Document = deepcopy(choose(VALID))
    for _ in range(choose((1, 1, 1, 2, 3))):
        if document:
            choose(CHANGES)(document, choose)
    return document


def text_of(document: Document) -> str:
    """Return a document as a file holds it: with whatever a JSON or YAML text can hold."""
    return json.dumps(document).replace("NaN", ".nan").replace("Infinity", ".inf")
