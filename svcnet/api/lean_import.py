"""Importing libraries without what svcnet never asks of them.

A small write takes 70 ms, and a library that is imported whole may take a third of that: it
compiles patterns for functions that nobody calls, or imports packages that it has no use for.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any


@contextmanager
def without(name: str) -> Iterator[None]:
    """Let a module be missing for a while, unless it was imported before."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]  # Python's own way to say so
    try:
        yield
    finally:
        del sys.modules[name]


@contextmanager
def without_part(package: str, part: str) -> Iterator[None]:
    """Let a package take an empty module for a part of it.

    Who imports that part later gets it whole; other parts of the package that use it do not.
    """
    name = f"{package}.{part}"
    if package in sys.modules:
        yield
        return
    sys.modules[name] = ModuleType(name)
    try:
        yield
        delattr(sys.modules[package], part)
    finally:
        del sys.modules[name]


@contextmanager
def patterns_when_used() -> Iterator[None]:
    """Let modules that are imported meanwhile compile their patterns when they use them."""
    compile_now = re.compile
    re.compile = _Pattern  # type: ignore[assignment]
    try:
        yield
    finally:
        re.compile = compile_now


class _Pattern:
    """Stands for a compiled pattern, and becomes one when something is asked of it."""

    def __init__(self, *given: Any) -> None:
        self._given = given

    def __getattr__(self, name: str) -> Any:
        return getattr(re.compile(*self._given), name)  # `re` keeps what it has compiled
