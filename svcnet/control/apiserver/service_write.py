"""One write of a Service, as those see it who choose its addresses and ports."""

from __future__ import annotations

from svcnet.api.keys import Key
from svcnet.lean_namedtuple import NamedTuple
from svcnet.store.transaction import Transaction


class ServiceWrite(NamedTuple):
    """For whom something is chosen, and how."""

    txn: Transaction
    """Where to look what is taken."""
    service: Key
    """Whose it will be."""
    dry_run: bool = False
    """Choose dummies."""
    draws: tuple[object, ...] = ()
    """What tells this write from others of the same Service; others draw other values."""
