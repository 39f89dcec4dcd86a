"""`annotate`: change the annotations of objects.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/annotate/annotate.go.
"""

from __future__ import annotations

from typing import Annotated

from svcnet.cli.command.session import Session
from svcnet.cli.commands.metadata_changes import (
    ANNOTATIONS,
    MetadataOptions,
    Pairs,
    change_metadata,
    metadata_flags,
)
from svcnet.cli.commands.writing import WriteFlags, write_flags
from svcnet.cli.resource.resource_flags import EveryResourceFlag


def annotate(
    session: Session,
    words: Pairs = None,
    *,
    resources: EveryResourceFlag,
    options: Annotated[MetadataOptions, metadata_flags(ANNOTATIONS)],
    flags: Annotated[WriteFlags, write_flags("kubectl-annotate", without=("validate",))],
) -> None:
    """Update the annotations on one or more resources.

    Annotations are key/value pairs that can be larger than labels and include arbitrary string
    values such as structured JSON.
    """
    change_metadata(session, words, resources, options, flags)
