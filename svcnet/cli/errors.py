"""Errors as kubectl words them.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/util/helpers.go StandardErrorMessage().
"""

from __future__ import annotations

from svcnet.errors import Invalid, StatusError, SvcnetError, UsageError


def told(error: SvcnetError, source: str = "") -> str:
    """Return what a user is told of an error, without the last line end.

    Args:
        error: what went wrong.
        source: what kubectl was doing (``error when creating "m.yaml"``); an Invalid does not
            tell it.
    """
    match error:
        case Invalid(kind=kind, name=name):
            causes = list(dict.fromkeys(map(str, error.faults)))
            start = f'The {kind.partition(".")[0]} "{name}" is invalid: '
            if len(causes) == 1:
                return start + causes[0]
            return "\n".join((start, *(f"* {cause}" for cause in causes)))
        case StatusError():
            said = f"{source}: {error.message}" if source else error.message
            return (
                f"Error from server ({error.reason}): {said}"
                if error.reason
                else (f"Error from server: {said}")
            )
        case UsageError(hint=hint) if hint:
            return f"error: {error}\n{hint}"
    return str(error) if str(error).startswith("error: ") else f"error: {error}"
