"""Hashes are those of kube-proxy, however many are made at once."""

from __future__ import annotations

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcnet.proxy.hashes import short_hashes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("default/kubernetes:httpstcp", "NPX46M4PTMTKRN6Y"),
        ("kube-system/kube-dns:dnsudp", "TCOU7JCQXEZGVUNU"),
        ("default/uitcp", "SOW3564AC2KRNKTT"),
        ("default/uitcp10.244.1.2:8080", "DUWJOZMAJGYRLATK"),
        ("shop/cart:httptcp[fd00:10:244:1::2]:8080", "P4L6DENT5JXKUPK3"),
    ],
)
def test_hashes_are_those_seen_on_nodes(text: str, expected: str) -> None:
    assert short_hashes([text]) == [expected]


@given(st.lists(st.text(max_size=40), max_size=20))
def test_many_hashes_are_the_same_as_one_by_one(texts: list[str]) -> None:
    digests = [hashlib.sha256(text.encode("utf-8")).digest() for text in texts]

    assert short_hashes(texts) == [base64.b32encode(each).decode()[:16] for each in digests]
