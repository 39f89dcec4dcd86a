"""`explain`: the fields of a kind, their types and what they are for.

Types are those that documents are decoded by; the words are svcnet's own, and there are some for
every kind that it derives something from.
Source: kubectl pkg/explain/v2/templates/plaintext.tmpl.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Annotated

from svcnet.api.kinds import Kind
from svcnet.cli.command.session import Session
from svcnet.cli.flags.declarations import argument, option
from svcnet.errors import SvcnetError

_WIDTH = 80
# More than these the template cuts off with four dots.
_SHOWN_CHOICES = 4
# OpenAPI's names for what Go calls otherwise; those of strings are below.
_TYPES = {"int32": "integer", "int64": "integer", "bool": "boolean", "float64": "number"}
_TEXTS = frozenset(("Time", "MicroTime", "UID", "Duration", "bytes"))
"""Types of their own that are strings in a document."""
_PACKAGES = {
    "": "core",
    "apps": "apps",
    "autoscaling": "autoscaling",
    "batch": "batch",
    "coordination.k8s.io": "coordination",
    "discovery.k8s.io": "discovery",
    "networking.k8s.io": "networking",
    "policy": "policy",
    "rbac.authorization.k8s.io": "rbac",
    "scheduling.k8s.io": "scheduling",
    "storage.k8s.io": "storage",
}
_CHOICES = {
    "AddressType": ("FQDN", "IPv4", "IPv6"),
    "ConditionStatus": ("False", "True", "Unknown"),
    "DeploymentStrategyType": ("Recreate", "RollingUpdate"),
    "IPFamilyPolicy": ("PreferDualStack", "RequireDualStack", "SingleStack"),
    "LoadBalancerIPMode": ("Proxy", "VIP"),
    "NamespacePhase": ("Active", "Terminating"),
    "PodManagementPolicyType": ("OrderedReady", "Parallel"),
    "PodPhase": ("Failed", "Pending", "Running", "Succeeded", "Unknown"),
    "PodQOSClass": ("BestEffort", "Burstable", "Guaranteed"),
    "Protocol": ("SCTP", "TCP", "UDP"),
    "PullPolicy": ("Always", "IfNotPresent", "Never"),
    "RestartPolicy": ("Always", "Never", "OnFailure"),
    "ServiceAffinity": ("ClientIP", "None"),
    "ServiceExternalTrafficPolicy": ("Cluster", "Local"),
    "ServiceInternalTrafficPolicy": ("Cluster", "Local"),
    "ServiceType": ("ClusterIP", "ExternalName", "LoadBalancer", "NodePort"),
    "TaintEffect": ("NoExecute", "NoSchedule", "PreferNoSchedule"),
}
"""The values of types that have but a few."""

Fields = dict[str, str]
"""The fields of a struct with their Go types, as `api/schema` writes them."""


def explain(
    session: Session,
    words: Annotated[
        list[str] | None, argument(metavar="TYPE[.FIELD...]", help="A kind, or a field.")
    ] = None,
    *,
    recursive: Annotated[
        bool, option("--recursive", help="Only names and types, but of all fields below.")
    ] = False,
    api_version: Annotated[
        str, option("--api-version", help="The group and version that is meant.")
    ] = "",
    output: Annotated[str, option("--output", help="plaintext, the only format.")] = "plaintext",
) -> None:
    """Get documentation for a resource.

    Fields are told by a path: service.spec.ports
    """
    if not words:
        raise SvcnetError(
            "You must specify the type of resource to explain. "
            'Use "kubectl api-resources" for a complete list of supported resources.'
        )
    if len(words) > 1:
        raise SvcnetError("We accept only this format: explain RESOURCE")
    if output not in {"plaintext", "plaintext-openapiv2"}:
        raise SvcnetError(f"unrecognized format: {output}")
    with session.read() as objects:
        name, _, path = words[0].partition(".")
        kind = objects.kinds().named(name)
    if kind is None:  # kubectl tells this one without `error:` before it
        session.print_note(f'the server doesn\'t have a resource type "{name}"')
        session.exit_status = 1
        return
    if api_version not in {"", kind.api_version}:
        raise SvcnetError(f"couldn't find resource for {kind.plural!r} in version {api_version!r}")
    session.print_result(heading(kind), end="")
    session.print_result(
        explanation(kind, path.split(".") if path else [], recursive=recursive), end=""
    )


def heading(kind: Kind) -> str:
    """Return the lines that say which kind is meant."""
    group = f"GROUP:      {kind.group}\n" if kind.group else ""
    return f"{group}KIND:       {kind.kind}\nVERSION:    {kind.version}\n\n"


def explanation(kind: Kind, path: Sequence[str], *, recursive: bool) -> str:
    """Return what is known of a kind, or of the field at `path`.

    Raises:
        SvcnetError: the kind has no such field.
    """
    struct, fields = kind.kind, _fields(kind.group, kind.kind)
    lines: list[str] = []
    about = _words(struct, "") or "<empty>"
    for depth, name in enumerate(path, start=1):
        if fields is None or name not in fields:
            raise SvcnetError(f'field "{name}" does not exist')
        type_ = fields[name]
        # Only the last field of the path is told; the ones before it lead there.
        if depth == len(path):
            lines += [
                f"FIELD: {name} <{shown_type(kind.group, type_)}>",
                *(_choices(type_) or [""]),
                "",
            ]
        about = _words(struct, name) or "<empty>"
        struct = _bare(type_)
        fields = _fields(kind.group, struct)
        if fields is not None and _words(struct, "") not in {"", about}:
            # What is said of the field, then what is said of its type.
            about = f"{about}\n{_words(struct, '')}"
    lines += ["DESCRIPTION:", *_wrapped(about, 4), "    "]
    if fields:
        lines += ["FIELDS:", *_listed(kind.group, struct, fields, recursive=recursive)]
    return "\n".join((*lines, "", ""))


@cache
def _schema(package: str) -> dict[str, Fields]:
    """Return the structs of an API package."""
    text = files("svcnet.api").joinpath(f"schema/{package}.json").read_text(encoding="utf-8")
    schema: dict[str, Fields] = json.loads(text)
    return schema


@cache
def _texts() -> dict[str, dict[str, str]]:
    """Return what is said of structs and fields."""
    text = files("svcnet.cli.commands").joinpath("explanations.json").read_text(encoding="utf-8")
    texts: dict[str, dict[str, str]] = json.loads(text)
    return texts


def _fields(group: str, struct: str) -> Fields | None:
    """Return a struct's fields; None for what is no struct, or not known."""
    # All groups borrow types from core and meta, so these are looked at last.
    for package in (_PACKAGES.get(group), "core", "meta"):
        if package and struct in _schema(package):
            return _schema(package)[struct]
    return None


