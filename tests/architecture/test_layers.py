"""Data flows one way, from the command line down to the objects."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

import svcnet

ROOT = Path(svcnet.__file__).parent

LAYERS = (
    "cli",
    "control proxy",
    "store netfilter",
    "snapshot",
    "api",
    "errors",
    "lean_namedtuple scratch",
)
RANK = {name: rank for rank, layer in enumerate(LAYERS) for name in layer.split()}

ONLY_IN = {
    "sqlalchemy": ("store/",),
    "sqlite3": ("store/",),
    "typer": ("cli/",),
    "rich": ("cli/",),
    "yaml": ("api/lean_yaml.py",),
    "click": (),
}
"""Where a library may be imported."""


class Contract(NamedTuple):
    """What some modules may know of their neighbours in the same layer."""

    inside: str
    """The layer, as a dotted prefix."""
    packages: dict[str, tuple[str, ...]]
    """For each package, or module, in it: which others of the layer it may import."""


CONTRACTS = (
    Contract(
        "svcnet.control",
        {
            "objects": (),
            "controllers": ("objects",),
            "scheduler": ("objects",),
            "kubelet": ("objects",),
            "apiserver": ("objects",),
            # Where the components meet.
            "pod_startup": ("kubelet", "objects", "scheduler"),
            "manager": ("apiserver", "objects"),
            "bootstrap": ("apiserver", "controllers", "kubelet", "manager", "objects"),
            "dump": ("apiserver", "bootstrap", "controllers", "objects"),
        },
    ),
    Contract(
        "svcnet.cli",
        {
            "flags": (),
            "templates": (),
            "command": ("flags", "printers"),
            "printers": ("command", "flags", "templates"),
            "describe": ("printers", "templates"),
            "resource": ("command", "flags", "printers"),
            "commands": ("command", "describe", "flags", "printers", "resource", "templates"),
            "app": ("command", "commands", "flags"),
            "streams": (),
            "process": ("app", "streams"),
        },
    ),
)


class Import(NamedTuple):
    """A module that another one imports, lazily or not, for types or not."""

    name: str
    line: int


def module_of(path: Path) -> str:
    parts = ("svcnet", *path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(part for part in parts if part != "__init__")


MODULES = {module_of(path): path for path in sorted(ROOT.rglob("*.py"))}


@cache
def imports(module: str) -> tuple[Import, ...]:
    """Return everything a module imports, `from package import module` as that module."""
    return tuple(_imports(MODULES[module]))


def _imports(path: Path) -> Iterator[Import]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module, f"{path}:{node.lineno} imports relatively"
            assert not node.level, f"{path}:{node.lineno} imports relatively"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield Import(whole if whole in MODULES else node.module, node.lineno)


def own(module: str) -> list[str]:
    """The modules of svcnet that one imports."""
    return [each.name for each in imports(module) if each.name.split(".")[0] == "svcnet"]


def part(module: str, depth: int) -> str:
    return (module.split(".") + [""] * depth)[depth]


def within(prefix: str) -> list[str]:
    """The modules at and below a dotted prefix; there must be some."""
    found = [each for each in MODULES if f"{each}.".startswith(f"{prefix}.")]
    assert found, f"nothing stands in {prefix}"
    return found


def test_all_modules_are_found() -> None:
    assert len(MODULES) > 200
    assert {"svcnet.snapshot", "svcnet.api", "svcnet.control.manager"} <= set(MODULES)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_what_is_below_it(module: str) -> None:
    here = part(module, 1)
    if here not in RANK:
        assert module in ("svcnet", "svcnet.__main__"), f"{module} stands in no layer"
        return
    upward = [
        name
        for name in own(module)
        if name != "svcnet" and part(name, 1) != here and RANK.get(part(name, 1), -1) <= RANK[here]
    ]
    assert not upward


@pytest.mark.parametrize("module", MODULES)
def test_a_library_stays_in_its_place(module: str) -> None:
    where = str(MODULES[module].relative_to(ROOT))
    strays = [
        each
        for each in imports(module)
        if part(each.name, 0) in ONLY_IN and not where.startswith(ONLY_IN[part(each.name, 0)])
    ]
    assert not strays


def test_there_is_no_circle_of_modules() -> None:
    """Lazy imports and those for types count: a circle is two subjects in each other's way."""
    assert circles({module: own(module) for module in MODULES}) == []


def test_circles_are_found() -> None:
    ring = {"a": ["b"], "b": ["c"], "c": ["a", "d"], "d": [], "e": ["a", "f"], "f": ["e"]}

    assert circles(ring) == [["a", "b", "c"], ["e", "f"]]


def circles(graph: dict[str, list[str]]) -> list[list[str]]:
    """Return the sets of modules that reach each other, sorted."""
    reach = {module: reachable(graph, module) for module in graph}
    found = {
        tuple(sorted(other for other in reach[module] if module in reach[other]))
        for module in graph
        if module in reach[module]
    }
    return sorted(map(list, found))


def reachable(graph: dict[str, list[str]], start: str) -> set[str]:
    """Return what is reached from a module by one import or more."""
    found: set[str] = set()
    waiting = [*graph[start]]
    while waiting:
        each = waiting.pop()
        if each in graph and each not in found:
            found.add(each)
            waiting += graph[each]
    return found


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda each: str(each.inside))
def test_neighbours_know_of_each_other_what_they_must(contract: Contract) -> None:
    depth = contract.inside.count(".") + 1
    known = contract.packages
    for module in within(contract.inside):
        here = part(module, depth)
        if not here:
            continue
        assert here in known, f"{module} is in a package that nobody has placed"
        strays = {
            name
            for name in own(module)
            if f"{name}.".startswith(f"{contract.inside}.")
            and part(name, depth) not in (here, *known[here])
        }
        assert not strays, module


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda each: str(each.inside))
def test_a_contract_names_what_there_is(contract: Contract) -> None:
    for package in contract.packages:
        within(f"{contract.inside}.{package}")


def test_packet_filters_have_never_heard_of_kubernetes() -> None:
    for module in within("svcnet.netfilter"):
        assert [each for each in own(module) if part(each, 1) != "netfilter"] == [], module


@pytest.mark.parametrize("package", ["controllers", "scheduler", "kubelet", "objects"])
def test_controllers_ask_for_changes_and_do_not_make_them(package: str) -> None:
    for module in within(f"svcnet.control.{package}"):
        assert [each for each in own(module) if part(each, 1) == "store"] == [], module


@pytest.mark.parametrize(
    "package", ["command", "describe", "flags", "printers", "resource", "templates"]
)
def test_what_commands_use_does_not_know_them(package: str) -> None:
    """The tree of verbs names each verb's module, so that a run imports one of them."""
    for module in within(f"svcnet.cli.{package}"):
        commands = [each for each in own(module) if each.startswith("svcnet.cli.commands")]
        assert commands == [], module


def test_packages_hold_nothing_but_their_docstring() -> None:
    packages = [path for path in MODULES.values() if path.name == "__init__.py"]
    assert packages
    for path in packages:
        tree = ast.parse(path.read_text())
        assert ast.get_docstring(tree), path
        # Where the world looks for a version, and where pyproject.toml reads it from.
        rest = ["__version__ = '0.1.0'"] if path.parent == ROOT else []
        assert [re.sub("'.*'", "'0.1.0'", ast.unparse(each)) for each in tree.body[1:]] == rest, (
            path
        )


def test_every_folder_is_a_package() -> None:
    for path in MODULES.values():
        assert (path.parent / "__init__.py").exists(), path
