"""``get``: objects, as tables or as documents."""

from __future__ import annotations

from collections.abc import Sequence

from svcnet.cli import get_options
from svcnet.cli.choosing.retrieval import How, Retrieval
from svcnet.cli.choosing.selection import Wanted
from svcnet.cli.frame import options
from svcnet.cli.frame.parameters import Context
from svcnet.cli.frame.session import Session, session
from svcnet.cli.printing.output import GET_FORMATS, chosen
from svcnet.cli.printing.tables import Options
from svcnet.errors import SvcnetError

NOTHING_ASKED = (
    'You must specify the type of resource to get. Use "kubectl api-resources" for a complete '
    "list of supported resources.\n"
)
SUBRESOURCES = ("status", "scale", "resize")
HEALTH = ("/healthz", "/livez", "/readyz")


def get(
    ctx: Context,
    words: options.Words = None,
    *,
    output: get_options.Output = "",
    template: options.Template = "",
    filenames: options.Filenames = None,
    kustomize: options.Kustomize = "",
    recursive: options.Recursive = False,
    selector: options.Selector = "",
    field_selector: options.FieldSelector = "",
    all_namespaces: options.AllNamespaces = False,
    label_columns: get_options.LabelColumns = None,
    show_labels: get_options.ShowLabels = False,
    show_kind: get_options.ShowKind = False,
    no_headers: get_options.NoHeaders = False,
    sort_by: get_options.SortBy = "",
    ignore_not_found: options.IgnoreNotFound = False,
    show_managed_fields: options.ShowManagedFields = False,
    missing_ok: options.AllowMissingTemplateKeys = True,
    subresource: get_options.Subresource = "",
    watch: get_options.Watch = False,
    watch_only: get_options.WatchOnly = False,
    output_watch_events: get_options.OutputWatchEvents = False,
    raw: get_options.Raw = "",
    server_print: get_options.ServerPrint = True,
    chunk_size: get_options.ChunkSize = 500,
) -> None:
    """Display one or many resources.

    Prints a table of what matters most about the objects that are named, selected or in files.
    """
    del chunk_size  # The state is read at once, however large it is.
    here = session(ctx)
    if raw:
        here.say(_raw(raw, has_words=bool(words), output=output), end="")
        return
    # Before the state is opened: kubectl refuses an unknown format before it sends anything.
    form = chosen(output, template, allowed=GET_FORMATS, missing_ok=missing_ok)
    _check(form.name, show_labels=show_labels, subresource=subresource)
    watching = _checked_watch(watch, watch_only, output_watch_events)
    if kustomize:
        raise _no_kustomize(filenames, kustomize, recursive=recursive)
    if not words and not filenames:
        raise _nothing_asked(here)
    wide, labels = form.name == "wide", tuple(label_columns or ())
    form = form._replace(managed_fields=show_managed_fields, headers=not no_headers)
    Retrieval(
        here, form, Options(wide, not no_headers, all_namespaces, show_kind, labels, show_labels),
        How(sort_by, subresource, ignore_not_found, server_print),
    ).run(
        Wanted(
            words or (), filenames or (), recursive, selector, field_selector,
            namespace=here.namespace, namespace_given=here.namespace_given,
            all_namespaces=all_namespaces, bare_type_means_all=True,
        ),
        silent=watch_only,
    )  # fmt: skip
    if watching:
        _end_watch(here)


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


def _nothing_asked(here: Session) -> SvcnetError:
    # kubectl says this in two parts: advice without a prefix, then the error itself.
    here.tell(NOTHING_ASKED)
    return here.usage(
        'Required resource not specified.\nUse "kubectl explain <resource>" for a detailed '
        "description of that resource (e.g. kubectl explain pods)."
    )


def _no_kustomize(
    filenames: Sequence[str] | None, kustomize: str, *, recursive: bool
) -> SvcnetError:
    from svcnet.cli.choosing import files

    return files.kustomize_refusal(filenames, kustomize, recursive=recursive)


def _end_watch(here: Session) -> None:
    """End a watch: at once with a time limit, as nothing would happen until then, else in error."""
    if not here.has_time_limit:
        raise SvcnetError(
            "nothing happens to a stored state by itself, so there is nothing to watch for"
        )
