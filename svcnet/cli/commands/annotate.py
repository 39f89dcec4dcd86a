"""`annotate`: change the annotations of objects.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/annotate/annotate.go.
"""

from __future__ import annotations

from typing import Annotated

from svcnet.cli.command.session import Session
from svcnet.cli.commands import key_value_pairs
from svcnet.cli.commands.metadata_changes import (
    ANNOTATIONS,
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


def annotate(
    session: Session,
    words: Pairs = None,
    *,
    resources: EveryResourceFlag,
    overwrite: Overwrite = False,
    list_: ListFlag = False,
    local: Local = False,
    resource_version: ResourceVersion = "",
    flags: Annotated[WriteFlags, write_flags("kubectl-annotate", without=("validate",))],
) -> None:
    """Update the annotations on one or more resources.

    Annotations are key/value pairs that can be larger than labels and include arbitrary string
    values such as structured JSON.
    """
    names, given = key_value_pairs.names_and_pairs(words or (), "annotation")
    options = MetadataOptions(
        ANNOTATIONS,
        key_value_pairs.annotation_changes(given),
        overwrite,
        list_,
        local,
        resource_version,
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
