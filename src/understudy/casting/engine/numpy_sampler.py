"""Sampler of random values for many records with numpy: ``RandomStream``'s arithmetic on arrays."""

from collections.abc import Sequence
from math import isqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from understudy.casting.engine.column_sampler import ColumnSampler
from understudy.casting.engine.random_stream import ROUNDS, STEP, WORD, RandomStream

Words = NDArray[np.uint64]


def _word(value: int) -> Any:
    return np.uint64(value & WORD)


HALF, HUNDRED, STEPS, ROUND = map(_word, (32, 100, STEP, ROUNDS))
FIRST, SECOND, THIRD, BY_FIRST, BY_SECOND = map(_word, (30, 27, 31, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))
HEX = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)
DIGITS = [at for at in range(36) if at not in {8, 13, 18, 23}]
"""Positions of the digits in a UUID; the others have dashes."""


class NumpySampler(ColumnSampler):
    """Sampler of columns for the records with the given numbers; the values equal those of ``ColumnSampler``."""

    def __init__(self, numbers: Sequence[int]) -> None:
        super().__init__(numbers)
        self._numbers = np.fromiter(numbers, dtype=np.uint64, count=len(numbers))
        self._steps = self._numbers * STEPS

    def highs(self, stream: RandomStream) -> list[int]:
        """Return the upper 32 bits of each record's number in the stream."""
        return _listed(self._draws(stream) >> HALF)

    def belows(self, stream: RandomStream, limit: int) -> list[int]:
        """Return a number below ``limit`` for each record."""
        return _listed((self._draws(stream) >> HALF) * _word(limit) >> HALF)

    def uuids(self, stream: RandomStream) -> list[str]:
        """Return a UUID for each record."""
        high = self._draws(stream)
        low = _mixed(high + STEPS) & _word(WORD >> 2) | _word(1 << 63)
        high = high & _word(~0xF000) | _word(0x4000)
        raw = np.column_stack([high, low]).astype(">u8").view(np.uint8).reshape(-1, 16)
        text = np.full((len(raw), 36), ord("-"), dtype=np.uint8)
        text[:, DIGITS] = HEX[np.stack([raw >> 4, raw & 15], axis=2).reshape(-1, 32)]
        whole = text.tobytes().decode("ascii")
        return [whole[at : at + 36] for at in range(0, len(whole), 36)]

    def shuffles(self, streams: Sequence[RandomStream], numbers: Sequence[int], sizes: Sequence[int]) -> list[int]:
        """Return the position of each number in the shuffled range of its size; each has a stream of its own."""
        keys = np.array([stream.key for stream in streams], dtype=np.uint64)
        return _listed(_permuted(np.array(numbers, dtype=np.uint64), np.array(sizes, dtype=np.uint64), keys))

    def reshuffles(self, stream: RandomStream, sizes: Sequence[int]) -> tuple[list[int], list[int]]:
        """Return each record's round and its position in that round, with the given numbers of positions a round."""
        limits = np.array(sizes, dtype=np.uint64)
        rounds, positions = np.divmod(self._numbers, limits)
        keys = _mixed(rounds * STEPS + _word(stream.key))
        return _listed(rounds), _listed(_permuted(positions, limits, keys))

    def shares(self, stream: RandomStream, percent: int) -> list[bool]:
        """Return for each record whether it is in a share of ``percent``."""
        found: list[bool] = ((self._draws(stream) >> HALF) * HUNDRED >> HALF < _word(percent)).tolist()
        return found

    def highest(self, streams: Sequence[RandomStream]) -> list[int]:
        """Return, for each record, the position of the stream with the highest number."""
        found: list[int] = np.argmax([self._draws(stream) for stream in streams], axis=0).tolist()
        return found

    def _draws(self, stream: RandomStream) -> Words:
        return _mixed(self._steps + _word(stream.key))


def _mixed(words: Words) -> Words:
    words = (words ^ words >> FIRST) * BY_FIRST
    words = (words ^ words >> SECOND) * BY_SECOND
    mixed: Words = words ^ words >> THIRD
    return mixed


def _permuted(numbers: Words, sizes: Words, keys: Words) -> Words:
    """Permute as ``random_stream`` does; numbers that are not below their size yet are permuted again."""
    if np.any(numbers >= sizes):
        raise ValueError("a number is not below its size")
    distinct, at = np.unique(sizes, return_inverse=True)
    sides = np.array([isqrt(int(size) - 1) + 1 for size in distinct], dtype=np.uint64)[at]
    found = numbers.copy()
    pending = np.arange(len(numbers))
    while len(pending):
        side, key = sides[pending], keys[pending]
        high, low = np.divmod(found[pending], side)
        for turn in range(ROUNDS):
            step = (low * ROUND + _word(turn + 1)) * STEPS
            high, low = low, (high + _mixed(key + step) % side) % side
        found[pending] = high * side + low
        pending = pending[found[pending] >= sizes[pending]]
    return found


def _listed(words: Words) -> list[int]:
    found: list[int] = words.tolist()
    return found
