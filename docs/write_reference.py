"""Write docs/cli.md and docs/svcnet.1 anew from the application."""

from pathlib import Path

from svcnet.cli.command.help_man import man_page
from svcnet.cli.command.help_markdown import markdown

Path(__file__).with_name("cli.md").write_text(markdown(), encoding="utf-8")
Path(__file__).with_name("svcnet.1").write_text(man_page(), encoding="utf-8")
