"""The flags that say how objects are printed, as one value.

Source: kubernetes staging/src/k8s.io/cli-runtime/pkg/genericclioptions/print_flags.go PrintFlags.
"""

from __future__ import annotations

from svcnet.cli.flags.declarations import FlagGroup
from svcnet.cli.flags.shared import (
    AllowMissingTemplateKeys,
    Output,
    ShowManagedFields,
    Template,
)
from svcnet.cli.printers.output import WRITE_FORMATS, Format, chosen


def complete(
    *,
    output: Output = "",
    template: Template = "",
    allow_missing_template_keys: AllowMissingTemplateKeys = True,
    show_managed_fields: ShowManagedFields = False,
    allowed: tuple[str, ...] = WRITE_FORMATS,
) -> Format:
    """Return the format that is asked for, out of those that are `allowed`.

    Raises:
        SvcnetError: there is no such format, or its template cannot be read.
    """
    return chosen(
        output,
        template,
        allowed=allowed,
        missing_ok=allow_missing_template_keys,
        managed_fields=show_managed_fields,
    )


def print_flags(*, allowed: tuple[str, ...] = WRITE_FORMATS) -> FlagGroup:
    """Return the group of a verb that prints in one of these formats."""
    return FlagGroup(complete, defaults={"allowed": allowed})
