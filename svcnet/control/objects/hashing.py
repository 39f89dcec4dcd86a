"""Hashes that end up in names: of pod templates, and of ports to put them in order.

Kubernetes feeds the text of a Go dump into FNV-1a.  For ports that text is short and the order it
gives shows in outputs, so it is followed to the letter; for templates any canonical text will do.
"""

from __future__ import annotations

import json

from svcnet.api.drawing import SUFFIX_ALPHABET
from svcnet.api.keys import Document

_OFFSET_32, _PRIME_32 = 0x811C9DC5, 0x01000193
_OFFSET_128 = 0x6C62272E07BB014262B821756295C58D
_PRIME_128 = 0x0000000001000000000000000000013B
_MASK_128 = (1 << 128) - 1


def fnv_32(text: bytes) -> int:
    """Return the 32-bit FNV-1a hash of `text`.

    >>> hex(fnv_32(b"a"))
    '0xe40c292c'
    """
    number = _OFFSET_32
    for byte in text:
        number = (number ^ byte) * _PRIME_32 & 0xFFFFFFFF
    return number


def fnv_128(text: bytes) -> int:
    """Return the 128-bit FNV-1a hash of `text`.

    >>> hex(fnv_128(b"a"))
    '0xd228cb696f1a8caf78912b704e4a8964'
    """
    number = _OFFSET_128
    for byte in text:
        number = (number ^ byte) * _PRIME_128 & _MASK_128
    return number


def template_hash(template: Document, collisions: int = 0) -> str:
    """Return the hash of a pod template as it stands in names: up to ten letters and digits.

    Args:
        template: the template, without hash label.
        collisions: how often this template's hash was found taken by another one.

    Source: kubernetes pkg/controller/controller_utils.go ComputeHash(),
    staging/src/k8s.io/apimachinery/pkg/util/rand/rand.go SafeEncodeString().
    """
    # Not the dump Kubernetes hashes: that would need Go. The hash only has to look like one.
    text = json.dumps(template, sort_keys=True, separators=(",", ":")) + "\0" * collisions
    return "".join(
        SUFFIX_ALPHABET[ord(digit) % len(SUFFIX_ALPHABET)] for digit in str(fnv_32(text.encode()))
    )
