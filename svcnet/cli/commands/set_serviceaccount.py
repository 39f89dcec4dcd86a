"""`set serviceaccount`.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/set/set_serviceaccount.go.
"""

from __future__ import annotations

from typing import Annotated

from svcnet.api.keys import Document
from svcnet.api.kinds import Kind
from svcnet.cli.command.session import Session
from svcnet.cli.commands.pod_containers import (
    pod_spec,
    with_pod_spec,
)
from svcnet.cli.commands.set_targets import (
    Local,
    carry_out,
)
from svcnet.cli.commands.writing import WriteFlags, local_flags, write_flags, writing
from svcnet.cli.flags.shared import Words
from svcnet.cli.resource.resource_flags import ResourceFlags, resource_flags
from svcnet.errors import SvcnetError


def set_serviceaccount(
    session: Session,
    words: Words = None,
    *,
    resources: Annotated[ResourceFlags, resource_flags("all_")],
    local: Local = False,
    flags: Annotated[WriteFlags, write_flags("kubectl-set", without=("validate",))],
) -> None:
    """Update the service account of pod template resources."""
    given = words or []
    if not given:
        raise SvcnetError("serviceaccount is required")
    account = given[-1]
    query = resources.query(session, given[:-1], local=local)

    def change(document: Document, kind: Kind) -> Document:
        spec = pod_spec(document, kind)
        return with_pod_spec(document, kind, {**spec, "serviceAccountName": account})

    refused = "failed to patch ServiceAccountName"
    with writing(session, local_flags(flags, local=local)) as work:
        carry_out(work, query, change, "serviceaccount updated", refused=refused)
