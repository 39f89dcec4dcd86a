"""`set serviceaccount`.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/set/set_serviceaccount.go.
"""

from __future__ import annotations

from svcnet.api.keys import Document
from svcnet.api.kinds import Kind
from svcnet.cli.command.session import Session
from svcnet.cli.commands.pod_containers import (
    pod_spec,
    with_pod_spec,
)
from svcnet.cli.commands.set_targets import (
    Local,
    asked_for,
    carry_out,
)
from svcnet.cli.commands.writing import Intent, writes, writing
from svcnet.cli.flags.shared import (
    All,
    Filenames,
    Kustomize,
    Recursive,
    Words,
)
from svcnet.cli.resource import files
from svcnet.errors import SvcnetError


@writes("kubectl-set", without=("validate",))
def set_serviceaccount(
    session: Session,
    words: Words = None,
    *,
    filenames: Filenames = None,
    kustomize: Kustomize = "",
    recursive: Recursive = False,
    all_: All = False,
    local: Local = False,
    wish: Intent,
) -> None:
    """Update the service account of pod template resources."""
    given = words or []
    files.refuse_kustomize(filenames, kustomize, recursive=recursive)
    if not given:
        raise SvcnetError("serviceaccount is required")
    account = given[-1]
    asked = asked_for(session, given[:-1], filenames, recursive=recursive, selector="", all_=all_)

    def change(document: Document, kind: Kind) -> Document:
        spec = pod_spec(document, kind)
        # serviceAccount is the old name of the field, which the server keeps in step.
        both = {"serviceAccount": account, "serviceAccountName": account}
        return with_pod_spec(document, kind, {**spec, **both})

    with writing(session, wish) as work:
        carry_out(work, asked, change, "serviceaccount updated", local=local)
