"""Which objects words mean; messages as recorded, or as in cli-runtime's builder.go."""

from __future__ import annotations

from pathlib import Path

import pytest

from svcnet.api.keys import Document, Key
from svcnet.api.kinds import DEPLOYMENT, NODE, POD, SERVICE, Kinds
from svcnet.cli.resource import builder, field_selectors, targets
from svcnet.cli.resource.builder import resolve
from svcnet.cli.resource.targets import Listed, Named, ResourceQuery, Target
from svcnet.errors import BadRequest, NotFound, SvcnetError

KINDS = Kinds()
TYPE_TWICE = "there is no need to specify a resource type as a separate argument"


def meant(line: str, **rest: object) -> targets.Selection:
    return resolve(ResourceQuery(words=line.split(), bare_type_means_all=True, **rest), KINDS)  # type: ignore[arg-type]


def service(name: str, namespace: str = "default", **labels: str) -> Document:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "namespace": namespace, "labels": labels},
        "spec": {"type": "ClusterIP"},
    }


class Shelf:
    """Objects in memory."""

    def __init__(self, *documents: Document) -> None:
        self._documents = documents

    def get(self, key: Key) -> Document | None:
        return next((each for each in self.list(key.resource) if _key(each) == key), None)

    def list(self, resource: str, namespace: str | None = None) -> list[Document]:
        return [
            each
            for each in self._documents
            if _key(each).resource == resource and namespace in (None, _key(each).namespace)
        ]

    def kinds(self) -> Kinds:
        return KINDS


def _key(document: Document) -> Key:
    kind = KINDS.of_document(document["apiVersion"], document["kind"])
    assert kind is not None
    metadata = document["metadata"]
    return Key(kind.resource, metadata.get("namespace", ""), metadata["name"])


@pytest.mark.parametrize(
    ("line", "targets"),
    [
        ("svc web", [(SERVICE, "web")]),
        ("svc web api", [(SERVICE, "web"), (SERVICE, "api")]),
        ("svc/web", [(SERVICE, "web")]),
        ("svc/web deploy/api", [(SERVICE, "web"), (DEPLOYMENT, "api")]),
        ("svc,deploy web", [(SERVICE, "web"), (DEPLOYMENT, "web")]),
        ("svc,svc web", [(SERVICE, "web")]),
        ("Service web", [(SERVICE, "web")]),
        ("services. web", [(SERVICE, "web")]),
        ("deployments.v1.apps web", [(DEPLOYMENT, "web")]),
    ],
)
def test_objects_are_named(line: str, targets: list[tuple[object, str]]) -> None:
    found = meant(line)

    assert isinstance(found, Named)
    assert [(each.kind, each.name) for each in found.targets] == targets
    assert found.single == (len(targets) == 1)


def test_a_type_alone_lists_its_objects_in_the_namespace() -> None:
    assert meant("svc,po", namespace="team") == Listed((SERVICE, POD), "team")


def test_a_kind_is_listed_once_however_often_it_is_named() -> None:
    assert meant("pod,pods,po") == Listed((POD,), "default")


def test_a_category_stands_for_its_kinds() -> None:
    found = meant("all")

    assert isinstance(found, Listed)
    assert [kind.plural for kind in found.kinds][:4] == [
        "pods", "replicationcontrollers", "services", "daemonsets",
    ]  # fmt: skip


def test_a_node_is_in_no_namespace() -> None:
    found = meant("node n1", namespace="team")

    assert isinstance(found, Named)
    assert found.targets == (Target(NODE, "", "n1"),)


