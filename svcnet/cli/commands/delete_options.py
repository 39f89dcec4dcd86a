"""How objects are taken away, and what is said of it.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/delete/delete.go.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from svcnet.cli.commands.writing import Work
from svcnet.cli.printers.output import SUFFIXES
from svcnet.cli.resource.targets import Target
from svcnet.errors import NotFound, NotServed, SvcnetError
from svcnet.lean_namedtuple import NamedTuple

_CASCADES = {
    "background": "Background",
    "foreground": "Foreground",
    "orphan": "Orphan",
    # The flag was a boolean before kubectl 1.20; both spellings are still read.
    "true": "Background",
    "false": "Orphan",
}


class DeleteOptions(NamedTuple):
    """How an object is to go."""

    propagation: str = "Background"
    grace_period: int = -1
    """Seconds that a pod is given; 0: at once, negative: as the pod itself says."""

    @classmethod
    def read(
        cls, *, cascade: str = "background", grace_period: int = -1, force: bool, now: bool = False
    ) -> Self:
        """Return what the flags of `delete_all` ask for.

        Raises:
            SvcnetError: they do not go together, or the cascade is none.
        """
        if cascade not in _CASCADES:
            raise SvcnetError(
                f'invalid cascade value ({cascade}). Must be "background", "foreground", or '
                '"orphan"'
            )
        if now and grace_period != -1:
            raise SvcnetError("--now and --grace-period cannot be specified together")
        if force and (now or grace_period > 0):
            raise SvcnetError(
                "--force and --grace-period greater than 0 cannot be specified together"
            )
        if force:
            return cls(_CASCADES[cascade], 0)
        # Without --force nothing goes at once: kubectl turns 0 seconds into 1.
        return cls(_CASCADES[cascade], 1 if now or grace_period == 0 else grace_period)


def delete_all(
    work: Work,
    targets: Iterable[Target | SvcnetError],
    options: DeleteOptions,
    *,
    ignore_missing: bool,
) -> None:
    """Take every object away, and tell of each.

    Args:
        work: the verb's work.
        targets: what is to go; it need not exist.
        options: how.
        ignore_missing: it is no error when an object is not there.
    """

    def act(target: Target) -> None:
        try:
            if not work.flags.client_only:
                work.delete(
                    target.key,
                    propagation=options.propagation,
                    grace_period=options.grace_period,
                )
        except (NotFound, NotServed):
            if not ignore_missing:
                raise
            return
        work.session.print_result(_message(work, target, forced=options.grace_period == 0))

    work.each(targets, act, "deleting")


def _message(work: Work, target: Target, *, forced: bool) -> str:
    """Return what is said of an object that went.

    Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/delete/delete.go PrintObj().
    """
    if work.flags.form.name == "name":
        return f"{target.kind.singular_resource}/{target.name}"
    where = f" from {target.namespace} namespace" if target.namespace else ""
    done = "force deleted" if forced else "deleted"
    suffix = SUFFIXES[work.flags.dry_run]
    return f'{target.kind.singular_resource} "{target.name}" {done}{where}{suffix}'
