"""Flags that only `get` has.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/get/get.go NewCmdGet() and get_flags.go.
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

from svcnet.cli.flags import shared
from svcnet.cli.flags.declarations import FlagGroup, option
from svcnet.cli.printers.output import GET_FORMATS, Format, chosen
from svcnet.cli.printers.tables import TableOptions
from svcnet.errors import SvcnetError
from svcnet.lean_namedtuple import NamedTuple

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


class PrintFlags(NamedTuple):
    """How objects are printed: as documents, or in a table with which columns."""

    output: str
    template: str
    allow_missing_template_keys: bool
    show_managed_fields: bool
    label_columns: tuple[str, ...]
    show_labels: bool
    show_kind: bool
    no_headers: bool

    def format(self) -> Format:
        """Return the format that is asked for.

        Raises:
            SvcnetError: there is no such format, or labels are to be shown in one without columns.
        """
        found = chosen(
            self.output,
            self.template,
            allowed=GET_FORMATS,
            missing_ok=self.allow_missing_template_keys,
        )
        if self.show_labels and found.name not in ("", "wide"):
            raise SvcnetError(f"--show-labels option cannot be used with {found.name} printer")
        return found._replace(managed_fields=self.show_managed_fields, headers=not self.no_headers)

    def table(self, form: Format, *, namespaces: bool) -> TableOptions:
        """Return how tables are laid out; `namespaces` puts a column of them in front."""
        return TableOptions(
            wide=form.name == "wide",
            headers=not self.no_headers,
            namespaces=namespaces,
            kinds=self.show_kind,
            label_columns=self.label_columns,
            show_labels=self.show_labels,
        )


def _complete_print_flags(
    *,
    output: Output = "",
    template: shared.Template = "",
    allow_missing_template_keys: shared.AllowMissingTemplateKeys = True,
    show_managed_fields: shared.ShowManagedFields = False,
    label_columns: LabelColumns = None,
    show_labels: ShowLabels = False,
    show_kind: ShowKind = False,
    no_headers: NoHeaders = False,
) -> PrintFlags:
    return PrintFlags(
        output,
        template,
        allow_missing_template_keys,
        show_managed_fields,
        tuple(label_columns or ()),
        show_labels,
        show_kind,
        no_headers,
    )


class WatchFlags(NamedTuple):
    """Whether changes are to be waited for."""

    watch: bool
    watch_only: bool
    output_watch_events: bool

    def is_watching(self) -> bool:
        """Return whether a watch is asked for.

        Raises:
            SvcnetError: events are to be printed, but nothing is watched.
        """
        watching = self.watch or self.watch_only
        if self.output_watch_events and not watching:
            raise SvcnetError(
                "--output-watch-events option can only be used with --watch or --watch-only"
            )
        return watching


def _complete_watch_flags(
    *,
    watch: Watch = False,
    watch_only: WatchOnly = False,
    output_watch_events: OutputWatchEvents = False,
) -> WatchFlags:
    return WatchFlags(watch, watch_only, output_watch_events)


Printing: TypeAlias = Annotated[PrintFlags, FlagGroup(_complete_print_flags)]
Watching: TypeAlias = Annotated[WatchFlags, FlagGroup(_complete_watch_flags)]
