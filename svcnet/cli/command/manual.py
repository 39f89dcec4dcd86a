"""What help says of a verb beside its flags: the usage line and examples, as kubectl has them.

They stand in `manual.txt`: ``== WORDS``, the usage line behind the verb's words, then examples,
each behind comments that tell what it does.

Source: `Use` and `Example` of the commands in kubernetes staging/src/k8s.io/kubectl/pkg/cmd.
"""

from __future__ import annotations

import os
from functools import cache

from svcnet.lean_namedtuple import NamedTuple


class Manual(NamedTuple):
    """What stands in a verb's help."""

    usage: str
    """What follows the verb's words on the usage line."""
    lines: tuple[str, ...]
    """Examples and the comments before them, parted by empty lines."""

    @property
    def examples(self) -> tuple[str, ...]:
        """The command lines."""
        return tuple(line for line in self.lines if line and not line.startswith("#"))


@cache
def manuals() -> dict[str, Manual]:
    """Return the manual of every verb, by its words."""
    # Neither importlib.resources nor pathlib: each costs more than the rest of a help page.
    path = os.path.join(os.path.dirname(__file__), "manual.txt")  # noqa: PTH118, PTH120
    with open(path, encoding="utf-8") as file:  # noqa: PTH123
        text = file.read()
    found = {}
    for section in text.split("== ")[1:]:
        words, usage, *lines = section.rstrip().split("\n")
        found[words] = Manual(usage, tuple(lines[1:]))
    return found
