"""What `label` and `annotate` have in common: changes of a map in the metadata of objects.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/label/label.go, annotate/annotate.go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated, TypeAlias

from svcnet.api.keys import Document
from svcnet.api.merge import Patch, PatchType
from svcnet.cli.command.session import Session
from svcnet.cli.commands.key_value_pairs import (
    Changes,
    annotation_changes,
    label_changes,
    names_and_pairs,
)
from svcnet.cli.commands.writing import Work, WriteFlags, local_flags, writing
from svcnet.cli.flags.declarations import FlagGroup, argument, option
from svcnet.cli.flags.shared import Overwrite, ResourceVersion
from svcnet.cli.resource.builder import found, resolve
from svcnet.cli.resource.resource_flags import ResourceFlags
from svcnet.cli.resource.targets import Named, ResourceQuery, Target
from svcnet.errors import SvcnetError, go_quote
from svcnet.lean_namedtuple import NamedTuple

Pairs: TypeAlias = Annotated[
    list[str] | None, argument(metavar="(TYPE NAME | TYPE/NAME) KEY_1=VAL_1 ... KEY_N-")
]


class Attached(NamedTuple):
    """What a verb changes: labels or annotations."""

    field: str
    """Where it stands in `metadata`."""
    noun: str
    done: str
    read: Callable[[Sequence[str]], Changes]
    """Reads the pairs behind the names."""
    sample: str
    """How kubectl calls a file when it explains ``-f``."""


LABELS = Attached("labels", "label", "labeled", label_changes, "pod")
ANNOTATIONS = Attached("annotations", "annotation", "annotated", annotation_changes, "rsrc")


class MetadataOptions(NamedTuple):
    """What is to be done to each object."""

    attached: Attached
    overwrite: bool
    list: bool
    local: bool
    resource_version: str
    changes: Changes = Changes()


def _complete(
    *,
    overwrite: Overwrite = False,
    list_: Annotated[
        bool, option("--list", help="Print what there is instead of changing it.")
    ] = False,
    local: Annotated[bool, option("--local", help="Only change what stands in the files.")] = False,
    resource_version: ResourceVersion = "",
    attached: Attached,
) -> MetadataOptions:
    return MetadataOptions(attached, overwrite, list_, local, resource_version)


def metadata_flags(attached: Attached) -> FlagGroup:
    """Return the group of flags that `label` and `annotate` take beside the shared ones."""
    return FlagGroup(_complete, defaults={"attached": attached})


def change_metadata(
    session: Session,
    words: Sequence[str] | None,
    resources: ResourceFlags,
    options: MetadataOptions,
    flags: WriteFlags,
) -> None:
    """Change, or list, the labels or annotations of every object that is meant.

    Raises:
        SvcnetError: the command line asks for nothing, or for what makes no sense.
    """
    names, pairs = names_and_pairs(words or (), options.attached.noun)
    options = options._replace(changes=options.attached.read(pairs))
    _check(options, resources, names)
    query = resources.query(session, names, local=options.local)
    with writing(session, local_flags(flags, local=options.local)) as work:
        _change_each(work, options, query)


def _check(options: MetadataOptions, resources: ResourceFlags, names: Sequence[str]) -> None:
    """Refuse a command line that asks for nothing, in kubectl's order."""
    # --all means every object of the type, which a selector contradicts.
    if resources.all and resources.selector:
        raise SvcnetError("cannot set --all and --selector at the same time")
    if options.local:
        _check_local(options.attached, resources, names)
    elif not names and not resources.filenames:
        raise SvcnetError(
            "one or more resources must be specified as <resource> <name> or <resource>/<name>"
        )
    if options.changes.empty and not options.list:
        raise SvcnetError(f"at least one {options.attached.noun} update is required")


def _check_local(attached: Attached, resources: ResourceFlags, names: Sequence[str]) -> None:
    """Refuse ``--local`` with anything else than files."""
    if names:
        raise SvcnetError(
            f"can only use local files by -f {attached.sample}.yaml or --filename="
            f"{attached.sample}.json when --local=true is set"
        )
    if not resources.filenames:
        raise SvcnetError(
            f"one or more files must be specified as -f {attached.sample}.yaml or --filename="
            f"{attached.sample}.json"
        )


