"""How many pods each ReplicaSet of a Deployment may have next."""

from __future__ import annotations

import pytest

from svcnet.api.workloads import DeploymentSpec, DeploymentStrategy, RollingUpdate
from svcnet.control.controllers.deployment_sizes import (
    Limits,
    SetSize,
    limits,
    new_set_replicas,
    old_set_replicas,
    proportional_replicas,
    scaled,
)


@pytest.mark.parametrize(
    ("surge", "unavailable", "expected"),
    [
        ("25%", "25%", Limits(10, 3, 2)),
        (0, 0, Limits(10, 0, 1)),
        ("1%", "1%", Limits(10, 1, 0)),
        (2, 20, Limits(10, 2, 10)),
    ],
)
def test_surge_rounds_up_and_unavailability_down(
    surge: int | str, unavailable: int | str, expected: Limits
) -> None:
    update = RollingUpdate(max_surge=surge, max_unavailable=unavailable)

    spec = DeploymentSpec(replicas=10, strategy=DeploymentStrategy(rolling_update=update))

    assert limits(spec) == expected


def test_the_newest_set_grows_into_the_room_there_is() -> None:
    olds = [SetSize("old", replicas=10, available=10)]

    assert new_set_replicas(SetSize("new", 0, 0), olds, Limits(10, surge=3, unavailable=2)) == 3


def test_unavailable_pods_go_before_those_that_serve() -> None:
    olds = [SetSize("oldest", 4, available=4), SetSize("older", 4, available=1)]

    sizes = old_set_replicas(
        SetSize("new", 2, available=2), olds, Limits(8, surge=2, unavailable=2)
    )

    # 10 pods are wanted and 7 serve; 6 must: three that do not serve go, and one that does.
    assert sizes == {"oldest": 3, "older": 1}


def test_scaling_in_the_middle_of_a_rollout_is_shared_in_proportion() -> None:
    """The example of the Kubernetes documentation: from 10 to 15 with 3 surge."""
    active = [SetSize("old", 8, available=8, limit=13), SetSize("new", 5, available=0, limit=13)]

    assert proportional_replicas(active, Limits(15, surge=3, unavailable=2), count=13) == {
        "old": 11,
        "new": 7,
    }


def old(name: str, replicas: int, available: int) -> SetSize:
    return SetSize(name, replicas, available)


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (DeploymentSpec(replicas=5, strategy=DeploymentStrategy(type="Recreate")), Limits(5, 0, 0)),
        (DeploymentSpec(replicas=0), Limits(0, 0, 0)),
        (DeploymentSpec(replicas=1), Limits(1, 1, 0)),
        (
            DeploymentSpec(
                replicas=1,
                strategy=DeploymentStrategy(
                    rolling_update=RollingUpdate(max_surge=0, max_unavailable=1)
                ),
            ),
            Limits(1, 0, 1),
        ),
        (
            DeploymentSpec(
                replicas=0,
                strategy=DeploymentStrategy(
                    rolling_update=RollingUpdate(max_surge=2, max_unavailable=2)
                ),
            ),
            Limits(0, 2, 0),
        ),
        (
            DeploymentSpec(
                replicas=3,
                strategy=DeploymentStrategy(
                    rolling_update=RollingUpdate(max_surge=0, max_unavailable=4)
                ),
            ),
            Limits(3, 0, 3),
        ),
        (
            DeploymentSpec(
                replicas=3,
                strategy=DeploymentStrategy(
                    rolling_update=RollingUpdate(max_surge=1, max_unavailable=0)
                ),
            ),
            Limits(3, 1, 0),
        ),
    ],
)
def test_limits_depend_on_the_strategy_and_on_how_many_there_are(
    spec: DeploymentSpec, expected: Limits
) -> None:
    """Source: util/deployment_util.go MaxSurge(), MaxUnavailable(), ResolveFenceposts()."""
    assert limits(spec) == expected


def test_the_bounds_of_a_rollout() -> None:
    bounds = Limits(10, surge=3, unavailable=2)

    assert (bounds.max_replicas, bounds.min_available) == (13, 8)


@pytest.mark.parametrize(
    ("value", "up", "down"),
    [("25%", 3, 2), ("100%", 10, 10), ("0%", 0, 0), (7, 7, 7), ("1%", 1, 0), ("x%", 0, 0)],
)
def test_percents_of_ten(value: int | str, up: int, down: int) -> None:
    assert (scaled(value, 10, up=True), scaled(value, 10, up=False)) == (up, down)


@pytest.mark.parametrize(
    ("new", "olds", "expected"),
    [
        # Room for three more, and two are missing.
        (8, [3], 10),
        (8, [], 10),
        # Room for one.
        (8, [4], 9),
        # No room: 13 are there.
        (3, [10], 3),
        # More than there may be: it waits.
        (3, [12], 3),
        # Two old sets share the room.
        (0, [6, 5], 2),
        # Too big: it is cut down at once.
        (12, [0], 10),
        (10, [3], 10),
    ],
)
def test_how_far_the_newest_set_may_grow(new: int, olds: list[int], expected: int) -> None:
    """Source: util/deployment_util.go NewRSNewReplicas()."""
    others = [old(f"old{index}", count, count) for index, count in enumerate(olds)]

    size = new_set_replicas(SetSize("new", new, new), others, Limits(10, surge=3, unavailable=2))

    assert size == expected


