"""Flags that only `get` has."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import typer

Output: TypeAlias = Annotated[
    str,
    typer.Option(
        "--output",
        "-o",
        help="Output format: wide, name, json, yaml, kyaml, jsonpath, jsonpath-as-json, "
        "jsonpath-file, go-template, go-template-file, template, templatefile, custom-columns, "
        "custom-columns-file.",
    ),
]
LabelColumns: TypeAlias = Annotated[
    list[str] | None, typer.Option("--label-columns", "-L", help="Show these labels as columns.")
]
ShowLabels: TypeAlias = Annotated[
    bool, typer.Option("--show-labels", help="Show all labels as the last column.")
]
ShowKind: TypeAlias = Annotated[
    bool, typer.Option("--show-kind", help="Show the type with each name.")
]
NoHeaders: TypeAlias = Annotated[bool, typer.Option("--no-headers", help="Show no headers.")]
SortBy: TypeAlias = Annotated[
    str, typer.Option("--sort-by", help="Sort by this field, as in '{.metadata.name}'.")
]
Subresource: TypeAlias = Annotated[
    str, typer.Option("--subresource", help="Show a part of the object: status, scale, resize.")
]
Watch: TypeAlias = Annotated[
    bool, typer.Option("--watch", "-w", help="Not supported: nothing changes by itself.")
]
WatchOnly: TypeAlias = Annotated[bool, typer.Option("--watch-only", help="As --watch.")]
OutputWatchEvents: TypeAlias = Annotated[
    bool, typer.Option("--output-watch-events", help="As --watch.")
]
Raw: TypeAlias = Annotated[
    str, typer.Option("--raw", help="Ask for a path of the server: /healthz, /readyz, /livez.")
]
ServerPrint: TypeAlias = Annotated[
    bool, typer.Option("--server-print", help="Show the columns of the kind.")
]
ChunkSize: TypeAlias = Annotated[int, typer.Option("--chunk-size", help="Has no effect.")]
