"""``get``: objects, as tables or as documents."""

from __future__ import annotations

from collections.abc import Sequence

from svcnet.cli.command.session import Session
from svcnet.cli.commands import get_flags
from svcnet.cli.commands.get_printing import How, Retrieval
from svcnet.cli.flags import shared
from svcnet.cli.printers.output import GET_FORMATS, chosen
from svcnet.cli.printers.tables import Options
from svcnet.cli.resource.targets import Wanted
from svcnet.errors import SvcnetError

NOTHING_ASKED = (
    'You must specify the type of resource to get. Use "kubectl api-resources" for a complete '
    "list of supported resources.\n"
)
SUBRESOURCES = ("status", "scale", "resize")
HEALTH = ("/healthz", "/livez", "/readyz")


def get(
    session: Session,
    words: shared.Words = None,
    *,
    output: get_flags.Output = "",
    template: shared.Template = "",
    filenames: shared.Filenames = None,
    kustomize: shared.Kustomize = "",
    recursive: shared.Recursive = False,
    selector: shared.Selector = "",
    field_selector: shared.FieldSelector = "",
    all_namespaces: shared.AllNamespaces = False,
    label_columns: get_flags.LabelColumns = None,
    show_labels: get_flags.ShowLabels = False,
    show_kind: get_flags.ShowKind = False,
    no_headers: get_flags.NoHeaders = False,
    sort_by: get_flags.SortBy = "",
    ignore_not_found: shared.IgnoreNotFound = False,
    show_managed_fields: shared.ShowManagedFields = False,
    missing_ok: shared.AllowMissingTemplateKeys = True,
    subresource: get_flags.Subresource = "",
    watch: get_flags.Watch = False,
    watch_only: get_flags.WatchOnly = False,
    output_watch_events: get_flags.OutputWatchEvents = False,
    raw: get_flags.Raw = "",
    server_print: get_flags.ServerPrint = True,
    chunk_size: get_flags.ChunkSize = 500,
) -> None:
    """Display one or many resources.

    Prints a table of what matters most about the objects that are named, selected or in files.
    """
    del chunk_size  # The state is read at once, however large it is.
    if raw:
        session.say(_raw(raw, has_words=bool(words), output=output), end="")
        return
    # Before the state is opened: kubectl refuses an unknown format before it sends anything.
    form = chosen(output, template, allowed=GET_FORMATS, missing_ok=missing_ok)
    _check(form.name, show_labels=show_labels, subresource=subresource)
    watching = _checked_watch(watch, watch_only, output_watch_events)
    if kustomize:
        raise _no_kustomize(filenames, kustomize, recursive=recursive)
    if not words and not filenames:
        raise _nothing_asked(session)
    wide, labels = form.name == "wide", tuple(label_columns or ())
    form = form._replace(managed_fields=show_managed_fields, headers=not no_headers)
    Retrieval(
        session, form, Options(wide, not no_headers, all_namespaces, show_kind, labels, show_labels),
        How(sort_by, subresource, ignore_not_found, server_print),
    ).run(
        Wanted(
            words or (), filenames or (), recursive, selector, field_selector,
            namespace=session.namespace, namespace_given=session.namespace_given,
            all_namespaces=all_namespaces, bare_type_means_all=True,
        ),
        silent=watch_only,
    )  # fmt: skip
    if watching:
        _end_watch(session)


def _raw(path: str, *, has_words: bool, output: str) -> str:
    """Return what the API server answers at a path; svcnet only says that it is well.

    Raises:
        SvcnetError: anything else is asked for.

    Source: kubectl pkg/cmd/get/get.go Validate().
    """
    if has_words:
        raise SvcnetError("arguments may not be passed when --raw is specified")
    if output:
        raise SvcnetError("--raw and --output are mutually exclusive")
    # Probes may add `?verbose` or `?exclude=…`: neither makes a well server unwell.
    if path.partition("?")[0] in HEALTH:
        return "ok"
    raise SvcnetError(
        f"svcnet has no server that could answer {path}: use `get TYPE -o json` instead of --raw"
    )


def _check(form: str, *, show_labels: bool, subresource: str) -> None:
    """Compare flags with each other before the state is opened.

    Raises:
        SvcnetError: labels are asked for in a format without columns, or a part of an object that
            none has.
    """
    if show_labels and form not in ("", "wide"):
        raise SvcnetError(f"--show-labels option cannot be used with {form} printer")
    if subresource and subresource not in SUBRESOURCES:
        raise SvcnetError(
            f'invalid subresource value: "{subresource}". Must be one of [{" ".join(SUBRESOURCES)}]'
        )


def _checked_watch(watch: bool, watch_only: bool, events: bool) -> bool:
    """Return whether a watch is asked for.

    Raises:
        SvcnetError: events are to be printed, but nothing is watched.
    """
    watching = watch or watch_only
    if events and not watching:
        raise SvcnetError(
            "--output-watch-events option can only be used with --watch or --watch-only"
        )
    return watching


def _nothing_asked(session: Session) -> SvcnetError:
    # kubectl says this in two parts: advice without a prefix, then the error itself.
    session.tell(NOTHING_ASKED)
    return session.usage(
        'Required resource not specified.\nUse "kubectl explain <resource>" for a detailed '
        "description of that resource (e.g. kubectl explain pods)."
    )


def _no_kustomize(
    filenames: Sequence[str] | None, kustomize: str, *, recursive: bool
) -> SvcnetError:
    from svcnet.cli.resource import files

    return files.kustomize_refusal(filenames, kustomize, recursive=recursive)


def _end_watch(session: Session) -> None:
    """End a watch: at once with a time limit, as nothing would happen until then, else in error."""
    if not session.has_time_limit:
        raise SvcnetError(
            "nothing happens to a stored state by itself, so there is nothing to watch for"
        )
