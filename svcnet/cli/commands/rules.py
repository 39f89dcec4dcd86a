"""Verbs that show what the network does: `rules`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated, TypeVar

from svcnet.api.kubeproxy import KubeProxyConfiguration
from svcnet.api.release import REFERENCE
from svcnet.cli.command.session import Session
from svcnet.cli.commands import rules_input
from svcnet.cli.flags.declarations import option
from svcnet.cli.flags.shared import Filenames, Recursive
from svcnet.cli.printers.tabwriter import aligned
from svcnet.errors import SvcnetError, UsageError
from svcnet.netfilter import document
from svcnet.netfilter.model import Family
from svcnet.proxy.node import Mode
from svcnet.proxy.rulesets import SUFFIXES, Rulesets, Summary, summary
from svcnet.proxy.watched import Watched

_PIECES = 20_000
"""How many pieces of text are written at once: a few megabytes."""

E = TypeVar("E", Mode, Family)

SUMMARY_COLUMNS = (
    "MODE", "FAMILY", "CHAINS", "RULES", "ELEMENTS", "SERVICES", "ENDPOINTS", "LARGE",
)  # fmt: skip


def rules(
    session: Session,
    *,
    node: Annotated[str, option("--node", help="Whose rules to print.")] = "",
    filenames: Filenames = None,
    recursive: Recursive = False,
    proxy_mode: Annotated[
        str, option("--proxy-mode", help="How kube-proxy works: iptables or nftables.")
    ] = "",
    ip_family: Annotated[
        str, option("--ip-family", help="Which of both rule sets: ipv4 or ipv6.")
    ] = "",
    config: Annotated[
        str,
        option(
            "--config",
            help="A KubeProxyConfiguration, whole or in part, or the ConfigMap that holds it; - "
            "for stdin.",
        ),
    ] = "",
    show_summary: Annotated[
        bool, option("--summary", help="Print how large the rules are, not the rules.")
    ] = False,
    output: Annotated[
        str, option("--output", "-o", help="json: the rules as values, for tools.")
    ] = "",
    all_nodes: Annotated[
        bool, option("--all-nodes", help="Write a file for each node of the cluster.")
    ] = False,
    output_dir: Annotated[
        str, option("--output-dir", help="Where --all-nodes writes its files.")
    ] = "",
) -> None:
    """Print the rules that kube-proxy leaves on a node.

    They are what iptables-save, ip6tables-save or `nft -s list table ip kube-proxy` print there.
    Objects come from the stored cluster, or with -f from files in their place; nothing is stored.
    So does what kube-proxy is told: the ConfigMap kube-system/kube-proxy, as kubeadm writes it,
    and --config over it. What files lack is told on standard error.
    """
    _check_flags(session, node, output, output_dir, all_nodes=all_nodes, summed=show_summary)
    source = rules_input.chosen(session, filenames, config, recursive=recursive)
    if source is None:
        return
    watched, given = source
    modes = _modes(proxy_mode, given, every=show_summary)
    # A summary compares, so it shows all that was not chosen; rules are printed for one of each.
    families = _chosen(
        "ip-family", ip_family, Family, (*Family,) if show_summary else (Family.IPV4,)
    )
    if show_summary:
        rulesets = [Rulesets(watched, given, mode, each) for mode in modes for each in families]
        _print_summary(session, [summary(each, node) for each in rulesets], output)
    elif all_nodes:
        _write_all(watched, given, modes[0], families[0], Path(output_dir))
    elif output:
        _print_values(session, Rulesets(watched, given, modes[0], families[0]), node)
    else:
        _print_rules(session, Rulesets(watched, given, modes[0], families[0]), node)


def _check_flags(
    session: Session, node: str, output: str, output_dir: str, *, all_nodes: bool, summed: bool
) -> None:
    """Compare flags with each other before anything is read.

    Raises:
        UsageError: two of them exclude each other, or one needs another.
    """
    if output not in ("", "json"):
        unable = f'unable to match a printer suitable for the output format "{output}"'
        raise session.usage(f"{unable}, allowed formats are: json")
    if all_nodes and node:
        raise session.usage("--node and --all-nodes exclude each other")
    if all_nodes and (summed or output):
        raise session.usage("--all-nodes writes rules: --summary and --output need --node")
    if all_nodes and not output_dir:
        raise session.usage("--all-nodes needs --output-dir")
    if output_dir and not all_nodes:
        raise session.usage("--output-dir needs --all-nodes")
    # In cobra's words for a required flag; `option` cannot say so, as --all-nodes frees of it.
    if not all_nodes and not node:
        raise UsageError('required flag(s) "node" not set')


def _modes(word: str, config: KubeProxyConfiguration, *, every: bool) -> tuple[Mode, ...]:
    """Return the modes that are asked for; what a flag says goes before what the file says."""
    if not word and config.mode == "ipvs":
        raise UsageError("svcnet shows the modes iptables and nftables: choose with --proxy-mode")
    # An empty mode means iptables on Linux (kubernetes cmd/kube-proxy/app/server_linux.go).
    default = (Mode(config.mode),) if config.mode else (Mode.IPTABLES,)
    return _chosen("proxy-mode", word, Mode, (*Mode,) if every else default)


def _chosen(flag: str, word: str, words: type[E], default: tuple[E, ...]) -> tuple[E, ...]:
    """Return the one that a flag names, or `default` without the flag.

    Raises:
        UsageError: in pflag's words.
    """
    if not word:
        return default
    try:
        return (words(word),)
    except ValueError:
        allowed = " or ".join(words)
        message = f'invalid argument "{word}" for "--{flag}" flag: must be {allowed}'
        raise UsageError(message) from None


def _print(session: Session, pieces: Iterator[str]) -> None:
    """Print text of any size, in pieces that are worth a write each."""
    while piece := "".join(islice(pieces, _PIECES)):
        session.print_result(piece, end="")


def _print_rules(session: Session, rulesets: Rulesets, node: str) -> None:
    """Print one node's rules in the format of iptables-save or nft, warnings first."""
    # Warned of and printed all the same: they are what kube-proxy would try to load.
    plan = rulesets.plan(node)
    for reason in rulesets.doubts(plan):
        session.warn(f"kube-proxy {REFERENCE} cannot load these rules: {reason}")
    _print(session, rulesets.rendered(plan))


