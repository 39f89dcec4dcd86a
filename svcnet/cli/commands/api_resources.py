"""`api-resources`: the kinds that the API serves.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/apiresources/apiresources.go.
"""

from __future__ import annotations

from typing import Annotated, Any

from svcnet.api.kinds import Kind
from svcnet.cli.command.session import Session
from svcnet.cli.commands.no_arguments import Cached, Extra, refuse_words
from svcnet.cli.commands.plain_tables import table
from svcnet.cli.flags.declarations import option
from svcnet.errors import SvcnetError

# --- api-resources, api-versions --------------------------------------------------------------


def api_resources(
    session: Session,
    words: Extra = None,
    *,
    api_group: Annotated[
        str | None, option("--api-group", help="Only resources of this group.")
    ] = None,
    namespaced: Annotated[
        bool | None,
        option("--namespaced", help="Only resources that belong to a namespace, or not."),
    ] = None,
    verbs: Annotated[
        list[str] | None, option("--verbs", help="Only resources that support all these.")
    ] = None,
    categories: Annotated[
        list[str] | None, option("--categories", help="Only resources in all these.")
    ] = None,
    output: Annotated[str, option("--output", "-o", help="One of: json, yaml, name, wide.")] = "",
    no_headers: Annotated[
        bool, option("--no-headers", help="Leave the line of headers out.")
    ] = False,
    sort_by: Annotated[str, option("--sort-by", help="Order by name or by kind.")] = "",
    cached: Cached = False,
) -> None:
    """Print the supported API resources on the server.

    Custom resources that are defined in the state are among them.
    """
    del cached
    refuse_words(session, words)
    if output not in {"", "json", "yaml", "name", "wide"}:
        raise SvcnetError(f"--output {output} is not available")
    if sort_by not in {"", "name", "kind"}:
        raise SvcnetError("--sort-by accepts only name or kind")
    with session.read() as objects:
        kinds = [
            kind
            for kind in objects.kinds().all
            if api_group in (None, kind.group)
            and namespaced in (None, kind.namespaced)
            and {*(verbs or ())} <= {*kind.verbs}
            and {*(categories or ())} <= {*kind.categories}
        ]
    # Kinds of the same rank keep the order in which the server tells them.
    kinds.sort(key=lambda kind: _rank(kind, sort_by))
    session.print_result(_resources(kinds, output, headers=not no_headers), end="")


def _rank(kind: Kind, sort_by: str) -> tuple[str, ...]:
    """Return what resources are ordered by.

    Source: kubectl pkg/cmd/apiresources/apiresources.go sortableResource.
    """
    match sort_by:
        case "name":
            return (kind.plural,)
        case "kind":
            return (kind.kind,)
    # apiresources.go sortableResource.Less(): by group, then by name.
    return (kind.group, kind.plural)


def _resources(kinds: list[Kind], output: str, *, headers: bool) -> str:
    """Return resources in the format asked for."""
    match output:
        case "name":
            return "".join(f"{kind.resource}\n" for kind in kinds)
        case "json":
            from svcnet.api.go.json import marshal_indent

            return marshal_indent(_resource_list(kinds)) + "\n"
        case "yaml":
            from svcnet.api.yamltext import to_yaml

            return to_yaml(_resource_list(kinds))
    wide = output == "wide"
    header = ("NAME", "SHORTNAMES", "APIVERSION", "NAMESPACED", "KIND")
    rows = [(*header, "VERBS", "CATEGORIES") if wide else header] if headers else []
    return table((*rows, *(_resource_row(kind, wide=wide) for kind in kinds)))


def _resource_row(kind: Kind, *, wide: bool) -> tuple[str, ...]:
    """Return the cells of one resource, without or with the wide ones."""
    row = (
        kind.plural,
        ",".join(kind.short_names),
        kind.api_version,
        "true" if kind.namespaced else "false",
        kind.kind,
    )
    return (*row, ",".join(kind.verbs), ",".join(kind.categories)) if wide else row


def _resource_list(kinds: list[Kind]) -> dict[str, Any]:
    """Return resources as one document."""
    resources = [
        {
            **({"categories": list(kind.categories)} if kind.categories else {}),
            **({"group": kind.group} if kind.group else {}),
            "kind": kind.kind,
            "name": kind.plural,
            "namespaced": kind.namespaced,
            **({"shortNames": list(kind.short_names)} if kind.short_names else {}),
            "singularName": kind.singular,
            "verbs": list(kind.verbs),
            "version": kind.version,
        }
        for kind in kinds
    ]
    return {
        "apiVersion": "v1",
        "groupVersion": "",
        "kind": "APIResourceList",
        "resources": resources,
    }
