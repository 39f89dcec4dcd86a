"""The flags that say which objects a verb is for, as one value.

Source: kubernetes staging/src/k8s.io/cli-runtime/pkg/genericclioptions/builder_flags.go
ResourceBuilderFlags, file_name_flags.go FileNameFlags.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, TypeAlias

from svcnet.cli.flags.declarations import FlagGroup
from svcnet.cli.flags.shared import (
    All,
    AllNamespaces,
    FieldSelector,
    Filenames,
    Kustomize,
    Recursive,
    Selector,
)
from svcnet.cli.resource.builder import resource_query
from svcnet.errors import SvcnetError
from svcnet.lean_namedtuple import NamedTuple

if TYPE_CHECKING:
    from svcnet.cli.command.session import Session
    from svcnet.cli.resource.targets import ResourceQuery

FILE_NAMES = ("filenames", "kustomize", "recursive")


class ResourceFlags(NamedTuple):
    """Which objects a verb is for, beside its words."""

    filenames: tuple[str, ...] = ()
    recursive: bool = False
    selector: str = ""
    field_selector: str = ""
    all: bool = False
    all_namespaces: bool = False

    def require_files(self) -> None:
        """Refuse a verb without ``-f``.

        Raises:
            SvcnetError: there are no file names.
        """
        if not self.filenames:
            raise SvcnetError("must specify one of -f and -k")

    def query(
        self,
        session: Session,
        words: Sequence[str] | None,
        *,
        bare_type_means_all: bool = False,
        local: bool = False,
    ) -> ResourceQuery:
        """Return what was asked for, in the session's namespace; pipes are read to their end.

        With `local` only files count: what selects among objects of the server is passed over.

        Raises:
            SvcnetError: a pipe cannot be read.
        """
        if local:
            files = {"filenames": self.filenames, "recursive": self.recursive}
            return resource_query(session, (), local=True, **files)
        return resource_query(
            session,
            words,
            filenames=self.filenames,
            recursive=self.recursive,
            selector=self.selector,
            field_selector=self.field_selector,
            all=self.all,
            all_namespaces=self.all_namespaces,
            bare_type_means_all=bare_type_means_all,
        )


def complete(
    *,
    filenames: Filenames = None,
    kustomize: Kustomize = "",
    recursive: Recursive = False,
    selector: Selector = "",
    field_selector: FieldSelector = "",
    all_: All = False,
    all_namespaces: AllNamespaces = False,
) -> ResourceFlags:
    """Return what the flags ask for.

    Raises:
        SvcnetError: a kustomization is asked for.
    """
    if kustomize:
        raise kustomize_refusal(filenames, kustomize, recursive=recursive)
    names = tuple(filenames or ())
    return ResourceFlags(names, recursive, selector, field_selector, all_, all_namespaces)


def kustomize_refusal(
    filenames: Sequence[str] | None, kustomize: str, *, recursive: bool
) -> SvcnetError:
    """Return the error for ``-k``."""
    if filenames:
        return SvcnetError("only one of -f or -k can be specified")
    if recursive:
        return SvcnetError("the -k flag can't be used with -f or -R")
    return SvcnetError(
        f"svcnet does not build kustomizations: run `kustomize build {kustomize}` and give its "
        "output to -f -"
    )


def resource_flags(*more: str) -> FlagGroup:
    """Return the group: ``-f``, ``-k``, ``-R``, and those of `complete`'s flags that are named."""
    return FlagGroup(complete, only=(*FILE_NAMES, *more))


Files: TypeAlias = Annotated[ResourceFlags, resource_flags()]
FilesAndSelector: TypeAlias = Annotated[ResourceFlags, resource_flags("selector")]
FilesSelectorAll: TypeAlias = Annotated[ResourceFlags, resource_flags("selector", "all_")]
EveryResourceFlag: TypeAlias = Annotated[ResourceFlags, FlagGroup(complete)]
