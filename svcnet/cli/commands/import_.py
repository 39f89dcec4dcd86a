"""`import`: take objects over from a real cluster, just as they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, TypeAlias

from svcnet.cli.command.session import Session
from svcnet.cli.commands import rules_input
from svcnet.cli.commands.import_summary import summary
from svcnet.cli.commands.init import NoWords
from svcnet.cli.flags.declarations import option
from svcnet.cli.flags.shared import Filenames, Recursive
from svcnet.errors import Conflict, SvcnetError, UsageError
from svcnet.lean_namedtuple import NamedTuple

if TYPE_CHECKING:
    from svcnet.api.keys import Document, Key
    from svcnet.control.apiserver.restore import Imported
    from svcnet.control.dump.planning import Base, Plan
    from svcnet.store.transaction import Transaction

New: TypeAlias = Annotated[
    bool,
    option("--new", help="Make a new cluster of the files, in place of the one that is there."),
]


def import_(
    session: Session,
    words: NoWords = None,
    *,
    filenames: Filenames = None,
    recursive: Recursive = False,
    new: New = False,
) -> None:
    """Take objects over from a real cluster, just as they are.

    Reads what `kubectl get -o json` or `-o yaml` printed there, and what `kubectl cluster-info
    dump` did; files may be gzipped. What is given stands: status, addresses, node ports,
    EndpointSlices, bound pods. What is missing is derived, and what no Kubernetes of today knows
    is passed over; a summary tells of both.

    A cluster that nobody has used yet becomes that of the files: its nodes, ranges and pending
    load balancers, and how its kube-proxy is configured. To one in use the objects are added,
    unless --new makes a new one.
    """
    if words:
        raise session.usage(f"Unexpected args: [{' '.join(words)}]")
    if not filenames:
        raise SvcnetError("must specify -f")
    from svcnet.cli.resource import dump_files
    from svcnet.control.dump import contents, planning

    state = _state(session, new=new)
    # All files are read before the state is opened, so that a bad one changes nothing.
    documents = dump_files.documents(filenames, recursive=recursive)
    found = contents.read(documents, session.namespace, state.definitions)
    if not rules_input.is_usable(session, found, "import"):
        return
    plan = planning.planned(found, state.base) if state.goes else planning.joined(found, state.base)
    with session.write(new=(plan.settings, state.revision) if state.goes else None) as txn:
        foundations, imported = _take_over(session, txn, plan, state)
        for each in imported:
            session.print_result(f"{each.kind.singular_resource}/{each.key.name} {each.outcome}")
    for note in _notes(plan, state):
        session.print_note(f"svcnet: {note}")
    for line in summary(plan, txn, foundations):
        session.print_note(f"svcnet: {line}")


class _State(NamedTuple):
    """The state that objects are to go into."""

    base: Base
    goes: bool
    """Whether the files' cluster takes its place."""
    revision: int | None
    """The one at which it may go; None: at any."""
    definitions: tuple[Document, ...] = ()
    """CustomResourceDefinitions that stay."""


def _state(session: Session, *, new: bool) -> _State:
    from svcnet.api.kinds import CUSTOM_RESOURCE_DEFINITION
    from svcnet.control.bootstrap import is_untouched
    from svcnet.control.dump.planning import Base
    from svcnet.store.opening import exists, open_reader

    if not exists(session.db):
        return _State(Base(), goes=True, revision=None)
    with open_reader(session.db) as reader:
        base = rules_input.base_over(reader)
        if new or is_untouched(reader):
            return _State(base, goes=True, revision=reader.revision)
        definitions = reader.list(CUSTOM_RESOURCE_DEFINITION.resource)
        return _State(base, goes=False, revision=None, definitions=tuple(definitions))


def _take_over(
    session: Session, txn: Transaction, plan: Plan, state: _State
) -> tuple[frozenset[Key], Iterable[Imported]]:
    """Write what is planned; return what there is besides, and what came of each object."""
    from svcnet.control.dump.restoring import add, restore

    if state.goes:
        restored = restore(txn, plan)
        return restored.foundations, restored.imported
    try:
        return frozenset(), add(txn, plan)
    except Conflict:
        session.print_note(
            "svcnet: the cluster that is there is in use; --new makes one of the files alone, in "
            "its place"
        )
        raise


def _notes(plan: Plan, state: _State) -> Iterator[str]:
    from svcnet.control.dump import planning

    yield from planning.notes(plan)
    if not state.goes:
        settings = plan.settings
        yield (
            "added to the cluster that is there, which keeps its nodes, load balancers and ranges "
            f"(pods {','.join(settings.cluster_cidrs) or 'unknown'}, services "
            f"{','.join(settings.service_cidrs)}); --new makes one of the files alone"
        )
        return
    try:
        config = plan.configuration()
    except UsageError as error:
        yield f"kube-proxy could not start with this configuration: {error}"
        return
    yield from planning.range_notes(plan, config, said=False)
