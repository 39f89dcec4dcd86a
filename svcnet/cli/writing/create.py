"""`create`: from files, and the objects that kubectl makes out of flags.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/create.
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

from svcnet.api.kinds import DEPLOYMENT, NAMESPACE, NODE, Kind
from svcnet.api.names import Document
from svcnet.cli.choosing import files
from svcnet.cli.choosing.selection import Target, wanted
from svcnet.cli.frame.govalues import INT32_MAX
from svcnet.cli.frame.options import Filenames, Kustomize, Recursive, SaveConfig, Selector
from svcnet.cli.frame.parameters import Context, argument, option
from svcnet.cli.frame.session import Session, session
from svcnet.cli.printing.output import Results
from svcnet.cli.writing import generators, last_applied
from svcnet.cli.writing.generators import Identity
from svcnet.cli.writing.structorder import in_struct_order
from svcnet.cli.writing.work import Intent, Work, placed, writes, writing
from svcnet.errors import StatusError, SvcnetError

BY_MANIFEST_ONLY = (
    "clusterrole", "clusterrolebinding", "cronjob", "cj", "ingress", "ing", "job",
    "poddisruptionbudget", "pdb", "priorityclass", "pc", "quota", "resourcequota", "role",
    "rolebinding", "token",
)  # fmt: skip
"""What kubectl makes out of flags and svcnet does not."""

Name: TypeAlias = Annotated[list[str] | None, argument(metavar="NAME")]


@writes("kubectl-create")
def create(
    ctx: Context,
    words: Annotated[list[str] | None, argument(hidden=True)] = None,
    *,
    filenames: Filenames = None,
    kustomize: Kustomize = "",
    recursive: Recursive = False,
    selector: Selector = "",
    edit: Annotated[bool, option("--edit", help="Not supported: edit the file.")] = False,
    raw: Annotated[str, option("--raw", help="Not supported: there is no server.")] = "",
    windows_line_endings: Annotated[
        bool, option("--windows-line-endings", help="Only for --edit.")
    ] = False,
    wish: Intent,
    save_config: SaveConfig = False,
) -> None:
    """Create a resource from a file or from stdin.

    JSON and YAML formats are accepted.
    """
    here = session(ctx)
    del windows_line_endings
    # It would send the bytes to a path of the server as they are.
    if raw:
        raise SvcnetError("--raw needs a running API server, which svcnet does not have")
    if edit:
        raise SvcnetError("--edit is not supported by svcnet: edit the file first")
    # Better than `Unexpected args`: the kind exists, only its flags do not.
    if words and not filenames and words[0] in BY_MANIFEST_ONLY:
        raise SvcnetError(
            f"svcnet has no `create {words[0]}`: write a manifest, and create it with -f"
        )
    names = files.required(filenames, kustomize, recursive=recursive)
    if words:
        raise here.usage(f"Unexpected args: [{' '.join(words)}]")
    asked = wanted(here, (), filenames=names, recursive=recursive, selector=selector)
    with writing(here, wish) as work:
        work.each(
            work.in_files(asked, "create"),
            lambda target: _create(work, target, save=save_config),
            "creating",
        )


def _create(work: Work, target: Target, *, save: bool) -> None:
    """Create one object from a file, and tell of it.

    Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/create/create.go RunCreate().
    """
    assert target.document is not None
    document = last_applied.saved(target.document, always=save)
    made = document if work.intent.client_only else work.create(document)
    work.show(target.kind, made, "created")


@writes("kubectl-create")
def deployment(
    ctx: Context,
    words: Name = None,
    *,
    images: Annotated[
        list[str], option("--image", help="An image to run, in a container of its own.")
    ],
    replicas: Annotated[int, option("--replicas", "-r", max=INT32_MAX, help="How many pods.")] = 1,
    port: Annotated[
        int, option("--port", max=INT32_MAX, help="The port of the first container.")
    ] = -1,
    wish: Intent,
    save_config: SaveConfig = False,
) -> None:
    """Create a deployment with the specified name."""
    here = session(ctx)
    name, command = name_and_command(here, words)
    # Nothing tells which of the containers the command is for.
    if len(images) > 1 and command:
        raise SvcnetError("cannot specify multiple --image options and command")
    document = generators.deployment(
        identity(here, name), images, replicas=replicas, port=port, command=command
    )
    make(here, wish, DEPLOYMENT, saved(document, save=save_config), "failed to create deployment")


@writes("kubectl-create")
def namespace(
    ctx: Context,
    words: Name = None,
    *,
    wish: Intent,
    save_config: SaveConfig = False,
) -> None:
    """Create a namespace with the specified name."""
    here = session(ctx)
    name, _ = name_and_command(here, words)
    make(here, wish, NAMESPACE, saved(generators.namespace(name), save=save_config))


def identity(here: Session, name: str) -> Identity:
    """Return what a generated object is called."""
    # EnforceNamespace: only a namespace that the user named goes into the object.
    return Identity(name, here.namespace if here.namespace_given else "")


def name_and_command(here: Session, words: list[str] | None) -> tuple[str, list[str]]:
    """Return the one name that stands before ``--``, and what follows it.

    Raises:
        UsageError: there are several names, or none.
    """
    given = words or []
    count = len(given) if here.words_before_dash is None else here.words_before_dash
    if count != 1:
        raise here.usage(f"exactly one NAME is required, got {count}")
    return given[0], given[1:]


@writes("svcnet-create")
def node(
    ctx: Context,
    words: Name = None,
    *,
    zone: Annotated[str, option("--zone", help="The zone the node stands in.")] = "",
    internal_ip: Annotated[
        str, option("--internal-ip", help="The node's address; the next free one if empty.")
    ] = "",
    not_ready: Annotated[
        bool, option("--not-ready", help="The node's kubelet does not answer.")
    ] = False,
    wish: Intent,
) -> None:
    """Add a node to the cluster.

    kubectl has no such verb: real nodes register themselves.
    """
    from svcnet.control.placement import machines
    from svcnet.control.placement.machines import Machine

    here = session(ctx)
    name, _ = name_and_command(here, words)
    with writing(here, wish) as work:
        asked = Machine(name, zone, internal_ip, ready=not not_ready)
        document = machines.node(asked, work.txn.list(NODE.resource), work.txn.now)
        made = document if wish.client_only else work.create(document)
        work.show(NODE, made, "created")


def saved(document: Document, *, save: bool) -> Document:
    """Return a generated object, with its configuration in an annotation if asked for."""
    return last_applied.saved_as_made(document) if save else document


def make(here: Session, wish: Intent, kind: Kind, document: Document, failure: str = "") -> None:
    """Make one object that flags describe.

    `failure` is what kubectl says before the server's error; empty: the error is told as it is.

    Raises:
        SvcnetError: the server refuses.
    """
    if wish.client_only:
        # No state is opened: a generator works without a cluster.
        Results(here, wish.form, wish.dry_run).show(kind, document, "created")
        return
    with writing(here, wish) as work:
        try:
            made = work.create(placed(here, kind, document))
        except StatusError as error:
            if failure:
                raise SvcnetError(f"{failure}: {error.message}") from None
            raise
        # kubectl decodes the answer into a Go struct, so its fields come in that order.
        work.show(kind, in_struct_order(made), "created", as_made=True)
