"""Every deliberate error, and what a user is told.

    SvcnetError                      exit status 1, printed as kubectl prints it
    ├── UsageError                   the words of a command line do not fit together
    ├── OutputError                  standard output takes no more
    ├── StateError                   the database cannot be used, and is left as it was
    │   ├── StateMissing             there is none
    │   ├── StateUnusable            no file can be kept there, or not by this user
    │   ├── StateExists              there is one already
    │   ├── StateChanged             it was changed meanwhile
    │   ├── StateForeign             it is somebody else's
    │   └── StateNewer               it was written by a newer svcnet
    └── StatusError                  the API server says no
        ├── BadRequest        400
        ├── Forbidden         403
        ├── NotFound          404
        ├── NotServed         404    no such kind, or no such part of an object
        ├── AlreadyExists     409
        ├── Conflict          409
        ├── ApplyConflict     409    others own the fields
        ├── UnsupportedMediaType  415
        ├── Invalid           422    carries every broken rule, not just the first
        ├── RequestInvalid    422    the request as such, without an object to blame
        ├── InternalError     500
        └── MergeFailed       500    a patch that does not fit; the server gives no reason code

A bug is not a `SvcnetError` and keeps its traceback.
"""

import json
import re
from enum import StrEnum
from typing import Any

from svcnet.lean_namedtuple import NamedTuple


class SvcnetError(Exception):
    """Something the user can do something about; `str()` is for people."""

    # kubectl has one code for everything that goes wrong, so scripts tell 0 from 1 and no more.
    exit_code = 1


class UsageError(SvcnetError):
    """The words of a command line do not fit together.

    `hint` is kubectl's second line (``See 'kubectl get -h' for help and examples``), or empty.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class OutputError(SvcnetError):
    """Standard output takes no more: what was done stands, and was told in part at most."""

    def __init__(self, why: str) -> None:
        super().__init__(f"write /dev/stdout: {why.lower()}")


class StateError(SvcnetError):
    """The database cannot be used; nothing in it was changed."""


class StateMissing(StateError):
    """There is no cluster yet."""

    def __init__(self, where: str) -> None:
        super().__init__(f"no cluster in {where}; make one with 'svcnet init'")


class StateUnusable(StateError):
    """No state can be kept there, or not by this user."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where}: {why}; --db or SVCNET_DB names another place")


class StateExists(StateError):
    """There is a cluster already."""

    def __init__(self, where: str) -> None:
        super().__init__(f"a cluster exists already in {where}; --force replaces it")


class StateChanged(StateError):
    """The cluster that was to be replaced is not the one that was looked at."""

    def __init__(self, where: str) -> None:
        super().__init__(f"the cluster in {where} was changed meanwhile; it is left as it is")


class StateForeign(StateError):
    """The file belongs to another program."""

    def __init__(self, where: str, why: str = "is not a state of svcnet") -> None:
        super().__init__(f"{where} {why}; it is left as it was")


class StateNewer(StateError):
    """The state has been through migrations that this svcnet does not know."""

    def __init__(self, where: str, found: int, known: int) -> None:
        super().__init__(
            f"{where} was written by a newer svcnet (version {found} of the tables, this one "
            f"knows {known}); upgrade svcnet to use it"
        )


class StatusError(SvcnetError):
    """The API server refuses a request.

    Source: kubernetes staging/src/k8s.io/apimachinery/pkg/api/errors/errors.go.
    """

    code = 500
    # kubectl prints it in parentheses, `Error from server (NotFound)`; without one it has none.
    reason = ""

    @property
    def message(self) -> str:
        """What the server says, without kubectl's introduction."""
        return str(self)


class BadRequest(StatusError):
    """The request itself makes no sense."""

    code, reason = 400, "BadRequest"


class Forbidden(StatusError):
    """The request is understood, and not allowed."""

    code, reason = 403, "Forbidden"

    def __init__(self, resource: str, name: str, why: str) -> None:
        super().__init__(f'{resource} "{name}" is forbidden: {why}')
        self.resource, self.name = resource, name


