"""What reading a file may cost before anything is read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from svcnet.store.opening import create
from tests.store.objects import NOW, SETTINGS, service

READ = """
import sys
from svcnet.api.keys import Key
from svcnet.store.opening import open_reader
with open_reader(sys.argv[1]) as reader:
    assert reader.get(Key("services", "default", "web"))["spec"] == {}
    assert len(reader.list("services")) == 1
    assert reader.kinds().named("svc")
print(*sorted({"sqlalchemy", "msgspec", "yaml", "rich", "typer", "hashlib"} & set(sys.modules)))
"""


def test_reading_a_file_imports_nothing_that_is_slow(path: Path) -> None:
    with create(str(path), SETTINGS, force=False) as store, store.transaction(NOW) as txn:
        txn.put(service("web"))

    done = subprocess.run(
        [sys.executable, "-c", READ, str(path)], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "\n", "")
