"""`label` and `annotate`: what they list, and what they tell of."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Kubectl


@pytest.fixture
def labeled(kubectl: Kubectl) -> Kubectl:
    """A ConfigMap with a label and an annotation, and one without."""
    kubectl("create", "configmap", "a")
    kubectl("create", "configmap", "b")
    kubectl("label", "configmap", "a", "x=1")
    kubectl("annotate", "configmap", "a", "y=1")
    return kubectl


def test_a_list_shows_what_would_be(labeled: Kubectl) -> None:
    assert labeled("label", "cm", "a", "z=2", "x-", "--list") == (0, "z=2\n", "")
    assert labeled("annotate", "cm", "a", "z=2", "--list") == (0, "y=1\nz=2\n", "")
    assert labeled("label", "cm", "a", "b", "z=2", "--list").out == (
        "Listing labels for ConfigMap./a:\n x=1\n z=2\nListing labels for ConfigMap./b:\n z=2\n"
    )

    # Only shown: nothing was written.
    assert labeled("label", "cm", "a", "--list").out == "x=1\n"


def test_a_list_does_not_overwrite_either(labeled: Kubectl) -> None:
    said = labeled("label", "cm", "a", "x=2", "--list")

    assert said == (1, "", "error: 'x' already has a value (1), and --overwrite is false\n")


@pytest.mark.parametrize(
    ("dry_run", "told"),
    [
        ("none", 'label "c" not found.\nconfigmap/a not labeled\n'),
        ("server", 'label "c" not found.\nconfigmap/a not labeled (server dry run)\n'),
        ("client", "configmap/a not labeled (dry run)\n"),
    ],
)
def test_only_a_server_knows_that_a_label_is_missing(
    labeled: Kubectl, dry_run: str, told: str
) -> None:
    assert labeled("label", "cm", "a", "c-", f"--dry-run={dry_run}") == (0, told, "")


def test_a_missing_object_goes_before_a_bad_patch(labeled: Kubectl) -> None:
    missing = 'Error from server (NotFound): configmaps "none" not found\n'

    assert labeled("patch", "cm", "none", "--type=json", "-p", '{"op": "x"}').err == missing
    assert labeled("patch", "cm", "none", "-p", "{bad").err == missing
    # YAML is kubectl's own, and it is read first of all.
    assert labeled("patch", "cm", "none", "-p", "[bad").err.startswith('error: unable to parse "[')
