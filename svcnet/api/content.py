"""What names, labels, addresses and ports must look like, in the API server's own words.

Every function yields complaints about one value; none means that it is good.

Source: kubernetes staging/src/k8s.io/apimachinery/pkg/util/validation/validation.go and ip.go,
staging/src/k8s.io/apimachinery/pkg/api/validate/content/.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

# Spelled as in validation.go to the letter: the messages below quote the patterns.
_LABEL_1123 = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN = rf"{_LABEL_1123}(\.{_LABEL_1123})*"
_QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_VALUE = f"({_QUALIFIED})?"

# `\Z`, because in Python `$` would let a newline follow, which it does not in Go.
# Patterns are text: `re` compiles one when it is first needed, and keeps it.
_IS_LABEL_1123 = rf"{_LABEL_1123}\Z"
_IS_SUBDOMAIN = rf"{_SUBDOMAIN}\Z"
_IS_QUALIFIED = rf"{_QUALIFIED}\Z"
_IS_VALUE = rf"{_VALUE}\Z"

# Lengths are those of DNS (RFC 1035), and in bytes, because Go's len() counts bytes.
MAX_LABEL = 63
MAX_SUBDOMAIN = 253
_MAX_PORT_NAME = 15
PORTS = range(1, 65536)

PORT_RANGE = "must be between 1 and 65535, inclusive"
NOT_NEGATIVE = "must be greater than or equal to 0"

# Two blanks before "or" are right: RegexError() ends each example with one and begins the
# next with another.
_OUTER = "and must start and end with an alphanumeric character"
_BAD_LABEL_1123 = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', "
    f"{_OUTER} (e.g. 'my-name',  or '123-abc', regex used for validation is '{_LABEL_1123}')"
)
_BAD_SUBDOMAIN = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or "
    f"'.', {_OUTER} (e.g. 'example.com', regex used for validation is '{_SUBDOMAIN}')"
)
_BAD_QUALIFIED = (
    f"must consist of alphanumeric characters, '-', '_' or '.', {_OUTER} (e.g. 'MyName',  or "
    f"'my.name',  or '123-abc', regex used for validation is '{_QUALIFIED}')"
)
_BAD_VALUE = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or "
    f"'.', {_OUTER} (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
    f"'{_VALUE}')"
)


def is_longer(value: str, most: int) -> bool:
    """Tell whether `value` has more than `most` bytes, also those that are no UTF-8."""
    return len(value.encode(errors="surrogateescape")) > most


def too_long(most: int, unit: str = "characters") -> str:
    """Return the complaint about a text of more than `most` letters."""
    return f"must be no more than {most} {unit}"


def dns_label(value: str) -> Iterator[str]:
    """Yield what keeps `value` from being a DNS label (RFC 1123): names of Services, containers."""
    if is_longer(value, MAX_LABEL):
        yield too_long(MAX_LABEL)
    if not re.match(_IS_LABEL_1123, value):
        # A name with dots is good for most other kinds, so the server says what is wrong here.
        yield "must not contain dots" if re.match(_IS_SUBDOMAIN, value) else _BAD_LABEL_1123


def dns_subdomain(value: str) -> Iterator[str]:
    """Yield what keeps `value` from being a DNS name: names of most objects."""
    if is_longer(value, MAX_SUBDOMAIN):
        yield too_long(MAX_SUBDOMAIN)
    if not re.match(_IS_SUBDOMAIN, value):
        yield _BAD_SUBDOMAIN


@lru_cache(maxsize=4096)
def label_key(value: str) -> tuple[str, ...]:
    """Return what keeps `value` from being a label's key: a name, or a DNS name, "/" and a name."""
    prefix, slash, name = value.rpartition("/")
    if "/" in prefix:
        return (
            f"a valid label key {_BAD_QUALIFIED} with an optional DNS subdomain prefix and '/' "
            "(e.g. 'example.com/MyName')",
        )
    complaints = []
    if slash:
        if not prefix:
            complaints.append("prefix part must be non-empty")
        else:
            complaints += [f"prefix part {each}" for each in dns_subdomain(prefix)]
    if not name:
        complaints.append("name part must be non-empty")
    elif is_longer(name, MAX_LABEL):
        complaints.append(f"name part {too_long(MAX_LABEL, 'bytes')}")
    # Not `elif`: an empty name breaks the pattern too, and Go tells both.
    if not re.match(_IS_QUALIFIED, name):
        complaints.append(f"name part {_BAD_QUALIFIED}")
    return tuple(complaints)


