"""What `wait --for=…` means, and whether an object meets it.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/wait/wait.go conditionFuncFor().
"""

from __future__ import annotations

from svcnet.api.go.fmt import sprint
from svcnet.api.keys import Document
from svcnet.cli.templates import jsonpath
from svcnet.cli.templates.jsonpath_parser import PathError
from svcnet.errors import SvcnetError, go_quote
from svcnet.lean_namedtuple import NamedTuple


class ConditionalWait(NamedTuple):
    """``condition=NAME[=VALUE]``: a condition of the object has a status."""

    name: str
    value: str = "True"

    def met_by(self, document: Document) -> bool:
        """Tell whether the object meets it; names and values are compared in any case."""
        conditions = (document.get("status") or {}).get("conditions") or ()
        for each in conditions:
            if str(each.get("type", "")).lower() == self.name.lower():
                return _current(document, each) and (
                    str(each.get("status", "")).lower() == self.value.lower()
                )
        return False


def _current(document: Document, condition: Document) -> bool:
    """Whether a condition tells of the object as it is now."""
    seen = condition.get("observedGeneration") or (document.get("status") or {}).get(
        "observedGeneration", 0
    )
    # A condition that tells no generation counts as of now.
    return not seen or bool(seen >= document["metadata"].get("generation", 0))


class JSONPathWait(NamedTuple):
    """``jsonpath=EXPRESSION[=VALUE]``: what the expression finds is there, or has a value."""

    template: str
    value: str = ""

    def met_by(self, document: Document) -> bool:
        """Tell whether the object meets it.

        Raises:
            SvcnetError: the expression finds several values, or something other than a value.
        """
        try:
            found = jsonpath.find(self.template, document)
        except PathError as error:
            raise SvcnetError(str(error)) from None
        if not found or not found[0]:
            return False
        if len(found) > 1:
            raise SvcnetError("given jsonpath expression matches more than one list")
        if len(found[0]) > 1:
            raise SvcnetError("given jsonpath expression matches more than one value")
        # Without a value it is enough that something stands there.
        if not self.value:
            return True
        if isinstance(found[0][0], dict | list):
            raise SvcnetError("jsonpath leads to a nested object or list which is not supported")
        return sprint(found[0][0]).strip() == self.value.strip()


class IsDeleted(NamedTuple):
    """``delete``: there is no such object."""


class IsCreated(NamedTuple):
    """``create``: there is such an object."""


Expectation = ConditionalWait | JSONPathWait | IsDeleted | IsCreated


def read_expectation(text: str) -> Expectation:
    """Return what ``--for`` asks for.

    Raises:
        SvcnetError: it is none of kubectl's forms.
    """
    # conditionFuncFor() takes these two in any case, the others only as they are written.
    lower = text.lower()
    if lower == "delete":
        return IsDeleted()
    if lower == "create":
        return IsCreated()
    if text.startswith("condition="):
        name, assigned, value = text.removeprefix("condition=").partition("=")
        return ConditionalWait(name, value) if assigned else ConditionalWait(name)
    if text.startswith("jsonpath="):
        return _path(text.removeprefix("jsonpath="))
    raise SvcnetError(f"unrecognized condition: {go_quote(text)}")


def _path(text: str) -> JSONPathWait:
    """Read ``EXPRESSION[=VALUE]``; two equals signs in a row belong to a filter."""
    # A zero byte stands for == while the text is parted: it cannot be in an argument.
    expression, *values = (part.replace("\0", "==") for part in text.replace("==", "\0").split("="))
    example = "--for=jsonpath='{.status.readyReplicas}'=3"
    if len(values) > 1:
        raise SvcnetError(
            f"jsonpath wait format must be {example} or --for=jsonpath='{{.status.readyReplicas}}'"
        )
    template = jsonpath.relaxed(expression)
    jsonpath.check(template)
    if not values:
        return JSONPathWait(template)
    # Quotes that a shell left in place are no part of the value.
    value = values[0].strip("'\"")
    if not value:
        raise SvcnetError(f"jsonpath wait has to have a value after equal sign, like {example}")
    return JSONPathWait(template, value)
