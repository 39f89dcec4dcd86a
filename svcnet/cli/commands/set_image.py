"""`set image`.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/set/set_image.go.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from svcnet.api.keys import Document
from svcnet.api.kinds import Kind
from svcnet.cli.command.session import Session
from svcnet.cli.commands import key_value_pairs
from svcnet.cli.commands.pod_containers import (
    Container,
    changed_containers,
    containers,
    pod_spec,
    with_pod_spec,
)
from svcnet.cli.commands.set_targets import (
    Local,
    Pairs,
    carry_out,
    check,
    refuse_names,
)
from svcnet.cli.commands.writing import WriteFlags, local_flags, write_flags, writing
from svcnet.cli.resource.resource_flags import FilesSelectorAll
from svcnet.errors import SvcnetError, go_quote


def set_image(
    session: Session,
    words: Pairs = None,
    *,
    resources: FilesSelectorAll,
    local: Local = False,
    flags: Annotated[WriteFlags, write_flags("kubectl-set", without=("validate",))],
) -> None:
    """Update the images of existing containers.

    Possible resources include: pod, replicationcontroller, deployment, daemonset, statefulset,
    cronjob, replicaset.
    """
    names, given = key_value_pairs.names_and_pairs(words or (), "image")
    images = dict(pair.split("=", 1) for pair in given if "=" in pair)
    check(names or resources.filenames, "image", changes=bool(images))
    # Which image a container got would depend on the order of the words.
    if "*" in images and len(images) > 1:
        raise SvcnetError(
            "all containers are already specified by *, but saw more than one container_name="
            "container_image pairs"
        )
    if local:
        refuse_names(names)
    query = resources.query(session, names, local=local)

    def change(document: Document, kind: Kind) -> Document:
        spec = pod_spec(document, kind)
        for name, value in images.items():
            matching = [each["name"] for each in containers(spec, name)]
            if not matching:
                # The other containers get their images all the same.
                missing = f"error: unable to find container named {go_quote(name)}"
                session.report(SvcnetError(missing))
            spec = changed_containers(spec, matching, _with_image(value))
        return with_pod_spec(document, kind, spec)

    refused = "failed to patch image update to pod template:"
    with writing(session, local_flags(flags, local=local)) as work:
        carry_out(work, query, change, "image updated", refused=refused)


def _with_image(set_image: str) -> Callable[[Container], Container]:
    """Return what gives a container another image."""
    return lambda container: {**container, "image": set_image}
