"""`set`: change one feature of objects.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/set.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from svcnet.api.kinds import SERVICE, Kind
from svcnet.api.names import Document
from svcnet.api.selectors import LabelSelector, parse
from svcnet.cli.choosing import files
from svcnet.cli.choosing.selection import wanted
from svcnet.cli.frame.options import (
    All,
    Filenames,
    Kustomize,
    Recursive,
    ResourceVersion,
    Selector,
    Words,
)
from svcnet.cli.frame.parameters import Context, option
from svcnet.cli.frame.session import session
from svcnet.cli.writing import pairs
from svcnet.cli.writing.containers import (
    Container,
    changed_containers,
    containers,
    pod_spec,
    with_pod_spec,
)
from svcnet.cli.writing.setting import (
    NOTHING_NAMED,
    Containers,
    Local,
    Pairs,
    asked_for,
    carry_out,
    check,
    chosen,
)
from svcnet.cli.writing.work import Intent, writes, writing
from svcnet.errors import SvcnetError, go_quote


@writes("kubectl-set", without=("validate",))
def selector(
    ctx: Context,
    words: Pairs = None,
    *,
    filenames: Filenames = None,
    recursive: Recursive = False,
    all_: All = False,
    local: Local = False,
    resource_version: ResourceVersion = "",
    wish: Intent,
) -> None:
    """Set the selector on a resource.

    Note that the new selector will overwrite the old selector if the resource had one prior to the
    invocation of 'set selector'. Only Services can be updated so.
    """
    here = session(ctx)
    given = words or []
    if not given and not filenames:
        raise SvcnetError(NOTHING_NAMED)
    if not given:
        raise SvcnetError("one selector is required")
    parsed = _parsed(given[-1])
    asked = wanted(here, given[:-1], filenames=filenames or (), recursive=recursive, all=all_)

    def change(document: Document, kind: Kind) -> Document:
        # Selectors of workloads cannot be changed once they are made (apps/v1).
        if kind is not SERVICE:
            raise SvcnetError("setting a selector is only supported for Services")
        changed = {**document, "spec": {**document["spec"], "selector": _equalities(parsed)}}
        if not resource_version:
            return changed
        metadata = {**document["metadata"], "resourceVersion": resource_version}
        return {**changed, "metadata": metadata}

    with writing(here, wish) as work:
        # set_selector.go patches and tells of it without looking whether anything changes.
        carry_out(work, asked, change, "selector updated", local=local, always=True)


def _parsed(text: str) -> LabelSelector:
    """Read a selector.

    Raises:
        SvcnetError: it cannot be read.
    """
    try:
        return parse(text)
    except ValueError as error:
        raise SvcnetError(f"couldn't parse the selector string {go_quote(text)}: {error}") from None


_EXPRESSIONS = {
    "in": "In",
    "notin": "NotIn",
    "!=": "NotIn",
    "exists": "Exists",
    "!": "DoesNotExist",
}


def _equalities(parsed: LabelSelector) -> dict[str, str]:
    """Return the labels that a selector asks for.

    Raises:
        SvcnetError: it asks for something else, too.
    """
    others = [term for term in parsed.terms if term.operator not in ("=", "==")]
    if others:
        told = " ".join(
            f"{{{term.key} {_EXPRESSIONS.get(term.operator, term.operator)} "
            f"[{' '.join(term.values)}]}}"
            for term in others
        )
        raise SvcnetError(f"match expression [{told}] not supported on this object")
    return {term.key: term.values[0] for term in parsed.terms}


@writes("kubectl-set", without=("validate",))
def image(
    ctx: Context,
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
    here = session(ctx)
    files.refuse_kustomize(filenames, kustomize, recursive=recursive)
    names, given = pairs.names_and_pairs(words or (), "image")
    images = dict(pair.split("=", 1) for pair in given if "=" in pair)
    check(names or filenames, "image", changes=bool(images))
    # Which image a container got would depend on the order of the words.
    if "*" in images and len(images) > 1:
        raise SvcnetError(
            "all containers are already specified by *, but saw more than one container_name="
            "container_image pairs"
        )
    asked = asked_for(here, names, filenames, recursive=recursive, selector=selector, all_=all_)

    def change(document: Document, kind: Kind) -> Document:
        spec = pod_spec(document, kind)
        for name, value in images.items():
            matching = [each["name"] for each in containers(spec, name)]
            if not matching:
                raise SvcnetError(f"unable to find container named {go_quote(name)}")
            spec = changed_containers(spec, matching, _with_image(value))
        return with_pod_spec(document, kind, spec)

    with writing(here, wish) as work:
        carry_out(work, asked, change, "image updated", local=local)


def _with_image(image: str) -> Callable[[Container], Container]:
    """Return what gives a container another image."""
    return lambda container: {**container, "image": image}


@writes("kubectl-set", without=("validate",))
def resources(
    ctx: Context,
    words: Words = None,
    *,
    filenames: Filenames = None,
    kustomize: Kustomize = "",
    recursive: Recursive = False,
    selector: Selector = "",
    all_: All = False,
    local: Local = False,
    names: Containers = "*",
    limits: Annotated[
        str, option("--limits", help="At most that much: 'cpu=200m,memory=512Mi'.")
    ] = "",
    requests: Annotated[
        str, option("--requests", help="At least that much: 'cpu=100m,memory=256Mi'.")
    ] = "",
    wish: Intent,
) -> None:
    """Specify compute resource requirements (CPU, memory) for any resource with a pod template."""
    here = session(ctx)
    if not limits and not requests:
        raise SvcnetError(
            "you must specify an update to requests or limits (in the form of --requests/--limits)"
        )
    given = {"limits": _amounts(limits), "requests": _amounts(requests)}
    asked = asked_for(
        here, words or [], filenames, recursive=recursive, selector=selector, all_=all_
    )
    files.refuse_kustomize(filenames, kustomize, recursive=recursive)

    def change(document: Document, kind: Kind) -> Document:
        def resized(container: Document) -> Document:
            before = container.get("resources") or {}
            after = {
                field: {**(before.get(field) or {}), **amounts}
                for field, amounts in given.items()
                if amounts
            }
            return {**container, "resources": {**before, **after}}

        spec = pod_spec(document, kind)
        those = chosen(spec, names)
        return with_pod_spec(document, kind, changed_containers(spec, those, resized))

    with writing(here, wish) as work:
        carry_out(work, asked, change, "resource requirements updated", local=local)


def _amounts(text: str) -> dict[str, str]:
    """Read ``cpu=200m,memory=512Mi``.

    Raises:
        SvcnetError: a part is not of that form.

    Source: kubectl pkg/generate/versioned/run.go populateResourceListV1().
    """
    amounts = {}
    for part in filter(None, text.split(",")):
        name, assigned, amount = part.partition("=")
        if not assigned or "=" in amount:
            raise SvcnetError(f"invalid argument syntax {part}, expected <resource>=<value>")
        amounts[name] = amount
    return amounts


@writes("kubectl-set", without=("validate",))
def serviceaccount(
    ctx: Context,
    words: Words = None,
    *,
    filenames: Filenames = None,
    kustomize: Kustomize = "",
    recursive: Recursive = False,
    all_: All = False,
    local: Local = False,
    wish: Intent,
) -> None:
    """Update the service account of pod template resources."""
    here = session(ctx)
    given = words or []
    files.refuse_kustomize(filenames, kustomize, recursive=recursive)
    if not given:
        raise SvcnetError("serviceaccount is required")
    account = given[-1]
    asked = asked_for(here, given[:-1], filenames, recursive=recursive, selector="", all_=all_)

    def change(document: Document, kind: Kind) -> Document:
        spec = pod_spec(document, kind)
        # serviceAccount is the old name of the field, which the server keeps in step.
        both = {"serviceAccount": account, "serviceAccountName": account}
        return with_pod_spec(document, kind, {**spec, **both})

    with writing(here, wish) as work:
        carry_out(work, asked, change, "serviceaccount updated", local=local)
