"""Flags that only `get` has.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/get/get.go NewCmdGet() and get_flags.go.
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

from svcnet.cli.flags.declarations import option

Output: TypeAlias = Annotated[
    str,
    option(
        "--output",
        "-o",
        help="Output format: wide, name, json, yaml, kyaml, jsonpath, jsonpath-as-json, "
        "jsonpath-file, go-template, go-template-file, template, templatefile, custom-columns, "
        "custom-columns-file.",
    ),
]
LabelColumns: TypeAlias = Annotated[
    list[str] | None, option("--label-columns", "-L", help="Show these labels as columns.")
]
ShowLabels: TypeAlias = Annotated[
    bool, option("--show-labels", help="Show all labels as the last column.")
]
ShowKind: TypeAlias = Annotated[bool, option("--show-kind", help="Show the type with each name.")]
NoHeaders: TypeAlias = Annotated[bool, option("--no-headers", help="Show no headers.")]
SortBy: TypeAlias = Annotated[
    str, option("--sort-by", help="Sort by this field, as in '{.metadata.name}'.")
]
Subresource: TypeAlias = Annotated[
    str, option("--subresource", help="Show a part of the object: status, scale, resize.")
]
# Read so that scripts fail with a reason rather than over an unknown flag.
Watch: TypeAlias = Annotated[
    bool, option("--watch", "-w", help="Not supported: nothing changes by itself.")
]
WatchOnly: TypeAlias = Annotated[bool, option("--watch-only", help="As --watch.")]
OutputWatchEvents: TypeAlias = Annotated[bool, option("--output-watch-events", help="As --watch.")]
Raw: TypeAlias = Annotated[
    str, option("--raw", help="Ask for a path of the server: /healthz, /readyz, /livez.")
]
ServerPrint: TypeAlias = Annotated[
    bool, option("--server-print", help="Show the columns of the kind.")
]
# kubectl asks a server for so many objects at a time; a state is read in one go.
ChunkSize: TypeAlias = Annotated[int, option("--chunk-size", help="Has no effect.")]
