"""How fast svcnet is, as ratios to things that everybody knows: `make bench`.

Every figure is that of whole processes, from start to end, the best of several runs.  Machines
differ, and so do their seconds; ratios differ less.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks import commands, growth, rules, writes


def main() -> None:
    """Print everything."""
    with tempfile.TemporaryDirectory() as folder:
        for measure in (
            commands.measure,
            rules.measure,
            writes.measure_apply,
            writes.measure_scale,
            growth.measure,
        ):
            measure(Path(folder))
            print()


if __name__ == "__main__":
    main()
