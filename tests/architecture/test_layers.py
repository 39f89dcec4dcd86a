"""Data flows one way, from the command line down to the objects."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import svcnet

ROOT = Path(svcnet.__file__).parent

LAYERS = ("cli", "control proxy", "store netfilter", "snapshot", "api", "errors")
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

PURE_CONTROL = ("workloads/", "placement/", "endpoints/", "allocation", "garbage", "loadbalancers")
"""Controllers and allocation ask for changes; they do not make them."""

MODULES = sorted(ROOT.rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    """Yield the dotted name of everything a module imports, lazily or not."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            if node.module == "svcnet":
                yield from (f"svcnet.{alias.name}" for alias in node.names)


def layer_of(module: str) -> str:
    return module.split(".")[1] if module.count(".") else ""


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_only_what_is_below_it(path: Path) -> None:
    here = path.relative_to(ROOT).with_suffix("").parts[0]
    if here not in RANK:
        assert here in ("__init__", "__main__"), f"{path} stands in no layer"
        return
    upward = [
        name
        for name in imports(path)
        if name.startswith("svcnet.")
        and layer_of(name) != here
        and RANK[layer_of(name)] <= RANK[here]
    ]
    assert not upward


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_library_stays_in_its_place(path: Path) -> None:
    where = str(path.relative_to(ROOT))
    strays = [
        name
        for name in imports(path)
        if name.split(".")[0] in ONLY_IN and not where.startswith(ONLY_IN[name.split(".")[0]])
    ]
    assert not strays


@pytest.mark.parametrize("path", sorted((ROOT / "netfilter").glob("*.py")), ids=lambda p: p.name)
def test_packet_filters_have_never_heard_of_kubernetes(path: Path) -> None:
    foreign = [
        name
        for name in imports(path)
        if name.startswith("svcnet") and not name.startswith("svcnet.netfilter")
    ]
    assert not foreign


@pytest.mark.parametrize("path", sorted((ROOT / "control").rglob("*.py")), ids=lambda p: p.stem)
def test_controllers_ask_for_changes_and_do_not_make_them(path: Path) -> None:
    if str(path.relative_to(ROOT / "control")).startswith(PURE_CONTROL):
        assert not [name for name in imports(path) if name.startswith("svcnet.store")]


def test_packages_hold_nothing_but_their_docstring() -> None:
    for path in ROOT.rglob("__init__.py"):
        body = ast.parse(path.read_text()).body
        assert len(body) == 1, path
        assert ast.get_docstring(ast.parse(path.read_text())), path
