"""Write the tables of `svcnet/api/data` anew from the facts that were read off Kubernetes.

Usage: write_api_data.py FACTS_DIR

FACTS_DIR holds `structs-1.36.json`, every struct by reflection over the compiled types;
`openapi-definitions-1.36.json`, what an API server publishes of them; and
`feature-gates-1.36.json`, every gate with its rows by version.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

VERSION = "1.36"
DATA = Path(__file__).parents[1] / "svcnet" / "api" / "data"

# Published by no API server: a file that a component reads.
CONFIGURATIONS = {
    ("kubeproxy.config.k8s.io/v1alpha1", "KubeProxyConfiguration"): (
        "k8s.io/kube-proxy/config/v1alpha1.KubeProxyConfiguration"
    )
}

# Structs that write themselves: what reflection shows of them is not what a document holds.
SELF_WRITTEN = re.compile(
    r"apis/meta/v1\.(Time|MicroTime|Duration|FieldsV1)|api/resource\.Quantity"
    r"|util/intstr\.IntOrString|runtime\.RawExtension"
    r"|.*apiextensions/v1\.JSON(SchemaPropsOr(Array|Bool|StringArray))?"
)

Facts = dict[str, Any]


def main(folder: Path) -> None:
    """Write both tables."""
    structs = _read(folder, "structs")
    definitions = {
        _struct_name(name): each for name, each in _read(folder, "openapi-definitions").items()
    }
    # The aggregator's types are compiled into another program than those that were read.
    structs["structs"] |= {
        name: [*_published(each)]
        for name, each in definitions.items()
        if name.startswith("k8s.io/kube-aggregator/")
    }
    DATA.mkdir(exist_ok=True)
    _write("structs", "\n\n".join(_blocks(structs, definitions)))
    _write("feature-gates", "\n".join(_gates(_read(folder, "feature-gates"))))


def _published(definition: Facts) -> Iterator[Facts]:
    """Yield the fields of a struct as OpenAPI tells of them, in the order of their names."""
    required = definition.get("required", ())
    for name, each in definition["properties"].items():
        # Where a struct may be missing, Go has a pointer to it, but for these of every object.
        inside = name in ("metadata", "spec", "status") or each.get("$ref", "").endswith(".Time")
        pointer = "*" if "$ref" in each and not inside else ""
        yield {
            "name": name,
            "go": "APIVersion" if name == "apiVersion" else name[:1].upper() + name[1:],
            "type": pointer + _published_type(each),
            "omitempty": name not in required,
            "patchStrategy": each.get("x-kubernetes-patch-strategy", ""),
            "patchMergeKey": each.get("x-kubernetes-patch-merge-key", ""),
        }


def _published_type(schema: Facts) -> str:
    """Return the Go type of what OpenAPI describes.

    >>> _published_type({"type": "array", "items": {"type": "integer", "format": "int32"}})
    '[]int32'
    """
    if "$ref" in schema:
        return _struct_name(schema["$ref"].removeprefix("#/definitions/"))
    if schema["type"] == "array":
        return f"[]{_published_type(schema['items'])}"
    if schema.get("format") == "byte":
        return "[]uint8"
    return {"integer": schema.get("format", ""), "boolean": "bool"}.get(
        schema["type"], schema["type"]
    )


def _read(folder: Path, what: str) -> Facts:
    found: Facts = json.loads((folder / f"{what}-{VERSION}.json").read_text("utf-8"))
    return found


def _write(what: str, text: str) -> None:
    (DATA / f"{what}-{VERSION}.txt").write_text(f"{text}\n", "utf-8")


def _struct_name(definition: str) -> str:
    """Return what reflection calls a definition.

    >>> _struct_name("io.k8s.apimachinery.pkg.apis.meta.v1.Time")
    'apis/meta/v1.Time'
    """
    path, _, name = definition.rpartition(".")
    for prefix, package in (
        ("io.k8s.api.", ""),
        ("io.k8s.apimachinery.pkg.", ""),
        ("io.k8s.apiextensions-apiserver.", "k8s.io/apiextensions-apiserver/"),
        ("io.k8s.kube-aggregator.", "k8s.io/kube-aggregator/"),
    ):
        if path.startswith(prefix):
            return f"{package}{path.removeprefix(prefix).replace('.', '/')}.{name}"
    return definition


def _blocks(structs: Facts, definitions: Facts) -> Iterator[str]:
    """Yield the table's blocks: the kinds, then each struct that one of them holds."""
    kinds = {**_served(structs["structs"], definitions), **CONFIGURATIONS}
    by_version: dict[tuple[str, str], list[str]] = {}
    for (api_version, kind), struct in sorted(kinds.items()):
        package, _, name = struct.rpartition(".")
        assert kind == name, f"{kind} is {struct}"
        by_version.setdefault((api_version, _short(package)), []).append(kind)
    yield "\n".join(
        ("kinds", *(" ".join((*key, *names)) for key, names in sorted(by_version.items())))
    )
    reached = _reached(structs["structs"], kinds.values())
    assert len({_short(each) for each in reached}) == len(reached)
    for name in sorted(reached, key=_short):
        definition = definitions.get(name, {})
        head = _short(name) + _attributes(
            mapType=definition.get("x-kubernetes-map-type", ""),
            embeds=",".join(
                f"{each['go']}:{_short(each['type'])}"
                for each in structs["structs"][name]
                if each.get("inline")
            ),
        )
        fields = _flat(structs["structs"], name)
        yield "\n".join((head, *(_field(each, definition) for each in fields)))


