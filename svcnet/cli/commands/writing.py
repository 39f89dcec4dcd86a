"""What the verbs that write have in common.

They share flags (`write_flags`), and each does its work in one transaction, with a result or an
error per object (`writing`, `Work`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from svcnet.api.go.json import sorted_keys
from svcnet.api.go.utf8 import valid, valid_text
from svcnet.api.keys import Document, Key
from svcnet.api.kinds import BUILT_IN, Kind
from svcnet.cli.command.errors import Several
from svcnet.cli.command.session import Session
from svcnet.cli.flags import shared
from svcnet.cli.flags.declarations import FlagGroup
from svcnet.cli.flags.shared import (
    AllowMissingTemplateKeys,
    DryRunFlag,
    FieldManager,
    Output,
    ShowManagedFields,
    Template,
    Validate,
)
from svcnet.cli.printers.output import Format, Results, chosen
from svcnet.cli.resource.targets import Named, ResourceQuery, Selection, Target
from svcnet.errors import BadRequest, StatusError, SvcnetError, go_quote
from svcnet.lean_namedtuple import NamedTuple

if TYPE_CHECKING:
    from svcnet.api.merge import Patch
    from svcnet.control.apiserver.registry import WriteOptions, Written
    from svcnet.store.transaction import Transaction


class WriteFlags(NamedTuple):
    """How a verb is to write, and how it is to tell of it."""

    form: Format = Format()
    dry_run: shared.DryRun = "none"
    validation: shared.Validation = "Strict"
    manager: str = ""
    """Who is said to own the fields that are written."""
    silent: bool = False
    """Whether results do not tell of a dry run; those of `patch` do not."""
    fault: SvcnetError | None = None
    """What is wrong with ``-o``, for verbs that look at it only when they print."""
    local: bool = False
    """Whether the verb only changes what it read from files."""

    @property
    def client_only(self) -> bool:
        """Whether nothing is to be sent to the server."""
        return self.local or self.dry_run == "client"


def complete(
    *,
    dry_run: DryRunFlag = "none",
    field_manager: FieldManager = "",
    output: Output = "",
    template: Template = "",
    allow_missing_template_keys: AllowMissingTemplateKeys = True,
    show_managed_fields: ShowManagedFields = False,
    validate: Validate = "strict",
    prints_late: bool = False,
) -> WriteFlags:
    """Return what the flags that verbs share ask for.

    Raises:
        SvcnetError: a flag has a value that makes no sense; with `prints_late` a fault of ``-o``
            is noted instead.
    """
    flags = WriteFlags(
        Format(managed_fields=show_managed_fields),
        dry_run=shared.dry_run(dry_run),
        validation=shared.validation(validate),
        manager=field_manager,
    )
    try:
        form = chosen(
            output,
            template,
            missing_ok=allow_missing_template_keys,
            managed_fields=show_managed_fields,
        )
    except SvcnetError as fault:
        # Most verbs build their printer before they send anything.
        if not prints_late:
            raise
        return flags._replace(fault=fault)
    return flags._replace(form=form)


def write_flags(
    manager: str, *, without: tuple[str, ...] = (), prints_late: bool = False
) -> FlagGroup:
    """Return the group of flags of a verb that writes.

    Args:
        manager: who is said to own the fields it writes, unless a flag says otherwise.
        without: flags that this verb does not take, by the name of their parameter.
        prints_late: whether ``-o`` is looked at only when everything has been done, as kubectl
            does in some verbs: the write then stands although it cannot be printed.
    """
    defaults = {"field_manager": manager, "prints_late": prints_late}
    return FlagGroup(complete, without=without, defaults=defaults)


def local_flags(flags: WriteFlags, *, local: bool) -> WriteFlags:
    """Return how a verb is to write: with ``--local`` nothing is sent to the server.

    Raises:
        SvcnetError: the server is to go through it all the same.
    """
    if not local:
        return flags
    if flags.dry_run == "server":
        raise SvcnetError(
            "cannot specify --local and --dry-run=server - did you mean --dry-run=client?"
        )
    return flags._replace(local=True)


class Work:
    """One verb's writes: all of them in one transaction, each told when it is done."""

    # No dataclass: that module imports `inspect`, which takes as long as a whole `get`.
    def __init__(
        self, session: Session, txn: Transaction, flags: WriteFlags, results: Results
    ) -> None:
        self.session = session
        self.txn = txn
        self.flags = flags
        self.results = results

    def create(self, document: Document) -> Document:
        """Make an object; return it as the server answers."""
        from svcnet.control.apiserver import registry

        document = self._sent(document)
        self._announce(document)
        return self._done(registry.create(self.txn, document, self._options()))

    def update(self, document: Document, subresource: str = "") -> Document:
        """Replace an object as a whole; return it as the server answers."""
        from svcnet.control.apiserver import registry

        document = self._sent(document)
        self._announce(document)
        return self._done(registry.update(self.txn, document, self._options(subresource)))

    def patch(self, key: Key, change: Patch, subresource: str = "") -> Written:
        """Change parts of an object; return what came of it."""
        from svcnet.control.apiserver import registry

        self.session.warn_of_kind(self.txn.kinds().of_resource(key.resource))
        change = change._replace(body=self._sent(change.body))
        written = registry.patch(self.txn, key, change, self._options(subresource))
        self._done(written)
        return written

    def apply(self, config: Document, *, force: bool, manager: str = "") -> Document:
        """Let the server make an object be as `config` says; return it as the server answers.

        With a `manager` it is that one who applies.
        """
        from svcnet.control.apiserver import registry

        config = self._sent(config)
        self._announce(config)
        options = self._options()
        options = options._replace(manager=manager or options.manager)
        return self._done(registry.apply(self.txn, config, options, force=force))

    def delete(
        self, key: Key, *, propagation: str = "Background", grace_period: int = -1
    ) -> Document:
        """Take an object away; return it as the server answers."""
        from svcnet.control.apiserver import registry

        self.session.warn_of_kind(self.txn.kinds().of_resource(key.resource))
        # Without a number the pod's own terminationGracePeriodSeconds counts.
        grace = None if grace_period < 0 else grace_period
        return registry.delete(
            self.txn,
            key,
            propagation=propagation,
            grace_period=grace,
            dry_run=self.flags.dry_run != "none",
        )

    def show(self, kind: Kind, document: Document, done: str, *, as_made: bool = False) -> None:
        """Say what was done with an object.

        Args:
            kind: what it is.
            document: the object, for formats that print it.
            done: a word for what was done: ``created``.
            as_made: keep the order of its fields, which kubectl sorts otherwise.
        """
        if self.flags.fault:
            raise self.flags.fault
        # The JSON printers sort what came from the server as a map; other formats sort themselves.
        keep_order = as_made or self.flags.form.name not in ("json", "kyaml")
        self.results.show(kind, document if keep_order else sorted_keys(document), done)

    def named(self, selection: Selection) -> tuple[Target | SvcnetError, ...]:
        """Return the objects that were named, and what is wrong with some of those in files."""
        assert isinstance(selection, Named)
        return selection.in_order or selection.targets

    def in_files(self, query: ResourceQuery, verb: str) -> tuple[Target | SvcnetError, ...]:
        """Return the objects in files, and what is wrong with some of them.

        Raises:
            SvcnetError: a file cannot be read, or there are no objects at all.
        """
        from svcnet.cli.resource.builder import resolve

        everything = self.named(resolve(query, self.txn.kinds()))
        if not everything:
            raise SvcnetError(f"no objects passed to {verb}")
        return everything

    def each(
        self,
        targets: Iterable[Target | SvcnetError],
        act: Callable[[Target], None],
        doing: str = "",
        *,
        missing_first: bool = False,
    ) -> None:
        """Do something with every object; an error of one does not stop the others.

        Args:
            targets: the objects, and errors for those that could not be found.
            act: what to do with one.
            doing: how kubectl names it in errors about objects from files: ``creating``.
            missing_first: whether kubectl finds all objects before it does anything, and tells
                first of those that it did not find; else it tells of them last.
        """
        if missing_first:
            targets = list(targets)
            self._report_missing([each for each in targets if isinstance(each, SvcnetError)])
        missing = []
        for target in targets:
            if isinstance(target, SvcnetError):
                missing.append(target)
                continue
            # A server warns, and in a dry run of the client none is asked.
            if not self.flags.client_only:
                self.session.warn_of_kind(target.kind)
            try:
                act(target)
            except Failed as failed:
                self.session.report(failed.error, failed.doing)
            except SvcnetError as error:
                self.session.report(error, source_of(target, doing))
        if not missing_first:
            self._report_missing(missing)

    def _report_missing(self, errors: list[SvcnetError]) -> None:
        """Tell of objects that could not be found: together, when there are other errors."""
        if errors:
            self.session.report(Several(errors))

    def _sent(self, body: Any) -> Any:
        """Return what is for the server as it gets it, in JSON: there all is UTF-8."""
        return valid(body) if self.session.has_raw_bytes else body

    def _announce(self, document: Document) -> None:
        """Say what the server says of every request for a kind, refused ones included."""
        kind = self.txn.kinds().of_document(
            document.get("apiVersion", ""), document.get("kind", "")
        )
        if kind is not None:
            self.session.warn_of_kind(kind)

    def _options(self, subresource: str = "") -> WriteOptions:
        from svcnet.control.apiserver.registry import WriteOptions

        flags = self.flags
        manager = valid_text(flags.manager)
        return WriteOptions(flags.dry_run != "none", flags.validation, subresource, manager)

    def _done(self, written: Written) -> Document:
        for warning in written.warnings:
            self.session.warn(warning)
        return written.document


