"""`rollout`: how the pods of an object come to another template.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/rollout.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated

from svcnet.api.kinds import DAEMON_SET, DEPLOYMENT, STATEFUL_SET
from svcnet.api.merge import Patch, PatchType
from svcnet.api.names import Document
from svcnet.cli.choosing import files
from svcnet.cli.choosing.selection import Target, Wanted, found, resolve, wanted
from svcnet.cli.frame.options import (
    AllowMissingTemplateKeys,
    Filenames,
    Kustomize,
    Output,
    Recursive,
    Selector,
    ShowManagedFields,
    Template,
    Timeout,
    Words,
)
from svcnet.cli.frame.parameters import Context, option
from svcnet.cli.frame.session import Session, session
from svcnet.cli.printing import output
from svcnet.cli.printing.output import as_text
from svcnet.cli.printing.tabwriter import aligned
from svcnet.cli.writing import last_applied, rollout_history
from svcnet.cli.writing.rollout_status import progress
from svcnet.cli.writing.work import Intent, Work, writes, writing
from svcnet.errors import SvcnetError

_PLAIN = ("validate", "dry_run")
"""Flags that `pause`, `restart` and `resume` do not take."""

# objectrestarter.go: a new annotation makes a new template, so a new ReplicaSet.
RESTARTED = "kubectl.kubernetes.io/restartedAt"


def _to_each(
    here: Session, wish: Intent, asked: Wanted, change: Callable[[Work, Target], None]
) -> None:
    """Do the same to every object that is asked for, in one transaction."""
    with writing(here, wish) as work:
        work.each(
            found(work.txn, resolve(asked, work.txn.kinds())), lambda each: change(work, each)
        )


def _asked(
    here: Session,
    words: list[str] | None,
    filenames: list[str] | None,
    *,
    recursive: bool,
    selector: str,
) -> Wanted:
    """Return which objects are meant.

    Raises:
        SvcnetError: none are named.
    """
    if not words and not filenames:
        raise SvcnetError("required resource not specified")
    return wanted(here, words, filenames=filenames or (), recursive=recursive, selector=selector)


def status(
    ctx: Context,
    words: Words = None,
    *,
    filenames: Filenames = None,
    kustomize: Kustomize = "",
    recursive: Recursive = False,
    selector: Selector = "",
    revision: Annotated[
        int, option("--revision", help="The revision that has to be rolling out.")
    ] = 0,
    watch: Annotated[
        bool, option("--watch", "-w", help="Fail unless the rollout is complete.")
    ] = True,
    timeout: Timeout = "0s",
) -> None:
    """Show the status of the rollout.

    Nothing changes by itself in svcnet: a rollout that is not complete now never will be, and is
    reported as timed out at once.
    """
    here = session(ctx)
    del timeout
    files.refuse_kustomize(filenames, kustomize, recursive=recursive)
    if revision < 0:
        raise SvcnetError(f"revision must be a positive integer: {revision}")
    asked = _asked(here, words, filenames, recursive=recursive, selector=selector)
    with here.read() as reader:
        for each in found(reader, resolve(asked, reader.kinds())):
            try:
                _tell_progress(here, each, revision, watch=watch)
            except SvcnetError as error:
                here.report(error)


def _tell_progress(
    here: Session, target: Target | SvcnetError, revision: int, *, watch: bool
) -> None:
    """Tell how far one rollout is.

    Raises:
        SvcnetError: it is not complete, and is to be waited for.
    """
    if isinstance(target, SvcnetError):
        raise target
    assert target.document is not None
    reached = progress(target.document, target.kind, revision)
    here.say(reached.text)
    # What waiting for a change that cannot come ends with.
    if watch and not reached.done:
        raise SvcnetError("timed out waiting for the condition")


def history(
    ctx: Context,
    words: Words = None,
    *,
    filenames: Filenames = None,
    kustomize: Kustomize = "",
    recursive: Recursive = False,
    selector: Selector = "",
    revision: Annotated[int, option("--revision", help="Show the template of this revision.")] = 0,
    output_: Output = "",
    template: Template = "",
    allow_missing_template_keys: AllowMissingTemplateKeys = True,
    show_managed_fields: ShowManagedFields = False,
) -> None:
    """View previous rollout revisions and configurations."""
    here = session(ctx)
    form = output.chosen(
        output_,
        template,
        missing_ok=allow_missing_template_keys,
        managed_fields=show_managed_fields,
    )
    files.refuse_kustomize(filenames, kustomize, recursive=recursive)
    if revision < 0:
        raise SvcnetError(f"revision must be a positive integer: {revision}")
    asked = _asked(here, words, filenames, recursive=recursive, selector=selector)
    with here.read() as reader:
        for each in found(reader, resolve(asked, reader.kinds())):
            try:
                if isinstance(each, SvcnetError):
                    raise each
                assert each.document is not None
                revisions = rollout_history.history(reader, each.document, each.kind)
                # A document shows what keeps a revision; in words only the number is told.
                if form.name and form.name != "name":
                    _print_holders(here, form, revisions, revision)
                else:
                    _tell_history(here, each, revisions, revision)
            except SvcnetError as error:
                here.report(error)


def _print_holders(
    here: Session,
    form: output.Format,
    revisions: Iterable[rollout_history.Revision],
    number: int,
) -> None:
    """Print what keeps each revision, or the one that is asked for."""
    chosen = [each for each in revisions if number in (0, each.number)]
    if number and not chosen:
        raise SvcnetError("unable to find the specified revision")
    for each in chosen:
        here.say(as_text(form, each.holder), end="")


def _tell_history(
    here: Session,
    target: Target,
    revisions: list[rollout_history.Revision],
    number: int,
) -> None:
    """Print the revisions of one object, or the template of one.

    Raises:
        SvcnetError: there is no such revision.
    """
    name = f"{target.kind.singular_resource}/{target.name}"
    if not number:
        # change-cause is an annotation that a user writes, so it may be missing.
        rows = [f"{each.number}\t{each.cause or '<none>'}" for each in revisions]
        table = aligned("\n".join(["REVISION\tCHANGE-CAUSE", *rows]), padding=2)
        here.say(f"{name} \n{table}\n" if revisions else f"{name} \nNo rollout history found.")
        return
    chosen = [each for each in revisions if each.number == number]
    if not chosen:
        raise SvcnetError("unable to find the specified revision")
    here.say(f"{name} with revision #{number}\n{_described(chosen[0].template)}")


def _described(template: Document) -> str:
    """A pod template as kubectl describes it, tabs and all."""
    from svcnet.cli.describing import pods as describe_pods
    from svcnet.cli.describing.page import Page

    # No time either: a template has no age.
    page = Page(_NoObjects(), "")
    describe_pods.template(page, template)
    return page.raw()


class _NoObjects:
    """A description of a template alone looks nothing up."""

    def get(self, key: object) -> None:
        """Return nothing."""

    def list(self, resource: str, namespace: str | None = None) -> list[Document]:  # noqa: ARG002
        """Return nothing."""
        return []


@writes("kubectl-rollout", without=_PLAIN, prints_late=True)
def pause(
    ctx: Context,
    words: Words = None,
    *,
    filenames: Filenames = None,
    kustomize: Kustomize = "",
    recursive: Recursive = False,
    selector: Selector = "",
    wish: Intent,
) -> None:
    """Mark the provided resource as paused."""
    here = session(ctx)
    files.refuse_kustomize(filenames, kustomize, recursive=recursive)
    asked = _asked(here, words, filenames, recursive=recursive, selector=selector)
    _to_each(here, wish, asked, _pause)


@writes("kubectl-rollout", without=_PLAIN, prints_late=True)
def resume(
    ctx: Context,
    words: Words = None,
    *,
    filenames: Filenames = None,
    kustomize: Kustomize = "",
    recursive: Recursive = False,
    selector: Selector = "",
    wish: Intent,
) -> None:
    """Resume a paused resource."""
    here = session(ctx)
    files.refuse_kustomize(filenames, kustomize, recursive=recursive)
    asked = _asked(here, words, filenames, recursive=recursive, selector=selector)
    _to_each(here, wish, asked, _resume)


@writes("kubectl-rollout", without=_PLAIN, prints_late=True)
def restart(
    ctx: Context,
    words: Words = None,
    *,
    filenames: Filenames = None,
    kustomize: Kustomize = "",
    recursive: Recursive = False,
    selector: Selector = "",
    wish: Intent,
) -> None:
    """Restart a resource: its pods are made anew, as after a change of their template."""
    here = session(ctx)
    files.refuse_kustomize(filenames, kustomize, recursive=recursive)
    asked = _asked(here, words, filenames, recursive=recursive, selector=selector)
    _to_each(here, wish, asked, _restart)


def _called(target: Target) -> str:
    """Return an object as errors of `rollout` name it."""
    return f'{target.kind.resource} "{target.name}"'


def _is_paused(target: Target) -> bool:
    """Tell whether a Deployment rolls nothing out for the time being."""
    assert target.document is not None
    return bool(target.document["spec"].get("paused"))


def _pause(work: Work, target: Target) -> None:
    """Pause one Deployment.

    Source: kubernetes staging/src/k8s.io/kubectl/pkg/polymorphichelpers/objectpauser.go.
    """
    if target.kind is not DEPLOYMENT:
        raise SvcnetError(f"{_called(target)} pausing is not supported")
    if _is_paused(target):
        raise SvcnetError(f"{_called(target)} is already paused")
    _change(work, target, {"spec": {"paused": True}}, "paused")


def _resume(work: Work, target: Target) -> None:
    """Resume one Deployment.

    Source: kubernetes staging/src/k8s.io/kubectl/pkg/polymorphichelpers/objectresumer.go.
    """
    if target.kind is not DEPLOYMENT:
        raise SvcnetError(f"{_called(target)} resuming is not supported")
    if not _is_paused(target):
        raise SvcnetError(f"{_called(target)} is not paused")
    # false is the default: the field goes, as Go omits it.
    _change(work, target, {"spec": {"paused": None}}, "resumed")


def _restart(work: Work, target: Target) -> None:
    """Restart one object.

    Source: kubernetes staging/src/k8s.io/kubectl/pkg/polymorphichelpers/objectrestarter.go.
    """
    if target.kind not in (DEPLOYMENT, DAEMON_SET, STATEFUL_SET):
        raise SvcnetError(f"{_called(target)} restarting is not supported")
    if _is_paused(target):
        raise SvcnetError(
            f"{_called(target)} can't restart paused deployment (run rollout resume first)"
        )
    assert target.document is not None
    metadata = target.document["spec"]["template"].get("metadata") or {}
    # The annotation has whole seconds: a second restart within one would change nothing.
    if (metadata.get("annotations") or {}).get(RESTARTED) == work.session.now:
        raise SvcnetError(
            f"failed to create patch for {target.name}: if restart has already been triggered "
            "within the past second, please wait before attempting to trigger another"
        )
    annotations = {"annotations": {RESTARTED: work.session.now}}
    _change(work, target, {"spec": {"template": {"metadata": annotations}}}, "restarted")


def _change(work: Work, target: Target, body: Document, done: str) -> None:
    written = work.patch(target.key, Patch(PatchType.STRATEGIC, body))
    work.show(target.kind, written.document, done)


@writes("kubectl-rollout", without=("validate", "field_manager"))
def undo(
    ctx: Context,
    words: Words = None,
    *,
    filenames: Filenames = None,
    kustomize: Kustomize = "",
    recursive: Recursive = False,
    selector: Selector = "",
    to_revision: Annotated[
        int, option("--to-revision", help="Which one to go back to; 0: the last but one.")
    ] = 0,
    wish: Intent,
) -> None:
    """Roll back to a previous rollout."""
    here = session(ctx)
    files.refuse_kustomize(filenames, kustomize, recursive=recursive)
    asked = _asked(here, words, filenames, recursive=recursive, selector=selector)
    with writing(here, wish) as work:
        work.each(
            found(work.txn, resolve(asked, work.txn.kinds())),
            lambda each: _undo(work, each, to_revision),
        )


def _undo(work: Work, target: Target, number: int) -> None:
    """Bring an earlier template of one object back.

    Source: kubernetes staging/src/k8s.io/kubectl/pkg/polymorphichelpers/rollback.go.
    """
    assert target.document is not None
    if target.kind not in (DEPLOYMENT, DAEMON_SET, STATEFUL_SET):
        raise SvcnetError(f'no rollbacker has been implemented for "{target.kind.qualified}"')
    # The next apply would bring the template back that is being left.
    if last_applied.stored(target.document) is not None:
        work.session.warn(_unnoticed(target))
    revisions = rollout_history.history(work.txn, target.document, target.kind)
    chosen = rollout_history.chosen(revisions, target.document, target.kind, number)
    if work.intent.client_only:
        work.session.say(
            f"{target.kind.singular_resource}/{target.name} {_described(chosen.template)} (dry run)"
        )
        return
    if _is_paused(target):
        raise SvcnetError(
            "you cannot rollback a paused deployment; resume it first with 'kubectl rollout "
            "resume' and try again"
        )
    done = "rolled back"
    if rollout_history.is_current(chosen, target.document, target.kind):
        done = f"skipped rollback (current template already matches revision {number})"
    else:
        work.patch(target.key, rollout_history.way_back(chosen, target.document, target.kind))
    work.show(target.kind, target.document, done)


def _unnoticed(target: Target) -> str:
    return (
        f"resource {target.kind.plural}/{target.name} was previously managed with 'kubectl "
        f"apply'. Rolling back will not update the {last_applied.ANNOTATION} annotation, which "
        "may cause unexpected behavior on future 'kubectl apply' operations. Consider using "
        "'kubectl apply' with your previous configuration file instead."
    )
