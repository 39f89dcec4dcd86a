"""Stub to be replaced."""

from __future__ import annotations
import typer
from svcnet.cli.options import *
from svcnet.cli.session import session


def get(
    ctx: typer.Context,
    words: Words = None,
    *,
    output: Output = "",
    template: Template = "",
    filenames: Filenames = None,
    recursive: Recursive = False,
    selector: Selector = "",
    all_namespaces: AllNamespaces = False,
) -> None:
    """Display one or many resources."""
    s = session(ctx)
    s.say(repr((s, words, output, filenames, all_namespaces)))
