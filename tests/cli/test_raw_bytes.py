"""Arguments, files and their names that are no UTF-8, as Go treats them.

What is printed is what kubectl 1.32 was seen to print.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeAlias

import pytest

from tests.cli.conftest import EPOCH, Kubectl

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {template: {spec: {containers: [{name: web, image: nginx}]}}}
"""


class Told(NamedTuple):
    """What a command left behind, in bytes."""

    status: int
    out: bytes
    err: bytes


Svcnet: TypeAlias = Callable[..., Told]


@pytest.fixture
def svcnet(kubectl: Kubectl) -> Svcnet:
    """Run a command line of bytes on a new cluster, in a folder with a file d.yaml."""
    del kubectl  # It made the state, the folder and the environment.
    Path("d.yaml").write_text(DEPLOYMENT)
    environ = {
        **os.environ,
        "SOURCE_DATE_EPOCH": str(EPOCH),
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }

    def run(*words: bytes, stdin: bytes = b"") -> Told:
        line = [sys.executable.encode(), b"-m", b"svcnet", *words]
        done = subprocess.run(line, capture_output=True, check=False, input=stdin, env=environ)
        assert b"Traceback" not in done.stderr
        return Told(done.returncode, done.stdout, done.stderr)

    return run


@pytest.mark.parametrize(
    ("words", "out"),
    [
        # Printed as it came …
        ([b"create", b"ns", b"a\xff", b"--dry-run=client"], b"namespace/a\xff created (dry run)\n"),
        ([b"create", b"ns", b"a\xffb", b"--dry-run=client", b"-o", b"name"], b"namespace/a\xffb\n"),
        ([b"config", b"view", b"-o", b"jsonpath=a\xff"], b"a\xff"),
        ([b"config", b"view", b"-o", b"go-template=a\xff"], b"a\xff"),
        (
            [b"annotate", b"--local", b"-f", b"d.yaml", b"a=\xff\xfe", b"-o",
             b"jsonpath={.metadata.annotations.a}"],
            b"\xff\xfe",
        ),
        # … and with U+FFFD for each byte where it is encoded.
        (
            [b"create", b"ns", b"a\xffb", b"--dry-run=client", b"-o", b"yaml"],
            "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\ufffdb\nspec: {}\nstatus: {}\n"
            .encode(),
        ),
    ],
)  # fmt: skip
def test_what_is_printed_is_raw_and_what_is_encoded_is_not(
    words: list[bytes], out: bytes, svcnet: Svcnet
) -> None:
    told = svcnet(*words)

    assert (told.status, told.out, told.err) == (0, out, b"")


def test_json_has_an_escape_for_it(svcnet: Svcnet) -> None:
    told = svcnet(
        b"create", b"cm", b"x", b"--from-literal=k=a\xffb", b"--dry-run=client", b"-ojson"
    )

    assert b'"k": "a\\ufffdb"' in told.out


def test_a_secret_keeps_the_bytes(svcnet: Svcnet) -> None:
    told = svcnet(
        b"create", b"secret", b"generic", b"x", b"--from-literal=k=a\xffb", b"-o", b"json"
    )

    assert json.loads(told.out)["data"] == {"k": "Yf9i"}
    shown = svcnet(b"get", b"secret", b"x", b"-o", b"go-template={{.data.k | base64decode}}")
    assert shown.out == b"a\xffb"


@pytest.mark.parametrize(
    ("words", "err"),
    [
        ([b"create", b"-f", b"a\xffb"], rb'error: the path "a\xffb" does not exist'),
        ([b"get", b"pods", b"--a\xffb"], b"error: unknown flag: --a\xffb"),
        ([b"get", b"pods", b"-\xff"], "error: unknown shorthand flag: 'ÿ' in -".encode() + b"\xff"),
        ([b"\xff\xff\xff"], rb'error: unknown command "\xff\xff\xff" for "kubectl"'),
        ([b"config", b"use-context", b"\xff"], rb'error: no context exists with the name: "\xff"'),
        ([b"get", b"a\xff"], rb'''error: the server doesn't have a resource type "a\xff"'''),
        (
            [b"patch", b"ns", b"default", b"-p", b'metadata: {annotations: {a: "\xff"}}'],
            rb'error: unable to parse "metadata: {annotations: {a: \"\xff\"}}": yaml: invalid '
            rb"leading UTF-8 octet",
        ),
        (
            [b"create", b"cm", b"x", b"--from-file=a\xff"],
            b"error: error reading a\xff: no such file or directory",
        ),
        # What the server says comes back from it in JSON.
        (
            [b"get", b"svc", b"a\xff"],
            'Error from server (NotFound): services "a\ufffd" not found'.encode(),
        ),
        ([b"get", b"svc", b"-n", b"\xff"], "No resources found in \ufffd namespace.".encode()),
    ],
)  # fmt: skip
def test_errors_show_it_raw_or_as_go_quotes_it(
    words: list[bytes], err: bytes, svcnet: Svcnet
) -> None:
    told = svcnet(*words)

    assert told.err.splitlines()[0] == err
    assert told.out == b""