@pytest.mark.parametrize(
    ("line", "rest", "message"),
    [
        ("widgets", {}, 'the server doesn\'t have a resource type "widgets"'),
        ("widgets/x", {}, 'the server doesn\'t have a resource type "widgets"'),
        ("SVC web", {}, 'the server doesn\'t have a resource type "SVC"'),
        ("services.v1", {}, 'the server doesn\'t have a resource type "services"'),
        ("svc,,deploy", {}, 'the server doesn\'t have a resource type ""'),
        (
            "pods/",
            {},
            "arguments in resource/name form must have a single resource and name",
        ),
        ("a/b/c", {}, "arguments in resource/name form may not have more than one slash"),
        (
            "svc web",
            {"all_namespaces": True},
            "a resource cannot be retrieved by name across all namespaces",
        ),
        ("svc web", {"selector": "a=b"}, "name cannot be provided when a selector is specified"),
        (
            "svc/web",
            {"selector": "a=b"},
            "selectors and the all flag cannot be used when passing resource/name arguments",
        ),
        ("", {"selector": "a=b"}, "at least one resource must be specified to use a selector"),
        (
            "svc",
            {"selector": "a=b", "all": True},
            "setting 'all' parameter but found a non empty selector. ",
        ),
        ("svc", {"filenames": ["nope.yaml"]}, 'the path "nope.yaml" does not exist'),
    ],
)
def test_a_mistake_is_told_in_kubectls_words(
    line: str, rest: dict[str, object], message: str
) -> None:
    with pytest.raises(SvcnetError) as error:
        meant(line, **rest)

    assert str(error.value) == message


@pytest.mark.parametrize("line", ["svc/web deploy", "svc front widget/x", "svc/ web", "svc web/"])
def test_types_stand_before_the_names_or_with_them(line: str) -> None:
    with pytest.raises(SvcnetError, match=TYPE_TWICE):
        meant(line)


def test_other_verbs_than_get_want_a_name_or_a_selector() -> None:
    with pytest.raises(
        SvcnetError, match="resource\\(s\\) were provided, but no name was specified"
    ):
        resolve(ResourceQuery(words=["svc"]), KINDS)
    with pytest.raises(SvcnetError, match="You must provide one or more resources"):
        resolve(ResourceQuery(), KINDS)
    assert resolve(ResourceQuery(words=["svc"], all=True), KINDS) == Listed((SERVICE,), "default")


def test_what_is_missing_is_told_beside_what_is_there() -> None:
    shelf = Shelf(service("web"))

    found = list(builder.found(shelf, meant("svc web api")))  # type: ignore[arg-type]

    assert isinstance(found[0], Target)
    assert isinstance(found[1], NotFound)
    assert str(found[1]) == 'services "api" not found'


def test_a_missing_namespace_is_told_instead_of_the_missing_object() -> None:
    with pytest.raises(NotFound, match='namespaces "nowhere" not found'):
        builder.fetch(Shelf(), Target(SERVICE, "nowhere", "web"))  # type: ignore[arg-type]


def test_selectors_choose_by_labels_and_fields() -> None:
    shelf = Shelf(service("a", app="x"), service("b", app="y"), service("c", "team", app="x"))

    def names(**rest: object) -> list[str]:
        chosen = meant("svc", **rest)
        return [each.name for each in builder.found(shelf, chosen) if isinstance(each, Target)]  # type: ignore[arg-type]

    assert names(selector="app=x") == ["a"]
    assert names(selector="app in (x, y)", all_namespaces=True) == ["a", "b", "c"]
    assert names(field_selector="metadata.name!=a") == ["b"]
    assert names(selector="app=x", field_selector="metadata.name=b") == []


@pytest.mark.parametrize(
    ("labels", "fields", "why"),
    [
        (
            "a b",
            "",
            "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt",
        ),
        ("", "spec.foo=x", "field label not supported: spec.foo"),
        ("", "nonsense", "invalid selector: 'nonsense'; can't understand 'nonsense'"),
    ],
)
def test_a_selector_that_makes_no_sense_is_a_bad_request(
    labels: str, fields: str, why: str
) -> None:
    (error,) = builder.found(Shelf(), Listed((SERVICE,), "default", labels, fields))  # type: ignore[arg-type]

    assert isinstance(error, BadRequest)
    assert str(error) == (
        'Unable to find "/v1, Resource=services" that match label selector '
        f'"{labels}", field selector "{fields}": {why}'
    )


def test_kinds_without_fields_of_their_own_have_two() -> None:
    with pytest.raises(ValueError) as error:  # noqa: PT011 - the words are compared
        field_selectors.parse("spec.replicas=2", DEPLOYMENT)

    assert str(error.value) == (
        '"spec.replicas" is not a known field selector: only "metadata.name", "metadata.namespace"'
    )


