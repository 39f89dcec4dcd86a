"""`config`: the kubeconfig that a script looks at before it starts.

There is one context, because there is one state; which one is said by `--db` and SVCNET_DB.
Source: kubectl pkg/cmd/config/view.go, current_context.go, get_contexts.go, use_context.go,
get_clusters.go, get_users.go.
"""

from __future__ import annotations

from typing import Annotated, Any

from svcnet.cli.frame import options
from svcnet.cli.frame.parameters import Context, argument, option
from svcnet.cli.frame.session import Session, session
from svcnet.cli.printing import output
from svcnet.cli.telling.information import Extra, refuse_words, table
from svcnet.errors import SvcnetError

NAME = "svcnet"
"""What the only context, its cluster and its user are called."""

NoHeaders = Annotated[bool, option("--no-headers", help="Leave the line of headers out.")]
_NO_DIFFERENCE = "Accepted for scripts: there is but one context."
Minify = Annotated[bool, option("--minify", help=_NO_DIFFERENCE)]
Flatten = Annotated[bool, option("--flatten", help=_NO_DIFFERENCE)]
Raw = Annotated[bool, option("--raw", help=_NO_DIFFERENCE)]
Merge = Annotated[bool, option("--merge", help=_NO_DIFFERENCE)]


def kubeconfig(run: Session) -> dict[str, Any]:
    """Return the configuration that a kubeconfig for this state would hold."""
    context = {"cluster": NAME, "namespace": run.namespace, "user": NAME}
    return {
        "apiVersion": "v1",
        # In the place of a server's address: where requests go is a file.
        "clusters": [{"cluster": {"server": run.db}, "name": NAME}],
        "contexts": [{"context": context, "name": NAME}],
        "current-context": NAME,
        "kind": "Config",
        "users": [{"name": NAME, "user": {}}],
    }


def view(
    ctx: Context,
    words: Extra = None,
    *,
    output_format: Annotated[
        str, option("--output", "-o", help="json, yaml or a template; yaml by default.")
    ] = "yaml",
    template: options.Template = "",
    minify: Minify = False,
    flatten: Flatten = False,
    raw: Raw = False,
    merge: Merge = True,
    allow_missing_template_keys: options.AllowMissingTemplateKeys = True,
) -> None:
    """Display merged kubeconfig settings or a specified kubeconfig file."""
    del minify, flatten, raw, merge
    refuse_words(ctx, words)
    run = session(ctx)
    formats = [each for each in output.WRITE_FORMATS if each != "kyaml"]
    wanted = output.chosen(
        output_format, template, allowed=formats, missing_ok=allow_missing_template_keys
    )
    if wanted.name == "name":
        run.say(f"config/{NAME}")
        return
    run.say(output.as_text(wanted, kubeconfig(run)), end="")


def current_context(ctx: Context, words: Extra = None) -> None:
    """Display the current-context."""
    refuse_words(ctx, words)
    session(ctx).say(NAME)


def get_contexts(
    ctx: Context,
    words: Extra = None,
    *,
    output_format: Annotated[str, option("--output", "-o", help="name, or nothing.")] = "",
    no_headers: NoHeaders = False,
) -> None:
    """Describe one or many contexts."""
    run = session(ctx)
    if output_format not in {"", "name"}:
        raise SvcnetError("output must be one of '' or 'name'")
    shown = not words or NAME in words
    if output_format:
        run.say(f"{NAME}\n" if shown else "", end="")
    else:
        header = ("CURRENT", "NAME", "CLUSTER", "AUTHINFO", "NAMESPACE")
        rows = [] if no_headers else [header]
        if shown:
            rows.append(("*", NAME, NAME, NAME, run.namespace))
        run.say(table(rows), end="")
    # What was found is printed all the same.
    for word in words or ():
        if word != NAME:
            run.report(SvcnetError(f"context {word} not found"))


def use_context(ctx: Context, name: Annotated[str, argument(metavar="CONTEXT_NAME")]) -> None:
    """Set the current-context: the only one there is."""
    # A script made for a real cluster is to fail here, before it changes this state.
    if name != NAME:
        raise SvcnetError(f'no context exists with the name: "{name}"')
    session(ctx).say(f'Switched to context "{name}".')


def get_clusters(ctx: Context, words: Extra = None) -> None:
    """Display clusters defined in the kubeconfig."""
    refuse_words(ctx, words)
    session(ctx).say(f"NAME\n{NAME}")


def get_users(ctx: Context, words: Extra = None) -> None:
    """Display users defined in the kubeconfig."""
    refuse_words(ctx, words)
    session(ctx).say(f"NAME\n{NAME}")
