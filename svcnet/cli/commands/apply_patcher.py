"""How `apply` brings one object to what a file says, and `diff` finds out what it would do.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/apply/apply.go applyOneObject(), patcher.go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from svcnet.api.go.json import marshal, sorted_keys
from svcnet.api.keys import Document
from svcnet.api.kinds import BUILT_IN, Kind
from svcnet.api.nulls import without_nulls
from svcnet.cli.commands import apply_migration, last_applied
from svcnet.cli.commands.writing import Work, source_of, told_as
from svcnet.cli.printers.output import as_text
from svcnet.cli.resource.targets import Target
from svcnet.errors import ApplyConflict, Conflict, Invalid, SvcnetError, go_quote
from svcnet.lean_namedtuple import NamedTuple

if TYPE_CHECKING:
    from svcnet.api.merge import Patch


class ApplyOptions(NamedTuple):
    """How `apply` is to go about it."""

    server_side: bool = False
    force_conflicts: bool = False
    force: bool = False
    """Delete and make anew what the server does not let be changed."""
    grace_period: int = -1
    overwrite: bool = True


def apply(work: Work, targets: Iterable[Target | SvcnetError], options: ApplyOptions) -> None:
    """Apply every object, and tell of each; with ``-o`` print them together at the end.

    What is wrong with objects in files is told first: kubectl reads all before it applies any.
    """
    # kubectl prints objects one by one only in words; documents wait, to make one List.
    together = work.flags.form.name not in ("", "name") or work.flags.fault is not None
    done: list[Document] = []

    def act(target: Target) -> None:
        document, word = _applied(work, target, options)
        done.append(document)
        if not together:
            work.show(target.kind, document, word)

    work.each(targets, act, missing_first=True)
    if work.flags.fault and done and not work.session.exit_status:
        work.session.report(work.flags.fault)
    elif together and done and not work.session.exit_status:
        # One object is printed by itself; a List of one would break scripts that read its fields.
        shown = sorted_keys(done[0]) if len(done) == 1 else _listed(done)
        work.session.print_result(as_text(work.flags.form, shown), end="")


def _listed(documents: Iterable[Document]) -> Document:
    """Return several objects as one List, as `-o` prints them."""
    items = [sorted_keys(each) for each in documents]
    return {"kind": "List", "apiVersion": "v1", "metadata": {}, "items": items}


def _applied(work: Work, target: Target, options: ApplyOptions) -> tuple[Document, str]:
    """Apply one object; return it as it is then, and a word for what was done."""
    _check_name(target)
    if options.server_side:
        document = _by_server(work, target, options)
        # Only what is really applied can be handed over.
        if work.flags.dry_run == "none" and apply_migration.migrated(work, target, document):
            document = _by_server(work, target, options)
        return document, "serverside-applied"
    live = _in_version_of(target, work.txn.get(target.key))
    if live is None:
        return _created(work, target), "created"
    if work.flags.client_only:
        return live, "configured"
    # Objects that `create` made keep no configuration: there is nothing to tell removals by.
    if last_applied.stored(live) is None:
        work.session.warn(_missing(target))
    modified = last_applied.annotated(_document(target))
    patch = patch_to(target, modified, live, work.session.print_note)
    if not patch:
        return live, "unchanged"
    return _patched(work, target, patch, options), "configured"


def _in_version_of(target: Target, live: Document | None) -> Document | None:
    """Return the object that is there in the version that the file is written in.

    kubectl asks for it in that version.  Versions of custom kinds differ in name only.
    """
    assert target.document is not None
    if live is None or not target.kind.other_versions:
        return live
    return {**live, "apiVersion": target.document["apiVersion"]}


def _check_name(target: Target) -> None:
    """Refuse an object that has no name.

    Raises:
        SvcnetError: `apply` cannot find out which object is meant.
    """
    if target.name:
        return
    assert target.document is not None
    # A generated name is a new one each time, so there is never an object to compare with.
    prefix = (target.document.get("metadata") or {}).get("generateName")
    if prefix:
        raise SvcnetError(f"from {prefix}: cannot use generate name with apply")
    raise SvcnetError(
        f"error when retrieving current configuration of:\n{_described(target)}\n"
        f"from server for: {go_quote(target.source)}: resource name may not be empty"
    )


def _created(work: Work, target: Target) -> Document:
    """Make an object that is not there yet, its configuration kept in the annotation."""
    document: Document = without_nulls(last_applied.annotated(_document(target)))
    if work.flags.client_only:
        return document
    with told_as(source_of(target, "creating")):
        return work.create(document)


def _document(target: Target) -> Document:
    assert target.document is not None
    return target.document


def _missing(target: Target) -> str:
    return (
        f"resource {target.kind.plural}/{target.name} is missing the {last_applied.ANNOTATION} "
        "annotation which is required by kubectl apply. kubectl apply should only be used on "
        "resources created declaratively by either kubectl create --save-config or kubectl apply. "
        "The missing annotation will be patched automatically."
    )


def patch_to(
    target: Target, modified: Document, live: Document, remark: Callable[[str], None]
) -> Document:
    """Return the patch by which `apply` would change `live`; empty if there is nothing to do.

    Args:
        target: the object in the file.
        modified: what it is to be, the annotation of `apply` included.
        live: the object as it is.
        remark: takes a line for each description of the kind by which no patch can be made;
            kubectl tries several.

    Raises:
        SvcnetError: the three configurations cannot be compared.
    """
    from svcnet.api import merge, strategic_diff
    from svcnet.api.merge_keys import merge_rules_of
    from svcnet.api.strategic import MergeFault

    kind = target.kind
    try:
        original = last_applied.original(live)
        # Custom kinds have no struct tags to merge lists by; JSON merge patches replace them.
        if kind not in BUILT_IN:
            return merge.three_way_merge(original, modified, live)
        return strategic_diff.three_way(original, modified, live, merge_rules_of(kind))
    except (MergeFault, ValueError) as fault:
        # kubectl tries each source of the schema before it gives up, and tells of each.
        for spec in ("openapi v3 spec", "openapi spec") if kind in BUILT_IN else ():
            remark(f"warning: error calculating patch from {spec}: {fault}")
        raise _incomparable(target, live, modified, str(fault)) from None


def _incomparable(target: Target, live: Document, modified: Document, why: str) -> SvcnetError:
    """The error when no patch can be made; it shows everything that went into it."""
    text = (
        f"error when applying patch:\n\nto:\n{_described(target)}\n"
        f"for: {go_quote(target.source)}: error when patching {go_quote(target.source)}: "
        f"creating patch with:\noriginal:\n{last_applied.stored(live) or ''}\n"
        f"modified:\n{marshal(modified)}\n\n"
        f"current:\n{marshal(live)}\n\nfor: {why}"
    )
    return SvcnetError(text)


def _described(target: Target) -> str:
    """An object as kubectl describes it in long errors."""
    kind = target.kind
    group = f"{kind.group}/{kind.version}"
    return (
        f'Resource: "{group}, Resource={kind.plural}", '
        f'GroupVersionKind: "{group}, Kind={kind.kind}"\n'
        f"Name: {go_quote(target.name)}, Namespace: {go_quote(target.namespace)}"
    )


def patch_of(kind: Kind, body: Document) -> Patch:
    """Return a patch of the type that `apply` sends for objects of `kind`."""
    from svcnet.api.merge import Patch, PatchType

    return Patch(PatchType.STRATEGIC if kind in BUILT_IN else PatchType.MERGE, body)


def _patched(work: Work, target: Target, body: Document, options: ApplyOptions) -> Document:
    """Send a patch; where that is refused and may be forced, delete the object and make it anew.

    Raises:
        SvcnetError: the server refuses the patch, or the new object.
    """
    with told_as(_applying(target, body)):
        try:
            return work.patch(target.key, patch_of(target.kind, body)).document
        except (Invalid, Conflict):
            if not options.force:
                raise
        before = work.txn.get(target.key)
        assert before is not None
        work.delete(target.key, grace_period=options.grace_period)
        try:
            return work.create(last_applied.annotated(_document(target)))
        except SvcnetError:
            # What could not be replaced comes back: patcher.go deleteAndCreate().
            work.create(before)
            raise


def _applying(target: Target, patch: Document) -> str:
    """What kubectl says it was doing when the server refused a patch."""
    return (
        f"error when applying patch:\n{marshal(patch)}\nto:\n{_described(target)}\n"
        f"for: {go_quote(target.source)}: {source_of(target, 'patching')}"
    )


def merged(work: Work, target: Target, live: Document | None, options: ApplyOptions) -> Document:
    """Return what an object would be after `apply`, as `diff` wants to know.

    The annotation of `apply` is left as it is; `work` must be a dry run.
    """
    _check_name(target)
    document = _document(target)
    if options.server_side:
        return _by_server(work, target, options)
    if live is None:
        return work.create(document)
    # The annotation would show up as a difference of its own in every diff.
    modified = last_applied.with_plain_annotations(document)
    asked = _in_version_of(target, live) or live
    patch = patch_to(target, modified, asked, work.session.print_note)
    if not patch:
        return live
    with told_as(_applying(target, patch)):
        return work.patch(target.key, patch_of(target.kind, patch)).document


def _by_server(work: Work, target: Target, options: ApplyOptions) -> Document:
    """Let the server merge what a file says, by who owns which field."""
    try:
        return work.apply(_document(target), force=options.force_conflicts)
    except ApplyConflict as conflict:
        raise SvcnetError(f"{conflict}\n{_CONFLICT_ADVICE}") from None


_CONFLICT_ADVICE = """\
Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the `--force-conflicts` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts"""
