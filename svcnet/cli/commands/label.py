"""`label`: change the labels of objects.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/label/label.go.
"""

from __future__ import annotations

from typing import Annotated

from svcnet.cli.command.session import Session
from svcnet.cli.commands.metadata_changes import (
    LABELS,
    MetadataOptions,
    Pairs,
    change_metadata,
    metadata_flags,
)
from svcnet.cli.commands.writing import WriteFlags, write_flags
from svcnet.cli.resource.resource_flags import EveryResourceFlag


def label(
    session: Session,
    words: Pairs = None,
    *,
    resources: EveryResourceFlag,
    options: Annotated[MetadataOptions, metadata_flags(LABELS)],
    flags: Annotated[
        WriteFlags, write_flags("kubectl-label", without=("validate",), prints_late=True)
    ],
) -> None:
    """Update the labels on a resource.

    A label key and value must begin with a letter or number, and may contain letters, numbers,
    hyphens, dots, and underscores, up to 63 characters each.
    """
    change_metadata(session, words, resources, options, flags)
