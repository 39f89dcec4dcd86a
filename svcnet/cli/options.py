"""Flags that several verbs share, as annotations for Typer.

A flag's own words and defaults are kubectl's (staging/src/k8s.io/kubectl/pkg/cmd/util/helpers.go,
staging/src/k8s.io/cli-runtime/pkg/genericclioptions).  The flags that *every* verb takes stand in
`svcnet.cli.flags.GLOBAL`.
"""

from __future__ import annotations

import sys
import time
from typing import Annotated, Literal, TypeAlias

import typer

from svcnet.errors import SvcnetError

Words: TypeAlias = Annotated[
    list[str] | None, typer.Argument(metavar="[(TYPE[.VERSION][.GROUP] [NAME] | TYPE/NAME ...)]")
]
Output: TypeAlias = Annotated[
    str,
    typer.Option(
        "--output",
        "-o",
        help="Output format: json, yaml, kyaml, name, go-template, go-template-file, template, "
        "templatefile, jsonpath, jsonpath-as-json, jsonpath-file.",
    ),
]
Template: TypeAlias = Annotated[
    str,
    typer.Option(
        "--template", help="Template, or path of one, for -o go-template and -o go-template-file."
    ),
]
AllowMissingTemplateKeys: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--allow-missing-template-keys",
        help="Pass over fields that a template names and an object lacks.",
    ),
]
ShowManagedFields: TypeAlias = Annotated[
    bool, typer.Option("--show-managed-fields", help="Keep managedFields in JSON and YAML.")
]
Filenames: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--filename", "-f", help="Files or directories that hold objects; - is standard input."
    ),
]
Kustomize: TypeAlias = Annotated[
    str, typer.Option("--kustomize", "-k", help="Not supported: build with kustomize, use -f -.")
]
Recursive: TypeAlias = Annotated[
    bool, typer.Option("--recursive", "-R", help="Go into the directories below those of -f.")
]
Selector: TypeAlias = Annotated[
    str,
    typer.Option(
        "--selector", "-l", help="Label selector: '=', '==', '!=', 'in', 'notin', '<', '>'."
    ),
]
FieldSelector: TypeAlias = Annotated[
    str, typer.Option("--field-selector", help="Field selector: '=', '==', '!='.")
]
AllNamespaces: TypeAlias = Annotated[
    bool, typer.Option("--all-namespaces", "-A", help="Look in every namespace.")
]
IgnoreNotFound: TypeAlias = Annotated[
    bool, typer.Option("--ignore-not-found", help="It is no error when an object is missing.")
]
All: TypeAlias = Annotated[
    bool, typer.Option("--all", help="Take every object of the types, in the namespace.")
]
DryRunFlag: TypeAlias = Annotated[
    str,
    typer.Option(
        "--dry-run",
        help="none, client (only print what would be sent) or server (do all but keep it).",
    ),
]
FieldManager: TypeAlias = Annotated[
    str, typer.Option("--field-manager", help="Who is said to own the fields that are written.")
]
SaveConfig: TypeAlias = Annotated[
    bool,
    typer.Option("--save-config", help="Keep the configuration in an annotation, for apply."),
]
Validate: TypeAlias = Annotated[
    str,
    typer.Option(
        "--validate",
        help="What to do about unknown fields: strict (or true), warn, ignore (or false).",
    ),
]
Overwrite: TypeAlias = Annotated[
    bool, typer.Option("--overwrite", help="Let what is there already be changed.")
]
ResourceVersion: TypeAlias = Annotated[
    str, typer.Option("--resource-version", help="Only if the object has this version now.")
]
Subresource: TypeAlias = Annotated[
    str, typer.Option("--subresource", help="Use this part of the object: status, scale.")
]
Timeout: TypeAlias = Annotated[
    str, typer.Option("--timeout", metavar="duration", help="How long to wait, as in 1m30s.")
]
Wait: TypeAlias = Annotated[
    bool, typer.Option("--wait", help="Wait until the objects are gone; svcnet never has to.")
]

DryRun: TypeAlias = Literal["none", "client", "server"]
Validation: TypeAlias = Literal["Strict", "Warn", "Ignore"]


def dry_run(value: str) -> DryRun:
    """Return what ``--dry-run`` asks for; warn of the form without a value.

    Raises:
        SvcnetError: it is none of kubectl's words.
    """
    match value:
        case "none" | "client" | "server":
            return value
        case "unchanged":
            _log("--dry-run is deprecated and can be replaced with --dry-run=client.")
            return "client"
        case "true" | "false":
            _log(
                f"--dry-run={value} is deprecated (boolean value) and can be replaced with "
                f"--dry-run={'client' if value == 'true' else 'none'}."
            )
            return "client" if value == "true" else "none"
    raise SvcnetError(f'Invalid dry-run value ({value}). Must be "none", "server", or "client".')


def validation(value: str) -> Validation:
    """Return what ``--validate`` asks for.

    Raises:
        SvcnetError: it is none of kubectl's words.
    """
    match value.lower():
        case "strict" | "true" | "":
            return "Strict"
        case "warn":
            return "Warn"
        case "ignore" | "false":
            return "Ignore"
    raise SvcnetError(
        f'invalid - validate option "{value}"; must be one of: strict (or true), warn, ignore '
        "(or false)"
    )


def _log(message: str) -> None:
    """Write a line as kubectl's log does."""
    now = time.strftime("%m%d %H:%M:%S")
    sys.stderr.write(f"W{now}.000000 {1:>7} helpers.go:719] {message}\n")
