"""How many pods each ReplicaSet of a Deployment may have next."""

from __future__ import annotations

import pytest

from svcnet.api.workloads import DeploymentSpec, RollingUpdate, Strategy
from svcnet.control.controllers.deployment_sizes import (
    Limits,
    SetSize,
    limits,
    new_set_replicas,
    old_set_replicas,
    proportional_replicas,
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

    spec = DeploymentSpec(replicas=10, strategy=Strategy(rolling_update=update))

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
