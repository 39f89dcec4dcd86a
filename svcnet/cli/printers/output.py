"""What ``-o`` asks for, and how a document is printed so.

Source: kubernetes staging/src/k8s.io/cli-runtime/pkg/genericclioptions/print_flags.go and
pkg/printers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from svcnet.api.go.json import marshal_indent
from svcnet.api.keys import Document
from svcnet.api.kinds import Kind
from svcnet.errors import SvcnetError, go_quote
from svcnet.lean_namedtuple import NamedTuple

if TYPE_CHECKING:
    from svcnet.cli.command.session import Session
    from svcnet.cli.flags.shared import DryRun
    from svcnet.cli.printers.customcolumns import Column

TEMPLATES = ("go-template", "template", "jsonpath", "jsonpath-as-json")
TEMPLATE_FILES = ("go-template-file", "templatefile", "jsonpath-file")
COLUMNS = ("custom-columns", "custom-columns-file")
EDIT_FORMATS = ("json", "kyaml", "yaml")
WRITE_FORMATS = (*EDIT_FORMATS, "name", *TEMPLATES, *TEMPLATE_FILES)
"""What verbs that write may be asked for."""
GET_FORMATS = (*WRITE_FORMATS, *COLUMNS, "wide")

_PLAIN = {
    "template": "go-template",
    "templatefile": "go-template",
    "go-template-file": "go-template",
    "jsonpath-file": "jsonpath",
}
"""Other names of formats, once what stands in files was read."""

SUFFIXES = {"none": "", "client": " (dry run)", "server": " (server dry run)"}


class Format(NamedTuple):
    """An output format with what it needs."""

    name: str = ""
    """One of `GET_FORMATS`, those that name files under the name of what stands in them; empty
    for the verb's own words."""
    template: str = ""
    missing_ok: bool = True
    """Whether a template may name a field that an object lacks."""
    managed_fields: bool = False
    """Whether managedFields are kept."""
    headers: bool = True
    """Whether custom columns have a line of headers."""


def chosen(
    output: str,
    template: str = "",
    *,
    allowed: Iterable[str] = WRITE_FORMATS,
    missing_ok: bool = True,
    managed_fields: bool = False,
    headers: bool = True,
) -> Format:
    """Return the format that ``-o`` and ``--template`` ask for.

    Raises:
        SvcnetError: there is no such format, it lacks its template, or a file cannot be read.
    """
    name, assigned, argument = output.partition("=")
    # --template alone means a Go template (print_flags.go ToPrinter()).
    if not output and template:
        name = "go-template"
    elif name.lower() in (*EDIT_FORMATS, "name", "wide"):
        # Those that take no template are known in any case; `json=x` is no format at all.
        name = output if assigned else name.lower()
    # `-o=` asks for a format that is called "=", to pflag as to us.
    if output and name not in allowed:
        raise SvcnetError(
            f"unable to match a printer suitable for the output format {go_quote(output)}, "
            f"allowed formats are: {','.join(sorted(allowed))}"
        )
    if name in COLUMNS:
        text = _column_text(name, argument)
    elif name in (*TEMPLATES, *TEMPLATE_FILES):
        text = _template_text(name, argument or template)
    else:
        text = ""
    plain = _PLAIN.get(name, name)
    found = Format(plain, text, missing_ok, managed_fields, headers)
    _check(found)
    return found


def _template_text(name: str, argument: str) -> str:
    if not argument:
        raise SvcnetError("template format specified but no template given")
    if name in TEMPLATE_FILES:
        return _file_text("--template", argument)
    return argument


def _column_text(name: str, argument: str) -> str:
    if name == "custom-columns-file":
        if not argument:
            raise SvcnetError("custom-columns format specified but no custom columns given")
        return _file_text("template", argument)
    if not argument:
        raise SvcnetError("custom-columns format specified but no custom columns given")
    return argument


def _file_text(what: str, path: str) -> str:

    try:
        with open(path, encoding="utf-8") as file:  # noqa: PTH123 - pathlib is slow to import
            return file.read()
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise SvcnetError(f"error reading {what} {path}, open {path}: {why.lower()}") from None


