"""`explain`: the fields of a kind, their types and what they are for.

Types are those that documents are decoded by; the words are svcnet's own, and there are some for
every kind that it derives something from.
Source: kubectl pkg/explain/v2/templates/plaintext.tmpl.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Annotated

from svcnet.api.keys import Key
from svcnet.api.kinds import BUILT_IN, CUSTOM_RESOURCE_DEFINITION, Kind
from svcnet.api.schemas.structural import schema_of
from svcnet.api.struct_table import (
    StructField,
    StructFields,
    element_type,
    fields_of_struct,
    is_struct,
    struct_of_kind,
)
from svcnet.cli.command.session import Session
from svcnet.cli.commands.explain_schema import SHOWN_CHOICES, explanation_of_schema, wrapped
from svcnet.cli.flags.declarations import argument, option
from svcnet.errors import SvcnetError

_TYPES = {"int32": "integer", "int64": "integer", "bool": "boolean", "float64": "number"}
"""OpenAPI's names for what Go calls otherwise; those of strings are below."""
_TEXTS = frozenset(("meta/v1.Time", "meta/v1.MicroTime", "meta/v1.Duration", "[]uint8"))
"""Types of their own that are strings in a document."""


def explain(
    session: Session,
    words: Annotated[
        list[str] | None, argument(metavar="TYPE[.FIELD...]", help="A kind, or a field.")
    ] = None,
    *,
    recursive: Annotated[
        bool, option("--recursive", help="Only names and types, but of all fields below.")
    ] = False,
    api_version: Annotated[
        str, option("--api-version", help="The group and version that is meant.")
    ] = "",
    output: Annotated[str, option("--output", help="plaintext, the only format.")] = "plaintext",
) -> None:
    """Get documentation for a resource.

    Fields are told by a path: service.spec.ports
    """
    if not words:
        raise SvcnetError(
            "You must specify the type of resource to explain. "
            'Use "kubectl api-resources" for a complete list of supported resources.'
        )
    if len(words) > 1:
        raise SvcnetError("We accept only this format: explain RESOURCE")
    if output not in {"plaintext", "plaintext-openapiv2"}:
        raise SvcnetError(f"unrecognized format: {output}")
    with session.read() as objects:
        name, _, path = words[0].partition(".")
        kind = objects.kinds().named(name)
        definition = None
        if kind is not None and kind not in BUILT_IN:
            key = Key(CUSTOM_RESOURCE_DEFINITION.resource, "", kind.resource)
            definition = objects.get(key)
    if kind is None:  # kubectl tells this one without `error:` before it
        session.print_note(f'the server doesn\'t have a resource type "{name}"')
        session.exit_status = 1
        return
    if api_version not in {"", kind.api_version}:
        raise SvcnetError(f"couldn't find resource for {kind.plural!r} in version {api_version!r}")
    session.print_result(heading(kind), end="")
    fields = path.split(".") if path else []
    if definition is None:
        session.print_result(explanation(kind, fields, recursive=recursive), end="")
        return
    schema = schema_of(definition, kind.version)
    text = explanation_of_schema(schema, _texts()["*"], fields, recursive=recursive)
    session.print_result(text, end="")


def heading(kind: Kind) -> str:
    """Return the lines that say which kind is meant."""
    group = f"GROUP:      {kind.group}\n" if kind.group else ""
    return f"{group}KIND:       {kind.kind}\nVERSION:    {kind.version}\n\n"


def explanation(kind: Kind, path: Sequence[str], *, recursive: bool) -> str:
    """Return what is known of a kind, or of the field at `path`.

    Raises:
        SvcnetError: the kind has no such field.
    """
    struct = struct_of_kind(kind.api_version, kind.kind)
    fields = fields_of_struct(struct) if struct else None
    lines: list[str] = []
    about = _words(kind.kind, "") or "<empty>"
    for depth, name in enumerate(path, start=1):
        if fields is None or name not in fields:
            raise SvcnetError(f'field "{name}" does not exist')
        field = fields[name]
        # Only the last field of the path is told; the ones before it lead there.
        if depth == len(path):
            lines += [
                f"FIELD: {name} <{shown_type(field.go_type)}>",
                *(_choices(field) or [""]),
                "",
            ]
        about = _words(struct, name) or "<empty>"
        struct = element_type(field.go_type)
        fields = fields_of_struct(struct) if is_struct(struct) else None
        if fields is not None and _words(struct, "") not in {"", about}:
            # What is said of the field, then what is said of its type.
            about = f"{about}\n{_words(struct, '')}"
    lines += ["DESCRIPTION:", *wrapped(about, 4), "    "]
    if fields:
        lines += ["FIELDS:", *_listed(struct, fields, recursive=recursive)]
    return "\n".join((*lines, "", ""))


@cache
def _texts() -> dict[str, dict[str, str]]:
    """Return what is said of structs and fields."""
    text = files("svcnet.cli.commands").joinpath("explanations.json").read_text(encoding="utf-8")
    texts: dict[str, dict[str, str]] = json.loads(text)
    return texts


def _words(struct: str, field: str) -> str:
    """Return what is said of a field, or of a struct (no field); empty when nothing is."""
    own = _texts().get(struct.rpartition(".")[2], {}).get(field, "")
    return own or (_texts()["*"].get(field, "") if field else "")


def shown_type(go_type: str) -> str:
    """Return a field's type as documents have it.

    >>> [shown_type(each) for each in ("*int32", "[]core/v1.IPFamily(string)", "meta/v1.Time")]
    ['integer', '[]string', 'string']
    """
    bare = go_type.lstrip("*")
    if bare in _TEXTS:
        return "string"
    if bare.startswith("[]"):
        return f"[]{shown_type(bare[2:])}"
    if bare.startswith("map["):
        return f"map[string]{shown_type(bare.partition(']')[2])}"
    if bare == "core/v1.ResourceList(map)":
        return "map[string]Quantity"
    if bare.endswith("(string)"):
        return "string"
    return _TYPES.get(bare, bare.rpartition(".")[2].partition("(")[0])


def _choices(field: StructField) -> list[str]:
    """Return the values that a field may have, one to a line."""
    return ["ENUM:", *(f"    {value}" for value in field.enum)] if field.enum else []


def _listed(struct: str, fields: StructFields, *, recursive: bool) -> Iterator[str]:
    """Yield the fields of a struct with what is said of them."""
    if recursive:
        yield from _tree(fields, 1, (struct,))
        return
    for name, field in sorted(fields.items()):
        yield from _field(field, 1)
        yield from wrapped(_words(struct, name) or "<no description>", 4)
        yield ""


def _field(field: StructField, level: int) -> Iterator[str]:
    """Yield a field's name, type and first values.

    `level` counts from 1, each two blanks.
    """
    indent = "  " * level
    required = " -required-" if field.required else ""
    yield f"{indent}{field.name}\t<{shown_type(field.go_type)}>{required}"
    if field.enum:
        more = ", ...." if len(field.enum) > SHOWN_CHOICES else ""
        yield f"{indent}enum: {', '.join(field.enum[:SHOWN_CHOICES])}{more}"


def _tree(fields: StructFields, level: int, above: tuple[str, ...]) -> Iterator[str]:
    """Yield fields with all the fields in them; a struct within itself is not gone into.

    `above` are the structs that lead here, outermost first.
    """
    for _, field in sorted(fields.items()):
        yield from _field(field, level)
        struct = element_type(field.go_type)
        # JSONSchemaProps and the like contain themselves.
        if is_struct(struct) and struct not in above:
            yield from _tree(fields_of_struct(struct), level + 1, (*above, struct))
