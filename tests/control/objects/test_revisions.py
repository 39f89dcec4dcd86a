"""What ControllerRevisions keep."""

from __future__ import annotations

from typing import Any

import pytest

from svcnet.api.keys import Document
from svcnet.control.objects.revisions import (
    revision_name,
    same_template,
    template_of_patch,
    template_patch,
)
from tests.control.workbench import read, settled, workload


def test_a_long_name_leaves_room_for_the_hash() -> None:
    assert revision_name("a" * 230, "5c45974645") == f"{'a' * 223}-5c45974645"


def test_a_revision_keeps_its_template_as_a_patch_that_replaces() -> None:
    wanted: Document = {"metadata": {}, "spec": {"containers": []}}

    kept = template_patch(wanted)

    assert kept == {"spec": {"template": {**wanted, "$patch": "replace"}}}
    assert template_of_patch(kept) == wanted


@pytest.mark.parametrize("data", [None, {}, {"spec": None}, {"spec": {"template": 1}}, [], "x"])
def test_what_others_keep_in_revisions_is_no_template(data: Any) -> None:
    assert template_of_patch(data) == {}
    assert not same_template(data, {"spec": {"containers": []}})


def stored() -> Document:
    """A template with its defaults."""
    found: Document = read(settled(workload("DaemonSet", "a")), "DaemonSet", "a")["spec"][
        "template"
    ]
    return found


def test_older_versions_kept_a_template_in_other_words() -> None:
    """Up to 1.33 with an empty creationTimestamp, and without what has a default only now."""
    wanted = stored()
    spec = {name: each for name, each in wanted["spec"].items() if name != "schedulerName"}
    metadata = {**wanted["metadata"], "creationTimestamp": None}

    assert same_template(template_patch({"metadata": metadata, "spec": spec}), wanted)
    spec = {**wanted["spec"], "terminationGracePeriodSeconds": 31}
    assert not same_template(template_patch({**wanted, "spec": spec}), wanted)
