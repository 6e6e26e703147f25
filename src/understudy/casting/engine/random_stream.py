"""Random numbers by record: a pure function of the seed, the kind of record, the field and the record's number.

Each field of a kind has a stream of its own. So records can be made alone, in any order, on any machine, and a new
field changes no value of another one. All arithmetic is on 64-bit integers, with the mixing function of SplitMix64:
results are the same on every machine, and ``numpy_sampler`` computes whole columns.
"""

from collections.abc import Sequence
from hashlib import blake2b
from math import isqrt
from typing import TypeVar

T = TypeVar("T")

WORD = (1 << 64) - 1
STEP = 0x9E3779B97F4A7C15
ROUNDS = 3
"""Rounds of the Feistel network."""


class RandomStream:
    """Stream of uniformly distributed 64-bit numbers of one field, by record number; ``key`` is its start."""

    __slots__ = ("key",)

    def __init__(self, seed: int, kind: str, name: str) -> None:
        digest = blake2b(f"{seed}\x1f{kind}\x1f{name}".encode(), digest_size=8).digest()
        self.key = int.from_bytes(digest, "big")

    def draw(self, n: int) -> int:
        """Return the random number of record n."""
        return _mixed(self.key + n * STEP)

    def below(self, n: int, limit: int) -> int:
        """Return a number from 0 up to, not including, ``limit``, which is at most 2**32."""
        return (self.draw(n) >> 32) * limit >> 32

    def pick(self, n: int, items: Sequence[T]) -> T:
        """Return one of the items; all have the same probability."""
        return items[(self.draw(n) >> 32) * len(items) >> 32]

    def uuid(self, n: int) -> str:
        """Return a UUID of version 4 as text."""
        high = self.draw(n)
        bits = (high & ~0xF000 | 0x4000) << 64 | _mixed(high + STEP) & (WORD >> 2) | 1 << 63
        text = f"{bits:032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def shuffled(self, n: int, size: int) -> int:
        """Return n's position in a random order of ``range(size)``; no two numbers have the same position."""
        return _permuted(n, size, self.key)

    def reshuffled(self, n: int, size: int) -> tuple[int, int]:
        """Return n's round, with ``size`` numbers a round, and its position there; each round is shuffled anew."""
        turn, rest = divmod(n, size)
        return turn, _permuted(rest, size, self.draw(turn))


def _mixed(word: int) -> int:
    word &= WORD
    word = (word ^ word >> 30) * 0xBF58476D1CE4E5B9 & WORD
    word = (word ^ word >> 27) * 0x94D049BB133111EB & WORD
    return word ^ word >> 31


def _permuted(n: int, size: int, key: int) -> int:
    """Permute by a Feistel network on the next square number, repeated until the result is below ``size``."""
    if not 0 <= n < size:
        raise ValueError(f"{n} is not below {size}")
    side = isqrt(size - 1) + 1
    while True:
        high, low = divmod(n, side)
        for turn in range(ROUNDS):
            high, low = low, (high + _mixed(key + (low * ROUNDS + turn + 1) * STEP)) % side
        n = high * side + low
        if n < size:
            return n
