"""Two honest runs of one scenario differ in what is drawn or of the moment; this maps it away.

Uids, times, ages, generated names, allocated addresses and ports, and where the scheduler put a
pod become placeholders, numbered in order of appearance; everything else must be equal, the layout
of tables included.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

SAFE = "bcdfghjklmnpqrstvwxz2456789"
"""The alphabet of generated names."""

AGE = re.compile(r"^(?:\d+[ywdhms])+$|^<invalid>$|^<unknown>$")

MOMENTS = (
    (r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "<uid>"),
    (r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z", "<time>"),
    (
        r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}",
        "<time>",
    ),
    (r"(\"?resourceVersion\"?: ?)\"?\d+\"?", r"\1<rv>"),
    (rf"\b((?:[a-z0-9]+-)+?)[{SAFE}]{{6,10}}-[{SAFE}]{{5}}\b", r"\1<hash>-<rand>"),
)
HASHES = (
    (
        rf"((?:pod-template|controller-revision)-hash(?:=|\"?: ?\"?)(?:[a-z0-9]+-)*)"
        rf"[{SAFE}0-9a-f]{{6,10}}",
        r"\1<hash>",
    ),
    (rf"\b((?:[a-z0-9]+-)+)[{SAFE}]{{8,10}}\b", r"\1<hash>"),
    (
        rf"((?:replicaset(?:\.apps)?[/ ]\"?|ReplicaSet/|replica set )(?:[a-z0-9]+-)+?)"
        rf"[{SAFE}]{{6,10}}\b",
        r"\1<hash>",
    ),
)


class Normaliser:
    """Maps what may differ between two honest runs of one scenario to placeholders."""

    def __init__(self, scenario: Mapping[str, Any]) -> None:
        cluster = scenario.get("cluster", {})
        self._pods = cluster.get("podPrefixes", [r"10\.244\.\d+\.", r"fd00:10:244:[0-9a-f]*:?"])
        self._services = cluster.get(
            "servicePrefixes", [r"10\.(?:9[6-9]|10\d|11[01])\.\d+\.", r"fd00:10:96::"]
        )
        self._keep = set(map(str, scenario.get("keep", [])))
        self._seen: dict[str, dict[str, int]] = {}
        # A name that the scenario itself gives is not a generated one ("web-https").
        texts = [step.get("run", "") for step in scenario["steps"]]
        self._given = "\n".join([*texts, *(scenario.get("files") or {}).values()])

    def text(self, text: str) -> str:
        """Return `text` with placeholders for what may differ."""
        for pattern, placeholder in MOMENTS:
            text = re.sub(pattern, placeholder, text)
        text = re.sub(rf"\b([a-z0-9][a-z0-9-]*)-[{SAFE}]{{5}}\b", self._generated, text)
        for pattern, placeholder in HASHES:
            text = re.sub(pattern, placeholder, text)
        for prefix in self._services:
            before, tail = _edges(prefix)
            text = re.sub(rf"{before}{prefix}{tail}(?![\d.]*/)\b", self._service_ip, text)
        for prefix in self._pods:
            before, tail = _edges(prefix)
            text = re.sub(rf"{before}{prefix}{tail}(?!/)\b", self._pod_ip, text)
        return re.sub(r"\b(3[0-2]\d{3})\b", lambda found: self._number("nodeport", found[1]), text)

    def _generated(self, found: re.Match[str]) -> str:
        return found[0] if found[0] in self._given else f"{found[1]}-<rand>"

    def _service_ip(self, found: re.Match[str]) -> str:
        return self._number("ip", found[0])

    def _pod_ip(self, found: re.Match[str]) -> str:
        return found[0] if found[0] in self._keep else "<podip>"

    def _number(self, what: str, value: str) -> str:
        if value in self._keep:
            return value
        table = self._seen.setdefault(what, {})
        return f"<{what}:{table.setdefault(value, len(table) + 1)}>"


def _edges(prefix: str) -> tuple[str, str]:
    if r"\." in prefix:
        return r"(?<![\d.])", r"\d+"
    return r"(?<![\d.:a-f])", r"[0-9a-f:]+"


def cells(line: str) -> list[str]:
    return re.split(r"(?: {2,})", line.rstrip())


def is_table(line: str) -> bool:
    return bool(re.match(r"^(NAME|NAMESPACE|LAST SEEN|TYPE|KIND)(?: {2,}|$)", line))


def blocks(raw: str) -> Iterator[list[str]]:
    """Yield runs of lines that a blank line, or the header of a table, sets apart."""
    block: list[str] = []
    for line in raw.splitlines():
        if block and (not line.strip() or is_table(line)):
            yield block
            block = []
        if line.strip():
            block.append(line)
        else:
            yield []
    if block:
        yield block


def misaligned(raw: str) -> list[str]:
    """Return the table rows of `raw` that are not padded as kubectl pads them."""
    faults = []
    for block in blocks(raw):
        rows = [cells(line) for line in block]
        if not block or not is_table(block[0]) or len({len(row) for row in rows}) > 1:
            continue
        widths = [max(map(len, column)) + 3 for column in zip(*rows, strict=True)]
        for line, row in zip(block, rows, strict=True):
            laid = "".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            if line.rstrip() != laid.rstrip():
                faults.append(line)
    return faults


def canonical(raw: str, normaliser: Normaliser) -> list[str]:
    """Return the comparable form of one output."""
    lines: list[str] = []
    for block in blocks(_as_data(raw)):
        if not block:
            lines.append("")
        elif is_table(block[0]):
            lines += _table(block, normaliser)
        else:
            lines += (_line(each, normaliser) for each in block)
    return lines + ["<no newline at the end>"] * (raw[-1:] not in ("", "\n"))


def _table(block: list[str], normaliser: Normaliser) -> Iterator[str]:
    head = cells(normaliser.text(block[0]))
    yield " | ".join(head)
    for line in block[1:]:
        row = ["<age>" if AGE.match(cell) else cell for cell in cells(normaliser.text(line))]
        if "NODE" in head and len(row) == len(head) and row[head.index("NODE")] != "<none>":
            row[head.index("NODE")] = "<node>"
        yield " | ".join(row)


def _line(line: str, normaliser: Normaliser) -> str:
    text = normaliser.text(line)
    text = re.sub(r"^(\s*Age:\s+).*", r"\1<age>", text)
    text = re.sub(r"(?<=\S {2})( *)(?:\d+[ywdhms])+(?= {2}|$)", r"\1<age>", text)
    text = re.sub(r"^([IWEF])\d{4} \d\d:\d\d:\d\d\.\d{6} +\d+ ", r"\1<klog> ", text)
    text = re.sub(r"(nodeName\"?: ?\"?)[\w.-]+", r"\1<node>", text)
    text = re.sub(r"^(Node:\s+)\S+", r"\1<node>", text)
    if re.match(r"Endpoints:.*\[<podip>\]", text):
        # A Service of two families has a slice for each; they are listed by their drawn names,
        # so which family comes first is drawn too, and what is cut off with it.
        text = re.sub(r"\[<podip>\]", "<podip>", text)
    return re.sub(r"(?<=\S) {2,}", "  ", text)


def _as_data(raw: str) -> str:
    """Return JSON with its keys sorted and a note of its layout; other text as it is."""
    try:
        value = json.loads(raw) if raw.lstrip()[:1] in ("{", "[") else None
    except ValueError:
        value = None
    if value is None:
        return raw
    indent = re.search(r"\n( *)\S", raw)
    layout = f"(in {len(raw.splitlines())} lines, indented by {len(indent[1]) if indent else 0})"
    return f"{json.dumps(value, indent=1, sort_keys=True)}\n{layout}\n"