def _check(found: Format) -> None:
    """Refuse a template that cannot be read before anything is asked of the state."""
    if found.name.startswith("jsonpath"):
        from svcnet.cli.templates import jsonpath

        jsonpath.check(found.template)
    elif found.name == "go-template":
        from svcnet.cli.templates import gotemplate

        gotemplate.check(found.template)
    elif found.name in COLUMNS:
        _columns(found)


def _columns(wanted: Format) -> Sequence[Column]:
    """Return the columns of `-o custom-columns`, from the command line or from a file's text."""
    from svcnet.cli.printers import customcolumns

    if wanted.name == "custom-columns-file":
        return customcolumns.columns_of_file(wanted.template)
    return customcolumns.columns(wanted.template)


def as_text(wanted: Format, document: Document) -> str:
    """Return one document in a structured format or by a template; keys keep their order in JSON.

    Raises:
        RenderError: the template does not fit the document.
    """
    # Templates see everything: kubectl hides managedFields in the structured formats only.
    hides = not wanted.managed_fields and wanted.name in ("json", "yaml", "kyaml")
    shown = without_managed_fields(document) if hides else document
    match wanted.name:
        case "json":
            return marshal_indent(shown) + "\n"
        case "yaml":
            from svcnet.api.yamltext import to_yaml

            return to_yaml(shown)
        case "kyaml":
            from svcnet.cli.printers.kyaml import to_kyaml

            return to_kyaml(shown)
        case "go-template":
            from svcnet.cli.templates import gotemplate

            return gotemplate.render(wanted.template, shown, missing_ok=wanted.missing_ok)
        case "jsonpath" | "jsonpath-as-json":
            from svcnet.cli.templates import jsonpath

            return jsonpath.render(
                wanted.template,
                shown,
                missing_ok=wanted.missing_ok,
                as_json=wanted.name == "jsonpath-as-json",
            )
        case "custom-columns" | "custom-columns-file":
            from svcnet.cli.printers import customcolumns

            # One table for all: a List is not an object with columns of its own.
            documents = shown["items"] if shown.get("kind") == "List" else [shown]
            return customcolumns.render(_columns(wanted), documents, headers=wanted.headers)
    raise ValueError(wanted.name)


def without_managed_fields(document: Document) -> Document:
    """Return an object, or a List of them, without `metadata.managedFields`."""
    metadata = document.get("metadata")
    if isinstance(metadata, dict) and "managedFields" in metadata:
        kept = {name: value for name, value in metadata.items() if name != "managedFields"}
        document = {**document, "metadata": kept}
    if document.get("kind") == "List" and isinstance(document.get("items"), list):
        return {**document, "items": [without_managed_fields(each) for each in document["items"]]}
    return document


def list_of(documents: Sequence[Document], *, metadata: Document | None = None) -> Document:
    """Return the List that kubectl makes of several objects.

    `metadata` defaults to that of `get`; `apply` prints an empty one.
    """
    return {
        "apiVersion": "v1",
        "items": list(documents),
        "kind": "List",
        "metadata": {"resourceVersion": ""} if metadata is None else metadata,
    }


class Results:
    """What a verb that writes says of each object, in the format asked for."""

    def __init__(self, session: Session, wanted: Format, dry_run: DryRun = "none") -> None:
        self._session = session
        self._format = wanted
        self._suffix = SUFFIXES[dry_run]
        self._count = 0

    def show(self, kind: Kind, document: Document, done: str) -> None:
        """Say what was done with an object (``created``), or print the object if ``-o`` asks so."""
        name = document["metadata"].get("name", "")
        self._count += 1
        match self._format.name:
            case "":
                # What is only asked has no name. Source: cli-runtime pkg/printers/name.go.
                shown = f"{kind.singular_resource}/{name or '<unknown>'}"
                self._session.print_result(f"{shown} {done}{self._suffix}")
            case "name":
                self._session.print_result(f"{kind.singular_resource}/{name}")
            case "yaml" if self._count > 1:
                # JSON objects follow each other as they are, YAML documents need a line between.
                self._session.print_result("---\n" + as_text(self._format, document), end="")
            case _:
                self._session.print_result(as_text(self._format, document), end="")
