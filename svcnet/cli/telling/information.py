"""Verbs that tell of the program and of the API: `version`, `api-resources` and the like.

Source: kubectl pkg/cmd/{version,apiresources,clusterinfo}.
"""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterable
from typing import Annotated, Any

from svcnet.api.config import REFERENCE
from svcnet.api.kinds import Kind, Kinds
from svcnet.cli.frame.parameters import Context, argument, option
from svcnet.cli.frame.session import session
from svcnet.cli.printing.tabwriter import aligned
from svcnet.errors import SvcnetError, UsageError

ALL_VERBS = ("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")
# A Binding is an order to the server: nothing is kept that could be read.
_ONLY_CREATED = frozenset(["Binding"])
_MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}

Extra = Annotated[list[str] | None, argument(hidden=True)]
Cached = Annotated[bool, option("--cached", help="Accepted for scripts: nothing is cached.")]


def verbs_of(kind: Kind) -> tuple[str, ...]:
    """Return what can be done to objects of a kind."""
    return ("create",) if kind.kind in _ONLY_CREATED else ALL_VERBS


def table(rows: Iterable[tuple[str, ...]]) -> str:
    """Return rows in columns of at least six, three apart, as kubectl prints its own tables."""
    return aligned("".join("\t".join(row) + "\n" for row in rows), padding=3, minimum=6)


def refuse_words(ctx: Context, words: list[str] | None) -> None:
    """Refuse words for a verb that takes none.

    Raises:
        UsageError: ``unexpected arguments: [x]``.
    """
    if words:
        raise session(ctx).usage(f"unexpected arguments: [{' '.join(words)}]")


# --- version ----------------------------------------------------------------------------------


def version(
    ctx: Context,
    words: Extra = None,
    *,
    client: Annotated[
        bool, option("--client", help="Tell only the version of the program, no server's.")
    ] = False,
    output: Annotated[str, option("--output", "-o", help="One of 'yaml' or 'json'.")] = "",
) -> None:
    """Print the client and server version information.

    Both are the Kubernetes version that svcnet follows; svcnet's own stands beside them.
    """
    if words:
        raise SvcnetError(f"extra arguments: [{' '.join(words)}]")
    if output not in {"", "json", "yaml"}:
        raise SvcnetError("--output must be 'yaml' or 'json'")
    session(ctx).say(_versions(client=client, output=output), end="")


def _versions(*, client: bool, output: str) -> str:
    """Return the versions in the format asked for."""
    told: dict[str, Any] = {"clientVersion": _kubernetes()}
    if not client:
        told["serverVersion"] = _kubernetes()
    # Beside kubectl's own fields, so that scripts which read those still find them.
    told["svcnetVersion"] = f"v{own_version()}"
    match output:
        case "json":
            import json

            return json.dumps(told, indent=2) + "\n"
        case "yaml":
            from svcnet.api.yamltext import to_yaml

            return to_yaml(told)
    lines = [f"Client Version: v{REFERENCE}"]
    if not client:
        lines.append(f"Server Version: v{REFERENCE}")
    return "\n".join((*lines, f"svcnet Version: {told['svcnetVersion']}", ""))


def own_version() -> str:
    """Return the version of the installed program."""
    from importlib.metadata import version as installed

    return installed("svcnet")


def _kubernetes() -> dict[str, str]:
    """Return the Kubernetes version that is followed, in kubectl's fields."""
    major, minor, _ = REFERENCE.split(".")
    # Go's names of processors are not those of uname.
    machine = _MACHINES.get(platform.machine(), platform.machine())
    return {
        "major": major,
        "minor": minor,
        "gitVersion": f"v{REFERENCE}",
        "platform": f"{sys.platform}/{machine}",
    }


# --- cluster-info -----------------------------------------------------------------------------


def cluster_info(ctx: Context, words: Extra = None) -> None:
    """Display cluster information: where the state is kept."""
    if words and words[0] == "dump":
        raise UsageError(
            "svcnet has no `cluster-info dump`: use `kubectl get all -A -o yaml` for the objects "
            "and `svcnet rules --node NODE` for a node's rules"
        )
    refuse_words(ctx, words)
    run = session(ctx)
    with run.read() as objects:
        nodes = [each["metadata"]["name"] for each in objects.list("nodes")]
    run.say(f"Kubernetes control plane is running at {run.db}")
    run.say("")
    for node in nodes[:1]:
        run.say(f"To see what a node makes of it, use 'svcnet rules --node {node}'.")


# --- api-resources, api-versions --------------------------------------------------------------


def api_resources(
    ctx: Context,
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
    refuse_words(ctx, words)
    if output not in {"", "json", "yaml", "name", "wide"}:
        raise SvcnetError(f"--output {output} is not available")
    if sort_by not in {"", "name", "kind"}:
        raise SvcnetError("--sort-by accepts only name or kind")
    run = session(ctx)
    with run.read() as objects:
        kinds = [
            kind
            for kind in objects.kinds().all
            if api_group in (None, kind.group)
            and namespaced in (None, kind.namespaced)
            and {*(verbs or ())} <= {*verbs_of(kind)}
            and {*(categories or ())} <= {*kind.categories}
        ]
    # Kinds of the same rank keep the order in which the server tells them.
    kinds.sort(key=lambda kind: _rank(kind, sort_by))
    run.say(_resources(kinds, output, headers=not no_headers), end="")


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
            from svcnet.api.text import to_json

            return to_json(_resource_list(kinds))
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
    return (*row, ",".join(verbs_of(kind)), ",".join(kind.categories)) if wide else row


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
            "verbs": list(verbs_of(kind)),
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


def api_versions(ctx: Context, words: Extra = None) -> None:
    """Print the supported API versions on the server, in the form of "group/version"."""
    refuse_words(ctx, words)
    run = session(ctx)
    with run.read() as objects:
        for each in group_versions(objects.kinds()):
            run.say(each)


def group_versions(kinds: Kinds) -> list[str]:
    """Return every group with its version, sorted."""
    return sorted({kind.api_version for kind in kinds.all})
