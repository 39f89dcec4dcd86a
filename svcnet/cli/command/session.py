"""One run of the program: whose state, which namespace, what moment, what was said."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from svcnet.api.go.strconv import parse_int
from svcnet.api.go.utf8 import is_valid, valid_text
from svcnet.api.kinds import ENDPOINTS, EVENT, Kind
from svcnet.cli.command import errors
from svcnet.cli.flags import values
from svcnet.errors import OutputError, StateMissing, SvcnetError, UsageError

if TYPE_CHECKING:
    from svcnet.api.config import ClusterSettings
    from svcnet.api.keys import Key
    from svcnet.cli.flags.pflag import Reading
    from svcnet.store.reader import Reader
    from svcnet.store.transaction import Transaction

LAST_SECOND = 253402300799
"""The end of the year 9999, the last that a timestamp can hold."""
DEFAULT_NODES = ("n1", "n2", "n3")


class Session:
    """What a verb knows beside its own flags, and where its words go.

    Attributes:
        command: how the verb is called: ``kubectl create service clusterip``.
        namespace: where objects are looked for.
        namespace_given: whether ``-n`` was there, which forbids objects of other namespaces.
        db: a path or a database URL.
        is_db_named: whether the user said which it is.
        now: RFC 3339, whole seconds, UTC; honours SOURCE_DATE_EPOCH.
        words_before_dash: how many words stood before ``--``; None without one.
        verbosity: the level after ``-v``; from 1 on, what was written is told.
        warnings_as_errors: whether a warning makes the program fail.
        has_time_limit: whether requests may only take so long.
        has_raw_bytes: whether something on the command line is no UTF-8.
        exit_status: what the program will exit with; `report` raises it.
    """

    def __init__(
        self,
        *,
        command: str = "kubectl",
        namespace: str = "",
        db: str = "",
        is_db_named: bool = True,
        now: str = "",
        words_before_dash: int | None = None,
        verbosity: int = 0,
        warnings_as_errors: bool = False,
        has_time_limit: bool = False,
        has_raw_bytes: bool = False,
    ) -> None:
        self.command = command
        self.namespace = namespace or "default"
        self.namespace_given = bool(namespace)
        self.db = db
        self._is_db_named = is_db_named
        self.now = now
        self.words_before_dash = words_before_dash
        self.verbosity = verbosity
        self.warnings_as_errors = warnings_as_errors
        self.has_time_limit = has_time_limit
        self.has_raw_bytes = has_raw_bytes
        self.exit_status = 0
        self._pending: list[tuple[str, bool]] | None = None
        self._faults: list[errors.Fault] = []
        self._warned: dict[str, None] = {}

    @classmethod
    def of(cls, reading: Reading, command: str) -> Session:
        """Return the session that the global flags and the environment ask for."""
        from svcnet.store.locations import default_path

        named = reading.last("db") or os.environ.get("SVCNET_DB")
        texts = [*reading.words, *(text for _, text in reading.given)]
        return cls(
            command=command,
            namespace=valid_text(reading.last("namespace")),
            db=named or default_path(),
            is_db_named=bool(named),
            now=timestamp(moment()),
            words_before_dash=reading.dash,
            verbosity=parse_int(level) or 0 if (level := reading.last("v")) else 0,
            # client-go takes zero, kubectl's default, for no limit at all.
            has_time_limit=reading.last("request-timeout", "0") not in ("0", "0s"),
            warnings_as_errors=reading.last("warnings-as-errors") in values.TRUE,
            has_raw_bytes=not all(map(is_valid, texts)),
        )

    # --- state --------------------------------------------------------------------------------

    @contextmanager
    def read(self) -> Iterator[Reader]:
        """Open the state for reading; the user's own is made first where it does not exist.

        Raises:
            StateMissing: a state that was named does not exist.
        """
        from svcnet.store.opening import open_reader

        self._make_sure_of_state(reads_only=True)
        with open_reader(self.db) as reader:
            yield reader

    @contextmanager
    def write(
        self, *, keep: bool = True, new: tuple[ClusterSettings, int | None] | None = None
    ) -> Iterator[Transaction]:
        """Open a transaction; at the end the controllers run, all is committed, then printed.

        With `new` it is over an empty state that takes the place of what is there, if that is still
        at the revision that stands there or none does.

        An exception undoes everything, and what was said so far is not printed: either all of it
        happened or nothing.  With `keep` false (a dry run) nothing is kept, but all is printed;
        then others may write meanwhile.
        """
        if new is None:
            self._make_sure_of_state(reads_only=not keep)
        self._pending = []
        try:
            with self._transaction(new) if keep else self._rehearsal() as txn:
                yield txn
        # An interrupt, too: nothing of what was broken off may be printed as done.
        except BaseException:
            self._print(results=False)
            raise
        self._print(results=True)

    def _print(self, *, results: bool) -> None:
        """Print what was kept back, in the order in which it was said; `results` or only the rest.

        Scripts that read both streams from one pipe see a warning before the result it is about.
        """
        kept, self._pending = self._pending or [], None
        for text, is_result in kept:
            if not is_result:
                self.print_note(text, end="")
            elif results:
                self.print_result(text, end="")

    @contextmanager
    def _transaction(self, new: tuple[ClusterSettings, int | None] | None) -> Iterator[Transaction]:
        from svcnet.control.manager import settle
        from svcnet.store.opening import create, open_store

        opened = (
            create(self.db, new[0], force=True, revision=new[1]) if new else open_store(self.db)
        )
        with opened as store:
            with store.transaction(self.now) as txn:
                yield txn
                # Before the controllers run: what they add is told as theirs.
                asked = frozenset(txn.written)
                settle(txn)
            if self.verbosity > 0:
                self._tell_writes(txn, asked)

    @contextmanager
    def _rehearsal(self) -> Iterator[Transaction]:
        from svcnet.store.opening import open_reader
        from svcnet.store.transaction import Transaction

        # No controllers: the API server's own dry run ends before they would see the object.
        with open_reader(self.db) as reader:
            yield Transaction(reader, self.now)

    def _make_sure_of_state(self, *, reads_only: bool) -> None:
        from svcnet.store.opening import exists

        if exists(self.db):
            return
        # A name that is misspelt would otherwise show a cluster that nobody has filled.
        if reads_only and self._is_db_named:
            from svcnet.store.locations import shown

            raise StateMissing(shown(self.db))
        from svcnet.control.bootstrap import create_default

        # Where another process has made one at the same moment, it was that one's to tell.
        if create_default(self.db, DEFAULT_NODES, self.now):
            from svcnet.store.locations import shown

            named = ", ".join(DEFAULT_NODES)
            self.print_note(f"svcnet: made a new cluster with nodes {named} in {shown(self.db)}")

    def _tell_writes(self, txn: Transaction, asked: frozenset[Key]) -> None:
        """Say which objects were written, and which of them by the controllers."""
        for key, entry in txn.written.items():
            if key.resource == EVENT.resource and key not in asked:
                continue  # `events` tells what controllers did.
            done = "deleted" if entry is None else "wrote"
            place = f"{key.namespace}/{key.name}" if key.namespace else key.name
            who = "" if key in asked else " (controllers)"
            self.print_note(f"svcnet: {done} {key.resource} {place}{who}")

    # --- words --------------------------------------------------------------------------------

    def print_result(self, text: str, end: str = "\n") -> None:
        """Print a result, or keep it until the transaction around this has committed."""
        if self._pending is None:
            sys.stdout.write(text + end)
        else:
            self._pending.append((text + end, True))

    def print_note(self, text: str, end: str = "\n") -> None:
        """Print what is no result, on standard error, behind the results that came before it."""
        if self._pending is not None:
            self._pending.append((text + end, False))
            return
        self.flush()  # Python holds it back where it goes to a pipe.
        sys.stderr.write(text + end)

    def flush(self) -> None:
        """Write what was printed; where that fails, it is reported, and the verb goes on."""
        try:
            sys.stdout.flush()
        except OutputError as error:
            self.report(error)

    def warn(self, message: str) -> None:
        """Print a warning of the API server, once per message."""
        # The server repeats itself with every request; kubectl tells it once.
        if message not in self._warned:
            self._warned[message] = None
            self.print_note(f"Warning: {message}")

    def warn_of_kind(self, kind: Kind) -> None:
        """Print what the API server says of every request for objects of an old kind.

        And what svcnet has to say itself: a real cluster shows Events under both their groups.
        """
        if kind is ENDPOINTS:
            self.warn("v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice")
        elif kind.resource == "events.events.k8s.io":
            self.warn("svcnet keeps what controllers record as v1 Event: get events")

    def report(self, error: SvcnetError, source: str = "") -> None:
        """Note an error and go on; it is told at the end, and the exit status will tell too.

        Args:
            error: what went wrong.
            source: what kubectl was doing, for errors of the server:
                ``error when creating "m.yaml"``.
        """
        self.print_result(
            getattr(error, "printed", ""), end=""
        )  # what a template printed before it failed
        self._faults.append(errors.Fault(error, source))
        self.exit_status = error.exit_code

    def usage(self, message: str) -> UsageError:
        """Return an error that ends with ``See 'kubectl VERB -h' for help and examples``."""
        return UsageError(message, f"See '{self.command} -h' for help and examples")

    def close(self) -> int:
        """Tell of the errors that were reported; return the exit status."""
        if self._faults:
            self.print_note(errors.messages(self._faults))
        count = len(self._warned)
        if self.warnings_as_errors and count and not self.exit_status:
            self.print_note(f"error: {count} warning{'s' if count > 1 else ''} received")
            self.exit_status = 1
        return self.exit_status


def moment() -> int:
    """Return now as Unix seconds: SOURCE_DATE_EPOCH if that is a number, else the clock."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not (epoch.isascii() and epoch.isdigit()):
        return int(time.time())
    return min(int(epoch[:12]), LAST_SECOND)


def timestamp(seconds: int) -> str:
    """Return Unix seconds as Kubernetes writes them.

    >>> timestamp(0)
    '1970-01-01T00:00:00Z'
    """
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
