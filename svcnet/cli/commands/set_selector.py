"""`set selector`.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/set/set_selector.go.
"""

from __future__ import annotations

from typing import Annotated

from svcnet.api.keys import Document
from svcnet.api.kinds import SERVICE, Kind
from svcnet.api.selectors import Selector, parse
from svcnet.cli.command.session import Session
from svcnet.cli.commands.set_targets import (
    NOTHING_NAMED,
    Local,
    Pairs,
    carry_out,
    refuse_names,
)
from svcnet.cli.commands.writing import WriteFlags, local_flags, write_flags, writing
from svcnet.cli.flags.shared import (
    All,
    Filenames,
    Recursive,
    ResourceVersion,
)
from svcnet.cli.resource.builder import resource_query
from svcnet.errors import SvcnetError, go_quote


def set_selector(
    session: Session,
    words: Pairs = None,
    *,
    filenames: Filenames = None,
    recursive: Recursive = False,
    all_: All = False,
    local: Local = False,
    resource_version: ResourceVersion = "",
    flags: Annotated[WriteFlags, write_flags("kubectl-set", without=("validate",))],
) -> None:
    """Set the selector on a resource.

    Note that the new selector will overwrite the old selector if the resource had one prior to the
    invocation of 'set selector'. Only Services can be updated so.
    """
    given = words or []
    if not given and not filenames:
        raise SvcnetError(NOTHING_NAMED)
    if not given:
        raise SvcnetError("one selector is required")
    parsed = _parsed(given[-1])
    if local:
        refuse_names(given[:-1])
    query = resource_query(
        session,
        given[:-1],
        filenames=filenames or (),
        recursive=recursive,
        all=all_ and not local,
        local=local,
    )

    def change(document: Document, kind: Kind) -> Document:
        # Selectors of workloads cannot be changed once they are made (apps/v1).
        if kind is not SERVICE:
            raise SvcnetError("setting a selector is only supported for Services")
        changed = {**document, "spec": {**document["spec"], "selector": _equalities(parsed)}}
        if not resource_version:
            return changed
        metadata = {**document["metadata"], "resourceVersion": resource_version}
        return {**changed, "metadata": metadata}

    with writing(session, local_flags(flags, local=local)) as work:
        # set_selector.go patches and tells of it without looking whether anything changes.
        carry_out(work, query, change, "selector updated", always=True)


def _parsed(text: str) -> Selector:
    """Read a selector.

    Raises:
        SvcnetError: it cannot be read.
    """
    try:
        return parse(text)
    except ValueError as error:
        raise SvcnetError(f"couldn't parse the selector string {go_quote(text)}: {error}") from None


_EXPRESSIONS = {
    "in": "In",
    "notin": "NotIn",
    "!=": "NotIn",
    "exists": "Exists",
    "!": "DoesNotExist",
}


def _equalities(parsed: Selector) -> dict[str, str]:
    """Return the labels that a selector asks for.

    Raises:
        SvcnetError: it asks for something else, too.
    """
    others = [term for term in parsed.requirements if term.operator not in ("=", "==")]
    if others:
        text = " ".join(
            f"{{{term.key} {_EXPRESSIONS.get(term.operator, term.operator)} "
            f"[{' '.join(term.values)}]}}"
            for term in others
        )
        raise SvcnetError(f"match expression [{text}] not supported on this object")
    return {term.key: term.values[0] for term in parsed.requirements}