# --- files ------------------------------------------------------------------------------------

SERVICE_FILE = "{apiVersion: v1, kind: Service, metadata: {name: NAME}}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for path in ("m/b.yaml", "m/a.yml", "m/c.json", "m/notes.txt", "m/deep/d.yaml"):
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(SERVICE_FILE.replace("NAME", file.stem))
    (tmp_path / "void").mkdir()
    return tmp_path


def in_files(*names: str, **rest: object) -> Named:
    found = resolve(ResourceQuery(filenames=names, **rest), KINDS)  # type: ignore[arg-type]
    assert isinstance(found, Named)
    return found


@pytest.mark.usefixtures("folder")
def test_a_directory_stands_for_the_manifests_in_it_by_name() -> None:
    assert [each.name for each in in_files("m").targets] == ["a", "b", "c"]
    deep = in_files("m", recursive=True)
    assert [each.name for each in deep.targets] == ["a", "b", "c", "d"]
    assert [each.source for each in deep.targets][-1] == "m/deep/d.yaml"


@pytest.mark.usefixtures("folder")
def test_a_pattern_stands_for_what_it_matches() -> None:
    assert [each.name for each in in_files("m/*.y*ml").targets] == ["a", "b"]


@pytest.mark.usefixtures("folder")
def test_a_file_that_is_named_need_not_look_like_a_manifest() -> None:
    assert [each.name for each in in_files("m/notes.txt").targets] == ["notes"]


@pytest.mark.usefixtures("folder")
def test_only_one_file_can_mean_a_single_object() -> None:
    assert in_files("m/b.yaml").single
    assert not in_files("m").single


@pytest.mark.usefixtures("folder")
def test_objects_are_put_into_the_namespace() -> None:
    (target,) = in_files("m/b.yaml", namespace="team").targets

    assert target.key == Key("services", "team", "b")
    assert target.document is not None
    assert target.document["metadata"]["namespace"] == "team"


def test_objects_of_other_namespaces_are_refused_where_one_is_given(folder: Path) -> None:
    text = "{apiVersion: v1, kind: Service, metadata: {name: x, namespace: shop}}"
    (folder / "x.yaml").write_text(text)

    found = in_files("x.yaml", namespace="default", namespace_given=True)

    assert [str(error) for error in found.faults] == [
        'the namespace from the provided object "shop" does not match the namespace "default". '
        "You must pass '--namespace=shop' to perform this operation."
    ]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("void", "error reading [void]: recognized file extensions are [.json .yaml .yml]"),
        ("nope.yaml", 'the path "nope.yaml" does not exist'),
        ("no*pe", 'the path "no*pe" does not exist'),
        ("a\0b", r'the path "a\x00b" does not exist'),
        (
            "https://example.com/x.yaml",
            'svcnet reads nothing from the network: fetch "https://example.com/x.yaml" and give '
            "it to -f -",
        ),
    ],
)
@pytest.mark.usefixtures("folder")
def test_a_path_that_leads_nowhere_is_refused(name: str, message: str) -> None:
    with pytest.raises(SvcnetError) as error:
        in_files(name)

    assert str(error.value) == message


def test_a_kind_that_is_not_served_is_told_with_its_file(folder: Path) -> None:
    (folder / "w.yaml").write_text(
        "{apiVersion: example.com/v1, kind: Widget, metadata: {name: w}}"
    )

    assert [str(error) for error in in_files("w.yaml").faults] == [
        'resource mapping not found for name: "w" namespace: "" from "w.yaml": no matches for '
        'kind "Widget" in version "example.com/v1"\nensure CRDs are installed first'
    ]


def test_the_source_of_an_event_is_its_component_before_its_controller() -> None:
    both = {"source": {"component": "kubelet"}, "reportingComponent": "other"}
    newer = {"reportingComponent": "other"}

    assert field_selectors.value_of(both, "source") == "kubelet"
    assert field_selectors.value_of(newer, "source") == "other"
