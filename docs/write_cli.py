"""Write docs/cli.md anew from the application."""  # noqa: INP001 - a script, not a package

from pathlib import Path

from svcnet.cli.command.help_markdown import markdown

Path(__file__).with_name("cli.md").write_text(markdown(), encoding="utf-8")
