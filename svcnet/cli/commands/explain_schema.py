"""`explain` of kinds that users defined: what their schema says.

Source: kubectl pkg/explain/v2/templates/plaintext.tmpl.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from svcnet.api.schemas.structural import Schema, other_values, properties
from svcnet.errors import SvcnetError

_WIDTH = 80
# More than these the template cuts off with four dots.
SHOWN_CHOICES = 4


def explanation_of_schema(
    schema: Schema, about: dict[str, str], path: Sequence[str], *, recursive: bool
) -> str:
    """Return what a schema says of a kind, or of the field at `path`.

    Args:
        schema: that of a version of the kind.
        about: what is said of the fields that every object has.
        path: names of fields, outermost first.
        recursive: tell the names and types of all fields below, and no more.

    Raises:
        SvcnetError: the kind has no such field.
    """
    here = {**schema, "properties": {**_of_every_object(about), **properties(schema)}}
    lines: list[str] = []
    for depth, name in enumerate(path, start=1):
        known = properties(_fields_holder(here))
        if name not in known:
            raise SvcnetError(f'field "{name}" does not exist')
        here = known[name]
        if depth == len(path):
            lines += [f"FIELD: {name} <{shown_type(here)}>", *(_choices(here) or [""]), ""]
    lines += ["DESCRIPTION:", *wrapped(here.get("description") or "<empty>", 4), "    "]
    fields = properties(_fields_holder(here))
    if fields:
        required = _fields_holder(here).get("required") or ()
        lines += ["FIELDS:", *_listed(fields, required, 1, recursive=recursive)]
    return "\n".join((*lines, "", ""))


def _of_every_object(about: dict[str, str]) -> dict[str, Schema]:
    return {
        "apiVersion": {"type": "string", "description": about.get("apiVersion", "")},
        "kind": {"type": "string", "description": about.get("kind", "")},
        "metadata": {"type": "ObjectMeta", "description": about.get("metadata", "")},
    }


def _fields_holder(schema: Schema) -> Schema:
    """Return the schema whose fields are meant: that of the items, of the values, or itself."""
    while True:
        items, others = schema.get("items"), other_values(schema)
        if isinstance(items, dict):
            schema = items
        elif others:
            schema = others
        else:
            return schema


def shown_type(schema: Schema) -> str:
    """Return a type as the template writes it.

    >>> shown_type({"type": "array", "items": {"type": "object"}}), shown_type({"type": "integer"})
    ('[]Object', 'integer')
    """
    if isinstance(items := schema.get("items"), dict):
        return f"[]{shown_type(items)}"
    if others := other_values(schema):
        return f"map[string]{shown_type(others)}"
    kind = schema.get("type") or "Object"
    return "Object" if kind == "object" else str(kind)


def _choices(schema: Schema) -> list[str]:
    allowed = schema.get("enum") or ()
    return ["ENUM:", *(f"    {each}" for each in allowed)] if allowed else []


def _listed(
    fields: dict[str, Schema], required: Sequence[str], level: int, *, recursive: bool
) -> Iterator[str]:
    """Yield fields by name with what is said of them, or with all fields in them."""
    indent = "  " * level
    for name, each in sorted(fields.items()):
        needed = " -required-" if name in required else ""
        yield f"{indent}{name}\t<{shown_type(each)}>{needed}"
        if choices := each.get("enum"):
            more = ", ...." if len(choices) > SHOWN_CHOICES else ""
            yield f"{indent}enum: {', '.join(map(str, choices[:SHOWN_CHOICES]))}{more}"
        if recursive:
            inner = _fields_holder(each)
            needed_below = inner.get("required") or ()
            yield from _listed(properties(inner), needed_below, level + 1, recursive=True)
        else:
            yield from wrapped(each.get("description") or "<no description>", 4)
            yield ""


def wrapped(text: str, indent: int) -> list[str]:
    """Return text in lines that are set in; long words are not cut."""
    blanks = " " * indent
    lines: list[str] = []
    for line in text.split("\n"):
        lines += textwrap.wrap(
            line,
            _WIDTH,
            initial_indent=blanks,
            subsequent_indent=blanks,
            break_long_words=False,
            # Go's wrapping parts lines at blanks only.
            break_on_hyphens=False,
        )
    return lines
