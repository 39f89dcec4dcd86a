"""The arithmetic of a Deployment's rollout: how many pods each ReplicaSet may have next.

Numbers in, numbers out; nothing here knows documents.  A rollout is a series of such steps, each
taken when the one before has come true.

Source: kubernetes pkg/controller/deployment/{rolling,sync}.go and util/deployment_util.go.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor

from svcnet.api.workloads import DeploymentSpec
from svcnet.lean_namedtuple import NamedTuple

DEFAULT_SHARE = "25%"


class SetSize(NamedTuple):
    """How big a ReplicaSet is: wanted pods, pods that are available, and what it was meant for."""

    name: str
    replicas: int
    available: int
    limit: int = 0
    """The most pods the Deployment could have when the size was last set; 0: not known."""


class Limits(NamedTuple):
    """How far a rollout may stray from the number that is wanted."""

    replicas: int
    surge: int
    """Pods that may exist beyond `replicas`."""
    unavailable: int
    """Pods that may be missing from `replicas`."""

    @property
    def max_replicas(self) -> int:
        """The most pods that may exist at once."""
        return self.replicas + self.surge

    @property
    def min_available(self) -> int:
        """The fewest pods that must be available."""
        return self.replicas - self.unavailable


def limits(spec: DeploymentSpec) -> Limits:
    """Return the limits a Deployment sets: surge rounds up, unavailability down, never both 0.

    >>> limits(DeploymentSpec(replicas=10))
    Limits(replicas=10, surge=3, unavailable=2)
    """
    if spec.strategy.type != "RollingUpdate" or spec.replicas == 0:
        # All pods of a Recreate go at once, and of no pods none can be missing.
        rolling = spec.strategy.type == "RollingUpdate"
        return Limits(spec.replicas, _share(spec, "max_surge") if rolling else 0, 0)
    surge, unavailable = _share(spec, "max_surge"), _share(spec, "max_unavailable")
    # Or the rollout could never begin.
    if surge == unavailable == 0:
        unavailable = 1
    return Limits(spec.replicas, surge, min(unavailable, spec.replicas))


def _share(spec: DeploymentSpec, field: str) -> int:
    """Return one of the two limits as a number of pods."""
    update = spec.strategy.rolling_update
    value = getattr(update, field) if update else None
    if value is None:
        value = DEFAULT_SHARE
    return scaled(value, spec.replicas, up=field == "max_surge")


def scaled(value: int | str, total: int, *, up: bool) -> int:
    """Return a number as it is, or so many percent of `total`.

    >>> scaled("25%", 3, up=True), scaled("25%", 3, up=False), scaled(2, 3, up=True)
    (1, 0, 2)
    """
    if isinstance(value, int):
        return value
    try:
        percent = int(value.removesuffix("%"))
    except ValueError:
        return 0
    part = percent * total / 100
    return ceil(part) if up else floor(part)


def new_set_replicas(new: SetSize, olds: Sequence[SetSize], bounds: Limits) -> int:
    """Return the size that the newest ReplicaSet may have now; smaller when it is too big.

    Source: util/deployment_util.go NewRSNewReplicas().
    """
    if new.replicas >= bounds.replicas:
        return bounds.replicas
    # Pods of older templates take up room until they are gone.
    room = bounds.max_replicas - new.replicas - sum(old.replicas for old in olds)
    return new.replicas + max(0, min(room, bounds.replicas - new.replicas))


def old_set_replicas(new: SetSize, olds: Sequence[SetSize], bounds: Limits) -> dict[str, int]:
    """Return the sizes to which older ReplicaSets may go down now; only those that change.

    Pods that are not available go first, whatever ReplicaSet they belong to, then the oldest's.

    Args:
        new: the newest ReplicaSet.
        olds: the others, oldest first.
        bounds: what the Deployment allows.

    Source: rolling.go reconcileOldReplicaSets().
    """
    total = new.replicas + sum(old.replicas for old in olds)
    # New pods that do not serve yet cannot stand in for old ones.
    spare = total - bounds.min_available - (new.replicas - new.available)
    if spare <= 0:
        return {}
    sizes = {old.name: old.replicas for old in olds}
    # Those that do not serve are no loss.
    for old in olds:
        cleaned = min(spare, max(0, old.replicas - old.available))
        sizes[old.name] -= cleaned
        spare -= cleaned
    # Of those that serve, only as many as are not needed.
    spare = new.available + sum(old.available for old in olds) - bounds.min_available
    for old in olds:
        given = min(max(0, spare), sizes[old.name])
        sizes[old.name] -= given
        spare -= given
    return {old.name: sizes[old.name] for old in olds if sizes[old.name] != old.replicas}


def proportional_replicas(sizes: Sequence[SetSize], bounds: Limits, count: int) -> dict[str, int]:
    """Return what each ReplicaSet gets when a Deployment is scaled in the middle of a rollout.

    Args:
        sizes: the ReplicaSets that have pods, in the order in which they are served; the first
            one also takes what rounding leaves over.
        bounds: what the Deployment allows now.
        count: how many pods the Deployment had when it last told its status.

    Source: sync.go scale(), util/deployment_util.go GetReplicaSetProportion().
    """
    # Scaling to nothing leaves no surge either.
    allowed = bounds.max_replicas if bounds.replicas > 0 else 0
    missing = allowed - sum(each.replicas for each in sizes)
    added, result = 0, {}
    for each in sizes:
        part = _part(each, bounds, count)
        rest = missing - added
        change = 0 if each.replicas == 0 else min(part, rest) if missing > 0 else max(part, rest)
        result[each.name] = each.replicas + (change if missing else 0)
        added += change if missing else 0
    if sizes and missing:
        result[sizes[0].name] = max(0, result[sizes[0].name] + missing - added)
    return result


def _part(size: SetSize, bounds: Limits, count: int) -> int:
    """Return how many pods a set gains or loses when all sets keep their proportions."""
    if bounds.replicas == 0:
        return -size.replicas
    before = size.limit or count
    return (
        0
        if not before
        else floor(size.replicas * bounds.max_replicas / before + 0.5) - size.replicas
    )
