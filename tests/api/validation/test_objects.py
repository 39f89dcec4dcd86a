"""Which rules go for which kind: a table of names, which no type checker looks into."""

from __future__ import annotations

import pytest

from svcnet.api.kinds import BUILT_IN
from svcnet.api.validation import objects

ROWS = (*objects._RULES.items(), *objects._UPDATE_RULES.items())


@pytest.mark.parametrize(("resource", "name"), ROWS)
def test_every_rule_is_a_function_for_a_kind_that_is_served(resource: str, name: str) -> None:
    assert resource in {kind.resource for kind in BUILT_IN}
    assert callable(objects._function(name))
