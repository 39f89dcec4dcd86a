"""`config view`: the kubeconfig of the only context there is.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/config/view.go.
"""

from __future__ import annotations

from typing import Annotated

from svcnet.cli.command.session import Session
from svcnet.cli.commands.kubeconfig import NAME, kubeconfig
from svcnet.cli.commands.no_arguments import Extra, refuse_words
from svcnet.cli.flags import shared
from svcnet.cli.flags.declarations import option
from svcnet.cli.printers import output

_NO_DIFFERENCE = "Accepted for scripts: there is but one context."
Minify = Annotated[bool, option("--minify", help=_NO_DIFFERENCE)]
Flatten = Annotated[bool, option("--flatten", help=_NO_DIFFERENCE)]
Raw = Annotated[bool, option("--raw", help=_NO_DIFFERENCE)]
Merge = Annotated[bool, option("--merge", help=_NO_DIFFERENCE)]


def config_view(
    session: Session,
    words: Extra = None,
    *,
    output_format: Annotated[
        str, option("--output", "-o", help="json, yaml or a template; yaml by default.")
    ] = "yaml",
    template: shared.Template = "",
    minify: Minify = False,
    flatten: Flatten = False,
    raw: Raw = False,
    merge: Merge = True,
    allow_missing_template_keys: shared.AllowMissingTemplateKeys = True,
) -> None:
    """Display merged kubeconfig settings or a specified kubeconfig file."""
    del minify, flatten, raw, merge
    refuse_words(session, words)
    formats = [each for each in output.WRITE_FORMATS if each != "kyaml"]
    wanted = output.chosen(
        output_format, template, allowed=formats, missing_ok=allow_missing_template_keys
    )
    if wanted.name == "name":
        session.print_result(f"config/{NAME}")
        return
    session.print_result(output.as_text(wanted, kubeconfig(session)), end="")
