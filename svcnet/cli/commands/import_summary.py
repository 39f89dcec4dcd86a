"""What `import` says in the end: what became of what the files hold, and what they lack."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from svcnet.api.keys import Key
from svcnet.proxy import watched

if TYPE_CHECKING:
    from svcnet.control.dump.planning import Plan
    from svcnet.store.transaction import Transaction


def summary(plan: Plan, txn: Transaction, foundations: frozenset[Key]) -> Iterator[str]:
    """Yield a line each for what is used, kept, derived, ignored and missing.

    One more tells what controllers took away, if they did: what nothing in the files asks for.

    Args:
        plan: what was to be made.
        txn: what was written, controllers included.
        foundations: what the cluster has, whatever is in the files.
    """
    from svcnet.control.dump import gaps

    given = {Key(each.kind.resource, *each.place) for each in plan.contents.items}
    gone = {each for each in given if each in txn.written and txn.written[each] is None}
    there = [each.resource for each in given - gone]
    used = [each for each in there if each in watched.RESOURCES]
    kept = [each for each in there if each not in watched.RESOURCES]
    derived = [
        key.resource
        for key, entry in txn.written.items()
        if entry is not None and key not in given and key not in foundations
    ]
    settings = plan.settings
    yield (
        f"used: {_counted(used)}; pods in {','.join(settings.cluster_cidrs) or 'unknown ranges'}, "
        f"cluster IPs in {','.join(settings.service_cidrs)}"
    )
    yield f"kept: {_counted(kept)}"
    yield f"derived: {_counted(derived)}"
    if gone:
        yield f"deleted: {_counted(each.resource for each in gone)}"
    ignored = [f"{len(names)} {called}" for called, names in plan.contents.ignored.items()]
    yield f"ignored: {', '.join(ignored) or 'nothing'}"
    missing = [each.plural for each in gaps.missing(plan.contents)]
    yield f"missing: {', '.join(missing) or 'nothing'}"


def _counted(resources: Iterable[str]) -> str:
    """Return how many objects there are of each resource, as words."""
    counts: dict[str, int] = {}
    for each in sorted(resources):
        plural = each.partition(".")[0]
        counts[plural] = counts.get(plural, 0) + 1
    return ", ".join(f"{n} {plural}" for plural, n in counts.items()) or "nothing"
