"""``get``: objects, as tables or as documents."""

from __future__ import annotations

from typing import Annotated

from svcnet.cli.command.session import Session
from svcnet.cli.commands import get_flags
from svcnet.cli.commands.get_printing import GetOptions, Retrieval
from svcnet.cli.flags import shared
from svcnet.cli.resource.resource_flags import ResourceFlags, resource_flags
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
    resources: Annotated[
        ResourceFlags, resource_flags("selector", "field_selector", "all_namespaces")
    ],
    printing: get_flags.Printing,
    watching: get_flags.Watching,
    sort_by: get_flags.SortBy = "",
    ignore_not_found: shared.IgnoreNotFound = False,
    subresource: get_flags.Subresource = "",
    raw: get_flags.Raw = "",
    server_print: get_flags.ServerPrint = True,
    chunk_size: get_flags.ChunkSize = 500,
) -> None:
    """Display one or many resources.

    Prints a table of what matters most about the objects that are named, selected or in files.
    """
    del chunk_size  # The state is read at once, however large it is.
    if raw:
        session.print_result(_raw(raw, has_words=bool(words), output=printing.output), end="")
        return
    # Before the state is opened: kubectl refuses an unknown format before it sends anything.
    form = printing.format()
    _check_subresource(subresource)
    is_watching = watching.is_watching()
    if not words and not resources.filenames:
        raise _nothing_asked(session)
    table = printing.table(form, namespaces=resources.all_namespaces)
    options = GetOptions(sort_by, subresource, ignore_not_found, server_print)
    query = resources.query(session, words, bare_type_means_all=True)
    Retrieval(session, form, table, options).run(query, silent=watching.watch_only)
    if is_watching:
        end_watch(session)


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


def _check_subresource(subresource: str) -> None:
    """Refuse a part of an object that none has."""
    if subresource and subresource not in SUBRESOURCES:
        raise SvcnetError(
            f'invalid subresource value: "{subresource}". Must be one of [{" ".join(SUBRESOURCES)}]'
        )


def _nothing_asked(session: Session) -> SvcnetError:
    # kubectl says this in two parts: advice without a prefix, then the error itself.
    session.print_note(NOTHING_ASKED)
    return session.usage(
        'Required resource not specified.\nUse "kubectl explain <resource>" for a detailed '
        "description of that resource (e.g. kubectl explain pods)."
    )


def end_watch(session: Session) -> None:
    """End a watch: at once with a time limit, as nothing would happen until then, else in error."""
    if not session.has_time_limit:
        raise SvcnetError(
            "nothing happens to a stored state by itself, so there is nothing to watch for"
        )