def _served(structs: Facts, definitions: Facts) -> dict[tuple[str, str], str]:
    """Return the struct of every kind that an API server publishes, by (apiVersion, kind)."""
    return {
        (f"{each['group']}/{each['version']}".removeprefix("/"), each["kind"]): name
        for name, definition in definitions.items()
        for each in definition.get("x-kubernetes-group-version-kind", ())
        # Options and the events of watches are published under every version, and lists for
        # every kind; they are no objects.
        if name in structs
        and not name.startswith("apis/meta/v1.")
        and not (name.endswith("List") and name.removesuffix("List") in structs)
    }


def _reached(structs: Facts, roots: Iterable[str]) -> set[str]:
    """Return the structs in what `roots` hold, and the roots."""
    found: set[str] = set()
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name in found or name not in structs or SELF_WRITTEN.fullmatch(name):
            continue
        found.add(name)
        waiting += [_element(each["type"]) for each in structs[name]]
    return found


def _element(go_type: str) -> str:
    """Return the type at the bottom of pointers, lists and maps."""
    return re.sub(r"^(\*|\[\]|map\[[^]]*\])+", "", go_type)


def _flat(structs: Facts, name: str) -> Iterator[Facts]:
    """Yield a struct's fields as JSON has them: those of inlined structs among its own."""
    for each in structs[name]:
        if each.get("inline"):
            yield from _flat(structs, each["type"].lstrip("*"))
        else:
            yield each


def _field(field: Facts, definition: Facts) -> str:
    """Return the line of one field: its name and type, then what is not the rule."""
    name = field["name"]
    published = definition.get("properties", {}).get(name, {})
    go_name = "" if field["go"] == name[:1].upper() + name[1:] else field["go"]
    list_type = published.get("x-kubernetes-list-type", "")
    flags = [
        flag
        for flag, holds in (
            ("omitempty", field.get("omitempty")),
            ("required", name in definition.get("required", ())),
        )
        if holds
    ]
    return " ".join((name, _short(field["type"]).replace(" ", ""), *flags)) + _attributes(
        go=go_name,
        patchStrategy=field.get("patchStrategy", ""),
        patchMergeKey=field.get("patchMergeKey", ""),
        # To server-side apply every list is atomic that does not say otherwise.
        listType="" if list_type == "atomic" else list_type,
        listMapKeys=",".join(published.get("x-kubernetes-list-map-keys", ())),
        mapType=published.get("x-kubernetes-map-type", ""),
        enum=",".join(published.get("enum", ())),
    )


def _attributes(**given: str) -> str:
    return "".join(f" {name}={value}" for name, value in given.items() if value)


def _short(go_type: str) -> str:
    """Return a type with at most the last two parts of its package's path, which tell it apart.

    >>> _short("map[string]*apis/meta/v1.Time"), _short("util/intstr.IntOrString")
    ('map[string]*meta/v1.Time', 'util/intstr.IntOrString')
    """
    return re.sub(r"(?:[\w.\-]+/)+(?=[\w.\-]+/\w)", "", go_type)


def _gates(gates: Facts) -> Iterator[str]:
    """Yield one line a gate: what it is from each version on."""
    for name, rows in sorted(gates.items()):
        yield " ".join(
            (
                name,
                *(
                    f"{row['version']}={str(row['default']).lower()},{row['stage']}"
                    + (",locked" if row.get("locked") else "")
                    for row in rows
                ),
            )
        )


if __name__ == "__main__":
    if len(sys.argv) != 2:  # noqa: PLR2004 - the script and its one argument
        sys.exit("usage: write_api_data.py FACTS_DIR")
    main(Path(sys.argv[1]))