def _words(struct: str, field: str) -> str:
    """Return what is said of a field, or of a struct (no field); empty when nothing is."""
    own = _texts().get(struct, {}).get(field, "")
    return own or (_texts()["*"].get(field, "") if field else "")


def _bare(type_: str) -> str:
    """Return the struct that a field's type leads to: the elements of a list, of a map."""
    return type_.rstrip("!").removeprefix("[]").removeprefix("map[string]").lstrip("*")


def shown_type(group: str, type_: str) -> str:
    """Return a field's type as documents have it.

    >>> [shown_type("", each) for each in ("*int32", "[]string/IPFamily", "ServiceSpec!")]
    ['integer', '[]string', 'ServiceSpec']
    """
    plain = type_.rstrip("!").lstrip("*")
    for prefix in ("[]", "map[string]"):
        if plain.startswith(prefix):
            return prefix + shown_type(group, plain.removeprefix(prefix))
    if plain == "ResourceList":
        return "map[string]Quantity"
    plain = plain.partition("/")[0]
    return "string" if plain in _TEXTS else _TYPES.get(plain, plain)


def _choices(type_: str) -> list[str]:
    """Return the values that a field may have, one to a line."""
    values = _CHOICES.get(type_.rstrip("!").partition("/")[2], ())
    return ["ENUM:", *(f"    {value}" for value in values)] if values else []


def _wrapped(text: str, indent: int) -> list[str]:
    """Return text in lines that are set in; long words are not cut."""
    blanks = " " * indent
    lines: list[str] = []
    for line in text.split("\n"):
        lines += textwrap.wrap(
            line,
            _WIDTH,
            initial_indent=blanks,
            subsequent_indent=blanks,
            break_long_words=False,
            # Go's wrapping parts lines at blanks only.
            break_on_hyphens=False,
        )
    return lines


def _listed(group: str, struct: str, fields: Fields, *, recursive: bool) -> Iterator[str]:
    """Yield the fields of a struct with what is said of them."""
    if recursive:
        yield from _tree(group, fields, 1, (struct,))
        return
    for name, type_ in sorted(fields.items()):
        yield from _field(group, name, type_, 1)
        yield from _wrapped(_words(struct, name) or "<no description>", 4)
        yield ""


def _field(group: str, name: str, type_: str, level: int) -> Iterator[str]:
    """Yield a field's name, type and first values.

    `level` counts from 1, each two blanks.
    """
    indent = "  " * level
    required = " -required-" if type_.endswith("!") else ""
    yield f"{indent}{name}\t<{shown_type(group, type_)}>{required}"
    values = _CHOICES.get(type_.rstrip("!").partition("/")[2], ())
    if values:
        more = ", ...." if len(values) > _SHOWN_CHOICES else ""
        yield f"{indent}enum: {', '.join(values[:_SHOWN_CHOICES])}{more}"


def _tree(group: str, fields: Fields, level: int, above: tuple[str, ...]) -> Iterator[str]:
    """Yield fields with all the fields in them; a struct within itself is not gone into.

    `above` are the structs that lead here, outermost first.
    """
    for name, type_ in sorted(fields.items()):
        yield from _field(group, name, type_, level)
        struct = _bare(type_)
        inner = _fields(group, struct)
        # JSONSchemaProps and the like contain themselves.
        if inner and struct not in above:
            yield from _tree(group, inner, level + 1, (*above, struct))