class NotFound(StatusError):
    """No object of this resource has this name.

    `resource` is the plural with its group: ``services``, ``deployments.apps``.
    """

    code, reason = 404, "NotFound"

    def __init__(self, resource: str, name: str) -> None:
        super().__init__(f'{resource} "{name}" not found')
        self.resource, self.name = resource, name


class NotServed(StatusError):
    """The server has nothing at this place: no such kind, or no such part of an object."""

    code, reason = 404, "NotFound"

    def __init__(self) -> None:
        # It names nothing: the server does not know what it was that it has not got.
        super().__init__("the server could not find the requested resource")


class AlreadyExists(StatusError):
    """An object of this resource has this name already."""

    code, reason = 409, "AlreadyExists"

    def __init__(self, resource: str, name: str) -> None:
        super().__init__(f'{resource} "{name}" already exists')
        self.resource, self.name = resource, name


class Conflict(StatusError):
    """The object was changed since it was read."""

    code, reason = 409, "Conflict"

    def __init__(self, resource: str, name: str, why: str = "") -> None:
        # The word for word advice of the server, which is what people search for.
        stale = (
            "the object has been modified; please apply your changes to the latest version "
            "and try again"
        )
        super().__init__(f'Operation cannot be fulfilled on {resource} "{name}": {why or stale}')
        self.resource, self.name = resource, name


class ApplyConflict(StatusError):
    """A server-side apply would change fields that others own.

    `conflicts` pairs each owner, in the server's words, with the path of a field.

    Source: kubernetes staging/src/k8s.io/apimachinery/pkg/util/managedfields/internal/conflict.go.
    """

    code, reason = 409, "Conflict"

    def __init__(self, conflicts: list[tuple[str, str]]) -> None:
        self.conflicts = tuple(conflicts)
        count = len(conflicts)
        if count == 1:
            [(owner, path)] = conflicts
            super().__init__(f"Apply failed with 1 conflict: conflict with {owner}: {path}")
            return
        lines = []
        # By owner, as the server groups them: one manager often stands in the way of many fields.
        for owner in sorted({owner for owner, _ in conflicts}):
            lines.append(f"conflicts with {owner}:")
            lines += [f"- {path}" for other, path in conflicts if other == owner]
        super().__init__(f"Apply failed with {count} conflicts: " + "\n".join(lines))


class InternalError(StatusError):
    """The server could not do it, and the request is not to blame."""

    code, reason = 500, "InternalError"

    def __init__(self, why: str) -> None:
        super().__init__(f"Internal error occurred: {why}")


class MergeFailed(StatusError):
    """A patch does not fit the document it is for."""


class UnsupportedMediaType(StatusError):
    """Objects of this kind take other forms of patch only."""

    code, reason = 415, "UnsupportedMediaType"

    def __init__(self, *accepted: str) -> None:
        # The list is the caller's: what is accepted depends on the kind, custom or built in.
        super().__init__(
            "the body of the request was in an unknown format - accepted media types include: "
            + ", ".join(accepted)
        )


class RequestInvalid(StatusError):
    """The request as such cannot be carried out; kubectl says `The request is invalid: …`."""

    code, reason = 422, "Invalid"


class Fault(StrEnum):
    """What kind of rule a field breaks; the value is what the user reads.

    Source: kubernetes staging/src/k8s.io/apimachinery/pkg/util/validation/field/errors.go.
    """

    REQUIRED = "Required value"
    INVALID = "Invalid value"
    UNSUPPORTED = "Unsupported value"
    DUPLICATE = "Duplicate value"
    FORBIDDEN = "Forbidden"
    TOO_LONG = "Too long"
    TOO_MANY = "Too many"
    NOT_FOUND = "Not found"


# To repeat what is missing, not allowed or too long would tell nobody anything.
_VALUELESS = frozenset({Fault.REQUIRED, Fault.FORBIDDEN, Fault.TOO_LONG})