def source_of(target: Target, doing: str) -> str:
    """Return what kubectl says it was doing when the server refused; empty when it says nothing."""
    return f"error when {doing} {go_quote(target.source)}" if doing and target.source else ""


class Failed(SvcnetError):
    """The server refused something that kubectl names in its own way."""

    def __init__(self, error: SvcnetError, doing: str) -> None:
        super().__init__(str(error))
        self.error, self.doing = error, doing


@contextmanager
def told_as(doing: str) -> Iterator[None]:
    """Let errors of the server say what kubectl was doing.

    Raises:
        Failed: with what the server said.
    """
    try:
        yield
    except StatusError as error:
        raise Failed(error, doing) from None


@contextmanager
def writing(session: Session, flags: WriteFlags) -> Iterator[Work]:
    """Open a transaction for a verb; what was said is printed when it has been committed."""
    with session.write(keep=flags.dry_run == "none" and not flags.local) as txn:
        text: shared.DryRun = "none" if flags.silent else flags.dry_run
        yield Work(session, txn, flags, Results(session, flags.form, text))


def typed(target: Target) -> Document:
    """Return an object from a file as kubectl reads it where it looks into it itself.

    Raises:
        SvcnetError: a field holds what it cannot hold.
    """
    from svcnet.api.fields import decode

    assert target.document is not None
    if target.kind not in BUILT_IN:
        # The words name the line of kubectl's source where its scheme is made.
        raise SvcnetError(
            f"unable to decode {go_quote(target.source)}: no kind {go_quote(target.kind.kind)} is "
            f"registered for version {go_quote(target.kind.api_version)} in scheme "
            '"pkg/scheme/scheme.go:28"'
        )
    try:
        return decode(target.document, "Ignore").document
    except BadRequest as error:
        # kubectl's decoder knows the file where the server knows the kind.
        why = error.message.partition(f"cannot be handled as a {target.kind.kind}: ")[2]
        raise SvcnetError(
            f"unable to decode {go_quote(target.source)}: {why or error.message}"
        ) from None


def placed(session: Session, kind: Kind, document: Document) -> Document:
    """Return a generated object in the session's namespace, if objects of its kind are in one."""
    if not kind.namespaced:
        return document
    metadata = {**document["metadata"], "namespace": session.namespace}
    return {**document, "metadata": metadata}
