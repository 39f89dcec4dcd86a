"""Which objects the words of a command line mean.

`TYPE NAME…`, `TYPE/NAME…`, `T1,T2 NAME…`, `TYPE` with a selector, or files: a `ResourceQuery` is
what was typed, `resolve` makes a `Selection` of it without asking for any object, and the functions
after that find the objects.

Source: kubernetes staging/src/k8s.io/cli-runtime/pkg/resource/builder.go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from svcnet.api.go.utf8 import valid_text
from svcnet.api.keys import Document, Key
from svcnet.api.kinds import Kind, Kinds
from svcnet.errors import BadRequest, NotFound, SvcnetError, go_quote

if TYPE_CHECKING:
    from svcnet.cli.command.session import Session
from svcnet.cli.resource.targets import Listed, Named, Objects, ResourceQuery, Selection, Target

NOTHING_NAMED = (
    "You must provide one or more resources by argument or filename.\n"
    "Example resource specifications include:\n"
    "   '-f rsrc.yaml'\n"
    "   '--filename=rsrc.json'\n"
    "   '<resource> <name>'\n"
    "   '<resource>'"
)
TYPE_TWICE = (
    "there is no need to specify a resource type as a separate argument when passing arguments in "
    "resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get "
    "resource resource/<resource_name>'"
)


def resource_query(session: Session, words: Sequence[str] | None, **rest: object) -> ResourceQuery:
    """Return what was typed, in the session's namespace; pipes are read to their end.

    Raises:
        SvcnetError: a pipe cannot be read.
    """
    streams: Mapping[str, str] = {}
    if rest.get("filenames"):
        from svcnet.cli.resource import files

        streams = files.streams(rest["filenames"])  # type: ignore[arg-type]
    for name in ("selector", "field_selector"):
        # Sent to the server, and held against what is UTF-8 there.
        rest[name] = valid_text(str(rest.get(name) or ""))
    return ResourceQuery(
        words=words or (),
        streams=streams,
        namespace=session.namespace,
        namespace_given=session.namespace_given,
        **rest,  # type: ignore[arg-type]
    )


def resolve(query: ResourceQuery, kinds: Kinds) -> Selection:
    """Return what is meant; no object is looked for.

    Raises:
        SvcnetError: in kubectl's words: an unknown type, names and a selector together, nothing
            at all, a file that cannot be read.
    """
    words = _paired(query.words)
    if query.all and (query.selector.strip() or query.field_selector.strip()):
        raise SvcnetError("setting 'all' parameter but found a non empty selector. ")
    slashed = _slashed(words)
    # builder.go visitorResult() asks in this order: files, then selectors, then names. It decides
    # which mistake is told of a command line that makes several.
    if query.filenames:
        return _in_files(query, kinds, words, slashed)
    labels, fields = query.selector.strip(), query.field_selector.strip()
    bare = query.bare_type_means_all and len(words) == 1 and not slashed
    if labels or fields or query.all or bare:
        return _listed(query, kinds, words, slashed)
    if slashed:
        return Named(_targets(query, kinds, slashed), single=len(slashed) == 1)
    if not words:
        raise SvcnetError(NOTHING_NAMED)
    types = _types(words[0], kinds)
    if len(words) == 1:
        # An unknown type is the better error of the two, so it goes first.
        for each in types:
            kind_named(kinds, each)
        raise SvcnetError("resource(s) were provided, but no name was specified")
    if len(types) > 1:
        raise SvcnetError("you must specify only one resource")
    pairs = [(types[0], name) for name in words[1:]]
    return Named(_targets(query, kinds, pairs), single=len(pairs) == 1)


def _paired(words: Sequence[str]) -> list[str]:
    """Return ``T1,T2 a b`` as ``T1/a T1/b T2/a T2/b``, and anything else as it is."""
    types = list(dict.fromkeys(words[0].split(","))) if words else []
    if len(words) > 1 and len(types) > 1:
        return [f"{each}/{name}" for each in types for name in words[1:]]
    return list(words)


def _slashed(words: Sequence[str]) -> list[tuple[str, str]]:
    """Return the types and names of ``TYPE/NAME…``; empty for other forms."""
    if not any("/" in word for word in words):
        return []
    if not all("/" in word for word in words):
        raise SvcnetError(TYPE_TWICE)
    pairs = []
    for word in words:
        parts = word.split("/")
        if len(parts) > 2:  # noqa: PLR2004 - a type and a name
            raise SvcnetError("arguments in resource/name form may not have more than one slash")
        if not all(parts) or len(set(parts[0].split(","))) > 1:
            raise SvcnetError(
                "arguments in resource/name form must have a single resource and name"
            )
        pairs.append((parts[0], parts[1]))
    return pairs


def _types(word: str, kinds: Kinds) -> list[str]:
    """Return the types of a comma list, each once, categories replaced by their kinds."""
    expanded: list[str] = []
    # `all` is a category; a word that is none stays, to be missed under the name that was typed.
    for part in word.split(","):
        expanded += [kind.resource for kind in kinds.in_category(part)] or [part]
    return list(dict.fromkeys(expanded))


def kind_named(kinds: Kinds, word: str) -> Kind:
    """Return the kind that a word means.

    Raises:
        SvcnetError: there is none.
    """
    kind = kinds.named(word)
    if kind is None:
        resource = word.partition(".")[0]
        raise SvcnetError(f"the server doesn't have a resource type {go_quote(resource)}")
    return kind


def _targets(
    query: ResourceQuery, kinds: Kinds, pairs: Iterable[tuple[str, str]]
) -> tuple[Target, ...]:
    named = [(kind_named(kinds, type_), name) for type_, name in pairs]
    if query.all_namespaces and any(kind.namespaced for kind, _ in named):
        raise SvcnetError("a resource cannot be retrieved by name across all namespaces")
    return tuple(
        Target(kind, query.namespace if kind.namespaced else "", valid_text(name))
        for kind, name in named
    )


def _listed(
    query: ResourceQuery, kinds: Kinds, words: Sequence[str], slashed: Sequence[tuple[str, str]]
) -> Listed:
    if slashed:
        raise SvcnetError(
            "selectors and the all flag cannot be used when passing resource/name arguments"
        )
    if len(words) > 1:
        raise SvcnetError("name cannot be provided when a selector is specified")
    if not words:
        raise SvcnetError("at least one resource must be specified to use a selector")
    # `pod,pods` names one kind twice; it is listed once.
    found = dict.fromkeys(kind_named(kinds, each) for each in _types(words[0], kinds))
    return Listed(
        tuple(found),
        None if query.all_namespaces else query.namespace,
        query.selector.strip(),
        query.field_selector.strip(),
    )


def _in_files(
    query: ResourceQuery, kinds: Kinds, words: Sequence[str], slashed: Sequence[tuple[str, str]]
) -> Named:
    from svcnet.cli.resource import files

    paths = files.paths(query.filenames, recursive=query.recursive)
    if slashed:
        raise SvcnetError("resource/name arguments cannot be provided when a path is specified")
    if words:
        raise SvcnetError(
            "when paths, URLs, or stdin is provided as input, you may not specify resource "
            "arguments as well"
        )
    labels = query.selector.strip()
    everything = tuple(
        each
        for each in files.objects(paths, kinds, query)
        if not labels or isinstance(each, SvcnetError) or _matches(labels, each)
    )
    return Named(
        tuple(each for each in everything if isinstance(each, Target)),
        single=len(paths) == 1 and paths[0] != "-",
        faults=tuple(each for each in everything if isinstance(each, SvcnetError)),
        in_order=everything,
    )


def _matches(selector: str, target: Target) -> bool:
    from svcnet.api import selectors

    try:
        return selectors.parse(selector).matches(labels_of(target.document or {}))
    except ValueError as error:
        raise SvcnetError(
            f"the provided selector {go_quote(selector)} is not valid: {error}"
        ) from None


# --- finding ----------------------------------------------------------------------------------


def found(objects: Objects, selection: Selection) -> Iterator[Target | SvcnetError]:
    """Yield every object that is meant, as it is now, and an error for each that is not there.

    Objects that were named come in the order they were named, listed ones kind by kind, each by
    (namespace, name).
    """
    match selection:
        case Named(targets=targets, faults=faults):
            yield from faults
            for target in targets:
                try:
                    yield target._replace(document=fetch(objects, target))
                except SvcnetError as error:
                    yield error
        case Listed(kinds=kinds):
            for kind in kinds:
                try:
                    yield from listed(objects, selection, kind)
                except SvcnetError as error:
                    yield error


def fetch(objects: Objects, target: Target) -> Document:
    """Return one object.

    Raises:
        NotFound: it does not exist; of its namespace, where that does not exist either and is
            not the default one (as kubectl looks).
    """
    document = objects.get(target.key)
    if document is not None:
        return document
    # kubectl looks for the namespace as well, to tell the more useful of the two errors.
    namespace = target.namespace
    if namespace not in ("", "default") and objects.get(Key("namespaces", "", namespace)) is None:
        raise NotFound("namespaces", namespace)
    raise NotFound(target.kind.resource, target.name)


def listed(objects: Objects, selection: Listed, kind: Kind) -> Iterator[Target]:
    """Yield the objects of one kind that match, by (namespace, name).

    Raises:
        BadRequest: a selector cannot be read, or asks for a field that the kind is not selected by.
    """
    matches = _matcher(selection, kind)
    namespace = selection.namespace if kind.namespaced else None
    for document in objects.list(kind.resource, namespace):
        if matches is None or matches(document):
            metadata = document["metadata"]
            yield Target(kind, metadata.get("namespace", ""), metadata["name"], document)


def _matcher(selection: Listed, kind: Kind) -> Callable[[Document], bool] | None:
    if not selection.labels and not selection.fields:
        return None
    from svcnet.api import selectors
    from svcnet.cli.resource import field_selectors

    try:
        labels = selectors.parse(selection.labels)
        fields = field_selectors.parse(selection.fields, kind)
    except ValueError as error:
        raise BadRequest(
            f'Unable to find "{_group_version_resource(kind)}" that match label selector '
            f"{go_quote(selection.labels)}, field selector {go_quote(selection.fields)}: {error}"
        ) from None
    return lambda document: labels.matches(labels_of(document)) and fields.matches(document)


def _group_version_resource(kind: Kind) -> str:
    return f"{kind.group}/{kind.version}, Resource={kind.plural}"


def labels_of(document: Document) -> dict[str, str]:
    """Return an object's labels."""
    return (document.get("metadata") or {}).get("labels") or {}
