"""`set env`: change the environment of containers.

Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/set/set_env.go, env/env_parse.go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, TypeAlias

from svcnet.api.keys import Document, Key
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
    NOTHING_NAMED,
    Containers,
    Local,
    Pairs,
    carry_out,
)
from svcnet.cli.commands.writing import Work, WriteFlags, local_flags, write_flags, writing
from svcnet.cli.flags.declarations import option
from svcnet.cli.flags.shared import Overwrite
from svcnet.cli.resource.builder import kind_named
from svcnet.cli.resource.resource_flags import FilesSelectorAll
from svcnet.errors import NotFound, SvcnetError, go_quote
from svcnet.lean_namedtuple import NamedTuple

Variable = dict[str, Any]


class Variables(NamedTuple):
    """What is to become of an environment."""

    wanted: tuple[Variable, ...]
    unwanted: tuple[str, ...]

    def applied(self, container: Container) -> Container:
        """Return `container` with the variables set and taken away."""
        new = {each["name"]: each for each in self.wanted}
        before = container.get("env") or []
        # A variable that is set anew keeps its place: later ones may refer to it.
        kept = [new.pop(each["name"], each) for each in before]
        set_env = [each for each in [*kept, *new.values()] if each["name"] not in self.unwanted]
        rest = {name: value for name, value in container.items() if name != "env"}
        return {**rest, "env": set_env} if set_env else rest


Given: TypeAlias = Annotated[
    list[str] | None,
    option("--env", "-e", metavar="stringArray", help="A further KEY=VALUE."),
]
Source: TypeAlias = Annotated[
    str, option("--from", help="Take variables from configmap/NAME or secret/NAME.")
]
Prefix: TypeAlias = Annotated[str, option("--prefix", help="What the names of those begin with.")]
Keys: TypeAlias = Annotated[list[str] | None, option("--keys", help="Only these keys of --from.")]
List: TypeAlias = Annotated[
    bool, option("--list", help="Print the environment instead of changing it.")
]
Resolve: TypeAlias = Annotated[bool, option("--resolve", help="With --list: look references up.")]


def set_env(
    session: Session,
    words: Pairs = None,
    *,
    resources: FilesSelectorAll,
    local: Local = False,
    names: Containers = "*",
    given: Given = None,
    source: Source = "",
    prefix: Prefix = "",
    keys: Keys = None,
    list_: List = False,
    resolve_: Resolve = False,
    overwrite: Overwrite = True,
    flags: Annotated[WriteFlags, write_flags("kubectl-set", without=("validate",))],
) -> None:
    """Update environment variables on a pod template.

    List environment variable definitions in one or more pods, pod templates. Add, update, or remove
    container environment variable definitions in one or more pod templates.
    """
    del resolve_
    objects, changes = key_value_pairs.names_and_pairs(words or (), "environment variable")
    variables = _variables([*changes, *(given or ())])
    if not objects and not resources.filenames:
        raise SvcnetError(NOTHING_NAMED)
    if not list_ and not source and not variables.wanted and not variables.unwanted:
        raise SvcnetError("at least one environment variable must be provided")
    query = resources.query(session, objects, local=local)
    with writing(session, local_flags(flags, local=local)) as work:
        if source:
            taken = tuple(_taken(work, source, prefix, keys or []))
            variables = variables._replace(wanted=taken + variables.wanted)

        def change(document: Document, kind: Kind) -> Document:
            spec = pod_spec(document, kind)
            those = [each["name"] for each in containers(spec, names)]
            if not those:
                what = f"{kind.kind}/{document['metadata']['name']}"
                # kubectl's own warning: it counts for nothing with --warnings-as-errors.
                session.print_note(
                    f"Warning: {what} does not have any containers matching {go_quote(names)}"
                )
            # --overwrite is true by default here, other than for `label`.
            if not overwrite:
                _check_overwrites(spec, those, variables)
            changed = changed_containers(spec, those, variables.applied)
            if list_:
                _list(session, f"{kind.kind} {document['metadata']['name']}", changed, names)
                return document
            return with_pod_spec(document, kind, changed)

        refused = "failed to patch env update to pod template:"
        carry_out(work, query, change, "env updated", refused=refused)


_NAME = re.compile(r"[-._a-zA-Z][-._a-zA-Z0-9]*")


def _variables(words: list[str]) -> Variables:
    """Read ``KEY=VALUE`` and ``KEY-``.

    Raises:
        SvcnetError: a word is neither, or one variable is both set and taken away.
    """
    wanted, unwanted = [], []
    for word in words:
        name, assigned, value = word.partition("=")
        if assigned:
            if not _NAME.fullmatch(name):
                raise SvcnetError(
                    f"environment variables must be of the form key=value and is {word}"
                )
            wanted.append({"name": name, "value": value})
        elif word.endswith("-"):
            unwanted.append(word[:-1])
        else:
            raise SvcnetError(f"unknown argument: {word}")
    if clash := [each["name"] for each in wanted if each["name"] in unwanted]:
        raise SvcnetError(
            "can not both modify and remove the following environment variable(s) in the same "
            f"command: {', '.join(clash)}"
        )
    return Variables(tuple(wanted), tuple(unwanted))


def _check_overwrites(spec: Document, those: Sequence[str], variables: Variables) -> None:
    """Refuse to change a variable that is there.

    Raises:
        SvcnetError: with the first of them.
    """
    wanted = {each["name"] for each in variables.wanted}
    for container in containers(spec):
        for each in (container.get("env") or ()) if container["name"] in those else ():
            if each["name"] in wanted:
                raise SvcnetError(
                    # On a line of its own, behind the name of the object.
                    f"\n '{each['name']}' already has a value ({each.get('value', '')}), and "
                    "--overwrite is false"
                )


def _taken(work: Work, source: str, prefix: str, keys: list[str]) -> Iterator[Variable]:
    """Yield a variable for every key of a ConfigMap or Secret, each a reference to it.

    Raises:
        SvcnetError: it is neither a ConfigMap nor a Secret.
        NotFound: there is none of that name.
    """
    type_, _, name = source.partition("/")
    kind = kind_named(work.txn.kinds(), type_)
    # Only these two hold keys that a variable can refer to.
    if kind.resource not in ("configmaps", "secrets"):
        raise SvcnetError(f"unsupported resource specified in --from: {kind.kind}")
    document = work.txn.get(Key(kind.resource, work.session.namespace, name))
    if document is None:
        raise NotFound(kind.resource, name)
    field = "configMapKeyRef" if kind.resource == "configmaps" else "secretKeyRef"
    # Go's maps have no order; sorted, the outcome is the same each time.
    for key in sorted(document.get("data") or {}):
        if not keys or key in keys:
            # keyToEnvName() in set_env.go.
            called = prefix + re.sub("[^a-zA-Z0-9_]", "_", key).upper()
            yield {"name": called, "valueFrom": {field: {"key": key, "name": name}}}


def _list(session: Session, of: str, spec: Document, pattern: str) -> None:
    """Print the environment of each container that is meant; references become comments."""
    for container in containers(spec, pattern):
        session.print_result(f"# {of}, container {container['name']}")
        for each in container.get("env") or ():
            # As a comment, so that the list can be read back as an environment file.
            if "valueFrom" in each:
                session.print_result(f"# {each['name']} from {_message(each['valueFrom'])}")
            else:
                session.print_result(f"{each['name']}={each.get('value', '')}")


def _message(source: Document) -> str:
    """Return where the value of a variable comes from."""
    for field, what in (("configMapKeyRef", "configmap"), ("secretKeyRef", "secret")):
        if field in source:
            return f"{what} {source[field].get('name', '')}, key {source[field].get('key', '')}"
    if "fieldRef" in source:
        return f"field path {source['fieldRef'].get('fieldPath', '')}"
    if "resourceFieldRef" in source:
        named = source["resourceFieldRef"]
        of = f"{named['containerName']}/" if named.get("containerName") else ""
        return f"resource field {of}{named.get('resource', '')}"
    return "invalid valueFrom"
