"""`annotate`: change the annotations of objects.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/annotate/annotate.go.
"""

from __future__ import annotations

from svcnet.cli.command.session import Session
from svcnet.cli.commands import key_value_pairs
from svcnet.cli.commands.metadata_changes import (
    ANNOTATIONS,
    ListFlag,
    Local,
    Order,
    Pairs,
    change_each,
    check_arguments,
)
from svcnet.cli.commands.writing import Intent, writes, writing
from svcnet.cli.flags.shared import (
    All,
    AllNamespaces,
    FieldSelector,
    Filenames,
    Kustomize,
    Overwrite,
    Recursive,
    ResourceVersion,
    Selector,
)
from svcnet.cli.resource import files
from svcnet.cli.resource.builder import wanted


@writes("kubectl-annotate", without=("validate",))
def annotate(
    session: Session,
    words: Pairs = None,
    *,
    filenames: Filenames = None,
    kustomize: Kustomize = "",
    recursive: Recursive = False,
    selector: Selector = "",
    field_selector: FieldSelector = "",
    all_: All = False,
    all_namespaces: AllNamespaces = False,
    overwrite: Overwrite = False,
    list_: ListFlag = False,
    local: Local = False,
    resource_version: ResourceVersion = "",
    wish: Intent,
) -> None:
    """Update the annotations on one or more resources.

    Annotations are key/value pairs that can be larger than labels and include arbitrary string
    values such as structured JSON.
    """
    files.refuse_kustomize(filenames, kustomize, recursive=recursive)
    names, given = key_value_pairs.names_and_pairs(words or (), "annotation")
    order = Order(
        ANNOTATIONS,
        key_value_pairs.annotation_changes(given),
        overwrite,
        list_,
        local,
        resource_version,
    )
    check_arguments(order, all_=all_, selector=selector, named=bool(names or filenames))
    asked = wanted(
        session,
        names,
        filenames=filenames or (),
        recursive=recursive,
        selector=selector,
        field_selector=field_selector,
        all=all_,
        all_namespaces=all_namespaces,
    )
    with writing(session, wish) as work:
        change_each(work, order, asked)
