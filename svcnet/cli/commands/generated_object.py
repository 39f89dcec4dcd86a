"""One object that a verb makes out of flags: its name, and how it is created.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/create/create.go CreateSubcommandOptions.
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

from svcnet.api.keys import Document
from svcnet.api.kinds import Kind
from svcnet.cli.command.session import Session
from svcnet.cli.commands import last_applied
from svcnet.cli.commands.generators import Identity
from svcnet.cli.commands.struct_order import in_struct_order
from svcnet.cli.commands.writing import Work, WriteFlags, placed, writing
from svcnet.cli.flags.declarations import argument
from svcnet.cli.printers.output import Results
from svcnet.errors import StatusError, SvcnetError

Name: TypeAlias = Annotated[list[str] | None, argument(metavar="NAME")]


def identity(session: Session, name: str) -> Identity:
    """Return what a generated object is called."""
    # EnforceNamespace: only a namespace that the user named goes into the object.
    return Identity(name, session.namespace if session.namespace_given else "")


def name_and_command(session: Session, words: list[str] | None) -> tuple[str, list[str]]:
    """Return the one name that stands before ``--``, and what follows it.

    Raises:
        UsageError: there are several names, or none.
    """
    given = words or []
    count = len(given) if session.words_before_dash is None else session.words_before_dash
    if count != 1:
        raise session.usage(f"exactly one NAME is required, got {count}")
    return given[0], given[1:]


def saved(document: Document, *, save: bool) -> Document:
    """Return a generated object, with its configuration in an annotation if asked for."""
    return last_applied.saved_as_made(document) if save else document


def make(
    session: Session, flags: WriteFlags, kind: Kind, document: Document, failure: str = ""
) -> None:
    """Make one object that flags describe.

    `failure` is what kubectl says before the server's error; empty: the error is told as it is.

    Raises:
        SvcnetError: the server refuses.
    """
    if flags.client_only:
        # No state is opened: a generator works without a cluster.
        Results(session, flags.form, flags.dry_run).show(kind, document, "created")
        return
    with writing(session, flags) as work:
        create_made(work, kind, document, failure)


def create_made(work: Work, kind: Kind, document: Document, failure: str = "") -> None:
    """Make one object that was generated with the state open, or say that it would be made.

    Raises:
        SvcnetError: the server refuses.
    """
    if work.flags.client_only:
        work.show(kind, document, "created", as_made=True)
        return
    try:
        made = work.create(placed(work.session, kind, document))
    except StatusError as error:
        if failure:
            raise SvcnetError(f"{failure}: {error.message}") from None
        raise
    # kubectl decodes the answer into a Go struct, so its fields come in that order.
    work.show(kind, in_struct_order(made), "created", as_made=True)
