"""`set resources`.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/set/set_resources.go.
"""

from __future__ import annotations

from typing import Annotated

from svcnet.api import quantity
from svcnet.api.keys import Document
from svcnet.api.kinds import Kind
from svcnet.cli.command.session import Session
from svcnet.cli.commands.pod_containers import (
    changed_containers,
    containers,
    pod_spec,
    with_pod_spec,
)
from svcnet.cli.commands.set_targets import (
    Containers,
    Local,
    carry_out,
    refuse_names,
)
from svcnet.cli.commands.writing import WriteFlags, local_flags, write_flags, writing
from svcnet.cli.flags.declarations import option
from svcnet.cli.flags.shared import Words
from svcnet.cli.resource.resource_flags import FilesSelectorAll
from svcnet.errors import SvcnetError


def set_resources(
    session: Session,
    words: Words = None,
    *,
    resources: FilesSelectorAll,
    local: Local = False,
    names: Containers = "*",
    limits: Annotated[
        str, option("--limits", help="At most that much: 'cpu=200m,memory=512Mi'.")
    ] = "",
    requests: Annotated[
        str, option("--requests", help="At least that much: 'cpu=100m,memory=256Mi'.")
    ] = "",
    flags: Annotated[WriteFlags, write_flags("kubectl-set", without=("validate",))],
) -> None:
    """Specify compute resource requirements (CPU, memory) for any resource with a pod template."""
    if not limits and not requests:
        raise SvcnetError(
            "you must specify an update to requests or limits (in the form of --requests/--limits)"
        )
    given = {"limits": _amounts(limits), "requests": _amounts(requests)}
    if local:
        refuse_names(words)
    query = resources.query(session, words, local=local)

    def change(document: Document, kind: Kind) -> Document:
        def resized(container: Document) -> Document:
            before = container.get("resources") or {}
            after = {
                field: {**(before.get(field) or {}), **amounts}
                for field, amounts in given.items()
                if amounts
            }
            return {**container, "resources": {**before, **after}}

        spec = pod_spec(document, kind)
        those = [each["name"] for each in containers(spec, names)]
        if not those:
            session.report(SvcnetError(f"error: unable to find container named {names}"))
        return with_pod_spec(document, kind, changed_containers(spec, those, resized))

    refused = "failed to patch resources update to pod template"
    with writing(session, local_flags(flags, local=local)) as work:
        carry_out(work, query, change, "resource requirements updated", refused=refused)


def _amounts(text: str) -> dict[str, str]:
    """Read ``cpu=200m,memory=512Mi``.

    Raises:
        SvcnetError: a part is not of that form.

    Source: kubectl pkg/generate/versioned/run.go populateResourceListV1().
    """
    amounts = {}
    for part in filter(None, text.split(",")):
        name, assigned, amount = part.partition("=")
        if not assigned or "=" in amount:
            raise SvcnetError(f"Invalid argument syntax {part}, expected <resource>=<value>")
        try:
            amounts[name] = quantity.canonical(amount)
        except quantity.QuantityError as error:
            raise SvcnetError(str(error)) from None
    return amounts
