"""`import`: take objects over from a real cluster, just as they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svcnet.api.keys import Document
from svcnet.cli.command.session import Session
from svcnet.cli.commands.init import NoWords
from svcnet.cli.flags.shared import Filenames, Recursive
from svcnet.cli.resource import files
from svcnet.errors import SvcnetError


def import_(
    session: Session,
    words: NoWords = None,
    *,
    filenames: Filenames = None,
    recursive: Recursive = False,
) -> None:
    """Take objects over from a real cluster, just as they are.

    Reads what `kubectl get -o json` or `-o yaml` printed there. What is given stands: status,
    addresses, node ports, EndpointSlices, bound pods. What is missing is derived.
    """
    from svcnet.control.apiserver.restore import import_objects

    if words:
        raise session.usage(f"Unexpected args: [{' '.join(words)}]")
    if not filenames:
        raise SvcnetError("must specify -f")
    # All files are read before the state is opened, so that a bad one changes nothing.
    given = list(_documents(files.paths(filenames, recursive=recursive)))
    if not given:
        raise SvcnetError("no objects passed to import")
    with session.write() as txn:
        for each in import_objects(txn, given):
            session.print_result(f"{each.kind.singular_resource}/{each.key.name} {each.outcome}")


def _documents(paths: Sequence[str]) -> Iterator[Document]:
    """Yield the objects in files.

    Raises:
        SvcnetError: a file cannot be read, or holds what is no object.
    """
    from svcnet.api.manifest import check_type

    for path in paths:
        for document in files.documents(path):
            check_type(document, files.called(path))
            yield document
