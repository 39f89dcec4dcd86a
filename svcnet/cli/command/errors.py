"""Errors as kubectl words them.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/util/helpers.go StandardErrorMessage().
"""

from __future__ import annotations

from collections.abc import Sequence

from svcnet.errors import Invalid, RequestInvalid, StatusError, SvcnetError, UsageError
from svcnet.lean_namedtuple import NamedTuple


class Fault(NamedTuple):
    """An error that did not end a verb."""

    error: SvcnetError
    source: str = ""
    """What kubectl was doing: ``error when creating "m.yaml"``."""


class Several(SvcnetError):
    """Errors that kubectl came upon together, before or after it did something with objects."""

    def __init__(self, errors: Sequence[SvcnetError]) -> None:
        texts = [str(each) for each in errors]
        # An aggregate in an aggregate: utilerrors.Aggregate's Error().
        super().__init__(texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]")
        self.errors = tuple(errors)


def messages(faults: Sequence[Fault]) -> str:
    """Return what a user is told of all that went wrong, without the last line end.

    One error is told at length.  Of several each has a line: an Invalid then reads like every
    other answer of the server, and errors of kubectl's own lose their introduction.
    """
    if len(faults) == 1:
        error = faults[0].error
        if isinstance(error, Several):
            return messages([Fault(each) for each in error.errors])
        return message(*faults[0])
    return "\n".join(_shortly(*fault) for fault in faults)


def _shortly(error: SvcnetError, source: str) -> str:
    if not isinstance(error, StatusError):
        return str(error)
    said = f"{source}: {error.message}" if source else error.message
    return (
        f"Error from server ({error.reason}): {said}"
        if error.reason
        else f"Error from server: {said}"
    )


def message(error: SvcnetError, source: str = "") -> str:
    """Return what a user is told of an error, without the last line end.

    Args:
        error: what went wrong.
        source: what kubectl was doing (``error when creating "m.yaml"``); an Invalid does not
            tell it.
    """
    match error:
        case Invalid(kind=kind, name=name):
            # A cause that the server lists twice is told once (statusCausesToAggrError()).
            causes = list(dict.fromkeys(map(str, error.faults)))
            # The group is left out, and the blank behind the colon stays even at the end of a line.
            start = f'The {kind.partition(".")[0]} "{name}" is invalid: '
            if len(causes) == 1:
                return start + causes[0]
            return "\n".join((start, *(f"* {cause}" for cause in causes)))
        case RequestInvalid():
            return f"The request is invalid: {error.message}"
        case StatusError():
            return _shortly(error, source)
        case UsageError(hint=hint) if hint:
            return f"error: {error}\n{hint}"
    # Some errors bring the prefix along, or the line end; checkErr() does not add a second one.
    text = str(error)
    return text.removesuffix("\n") if text.startswith("error: ") else f"error: {text}"