def _change_each(work: Work, options: MetadataOptions, query: ResourceQuery) -> None:
    """Change or list every object that is meant."""
    selection = resolve(query, work.txn.kinds())
    # With one object there is no doubt whose labels are listed.
    single = isinstance(selection, Named) and selection.single
    if options.resource_version and not single:
        raise SvcnetError("--resource-version may only be used with a single resource")
    targets = work.named(selection) if options.local else found(work.txn, selection)
    if options.list:
        work.each(targets, lambda target: _list(work, options, target, single=single))
    else:
        work.each(targets, lambda target: _change(work, options, target))


def _attached(document: Document, attached: Attached) -> Mapping[str, str]:
    """Return the labels or annotations of an object."""
    return (document.get("metadata") or {}).get(attached.field) or {}


def _list(work: Work, options: MetadataOptions, target: Target, *, single: bool) -> None:
    """Print what the labels or annotations of one object would be, by key; none are changed.

    Raises:
        SvcnetError: one has another value, and may not be overwritten.
    """
    assert target.document is not None
    session, kind = work.session, target.kind
    before = _attached(target.document, options.attached)
    _check_overwrites(options, before)
    if not single:
        session.print_result(
            f"Listing {options.attached.field} for {kind.kind}.{kind.group}/{target.name}:"
        )
    indent = "" if single else " "
    for key, value in sorted(options.changes.applied(before).items()):
        session.print_result(f"{indent}{key}={value}")


def _change(work: Work, options: MetadataOptions, target: Target) -> None:
    """Change the labels or annotations of one object, and tell of it.

    Raises:
        SvcnetError: one has another value, and may not be overwritten.
    """
    assert target.document is not None
    before = _attached(target.document, options.attached)
    after = options.changes.applied(before)
    # `annotate` says nothing of annotations that were not there, nor `label` without a server.
    if options.attached is LABELS and not work.flags.client_only:
        _tell_missing(work, options, before)
    _check_overwrites(options, before)
    done = _done(options, before, after)
    if work.flags.client_only:
        work.show(target.kind, _with(target.document, options, after), done)
        return
    # Only what changes is sent, so that two who label at once do not undo each other.
    metadata: Document = {options.attached.field: dict(_difference(before, after))}
    # The server then refuses if somebody else wrote in between.
    if options.resource_version:
        metadata["resourceVersion"] = options.resource_version
    written = work.patch(target.key, Patch(PatchType.MERGE, {"metadata": metadata}))
    work.show(target.kind, written.document, done)


def _tell_missing(work: Work, options: MetadataOptions, before: Mapping[str, str]) -> None:
    """Tell of labels that are to go and were not there; it is no error."""
    for key in options.changes.unwanted:
        if key not in before:
            work.session.print_result(f"label {go_quote(key)} not found.")


def _check_overwrites(options: MetadataOptions, before: Mapping[str, str]) -> None:
    """Refuse to change a value, unless it may be overwritten.

    Raises:
        SvcnetError: with all of them, in the words of `label` or of `annotate`.
    """
    clashes = {} if options.overwrite else options.changes.overwritten(before)
    complaints = [f"'{key}' already has a value ({value})" for key, value in clashes.items()]
    if not complaints:
        return
    if options.attached is ANNOTATIONS:
        raise SvcnetError(
            "--overwrite is false but found the following declared annotation(s): "
            + "; ".join(complaints)
        )
    raise SvcnetError("\n".join(f"{each}, and --overwrite is false" for each in complaints))


def _done(options: MetadataOptions, before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """Return the word for what becomes of the labels; annotations have but one."""
    if options.attached is ANNOTATIONS:
        return ANNOTATIONS.done
    gone = any(key not in after for key in before)
    set_ = any(before.get(key) != value for key, value in after.items())
    if gone and set_:
        return "modified"
    if gone:
        return "unlabeled"
    return "labeled" if set_ else "not labeled"


def _difference(
    before: Mapping[str, str], after: Mapping[str, str]
) -> Iterator[tuple[str, str | None]]:
    """Yield what a merge patch says of each key that changes; None takes it away."""
    for key, value in after.items():
        if before.get(key) != value:
            yield key, value
    for key in before:
        # A merge patch removes what it sets to null (RFC 7386).
        if key not in after:
            yield key, None


def _with(document: Document, options: MetadataOptions, values: Mapping[str, str]) -> Document:
    """Return an object with other labels or annotations, as kubectl makes it without a server."""
    metadata = {**(document.get("metadata") or {}), options.attached.field: dict(values)}
    if options.resource_version:
        metadata["resourceVersion"] = options.resource_version
    return {**document, "metadata": metadata}