@lru_cache(maxsize=4096)
def label_value(value: str) -> tuple[str, ...]:
    """Return what keeps `value` from being a label's value."""
    complaints = []
    if is_longer(value, MAX_LABEL):
        complaints.append(too_long(MAX_LABEL, "bytes"))
    if not re.match(_IS_VALUE, value):
        complaints.append(_BAD_VALUE)
    return tuple(complaints)


def port_name(value: str) -> Iterator[str]:
    """Yield what keeps `value` from being the name of a container's port (an IANA service name)."""
    # Source: validation.go IsValidPortName(); one name can earn several complaints, in this order.
    if is_longer(value, _MAX_PORT_NAME):
        yield too_long(_MAX_PORT_NAME)
    if not re.match(r"[-a-z0-9]+\Z", value):
        yield "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"
    if not re.search("[a-z]", value):
        yield "must contain at least one letter (a-z)"
    if "--" in value:
        yield "must not contain consecutive hyphens"
    if value and (value[0] == "-" or value[-1] == "-"):
        yield "must not begin or end with a hyphen"


_CONFIG_KEY = "[-._a-zA-Z0-9]+"
_PERCENT = "[0-9]+%"
_HEADER = "[-A-Za-z0-9]+"
# Names of SRV records, such as _sip._tcp, begin with an underscore.
_UNDERSCORED = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?"


def config_key(value: str) -> Iterator[str]:
    """Yield what keeps `value` from being a key of a ConfigMap or Secret."""
    if is_longer(value, MAX_SUBDOMAIN):
        yield too_long(MAX_SUBDOMAIN)
    if not re.fullmatch(_CONFIG_KEY, value):
        yield (
            "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. "
            "'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is "
            f"'{_CONFIG_KEY}')"
        )
    # Keys become names of files where a pod mounts them.
    if value in (".", ".."):
        yield f"must not be '{value}'"
    elif value.startswith(".."):
        yield "must not start with '..'"


def percent(value: str) -> Iterator[str]:
    """Yield what keeps `value` from being a percentage."""
    if not re.fullmatch(_PERCENT, value):
        yield (
            "a valid percent string must be a numeric string followed by an ending '%' (e.g. "
            f"'1%',  or '93%', regex used for validation is '{_PERCENT}')"
        )


def header_name(value: str) -> Iterator[str]:
    """Yield what keeps `value` from being the name of an HTTP header."""
    if not re.fullmatch(_HEADER, value):
        yield (
            "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. "
            f"'X-Header-Name', regex used for validation is '{_HEADER}')"
        )


def variable_name(value: str) -> Iterator[str]:
    """Yield what keeps `value` from being the name of an environment variable."""
    # In a process's environment "=" ends the name.
    if not all(letter.isascii() and letter.isprintable() and letter != "=" for letter in value):
        yield (
            "a valid environment variable name must consist only of printable ASCII characters "
            "other than '='"
        )


def search_domain(value: str) -> Iterator[str]:
    """Yield what keeps `value` from being a DNS search domain, in which underscores may stand."""
    if is_longer(value, MAX_SUBDOMAIN):
        yield too_long(MAX_SUBDOMAIN)
    if not re.fullmatch(rf"{_UNDERSCORED}(\.{_UNDERSCORED})*", value):
        yield (
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, "
            f"'_', '-' or '.', {_OUTER} (e.g. 'example.com', regex used for validation is "
            f"'{_UNDERSCORED}(\\.{_UNDERSCORED})*')"
        )


def wildcard_domain(value: str) -> Iterator[str]:
    """Yield what keeps `value` from being ``*.`` and a DNS name."""
    if not re.fullmatch(rf"\*\.{_SUBDOMAIN}", value):
        yield (
            "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS "
            "subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and "
            "end with an alphanumeric character (e.g. '*.example.com', regex used for "
            "validation is "
            f"'\\*\\.{_SUBDOMAIN}')"
        )


def in_range(value: int, first: int, last: int) -> Iterator[str]:
    """Yield the complaint about a number outside a range."""
    if not first <= value <= last:
        yield f"must be between {first} and {last}, inclusive"