@pytest.mark.parametrize(
    ("new", "olds", "expected"),
    [
        # 13 serve and 8 must: five of the oldest go.
        (SetSize("new", 3, 3), [old("a", 10, 10)], {"a": 5}),
        # New ones that do not serve yet do not stand in: 13 - 8 - 3 = 2.
        (SetSize("new", 3, 0), [old("a", 10, 10)], {"a": 8}),
        # Nothing may go: 10 - 8 - 2 = 0.
        (SetSize("new", 2, 0), [old("a", 8, 8)], {}),
        (SetSize("new", 3, 0), [old("a", 8, 8)], {}),
        # The oldest goes first, and then the next.
        (SetSize("new", 5, 5), [old("a", 2, 2), old("b", 6, 6)], {"a": 0, "b": 3}),
        (SetSize("new", 5, 5), [old("a", 5, 5), old("b", 3, 3)], {"a": 0}),
        # Those that do not serve go first, of whatever set; then nobody else can be spared.
        (SetSize("new", 0, 0), [old("a", 8, 8), old("b", 5, 0)], {"b": 0}),
        # No more of them than the bounds leave: 13 - 8 - 3 = 2.
        (SetSize("new", 3, 0), [old("a", 2, 0), old("b", 8, 5)], {"a": 0}),
        (SetSize("new", 3, 0), [old("a", 1, 0), old("b", 9, 0)], {"a": 0, "b": 8}),
        # What is empty already is not named.
        (SetSize("new", 10, 10), [old("a", 0, 0), old("b", 1, 1)], {"b": 0}),
    ],
)
def test_how_far_older_sets_may_shrink(
    new: SetSize, olds: list[SetSize], expected: dict[str, int]
) -> None:
    """Source: rolling.go reconcileOldReplicaSets(), cleanupUnhealthyReplicas()."""
    assert old_set_replicas(new, olds, Limits(10, surge=3, unavailable=2)) == expected


def of_limit(limit: int, **sizes: int) -> list[SetSize]:
    return [SetSize(name, replicas, replicas, limit) for name, replicas in sizes.items()]


@pytest.mark.parametrize(
    ("sizes", "bounds", "count", "expected"),
    [
        # 7 may exist, 6 too many: round(8 * 7 / 13) = 4, round(5 * 7 / 13) = 3.
        (of_limit(13, a=8, b=5), Limits(5, 2, 1), 13, {"a": 4, "b": 3}),
        # To nothing; the surge goes, too.
        (of_limit(13, a=8, b=5), Limits(0, 3, 0), 13, {"a": 0, "b": 0}),
        # As many as before.
        (of_limit(13, a=8, b=5), Limits(10, 3, 2), 13, {"a": 8, "b": 5}),
        # Rounding leaves one over, which the first takes: round(3 * 10 / 9) = 3.
        (of_limit(9, a=3, b=3, c=3), Limits(10, 0, 1), 9, {"a": 4, "b": 3, "c": 3}),
        # And here it gives one: round(5 * 9 / 10) = round(4.5) = 5.
        (of_limit(10, a=5, b=5), Limits(9, 0, 1), 10, {"a": 4, "b": 5}),
        # No set takes more than is missing: 2 * 5 / 2 - 2 = 3, and one is missing.
        (of_limit(2, a=2, b=2), Limits(5, 0, 1), 4, {"a": 3, "b": 2}),
        # Nor gives more than is too much: 4 * 5 / 12 - 4 = -2, and one is.
        (of_limit(12, a=4, b=2), Limits(5, 0, 1), 6, {"a": 3, "b": 2}),
        # Without a note of the former number, the Deployment's own count.
        (of_limit(0, a=8, b=2), Limits(20, 0, 1), 10, {"a": 16, "b": 4}),
        # Without either nothing is in proportion, and the first takes all.
        (of_limit(0, a=1, b=1), Limits(5, 0, 1), 0, {"a": 4, "b": 1}),
        # What is empty stays so.
        (of_limit(10, a=10, b=0), Limits(20, 0, 1), 10, {"a": 20, "b": 0}),
        (of_limit(11, a=10, b=0, c=1), Limits(22, 0, 1), 11, {"a": 20, "b": 0, "c": 2}),
        # As many as there may be: the note of a former number changes nothing.
        (of_limit(2, a=2, b=2), Limits(4, 0, 1), 4, {"a": 2, "b": 2}),
        # Down to one, and one more allowed: round(2 * 2 / 3) = 1, round(1 * 2 / 3) = 1.
        (of_limit(3, a=2, b=1), Limits(1, 1, 0), 3, {"a": 1, "b": 1}),
        ([], Limits(5, 0, 1), 0, {}),
    ],
)
def test_sets_keep_their_proportions(
    sizes: list[SetSize], bounds: Limits, count: int, expected: dict[str, int]
) -> None:
    """Source: sync.go scale(), util/deployment_util.go GetReplicaSetProportion()."""
    assert proportional_replicas(sizes, bounds, count) == expected
