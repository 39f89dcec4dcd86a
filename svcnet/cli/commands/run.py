"""`run`: one pod with one container.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/run/run.go.
"""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

from svcnet.api.keys import Document
from svcnet.api.kinds import POD, SERVICE
from svcnet.cli.command.session import Session
from svcnet.cli.commands import generators, last_applied, service_generator
from svcnet.cli.commands.generated_object import identity
from svcnet.cli.commands.overrides import overridden
from svcnet.cli.commands.service_generator import ExposeOptions, read_labels
from svcnet.cli.commands.struct_order import in_struct_order
from svcnet.cli.commands.writing import Work, WriteFlags, placed, write_flags, writing
from svcnet.cli.flags.declarations import argument, option
from svcnet.cli.flags.shared import SaveConfig
from svcnet.errors import SvcnetError

# core/v1 RestartPolicy; which one it is no longer decides what kind `run` makes.
RESTARTS = ("Always", "OnFailure", "Never")


Words: TypeAlias = Annotated[list[str] | None, argument(metavar="NAME [-- [COMMAND] [args...]]")]
Image: TypeAlias = Annotated[str, option("--image", help="The image to run.")]
Port: TypeAlias = Annotated[str, option("--port", help="The port the container listens on.")]
Expose: TypeAlias = Annotated[
    bool, option("--expose", help="Make a ClusterIP service for the pod, too.")
]
Env: TypeAlias = Annotated[
    list[str] | None,
    option("--env", metavar="stringArray", help="A variable, KEY=VALUE; repeatable."),
]
Labels: TypeAlias = Annotated[
    str, option("--labels", "-l", help="Labels of the pod; run=NAME if empty.")
]
Annotations: TypeAlias = Annotated[
    list[str] | None,
    option("--annotations", metavar="stringArray", help="An annotation, KEY=VALUE."),
]
Command: TypeAlias = Annotated[
    bool, option("--command", help="What follows -- is the command, not arguments.")
]
Restart: TypeAlias = Annotated[str, option("--restart", help="Always, OnFailure or Never.")]
ImagePullPolicy: TypeAlias = Annotated[
    str, option("--image-pull-policy", help="Always, IfNotPresent or Never.")
]
Overrides: TypeAlias = Annotated[str, option("--overrides", help="JSON that changes the new pod.")]
OverrideType: TypeAlias = Annotated[
    str, option("--override-type", help="How to apply it: json, merge, strategic.")
]
Quiet: TypeAlias = Annotated[bool, option("--quiet", "-q", help="Taken, and makes no difference.")]
Attach: TypeAlias = Annotated[bool, option("--attach", help="Not supported: nothing really runs.")]
Stdin: TypeAlias = Annotated[bool, option("--stdin", "-i", help="Not supported.")]
Tty: TypeAlias = Annotated[bool, option("--tty", "-t", help="Not supported.")]
Rm: TypeAlias = Annotated[bool, option("--rm", help="Not supported.")]


def run(
    session: Session,
    words: Words = None,
    *,
    image: Image,
    port: Port = "",
    expose: Expose = False,
    env: Env = None,
    labels: Labels = "",
    annotations: Annotations = None,
    command: Command = False,
    restart: Restart = "Always",
    image_pull_policy: ImagePullPolicy = "",
    overrides: Overrides = "",
    override_type: OverrideType = "merge",
    quiet: Quiet = False,
    attach: Attach = False,
    stdin: Stdin = False,
    tty: Tty = False,
    rm: Rm = False,
    save_config: SaveConfig = False,
    flags: Annotated[WriteFlags, write_flags("kubectl-run", without=("validate",))],
) -> None:
    """Create and run a particular image in a pod."""
    del quiet
    given = words or []
    # What stands behind -- is a command, and no name.
    if not given or session.words_before_dash == 0:
        raise session.usage("NAME is required for run")
    if not image:
        raise session.usage("--image is required")
    # --rm needs one of the others in kubectl, so all four ask for a container that runs.
    if attach or stdin or tty or rm:
        raise SvcnetError("attaching to a pod needs a running cluster, which svcnet does not have")
    if expose and not port:
        raise session.usage("--port must be set when exposing a service")
    if restart not in RESTARTS:
        raise session.usage(f"invalid restart policy: {restart}")
    named = identity(session, given[0])
    container = {
        "name": named.name,
        "image": image,
        ("command" if command else "args"): given[1:],
        "ports": [{"containerPort": service_generator.read_int(port)}] if port else [],
        "env": [_variable(each) for each in env or ()],
        "resources": {},
        "imagePullPolicy": image_pull_policy,
    }
    labelled = read_labels(labels) if labels else {"run": named.name}
    pod = generators.pod(named, _without_nothing(container), labels=labelled, restart=restart)
    pod = overridden(_annotated(pod, annotations), POD, overrides, override_type)
    pod = last_applied.saved_as_made(pod) if save_config else pod
    with writing(session, flags) as work:
        if expose:
            options = service_generator.completed(ExposeOptions(port=port), pod, POD)
            _make(work, service_generator.exposing_service(options, pod, POD))
        _make(work, pod)


def _without_nothing(container: dict[str, Any]) -> dict[str, Any]:
    """Return a container without empty fields; resources is told even so."""
    return {name: value for name, value in container.items() if value or name == "resources"}


def _annotated(pod: Document, annotations: list[str] | None) -> Document:
    """Return a pod with the annotations of the command line."""
    if not annotations:
        return pod
    given = dict(_pair(each) for each in annotations)
    return {**pod, "metadata": {**pod["metadata"], "annotations": given}}


def _pair(text: str) -> tuple[str, str]:
    """Read ``KEY=VALUE``.

    Raises:
        SvcnetError: there is no key or no equals sign.
    """
    key, assigned, value = text.partition("=")
    if not assigned or not key:
        raise SvcnetError(f"unexpected annotation: {text}")
    return key, value


def _variable(text: str) -> dict[str, str]:
    """Read ``NAME=VALUE``.

    Raises:
        SvcnetError: there is no name or no equals sign.
    """
    name, assigned, value = text.partition("=")
    if not assigned or not name:
        raise SvcnetError(f"invalid env: {text}")
    # Go leaves an empty value out (omitempty).
    return {"name": name, "value": value} if value else {"name": name}


def _make(work: Work, document: Document) -> None:
    """Make the pod or its Service, and tell of it."""
    kind = POD if document["kind"] == POD.kind else SERVICE
    client = work.flags.client_only
    made = document if client else work.create(placed(work.session, kind, document))
    work.show(kind, in_struct_order(made), "created", as_made=True)
