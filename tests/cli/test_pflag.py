"""How a command line is read; the expected words are what kubectl 1.36 and 1.33 print."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcnet.api.go.strconv import parse_int
from svcnet.api.go.time import parse_duration
from svcnet.cli.flags import pflag, values
from svcnet.cli.flags.pflag import Flag
from svcnet.errors import UsageError

OUTPUT = Flag("output", "o")
EVERYWHERE = Flag("all-namespaces", "A", "bool", "true")
REPLICAS = Flag("replicas", "r", "int32")
FILES = Flag("filename", "f", "strings")
DRY_RUN = Flag("dry-run", bare="unchanged")
TIMEOUT = Flag("timeout", type="duration")
ALL = (OUTPUT, EVERYWHERE, REPLICAS, FILES, DRY_RUN, TIMEOUT)


def read(*words: str) -> pflag.Reading:
    return pflag.read(ALL, words, "kubectl get")


@pytest.mark.parametrize(
    "words",
    [
        ("-o", "wide"), ("-owide",), ("-o=wide",), ("--output", "wide"), ("--output=wide",),
        ("-Aowide",), ("-A", "-o", "wide"), ("-Ao=wide",), ("-o", "json", "-o", "wide"),
    ],
)  # fmt: skip
def test_a_flag_has_many_spellings(words: Sequence[str]) -> None:
    assert read(*words).last("output") == "wide"


def test_a_switch_takes_no_value_from_the_next_word() -> None:
    reading = read("--all-namespaces", "false", "-A=false")

    assert reading.words == ("false",)
    assert [value for _, value in reading.given] == ["true", "false"]


def test_some_flags_may_stand_without_their_value() -> None:
    assert read("--dry-run", "svc").given == ((DRY_RUN, "unchanged"),)


def test_two_dashes_end_the_flags() -> None:
    reading = read("web", "--", "-o", "--", "x")

    assert reading.words == ("web", "-o", "--", "x")
    assert reading.dash == 1


def test_a_single_dash_is_a_word() -> None:
    assert read("-f", "-", "-").words == ("-",)


def test_flags_may_stand_between_words() -> None:
    assert read("svc", "-o", "wide", "web").words == ("svc", "web")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--frobnicate"], "unknown flag: --frobnicate"),
        (["--frobnicate=1"], "unknown flag: --frobnicate"),
        (["-Z"], "unknown shorthand flag: 'Z' in -Z"),
        (["-AZx"], "unknown shorthand flag: 'Z' in -Zx"),
        (["-o"], "flag needs an argument: 'o' in -o"),
        (["-Ao"], "flag needs an argument: 'o' in -o"),
        (["--output"], "flag needs an argument: --output"),
        (["---x"], "bad flag syntax: ---x"),
        (["--=x"], "bad flag syntax: --=x"),
        (
            ["-A=maybe"],
            'invalid argument "maybe" for "-A, --all-namespaces" flag: strconv.ParseBool: '
            'parsing "maybe": invalid syntax',
        ),
        (
            ["--replicas", "two"],
            'invalid argument "two" for "-r, --replicas" flag: strconv.ParseInt: parsing "two": '
            "invalid syntax",
        ),
        (
            ["-r99999999999"],
            'invalid argument "99999999999" for "-r, --replicas" flag: strconv.ParseInt: parsing '
            '"99999999999": value out of range',
        ),
        (
            ["--timeout=5"],
            'invalid argument "5" for "--timeout" flag: time: missing unit in duration "5"',
        ),
        (
            ["--timeout=5x"],
            'invalid argument "5x" for "--timeout" flag: time: unknown unit "x" in duration "5x"',
        ),
        (
            ["-f", 'a"b'],
            r'invalid argument "a\"b" for "-f, --filename" flag: parse error on line 1, column 2: '
            'bare " in non-quoted-field',
        ),
    ],
)
def test_a_mistake_is_told_in_pflags_words(words: list[str], message: str) -> None:
    with pytest.raises(UsageError) as error:
        read(*words)

    assert str(error.value) == message
    assert error.value.hint == "See 'kubectl get --help' for usage."


@given(st.lists(st.text(max_size=6) | st.sampled_from(["-o", "-A", "--output", "--", "-r=1"])))
def test_any_words_are_read_or_refused(words: list[str]) -> None:
    try:
        reading = read(*words)
    except UsageError:
        return

    assert len(reading.words) <= len(words)


@given(st.integers())
def test_numbers_are_read_as_they_are_written(number: int) -> None:
    for text in (str(number), hex(number), oct(number), bin(number)):
        assert parse_int(text) == number


@given(st.lists(st.text(alphabet='ab,"\n', max_size=4), min_size=1))
def test_a_list_is_what_its_quoted_parts_are(parts: list[str]) -> None:
    text = ",".join('"' + part.replace('"', '""') + '"' for part in parts)

    assert values.strings(text) == parts


@given(st.integers(0, 500), st.integers(0, 59), st.integers(0, 59))
def test_a_duration_adds_up(hours: int, minutes: int, seconds: int) -> None:
    text = f"{hours}h{minutes}m{seconds}s"

    assert parse_duration(text) == hours * 3600 + minutes * 60 + seconds