@pytest.mark.parametrize(
    "words",
    [
        [b"annotate", b"ns", b"default", b"a=x\xff"],
        [b"patch", b"ns", b"default", b"-p", b'{"metadata":{"annotations":{"a":"x\xff"}}}'],
        [b"patch", b"ns", b"default", b"-p", rb'{"metadata":{"annotations":{"a":"x\udcff"}}}'],
    ],
)  # fmt: skip
def test_what_is_stored_is_utf_8(words: list[bytes], svcnet: Svcnet) -> None:
    told = svcnet(*words)

    assert (told.status, told.err) == (0, b"")
    shown = svcnet(b"get", b"ns", b"default", b"-o", b"jsonpath={.metadata.annotations.a}")
    assert shown.out == "x\ufffd".encode()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b'apiVersion: v1\nkind: Namespace\nmetadata: {name: "a\xffb"}\n', "a\ufffdb"),
        (b'apiVersion: v1\nkind: Namespace\nmetadata: {name: "a\xe2\x82b"}\n', "a\ufffdb"),
        (b'apiVersion: v1\nkind: Namespace\nmetadata: {name: "\xed\xa0\x80"}\n', "\ufffd" * 3),
        (b'{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "a\xffb"}}', "a\ufffdb"),
        (rb'{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "\ud83d\ude00\udc00"}}',
         "\U0001f600\ufffd"),
        (b"\xef\xbb\xbfapiVersion: v1\nkind: Namespace\nmetadata: {name: ab}\n", "ab"),
        ("\ufeffapiVersion: v1\nkind: Namespace\nmetadata: {name: ab}\n".encode("utf-16-le"), "ab"),
        ("\ufeffapiVersion: v1\nkind: Namespace\nmetadata: {name: ab}\n".encode("utf-16-be"), "ab"),
    ],
)  # fmt: skip
def test_a_file_of_other_bytes_is_read_as_go_reads_it(
    content: bytes, name: str, svcnet: Svcnet
) -> None:
    for words, stdin in (([b"-f", b"\xff.yaml"], b""), ([b"-f", b"-"], content)):
        Path("\udcff.yaml").write_bytes(content)

        told = svcnet(b"label", b"--local", *words, b"a=c", stdin=stdin)

        assert told.out == f"namespace/{name} labeled\n".encode()


def test_an_environment_file_must_be_utf_8(svcnet: Svcnet) -> None:
    Path("env").write_bytes(b"b=c\na=\xff\n")

    told = svcnet(b"create", b"cm", b"x", b"--from-env-file=env")

    assert told.err == b"error: env file env contains invalid utf8 bytes at line 2: [97 61 255]\n"


def test_a_folder_and_a_state_may_be_called_anything(svcnet: Svcnet, tmp_path: Path) -> None:
    Path("\udcff").mkdir()
    Path("\udcff/\udcfe.yaml").write_text("apiVersion: v1\nkind: Namespace\nmetadata: {name: x}\n")
    db = os.fsencode(tmp_path) + b"/\xff.db"

    told = svcnet(b"apply", b"-f", b"\xff", b"--db", db)

    assert (told.status, told.out) == (0, b"namespace/x created\n")
    assert told.err == b"svcnet: made a new cluster with nodes n1, n2, n3 in " + db + b"\n"


RAW = b"""\
get \xff
get svc \xff
get svc -o \xff
get svc -l \xff=\xff
get svc -L \xff
get svc --sort-by \xff
get svc --field-selector metadata.name=\xff
get --raw \xff
get svc -o custom-columns=\xff:.metadata.name
get svc -o jsonpath={.\xff}
get svc -o go-template={{\xff}}
get svc -o go-template-file=\xff
describe svc \xff
delete svc \xff
edit svc \xff
label svc kubernetes \xff=\xff
label svc kubernetes a=\xff
annotate svc kubernetes \xff=\xff
create ns \xff
create node \xff --zone \xff
create deployment \xff --image \xff
run \xff --image a
create service clusterip \xff --tcp \xff
create sa \xff
create cm x --from-literal \xff
create secret generic x --type \xff
expose svc kubernetes --name \xff --port 1
run x --image a --labels \xff=\xff
run x --image a --overrides {"a":"\xff"}
scale deploy \xff --replicas \xff
rollout undo deploy/\xff
set env deploy/x \xff=\xff
set image deploy/x \xff=\xff
set selector svc kubernetes \xff=\xff
taint node n1 \xff
wait --for=\xff svc/kubernetes
wait --for=condition=\xff svc/kubernetes
cordon \xff
drain \xff --pod-selector \xff
explain \xff
explain svc.\xff
completion \xff
rules --node \xff
rules --node n1 --config \xff
rules --node n1 -f \xff
rules --node n1 --proxy-mode \xff
init --nodes \xff
init --seed \xff
import -f \xff
apply -f \xff
apply -f d.yaml --field-manager \xff
replace -f \xff
diff -f \xff
patch svc kubernetes -p \xff
patch svc kubernetes --type \xff -p {}
api-resources -o \xff
version -o \xff
config view -o \xff
cluster-info \xff
set-condition node \xff --ready \xff
help \xff
__complete \xff
__complete get svc \xff
__complete get -n \xff
-\xff
"""


@pytest.mark.parametrize("line", RAW.splitlines(), ids=lambda line: repr(line)[2:-1])
def test_no_byte_ends_in_a_traceback(line: bytes, kubectl: Kubectl) -> None:
    """In this process, whose streams take less than the program's."""
    Path("d.yaml").write_text(DEPLOYMENT)
    for stream in (sys.stdout, sys.stderr):
        assert isinstance(stream, io.TextIOWrapper)
        stream.reconfigure(errors="backslashreplace")

    assert kubectl(*map(os.fsdecode, line.split())).status in (0, 1, 2)
