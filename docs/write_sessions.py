"""Run the console blocks of README.md and docs/*.md, and write their real output into them.

With --check nothing is written: what differs is printed, and the exit status is 1.

The blocks of a page are one session in a folder of its own. A command goes on in the next line
after a backslash; its output follows. SVCNET_DB and the clock are set, as a page's reader may have
them.
"""

import difflib
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
BLOCK = re.compile(r"(?<=^```console\n)(?:.*\n)*?(?=```$)", re.MULTILINE)
STEP = re.compile(r"^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)


def played(page: str, folder: Path) -> str:
    """Return a page with the output that its commands have in `folder`, one after another."""
    program = folder / "bin" / "svcnet"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m svcnet "$@"\n')
    program.chmod(0o755)
    work = folder / "work"
    work.mkdir()
    environment = {
        "PATH": f"{program.parent}:/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
        "HOME": str(work),
        "SVCNET_DB": "cluster.db",
        "SOURCE_DATE_EPOCH": "1767225600",
    }

    def answer(step: re.Match[str]) -> str:
        done = subprocess.run(
            ["bash", "-c", step[1]],  # the page's own commands
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=work,
            check=False,
            text=True,
        )
        return f"$ {step[1]}\n{done.stdout}"

    return BLOCK.sub(lambda block: STEP.sub(answer, block[0]), page)


def main() -> int:
    """Play every page; return the exit status."""
    differs = False
    for path in PAGES:
        page = path.read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as folder:
            real = played(page, Path(folder))
        if real == page:
            continue
        differs = True
        if "--check" in sys.argv[1:]:
            lines = difflib.unified_diff(
                page.splitlines(keepends=True),
                real.splitlines(keepends=True),
                str(path.relative_to(ROOT)),
                "what really happens",
            )
            sys.stdout.writelines(lines)
        else:
            path.write_text(real, encoding="utf-8")
    return int(differs and "--check" in sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
