"""Short names out of long ones, as kube-proxy makes them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256

LENGTH = 16

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
# A table for bytes.translate, which wants all 256; only the first 32 ever occur.
_LETTERS = _ALPHABET.ljust(256)
_DIGEST_BITS = 256
_LETTER_BITS = 5
_USED_BITS = LENGTH * _LETTER_BITS


def short_hashes(texts: Sequence[str]) -> list[str]:
    """Return the first 16 characters of the base32 form of each text's SHA-256.

    >>> short_hashes(["default/kubernetes:httpstcp"])
    ['NPX46M4PTMTKRN6Y']

    A large cluster has a hundred thousand endpoints, and each chain is called by such a hash.
    So all are spelled at once, in one large integer: each digest has a lane of 256 bits with its
    first 80 moved to the lower end, and four steps push these apart, half from half, until every
    five bits are alone in a byte.  That is five times as fast as `base64.b32encode`.
    """
    digests = b"".join([sha256(text.encode()).digest() for text in texts])
    bits = int.from_bytes(digests, "big") >> _DIGEST_BITS - _USED_BITS
    # What the shift brought in from the neighbouring lane is masked away in the first step.
    for lower, upper, distance in _steps(len(texts)):
        bits = (bits & upper) << distance | bits & lower
    spelled = bits.to_bytes(len(digests), "big").translate(_LETTERS).decode("ascii")
    lane = _DIGEST_BITS // 8
    return [spelled[end - LENGTH : end] for end in range(lane, len(digests) + 1, lane)]


@lru_cache(maxsize=256)
def _steps(lanes: int) -> tuple[tuple[int, int, int], ...]:
    """Return for each step which bits stay, which are moved up, and how far."""
    steps = []
    used, apart = _USED_BITS, 128
    # 80 bits in 128, then 40 in each 64, 20 in each 32, 10 in each 16, and 5 in each 8.
    while used > _LETTER_BITS:
        used, apart = used // 2, apart // 2
        parts = (1 << used) - 1
        for _ in range(128 // apart // 2 - 1):
            parts = parts << 2 * apart | (1 << used) - 1
        lower = int.from_bytes(parts.to_bytes(_DIGEST_BITS // 8, "big") * lanes, "big")
        steps.append((lower, lower << used, apart - used))
    return tuple(steps)
