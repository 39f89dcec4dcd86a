"""svcnet(1), the manual page, made from the application: docs/svcnet.1.

Source of the form: man(7); section names and their order are those of man-pages(7).
"""

from __future__ import annotations

from collections.abc import Iterator

from svcnet.cli.command import help as help_text
from svcnet.cli.command import tree
from svcnet.cli.command.manual import manuals
from svcnet.cli.flags import pflag
from svcnet.cli.flags.about import ABOUT

_DESCRIPTION = (
    "svcnet is a kubectl-like command line with a local database behind it. It keeps nodes, "
    "workloads and Services, gives Services their addresses and node ports, makes their "
    "EndpointSlices, and prints the rules that the kube-proxy of each node would hold, as "
    "iptables-save(8) or nft(8) would print them there. It needs no cluster, no root and no "
    "daemon.",
    "Verbs and their flags are those of kubectl(1); `svcnet VERB --help` tells the flags of one, "
    "`svcnet docs` lists pages to read.",
)

_ENVIRONMENT = (
    ("SVCNET_DB", "Where the state is kept, unless --db says so: a path or a database URL."),
    (
        "SOURCE_DATE_EPOCH",
        "The moment that counts as now, in seconds since 1970: with it, the same commands give "
        "the same bytes, creation times included.",
    ),
    ("KUBE_EDITOR, EDITOR", "What edit starts; vi without them."),
    ("KUBECTL_EXTERNAL_DIFF", "What diff compares with; diff -u -N without it."),
    ("NO_COLOR", "When set to anything, help on a terminal is not coloured."),
)

_EXIT_STATUS = (
    ("0", "All went well; for diff, nothing differs; for wait, the condition holds."),
    ("1", "Something failed, or differs, or was refused; standard error tells what."),
    ("2", "diff: it could not compare."),
    ("130", "It was interrupted: the process died of SIGINT."),
    ("141", "Its reader went away: the process died of SIGPIPE."),
)


def man_page() -> str:
    """Return the whole page, in the troff macros of man(7)."""
    return "\n".join((
        '.\\" Written by `make docs` from the application; change the application instead.',
        '.TH SVCNET 1 "" "svcnet" "User Commands"',
        # Left, unhyphenated: what is typed must not be broken or spread over the line.
        ".ad l",
        ".nh",
        ".SH NAME",
        "svcnet \\- see what Kubernetes Services really do, without a cluster",
        ".SH SYNOPSIS",
        ".B svcnet",
        ".I VERB",
        "[\\fIWORDS\\fR] [\\fIFLAGS\\fR]",
        ".SH DESCRIPTION",
        *_paragraphs(_DESCRIPTION),
        ".SH COMMANDS",
        *_commands(),
        ".SH OPTIONS",
        "Every verb takes these, before it or after it; others of kubectl's global flags are "
        "accepted and have no effect.",
        *_tagged((flag.shown, ABOUT[flag.name].replace("`", "") + ".") for flag in _flags()),
        ".SH ENVIRONMENT",
        *_tagged(_ENVIRONMENT),
        ".SH EXIT STATUS",
        *_tagged(_EXIT_STATUS),
        ".SH EXAMPLES",
        ".nf",
        *(_escaped(f"svcnet {line}") for line in help_text.TRY_NEXT),
        ".fi",
        ".SH SEE ALSO",
        ".BR kubectl (1),",
        ".BR iptables-save (8),",
        ".BR nft (8)",
        "",
    ))  # fmt: skip


def _flags() -> list[pflag.Flag]:
    """Return the global flags that have an effect, by name."""
    return sorted(flag for flag in pflag.GLOBAL if flag.name in ABOUT)


def _commands() -> Iterator[str]:
    """Yield every verb that runs, under the titles of the overview."""
    for section in tree.SECTIONS:
        yield f".SS {_escaped(section.title.rstrip(':'))}"
        for verb in section.verbs:
            yield from _tagged(_usages(verb))


def _usages(verb: tree.Verb) -> Iterator[tuple[str, str]]:
    """Yield how a verb and those below it are used, and what each is for."""
    if verb.runs:
        yield f"{verb.path} {manuals()[verb.path].usage}".rstrip(), f"{verb.summary}."
    for below in tree.children(verb.path):
        yield from _usages(below)


def _tagged(rows: Iterator[tuple[str, str]] | tuple[tuple[str, str], ...]) -> Iterator[str]:
    """Yield paragraphs with a tag before each."""
    for tag, about in rows:
        yield from (".TP", f"\\fB{_escaped(tag)}\\fR", _escaped(f"{about[0].upper()}{about[1:]}"))


def _paragraphs(texts: tuple[str, ...]) -> Iterator[str]:
    for text in texts:
        yield from (".PP", _escaped(text))


def _escaped(text: str) -> str:
    """Return text as troff takes it: a hyphen that is typed is no dash, no line is a request.

    A line may be broken after ``|``, where kubectl's usage lines are longer than a terminal.
    """
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("`", "")
    escaped = escaped.replace("|", "|\\:")
    return "\\&" + escaped if escaped.startswith((".", "'")) else escaped
