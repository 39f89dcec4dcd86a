"""Network namespaces of a test's own, for which no privileges are needed."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from svcnet.proxy.iptables import INVALID_COUNTER
from svcnet.proxy.iptables_ports import LOCALHOST_COUNTER

SEARCHED = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"
"""Where the tools are: a plain user's PATH leaves out the folders they are installed to."""

TOOLS = ("unshare", "iptables-restore", "ip6tables-restore", "nft", "nfacct")

COUNTERS = f"nfacct add {INVALID_COUNTER}\nnfacct add {LOCALHOST_COUNTER}\n"
"""A script that makes the objects that rules of kube-proxy count with."""


def in_namespace(script: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["unshare", "--net", "--map-root-user", "sh", "-e"],
        input=script,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PATH": SEARCHED},
    )


def why_not() -> str:
    """Return why nothing can be loaded here; empty: it can."""
    missing = [tool for tool in TOOLS if not shutil.which(tool, path=SEARCHED)]
    if missing:
        return f"not installed here: {', '.join(missing)}"
    tried = in_namespace(f"{COUNTERS}iptables-save\nnft list ruleset\n")
    return f"no network namespaces here: {tried.stderr.strip()}" if tried.returncode else ""


REASON = why_not()

NEEDS_KERNEL = [pytest.mark.kernel, pytest.mark.skipif(bool(REASON), reason=REASON)]
