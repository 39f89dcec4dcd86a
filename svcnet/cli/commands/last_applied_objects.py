"""Objects by the configuration that `apply` keeps in them: read out of one, written into one."""

from __future__ import annotations

from svcnet.api.go.json import sorted_keys
from svcnet.api.keys import Document
from svcnet.api.merge import Patch, PatchType
from svcnet.cli.commands import last_applied
from svcnet.cli.commands.writing import Work
from svcnet.cli.resource.targets import Target
from svcnet.errors import SvcnetError


def stored_configuration(target: Target) -> Document:
    """Return the configuration that an object keeps.

    Raises:
        SvcnetError: it keeps none.
    """
    document = target.document or {}
    if last_applied.stored(document) is None:
        raise SvcnetError(
            f"no last-applied-configuration annotation found on resource: {target.name}"
        )
    # Keys by name: the annotation was decoded into a Go map.
    return dict(sorted_keys(last_applied.original(document)))


def write_annotation(work: Work, target: Target, text: str) -> Document:
    """Write the annotation; return the object as it is then."""
    body = {"metadata": {"annotations": {last_applied.ANNOTATION: text}}}
    return work.patch(target.key, Patch(PatchType.MERGE, body)).document
