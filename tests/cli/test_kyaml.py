"""KYAML: the expected text is kubectl 1.36's."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from svcnet.api.manifest import read_one
from svcnet.cli.printers.kyaml import is_ambiguous, to_kyaml

RECORDED = """\
---
{
  kind: "Service",
  apiVersion: "v1",
  metadata: {
    name: "d",
  },
  spec: {
    ports: [{
      name: "80",
      port: 80,
    }, {
      port: 443,
    }],
    clusterIPs: [
      "10.96.0.1",
    ],
  },
  status: {
    loadBalancer: {},
  },
}
"""
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(alphabet='ab \n\t"\\é:'),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(alphabet="abno 01.-/", max_size=4), inner, max_size=3)
    ),
    max_leaves=10,
)


def test_braces_stand_as_kubectl_puts_them() -> None:
    document = {
        "kind": "Service",
        "apiVersion": "v1",
        "metadata": {"name": "d"},
        "spec": {
            "ports": [{"name": "80", "port": 80}, {"port": 443}],
            "clusterIPs": ["10.96.0.1"],
        },
        "status": {"loadBalancer": {}},
    }

    assert to_kyaml(document) == RECORDED


def test_lines_are_folded() -> None:
    assert (
        to_kyaml({"a": "x\n  y\n"}) == '---\n{\n  a: "\\\n     x\\n\\\n    \\  y\\n\\\n    ",\n}\n'
    )


def test_only_text_that_looks_like_something_else_is_quoted_as_a_key() -> None:
    document = {"on": 1, "app": 1, "a.b/c-d": 1, "1": 1, "": 1, "-x": 1, "a b": 1, "null": 1}

    keys = [line.split(":")[0].strip() for line in to_kyaml(document).splitlines()[2:-1]]
    assert keys == ['"on"', "app", "a.b/c-d", '"1"', '""', '"-x"', '"a b"', '"null"']


def test_words_that_a_yaml_reader_might_take_for_something_else() -> None:
    assert all(map(is_ambiguous, ("y", "OFF", "~", ".NaN", "1_0", "-0x1F", "1e-3", "2001-1-1")))
    assert not any(map(is_ambiguous, ("yy", "web", "v1", "1.2.3", "a:1")))


@given(st.dictionaries(st.text(alphabet="abno 01.-/", max_size=4), values, max_size=4))
def test_it_is_yaml(document: dict[str, Any]) -> None:
    assert read_one(to_kyaml(document)) == document
