"""`apply view-last-applied`, `set-last-applied` and `edit-last-applied`.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/apply/apply_view_last_applied.go,
apply_set_last_applied.go, apply_edit_last_applied.go.
"""

from __future__ import annotations

import json
from typing import Annotated

from svcnet.api.merge import Patch, PatchType
from svcnet.api.names import Document
from svcnet.api.text import sorted_keys
from svcnet.api.yamltext import to_yaml
from svcnet.cli.choosing import files
from svcnet.cli.choosing.selection import Target, found, resolve, wanted
from svcnet.cli.frame.options import (
    All,
    Filenames,
    Kustomize,
    Output,
    Recursive,
    Selector,
    Words,
)
from svcnet.cli.frame.parameters import Context, argument, option
from svcnet.cli.frame.session import Session, session
from svcnet.cli.printing.output import EDIT_FORMATS, chosen
from svcnet.cli.writing import last_applied
from svcnet.cli.writing.edit import Editing
from svcnet.cli.writing.work import Intent, Work, intent, writes, writing
from svcnet.errors import SvcnetError


def _kept(target: Target) -> Document:
    """Return the configuration that an object keeps.

    Raises:
        SvcnetError: it keeps none.
    """
    document = target.document or {}
    if last_applied.stored(document) is None:
        raise SvcnetError(
            f"no last-applied-configuration annotation found on resource: {target.name}"
        )
    # Keys by name: the annotation was decoded into a Go map.
    return dict(sorted_keys(last_applied.original(document)))


def view_last_applied(
    ctx: Context,
    words: Words = None,
    *,
    filenames: Filenames = None,
    kustomize: Kustomize = "",
    recursive: Recursive = False,
    selector: Selector = "",
    all_: All = False,
    output: Output = "yaml",
) -> None:
    """View the latest last-applied-configuration annotations by type/name or file."""
    here = session(ctx)
    if output not in ("yaml", "json"):
        raise here.usage(
            f"Unexpected -o output mode: {output}, the flag 'output' must be one of yaml|json"
        )
    files.refuse_kustomize(filenames, kustomize, recursive=recursive)
    asked = wanted(
        here,
        words,
        filenames=filenames or (),
        recursive=recursive,
        selector=selector,
        all=all_,
    )
    with here.read() as reader:
        for each in found(reader, resolve(asked, reader.kinds())):
            try:
                if isinstance(each, SvcnetError):
                    raise each
                here.say(_text(_kept(each), output), end="")
            except SvcnetError as error:
                here.report(error)


def _text(document: Document, output: str) -> str:
    """Return a configuration as `-o` asks for it."""
    # The annotation is printed with two blanks a level, as no other JSON is.
    if output == "json":
        return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    return to_yaml(document)


@writes("kubectl-last-applied", without=("validate", "field_manager"))
def set_last_applied(
    ctx: Context,
    words: Annotated[list[str] | None, argument(hidden=True)] = None,
    *,
    filenames: Filenames = None,
    kustomize: Kustomize = "",
    recursive: Recursive = False,
    create_annotation: Annotated[
        bool, option("--create-annotation", help="Also where there is no annotation yet.")
    ] = False,
    wish: Intent,
) -> None:
    """Set the latest last-applied-configuration annotations to match the contents of a file.

    The object itself stays as it is.
    """
    here = session(ctx)
    del words
    names = files.required(filenames, kustomize, recursive=recursive)
    asked = wanted(here, (), filenames=names, recursive=recursive)
    with writing(here, wish) as work:
        work.each(
            work.in_files(asked, "set-last-applied"),
            lambda target: _set(work, target, create=create_annotation),
        )


def _set(work: Work, target: Target, *, create: bool) -> None:
    """Keep the configuration in a file as that of a live object.

    Raises:
        SvcnetError: there is no such object, or it keeps none and is not to begin with it.
    """
    assert target.document is not None
    live = work.txn.get(target.key)
    # There is nothing to annotate; making the object is the business of `apply`.
    if live is None:
        raise SvcnetError(f"the resource {target.name} does not exist")
    if last_applied.stored(live) is None and not create:
        raise SvcnetError(
            f"no last-applied-configuration annotation found on resource: {target.name}, to "
            "create the annotation, run the command with --create-annotation"
        )
    text = last_applied.configuration(target.document)
    after = last_applied.with_configuration(live, text)
    # A patch that changes nothing would still be a write.
    if last_applied.stored(live) != text and not work.intent.client_only:
        after = _annotate(work, target, text)
    work.show(target.kind, after, "configured")


def _annotate(work: Work, target: Target, text: str) -> Document:
    """Write the annotation; return the object as it is then."""
    body = {"metadata": {"annotations": {last_applied.ANNOTATION: text}}}
    return work.patch(target.key, Patch(PatchType.MERGE, body)).document


def edit_last_applied(
    ctx: Context,
    words: Words = None,
    *,
    filenames: Filenames = None,
    kustomize: Kustomize = "",
    recursive: Recursive = False,
    windows_line_endings: Annotated[
        bool, option("--windows-line-endings", help="Edit with carriage returns.")
    ] = False,
    output: Output = "",
) -> None:
    """Edit the latest last-applied-configuration annotations of resources in the default editor."""
    here = session(ctx)
    del windows_line_endings
    form = chosen(output, allowed=EDIT_FORMATS)
    files.refuse_kustomize(filenames, kustomize, recursive=recursive)
    asked = wanted(here, words, filenames=filenames or (), recursive=recursive)
    targets = []
    with here.read() as reader:
        for each in found(reader, resolve(asked, reader.kinds())):
            if isinstance(each, SvcnetError):
                raise each
            targets.append(each._replace(document=_kept(each)))
    Editing(here, form, targets, lambda target, after: _keep(here, target, after)).run()


def _keep(here: Session, target: Target, after: Document) -> str:
    """Write an edited configuration; return what is told of it."""
    with writing(here, intent()) as work:
        _annotate(work, target, last_applied.configuration(after))
    return f"{target.kind.singular_resource}/{target.name} edited"
