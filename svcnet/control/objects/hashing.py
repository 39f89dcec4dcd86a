"""Hashes that end up in names: of pod templates and revisions, and of ports to put them in order.

Kubernetes feeds text into FNV: that of a Go dump, or JSON.  Scripts compare the names that come of
it, so the text is followed to the letter.

Source: go hash/fnv/fnv.go; kubernetes pkg/util/hash/hash.go DeepHashObject().
"""

from __future__ import annotations

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


def fnv_32_multiplied_first(text: bytes) -> int:
    """Return the 32-bit FNV-1 hash of `text`: Go's New32(), where New32a() is `fnv_32`.

    >>> hex(fnv_32_multiplied_first(b"a"))
    '0x50c5d7e'
    """
    number = _OFFSET_32
    for byte in text:
        number = (number * _PRIME_32 & 0xFFFFFFFF) ^ byte
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


def template_hash(template: Document, collisions: int | None = None) -> str:
    """Return the hash of a pod template as it stands in names: up to ten letters and digits.

    Args:
        template: the template, without hash label.
        collisions: how often this template's hash was found taken by another one; None is not 0.

    Source: kubernetes pkg/controller/controller_utils.go ComputeHash().
    """
    # Of a command's many controllers only two ask, and only when they make something.
    from svcnet.api.go import spew  # noqa: PLC0415

    text = spew.sprintf(template, "core/v1.PodTemplateSpec").encode()
    # Eight bytes for a number of four.
    count = b"" if collisions is None else collisions.to_bytes(8, "little")
    return _encoded(fnv_32(text + count))


def revision_hash(data: Document, collisions: int) -> str:
    """Return the hash of a StatefulSet's revision as it stands in its name.

    Args:
        data: what the revision keeps.
        collisions: how often such a hash was found taken by another revision.

    Source: kubernetes pkg/controller/history/controller_history.go HashControllerRevision().
    """
    from svcnet.api.go.json import marshal  # noqa: PLC0415 - as above

    return _encoded(fnv_32_multiplied_first(f"{marshal(data)}{collisions}".encode()))


def _encoded(number: int) -> str:
    """Return a hash without vowels, and so without words that nobody wants in a name.

    Source: kubernetes staging/src/k8s.io/apimachinery/pkg/util/rand/rand.go SafeEncodeString().
    """
    return "".join(SUFFIX_ALPHABET[ord(digit) % len(SUFFIX_ALPHABET)] for digit in str(number))
