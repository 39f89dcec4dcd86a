"""`label`: change the labels of objects.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/label/label.go.
"""

from __future__ import annotations

from typing import Annotated

from svcnet.cli.command.session import Session
from svcnet.cli.commands import key_value_pairs
from svcnet.cli.commands.metadata_changes import (
    LABELS,
    ListFlag,
    Local,
    MetadataOptions,
    Pairs,
    change_each,
    check_arguments,
)
from svcnet.cli.commands.writing import WriteFlags, write_flags, writing
from svcnet.cli.flags.shared import (
    Overwrite,
    ResourceVersion,
)
from svcnet.cli.resource.resource_flags import EveryResourceFlag


def label(
    session: Session,
    words: Pairs = None,
    *,
    resources: EveryResourceFlag,
    overwrite: Overwrite = False,
    list_: ListFlag = False,
    local: Local = False,
    resource_version: ResourceVersion = "",
    flags: Annotated[
        WriteFlags, write_flags("kubectl-label", without=("validate",), prints_late=True)
    ],
) -> None:
    """Update the labels on a resource.

    A label key and value must begin with a letter or number, and may contain letters, numbers,
    hyphens, dots, and underscores, up to 63 characters each.
    """
    names, given = key_value_pairs.names_and_pairs(words or (), "label")
    options = MetadataOptions(
        LABELS, key_value_pairs.label_changes(given), overwrite, list_, local, resource_version
    )
    check_arguments(
        options,
        all_=resources.all,
        selector=resources.selector,
        named=bool(names or resources.filenames),
    )
    query = resources.query(session, names)
    with writing(session, flags) as work:
        change_each(work, options, query)
