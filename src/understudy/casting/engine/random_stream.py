"""The draw: record n is a pure function of (seed, kind, n, field).

Each field of a kind has a stream of its own, so that records come alone, in any order, on any machine, and a new field
moves no other. Only arithmetic on 64-bit whole numbers is used: it is the same everywhere, and whole columns can be
drawn at once (``arrays``, which does the same with numpy). The mixing is SplitMix64's.
"""

from collections.abc import Sequence
from hashlib import blake2b
from math import isqrt
from typing import TypeVar

T = TypeVar("T")

WORD = (1 << 64) - 1
STEP = 0x9E3779B97F4A7C15
ROUNDS = 3


class RandomStream:
    """One field's stream: an even 64-bit number for each record. Its ``key`` is where the stream starts."""

    __slots__ = ("key",)

    def __init__(self, seed: int, kind: str, name: str) -> None:
        digest = blake2b(f"{seed}\x1f{kind}\x1f{name}".encode(), digest_size=8).digest()
        self.key = int.from_bytes(digest, "big")

    def draw(self, n: int) -> int:
        """Return record n's number."""
        return _mixed(self.key + n * STEP)

    def below(self, n: int, limit: int) -> int:
        """Return a number from 0 up to, not including, ``limit``, which is at most 2**32."""
        return (self.draw(n) >> 32) * limit >> 32

    def pick(self, n: int, items: Sequence[T]) -> T:
        """Return one of the items, each as likely as another."""
        return items[(self.draw(n) >> 32) * len(items) >> 32]

    def uuid(self, n: int) -> str:
        """Return UUID text in the shape of version 4."""
        high = self.draw(n)
        bits = (high & ~0xF000 | 0x4000) << 64 | _mixed(high + STEP) & (WORD >> 2) | 1 << 63
        text = f"{bits:032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def shuffled(self, n: int, size: int) -> int:
        """Return where n of ``range(size)`` goes when that range is shuffled: no two share a place."""
        return _permuted(n, size, self.key)

    def reshuffled(self, n: int, size: int) -> tuple[int, int]:
        """Return the round that n falls in when rounds have ``size`` seats, and its seat, shuffled in each round."""
        turn, seat = divmod(n, size)
        return turn, _permuted(seat, size, self.draw(turn))


def _mixed(word: int) -> int:
    word &= WORD
    word = (word ^ word >> 30) * 0xBF58476D1CE4E5B9 & WORD
    word = (word ^ word >> 27) * 0x94D049BB133111EB & WORD
    return word ^ word >> 31


def _permuted(n: int, size: int, key: int) -> int:
    """Shuffle by a Feistel network on the next square, walked until it lands inside ``size``."""
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
