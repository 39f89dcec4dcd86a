"""What the values of shared flags mean, as in kubectl's pkg/cmd/util/helpers.go."""

from __future__ import annotations

import pytest

from svcnet.cli.flags import shared
from svcnet.errors import SvcnetError


@pytest.mark.parametrize(("value", "meant"), [("true", "client"), ("1", "client"), ("F", "none")])
def test_a_dry_run_may_be_any_boolean_of_go(
    value: str, meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shared.dry_run(value) == meant

    told = capsys.readouterr().err
    assert f"--dry-run={value} is deprecated (boolean value)" in told
    assert f"replaced with --dry-run={meant}." in told


def test_a_word_that_is_no_dry_run_is_refused() -> None:
    with pytest.raises(SvcnetError, match=r"Invalid dry-run value \(tRUE\)\."):
        shared.dry_run("tRUE")


@pytest.mark.parametrize(
    ("value", "meant"),
    [("strict", "Strict"), ("T", "Strict"), ("warn", "Warn"), ("0", "Ignore"), ("False", "Ignore")],
)
def test_validation_may_be_a_word_or_any_boolean_of_go(value: str, meant: str) -> None:
    assert shared.validation(value) == meant


@pytest.mark.parametrize("value", ["Strict", "WARN", ""])
def test_words_of_validation_are_told_by_case(value: str) -> None:
    with pytest.raises(SvcnetError, match=f'invalid - validate option "{value}"; must be one of'):
        shared.validation(value)