_GO_ESCAPES = {
    '"': '\\"',
    "\\": "\\\\",
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
}


def go_quote(text: str) -> str:
    r"""Return `text` in double quotes, as Go's ``%q`` prints it.

    >>> print(go_quote('a"b'), go_quote("a\tb"), go_quote("\x00"), go_quote("\udcff"))
    "a\"b" "a\tb" "\x00" "\xff"
    """
    return '"' + "".join(map(go_letter, text)) + '"'


def go_letter(letter: str) -> str:
    """Return one letter as Go's ``%q`` writes it: escaped where it cannot be seen."""
    if letter in _GO_ESCAPES:
        return _GO_ESCAPES[letter]
    if letter.isprintable():
        return letter
    code = ord(letter)
    # A byte that is no UTF-8, as Python keeps it (PEP 383).
    if 0xDC80 <= code <= 0xDCFF:  # noqa: PLR2004
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x80:  # noqa: PLR2004 - the end of ASCII
        return f"\\x{code:02x}"
    # Go has no surrogates here: beyond 16 bits it writes eight digits.
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"  # noqa: PLR2004


_HTML = (
    ("&", "\\u0026"),
    ("<", "\\u003c"),
    (">", "\\u003e"),
    # Ends of lines to JavaScript but not to JSON, so encode.go escapes them as well.
    ("\u2028", "\\u2028"),
    ("\u2029", "\\u2029"),
)
"""What Go escapes inside JSON strings; outside of strings none of these can stand."""


def go_json(value: Any, *, sort_keys: bool = False, indent: int | None = None) -> str:
    r"""Return a JSON value as Go's encoder writes it: fit to stand inside HTML.

    On one line and without blanks, unless there is an indent.

    >>> print(go_json({"b": "a<b", "a": [1, None]}, sort_keys=True))
    {"a":[1,null],"b":"a\u003cb"}
    """
    text = json.dumps(
        value,
        separators=(",", ":" if indent is None else ": "),
        sort_keys=sort_keys,
        indent=indent,
        ensure_ascii=False,
    )
    for letter, escaped in _HTML:
        if letter in text:
            text = text.replace(letter, escaped)
    # What is no UTF-8 cannot stand in JSON; Go writes the letter for it as an escape.
    return text if text.isascii() else re.sub("[\ud800-\udfff]", r"\\ufffd", text)


class FieldError(NamedTuple):
    """One rule that one field breaks.

    >>> str(FieldError("spec.ports[0].port", Fault.INVALID, 0, "must be between 1 and 65535"))
    'spec.ports[0].port: Invalid value: 0: must be between 1 and 65535'
    >>> str(FieldError("spec.ports", Fault.REQUIRED))
    'spec.ports: Required value'
    """

    path: str
    fault: Fault
    value: Any = None
    detail: str = ""

    @property
    def body(self) -> str:
        """The error without its path."""
        parts = [str(self.fault)]
        if self.fault not in _VALUELESS:
            # Strings as Go quotes them, all else as JSON.
            text = isinstance(self.value, str)
            parts.append(go_quote(self.value) if text else go_json(self.value))
        if self.detail:
            parts.append(self.detail)
        return ": ".join(parts)

    def __str__(self) -> str:
        return f"{self.path}: {self.body}"


class Invalid(StatusError):
    """An object breaks the rules of its kind.

    `kind` carries the group where there is one (``Deployment.apps``).
    """

    code, reason = 422, "Invalid"

    def __init__(self, kind: str, name: str, faults: tuple[FieldError, ...]) -> None:
        # Two rules may find the same fault; Go's aggregate of errors tells each text once.
        lines = list(dict.fromkeys(map(str, faults)))
        listed = lines[0] if len(lines) == 1 else f"[{', '.join(lines)}]"
        super().__init__(f'{kind} "{name}" is invalid: {listed}')
        self.kind, self.name, self.faults = kind, name, faults
