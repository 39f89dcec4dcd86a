"""What things are called: object keys, documents, drawn names."""

from __future__ import annotations

SUFFIX_ALPHABET = "bcdfghjklmnpqrstvwxz2456789"
"""What generated names end in: no vowels, no digits that look like letters.

Source: kubernetes staging/src/k8s.io/apimachinery/pkg/util/rand/rand.go.
"""


def draw(seed: str, *parts: object) -> int:
    """Return a 128-bit number that looks random and depends on nothing but the arguments.

    Kubernetes draws uids, addresses, node ports and name suffixes at random; svcnet draws them
    from here, so that the same commands on a fresh state give the same state.
    """
    # What `hashlib` gives under this name; importing that loads OpenSSL, for 2 ms and nothing.
    from _blake2 import blake2b  # noqa: PLC0415 - this module is for everybody, this for who writes

    # With a separator, or ("ab", "c") and ("a", "bc") would draw the same.
    text = "\0".join((seed, *map(str, parts)))
    return int.from_bytes(blake2b(text.encode(), digest_size=16).digest(), "big")


def suffix(number: int, length: int = 5) -> str:
    """Return the end of a generated name.

    >>> suffix(0), suffix(27 ** 5 - 1)
    ('bbbbb', '99999')
    """
    letters = []
    for _ in range(length):
        number, index = divmod(number, len(SUFFIX_ALPHABET))
        letters.append(SUFFIX_ALPHABET[index])
    return "".join(letters)


def uid(number: int) -> str:
    """Return a version 4 UUID made of the bits of `number`.

    >>> uid(0)
    '00000000-0000-4000-8000-000000000000'
    """
    # RFC 9562: four bits say version 4, two say which variant.
    bits = number & ~(0xF << 76) & ~(0x3 << 62) | 0x4 << 76 | 0x2 << 62
    text = f"{bits:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
