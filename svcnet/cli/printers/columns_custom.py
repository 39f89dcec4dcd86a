"""Columns of custom resources: those that their definition asks for.

Source: kubernetes staging/src/k8s.io/apiextensions-apiserver/pkg/registry/customresource/
tableconvertor/tableconvertor.go.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from svcnet.api.keys import Document
from svcnet.api.kinds import Kind
from svcnet.cli.printers.ages import since
from svcnet.cli.printers.cells import UNKNOWN, age_of, items, name_of, yes_no
from svcnet.cli.printers.table import Table


def _plain_row(document: Document, now: str) -> Sequence[object]:
    return name_of(document), age_of(document, now)


PLAIN = Table(("NAME", "AGE"), _plain_row)
"""The table of an object of which no more is known."""


def custom_table(kind: Kind, definition: Document) -> Table:
    """Return the table of a custom kind: its name, then `additionalPrinterColumns`, or its age.

    Columns with a priority above 0 are only shown with ``-o wide``.
    """
    versions = items(definition, "spec", "versions")
    version: Document = next((each for each in versions if each.get("name") == kind.version), {})
    columns = items(version, "additionalPrinterColumns")
    if not columns:
        return PLAIN

    def row(each: Document, now: str) -> Sequence[object]:
        return name_of(each), *(_cell(each, column, now) for column in columns)

    headers = ("NAME", *(str(column.get("name", "")).upper() for column in columns))
    # A priority is how far from the narrow table a column is; the first that is not 0 hides it.
    wide = (index for index, column in enumerate(columns, 1) if column.get("priority", 0) > 0)
    return Table(headers, row, frozenset(wide))


def _cell(document: Document, column: Document, now: str) -> str:
    """Return what a column's path finds; several values with commas between them.

    Source: tableconvertor.go ConvertToTable(), cellForJSONValue().
    """
    from svcnet.cli.templates import jsonpath

    found = jsonpath.find(f"{{{column.get('jsonPath', '')}}}", document)
    values = [value for values in found for value in values]
    # A date that is missing reads like any unknown age; other cells stay empty.
    if not values:
        return UNKNOWN if column.get("type") == "date" else ""
    if column.get("type") == "date":
        return since(str(values[0]), now)
    return ",".join(map(_text, values))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return yes_no(value)
    if isinstance(value, dict | list):
        from svcnet.api.go.json import marshal

        return marshal(value)
    return "" if value is None else str(value)
