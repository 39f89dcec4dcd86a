"""Flags that several verbs share, as annotations.

A flag's own words and defaults are kubectl's (staging/src/k8s.io/kubectl/pkg/cmd/util/helpers.go,
staging/src/k8s.io/cli-runtime/pkg/genericclioptions).  The flags that *every* verb takes stand in
`svcnet.cli.flags.pflag.GLOBAL`.
"""

from __future__ import annotations

import sys
import time
from typing import Annotated, Literal, TypeAlias

from svcnet.cli.flags import values
from svcnet.cli.flags.declarations import argument, option
from svcnet.errors import SvcnetError, go_quote

Words: TypeAlias = Annotated[
    list[str] | None, argument(metavar="[(TYPE[.VERSION][.GROUP] [NAME] | TYPE/NAME ...)]")
]
Output: TypeAlias = Annotated[
    str,
    option(
        "--output",
        "-o",
        help="Output format: json, yaml, kyaml, name, go-template, go-template-file, template, "
        "templatefile, jsonpath, jsonpath-as-json, jsonpath-file.",
    ),
]
Template: TypeAlias = Annotated[
    str,
    option(
        "--template", help="Template, or path of one, for -o go-template and -o go-template-file."
    ),
]
AllowMissingTemplateKeys: TypeAlias = Annotated[
    bool,
    option(
        "--allow-missing-template-keys",
        help="Pass over fields that a template names and an object lacks.",
    ),
]
ShowManagedFields: TypeAlias = Annotated[
    bool, option("--show-managed-fields", help="Keep managedFields in JSON and YAML.")
]
Filenames: TypeAlias = Annotated[
    list[str] | None,
    option("--filename", "-f", help="Files or directories that hold objects; - is standard input."),
]
Kustomize: TypeAlias = Annotated[
    str, option("--kustomize", "-k", help="Not supported: build with kustomize, use -f -.")
]
Recursive: TypeAlias = Annotated[
    bool, option("--recursive", "-R", help="Go into the directories below those of -f.")
]
Selector: TypeAlias = Annotated[
    str,
    option("--selector", "-l", help="Label selector: '=', '==', '!=', 'in', 'notin', '<', '>'."),
]
FieldSelector: TypeAlias = Annotated[
    str, option("--field-selector", help="Field selector: '=', '==', '!='.")
]
AllNamespaces: TypeAlias = Annotated[
    bool, option("--all-namespaces", "-A", help="Look in every namespace.")
]
IgnoreNotFound: TypeAlias = Annotated[
    bool, option("--ignore-not-found", help="It is no error when an object is missing.")
]
All: TypeAlias = Annotated[
    bool, option("--all", help="Take every object of the types, in the namespace.")
]
DryRunFlag: TypeAlias = Annotated[
    str,
    option(
        "--dry-run",
        help="none, client (only print what would be sent) or server (do all but keep it).",
    ),
]
FieldManager: TypeAlias = Annotated[
    str, option("--field-manager", help="Who is said to own the fields that are written.")
]
SaveConfig: TypeAlias = Annotated[
    bool,
    option("--save-config", help="Keep the configuration in an annotation, for apply."),
]
Validate: TypeAlias = Annotated[
    str,
    option(
        "--validate",
        help="What to do about unknown fields: strict (or true), warn, ignore (or false).",
    ),
]
Overwrite: TypeAlias = Annotated[
    bool, option("--overwrite", help="Let what is there already be changed.")
]
ResourceVersion: TypeAlias = Annotated[
    str, option("--resource-version", help="Only if the object has this version now.")
]
Subresource: TypeAlias = Annotated[
    str, option("--subresource", help="Use this part of the object: status, scale.")
]
Timeout: TypeAlias = Annotated[
    str, option("--timeout", metavar="duration", help="How long to wait, as in 1m30s.")
]
Wait: TypeAlias = Annotated[
    bool, option("--wait", help="Wait until the objects are gone; svcnet never has to.")
]

DryRun: TypeAlias = Literal["none", "client", "server"]
Validation: TypeAlias = Literal["Strict", "Warn", "Ignore"]


def dry_run(value: str) -> DryRun:
    """Return what ``--dry-run`` asks for; warn of the form without a value.

    Raises:
        SvcnetError: it is none of kubectl's words.

    Source: kubectl pkg/cmd/util/helpers.go GetDryRunStrategy().
    """
    match value:
        case "none" | "client" | "server":
            return value
        case "unchanged":  # What kubectl takes a bare --dry-run for.
            _log("--dry-run is deprecated and can be replaced with --dry-run=client.")
            return "client"
        # It was a boolean once, and is still read as one: `1`, `T` and `FALSE` too.
        case _ if value in values.TRUE | values.FALSE:
            meant: DryRun = "client" if value in values.TRUE else "none"
            _log(
                f"--dry-run={value} is deprecated (boolean value) and can be replaced with "
                f"--dry-run={meant}."
            )
            return meant
    raise SvcnetError(f'Invalid dry-run value ({value}). Must be "none", "server", or "client".')


def validation(value: str) -> Validation:
    """Return what ``--validate`` asks for.

    Raises:
        SvcnetError: it is none of kubectl's words.

    Source: kubectl pkg/cmd/util/helpers.go GetValidationDirective().
    """
    # The words are as they are, but a boolean may be spelled in all of Go's ways.
    if value in values.TRUE | {"strict"}:
        return "Strict"
    if value in values.FALSE | {"ignore"}:
        return "Ignore"
    if value == "warn":
        return "Warn"
    raise SvcnetError(
        f"invalid - validate option {go_quote(value)}; must be one of: strict "
        "(or true), warn, ignore (or false)"
    )


def _log(message: str) -> None:
    """Write a line as kubectl's log does."""
    # klog: severity, date, time, process, place. Scripts that match it look at the message only.
    now = time.strftime("%m%d %H:%M:%S")
    sys.stderr.write(f"W{now}.000000 {1:>7} helpers.go:719] {message}\n")
