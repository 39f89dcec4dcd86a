"""`set image`.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/set/set_image.go.
"""

from __future__ import annotations

from collections.abc import Callable

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
    asked_for,
    carry_out,
    check,
)
from svcnet.cli.commands.writing import Intent, writes, writing
from svcnet.cli.flags.shared import (
    All,
    Filenames,
    Kustomize,
    Recursive,
    Selector,
)
from svcnet.cli.resource import files
from svcnet.errors import SvcnetError, go_quote


@writes("kubectl-set", without=("validate",))
def set_image(
    session: Session,
    words: Pairs = None,
    *,
    filenames: Filenames = None,
    kustomize: Kustomize = "",
    recursive: Recursive = False,
    selector: Selector = "",
    all_: All = False,
    local: Local = False,
    wish: Intent,
) -> None:
    """Update the images of existing containers.

    Possible resources include: pod, replicationcontroller, deployment, daemonset, statefulset,
    cronjob, replicaset.
    """
    files.refuse_kustomize(filenames, kustomize, recursive=recursive)
    names, given = key_value_pairs.names_and_pairs(words or (), "image")
    images = dict(pair.split("=", 1) for pair in given if "=" in pair)
    check(names or filenames, "image", changes=bool(images))
    # Which image a container got would depend on the order of the words.
    if "*" in images and len(images) > 1:
        raise SvcnetError(
            "all containers are already specified by *, but saw more than one container_name="
            "container_image pairs"
        )
    asked = asked_for(session, names, filenames, recursive=recursive, selector=selector, all_=all_)

    def change(document: Document, kind: Kind) -> Document:
        spec = pod_spec(document, kind)
        for name, value in images.items():
            matching = [each["name"] for each in containers(spec, name)]
            if not matching:
                raise SvcnetError(f"unable to find container named {go_quote(name)}")
            spec = changed_containers(spec, matching, _with_image(value))
        return with_pod_spec(document, kind, spec)

    with writing(session, wish) as work:
        carry_out(work, asked, change, "image updated", local=local)


def _with_image(set_image: str) -> Callable[[Container], Container]:
    """Return what gives a container another image."""
    return lambda container: {**container, "image": set_image}