def _print_values(session: Session, rulesets: Rulesets, node: str) -> None:
    plan = rulesets.plan(node)
    config = plan.node_config
    about = {"node": config.node, "mode": config.mode, "family": config.family}
    _print(session, document.render(rulesets.tables(plan), **about))


def _print_summary(session: Session, rows: Iterable[Summary], output: str) -> None:
    """Print a line, or a JSON object, for each mode and family."""
    if output == "json":
        session.print_result(json.dumps([each._asdict() for each in rows], indent=4))
        return
    cells = [
        SUMMARY_COLUMNS,
        *(map(str, (*each[:-1], "yes" if each.large else "no")) for each in rows),
    ]
    session.print_result(aligned("\n".join(map("\t".join, cells)), padding=3))


def _write_all(
    watched: Watched, config: KubeProxyConfiguration, mode: Mode, family: Family, directory: Path
) -> None:
    """Write a file for each node; the nodes share the work that is the same for all."""
    # Keeps the text of every chain there is; most of them stand in the files of all nodes.
    rulesets = Rulesets(watched, config, mode, family, many=True)
    names = [each.name for each in watched.nodes]
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for name in _with_progress(names):
            file = directory / f"{_file_name(name)}.{SUFFIXES[mode, family]}"
            # iptables-restore and nft want line feeds, wherever the files are written.
            with file.open("w", encoding="utf-8", newline="\n") as opened:
                opened.write("".join(rulesets.text(name)))
    except OSError as error:
        raise SvcnetError(f"{error.filename}: {(error.strerror or str(error)).lower()}") from None


def _file_name(node: str) -> str:
    # No such name is taken, but a state may have one from an earlier svcnet, which took all.
    if node in ("", ".", "..") or "/" in node or "\0" in node:
        raise SvcnetError(f'no file can be called after the node "{node}"')
    return node


def _with_progress(names: list[str]) -> Iterable[str]:
    """Return `names`, with a bar on a terminal that advances as they are taken."""
    if not sys.stderr.isatty():
        return names
    # Imported here: it costs more than most verbs take.
    from rich.console import Console
    from rich.progress import track

    return track(names, "Writing rules", console=Console(stderr=True), transient=True)
