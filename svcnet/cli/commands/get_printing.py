"""What `get` does once it is clear what is asked for: find, sort, print, tell what is missing.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/get/get.go.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from svcnet.api.keys import Document, Key
from svcnet.api.kinds import BUILT_IN, CUSTOM_RESOURCE_DEFINITION, Kind
from svcnet.cli.command.session import Session
from svcnet.cli.printers.columns import table_of
from svcnet.cli.printers.output import Format, as_text, list_of
from svcnet.cli.printers.table import Table
from svcnet.cli.printers.tables import TableOptions, lines
from svcnet.cli.resource import builder
from svcnet.cli.resource.targets import Listed, Named, ResourceQuery, Selection, Target
from svcnet.errors import NotFound, SvcnetError
from svcnet.lean_namedtuple import NamedTuple

if TYPE_CHECKING:
    from svcnet.store.reader import Reader


class Group(NamedTuple):
    """Objects of one kind that stand in one table."""

    kind: Kind
    targets: list[Target]

    @property
    def documents(self) -> list[Document]:
        """The objects."""
        return [each.document or {} for each in self.targets]


class GetOptions(NamedTuple):
    """GetOptions objects are to be found and shown, beside their format."""

    sort_by: str = ""
    subresource: str = ""
    ignore_not_found: bool = False
    server_columns: bool = True
    """Whether tables have the columns of the kind; else only name and age."""


class Retrieval:
    """One `get`: finds objects, prints them in one format, and tells at the end what is missing.

    Everything is read in one transaction, so that a List never mixes two states.
    """

    def __init__(
        self, session: Session, form: Format, table: TableOptions, options: GetOptions
    ) -> None:
        self.session = session
        self.form = form
        self.table = table
        self.options = options
        self._errors: list[SvcnetError] = []

    def run(self, wanted: ResourceQuery, *, silent: bool = False) -> None:
        """Find what is wanted and print it, or nothing if `silent`."""
        with self.session.read() as reader:
            meant = builder.resolve(wanted, reader.kinds())
            self._check_subresource(meant)
            found = list(self._found(reader, meant))
            if silent:
                pass
            elif self.form.name in ("", "wide"):
                self._print_tables(reader, meant, found)
            else:
                self._print_documents(meant, found)
        # After all that could be printed was printed, as kubectl does it.
        for error in self._errors:
            self.session.report(error)

    # --- finding ------------------------------------------------------------------------------

    def _check_subresource(self, meant: Selection) -> None:
        if self.options.subresource and isinstance(meant, Listed):
            raise SvcnetError("subresource cannot be used when bulk resources are specified")

    def _found(self, reader: Reader, meant: Selection) -> Iterator[Target]:
        """Yield what is there; keep what went wrong for later."""
        for kind in dict.fromkeys(_kinds_of(meant)):
            self.session.warn_of_kind(kind)
        for each in builder.found(reader, meant):
            if isinstance(each, Target):
                yield self._part(each)
            elif not (self.options.ignore_not_found and isinstance(each, NotFound)):
                self._errors.append(each)

    def _part(self, target: Target) -> Target:
        # `status` and `resize` answer with the whole object, so there is nothing to take out.
        if self.options.subresource != "scale":
            return target
        from svcnet.cli.resource.subresources import SCALE, scale_of

        return target._replace(kind=SCALE, document=scale_of(target))

    def _sorted(self, targets: list[Target]) -> list[Target]:
        from svcnet.cli.printers.sorting import ordered

        return ordered(targets, self.options.sort_by, lambda each: each.document or {})

    # --- documents ----------------------------------------------------------------------------

    def _print_documents(self, meant: Selection, found: list[Target]) -> None:
        single = isinstance(meant, Named) and meant.single
        if not found and ((single and self._errors) or self.options.ignore_not_found):
            return  # One object that is missing prints nothing; of several a List remains.
        if self.options.sort_by:
            found = self._sorted(found)
        if self.form.name == "name":
            for each in found:
                self.session.print_result(f"{each.kind.singular_resource}/{each.name}")
            return
        documents = [each.document or {} for each in found]
        document = documents[0] if single and len(documents) == 1 else list_of(documents)
        self.session.print_result(as_text(self.form, document), end="")

    # --- tables -------------------------------------------------------------------------------

    def _print_tables(self, reader: Reader, meant: Selection, found: list[Target]) -> None:
        groups = self._groups(meant, found)
        # What was asked for counts where types are listed, even if only one of them has objects; of
        # named objects those that were found.
        several = len(set(_kinds_of(meant) if isinstance(meant, Listed) else _kinds(groups))) > 1
        shown = self.table._replace(kinds=self.table.kinds or several)
        printed = False
        for group in groups:
            shape = self._shape(reader, group.kind)
            rows = lines(group.kind, shape, group.documents, self.session.now, shown)
            block = "\n".join(rows)
            if block:
                # Without headers tables follow each other without a gap.
                gap = "\n" if printed and shown.headers else ""
                self.session.print_result(gap + block)
                printed = True
        if not printed and not self.options.ignore_not_found and not self._errors:
            self._say_nothing_found(meant)

    def _groups(self, meant: Selection, found: list[Target]) -> list[Group]:
        """Return the tables: neighbours of one kind share one."""
        groups = [Group(kind, list(each)) for kind, each in groupby(found, lambda one: one.kind)]
        if not self.options.sort_by:
            return groups
        from svcnet.cli.printers.sorting import Unsortable

        # The server sends a table for each list and each named object, and those are sorted.
        pieces = (
            groups if isinstance(meant, Listed) else [Group(each.kind, [each]) for each in found]
        )
        try:
            ordered = {id(piece): self._sorted(piece.targets) for piece in pieces}
        except Unsortable:
            return []  # kubectl then says that nothing was found, whatever is there.
        if isinstance(meant, Listed):
            return [Group(piece.kind, ordered[id(piece)]) for piece in pieces]
        return groups

    def _shape(self, reader: Reader, kind: Kind) -> Table:
        if not self.options.server_columns:
            from svcnet.cli.printers.columns_custom import PLAIN

            return PLAIN
        # A definition is named after its resource, so it is found without a search.
        key = Key(CUSTOM_RESOURCE_DEFINITION.resource, "", kind.resource)
        return table_of(kind, None if kind in BUILT_IN else reader.get(key))

    def _say_nothing_found(self, meant: Selection) -> None:
        kinds = _kinds_of(meant)
        everywhere = self.table.namespaces or not all(kind.namespaced for kind in kinds)
        where = "" if everywhere else f" in {self.session.namespace} namespace."
        self.session.print_note(f"No resources found{where}")


def _kinds_of(meant: Selection) -> Sequence[Kind]:
    if isinstance(meant, Listed):
        return meant.kinds
    return [target.kind for target in meant.targets]


def _kinds(groups: Sequence[Group]) -> list[Kind]:
    return [group.kind for group in groups]
