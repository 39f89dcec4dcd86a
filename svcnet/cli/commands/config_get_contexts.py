"""`config get-contexts`.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/config/get_contexts.go.
"""

from __future__ import annotations

from typing import Annotated

from svcnet.cli.command.session import Session
from svcnet.cli.commands.kubeconfig import NAME, NoHeaders
from svcnet.cli.commands.no_arguments import Extra
from svcnet.cli.commands.plain_tables import table
from svcnet.cli.flags.declarations import option
from svcnet.errors import SvcnetError


def config_get_contexts(
    session: Session,
    words: Extra = None,
    *,
    output_format: Annotated[str, option("--output", "-o", help="name, or nothing.")] = "",
    no_headers: NoHeaders = False,
) -> None:
    """Describe one or many contexts."""
    if output_format not in {"", "name"}:
        raise SvcnetError("output must be one of '' or 'name'")
    shown = not words or NAME in words
    if output_format:
        session.print_result(f"{NAME}\n" if shown else "", end="")
    else:
        header = ("CURRENT", "NAME", "CLUSTER", "AUTHINFO", "NAMESPACE")
        rows = [] if no_headers else [header]
        if shown:
            rows.append(("*", NAME, NAME, NAME, session.namespace))
        session.print_result(table(rows), end="")
    # What was found is printed all the same.
    for word in words or ():
        if word != NAME:
            session.report(SvcnetError(f"context {word} not found"))
