"""Columns drawn with numpy: the arithmetic of ``draw`` on whole arrays of 64-bit numbers."""

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
"""Where a UUID has digits; elsewhere it has dashes."""


class NumpySampler(ColumnSampler):
    """The columns of the records with these numbers, drawn at once."""

    def __init__(self, numbers: Sequence[int]) -> None:
        super().__init__(numbers)
        self._numbers = np.fromiter(numbers, dtype=np.uint64, count=len(numbers))
        self._steps = self._numbers * STEPS

    def highs(self, field: RandomStream) -> list[int]:
        """Return the upper 32 bits of each record's number in the field's stream."""
        return _listed(self._draws(field) >> HALF)

    def belows(self, field: RandomStream, limit: int) -> list[int]:
        """Return a number below ``limit`` for each record."""
        return _listed((self._draws(field) >> HALF) * _word(limit) >> HALF)

    def uuids(self, field: RandomStream) -> list[str]:
        """Return a UUID for each record."""
        high = self._draws(field)
        low = _mixed(high + STEPS) & _word(WORD >> 2) | _word(1 << 63)
        high = high & _word(~0xF000) | _word(0x4000)
        raw = np.column_stack([high, low]).astype(">u8").view(np.uint8).reshape(-1, 16)
        text = np.full((len(raw), 36), ord("-"), dtype=np.uint8)
        text[:, DIGITS] = HEX[np.stack([raw >> 4, raw & 15], axis=2).reshape(-1, 32)]
        whole = text.tobytes().decode("ascii")
        return [whole[at : at + 36] for at in range(0, len(whole), 36)]

    def shuffles(self, fields: Sequence[RandomStream], numbers: Sequence[int], sizes: Sequence[int]) -> list[int]:
        """Return where each number goes when the range of its size is shuffled, each by a field of its own."""
        keys = np.array([field.key for field in fields], dtype=np.uint64)
        return _listed(_permuted(np.array(numbers, dtype=np.uint64), np.array(sizes, dtype=np.uint64), keys))

    def reshuffles(self, field: RandomStream, sizes: Sequence[int]) -> tuple[list[int], list[int]]:
        """Return the round that each record falls in, and its seat, where rounds have so many seats."""
        seats = np.array(sizes, dtype=np.uint64)
        turns, seat = np.divmod(self._numbers, seats)
        keys = _mixed(turns * STEPS + _word(field.key))
        return _listed(turns), _listed(_permuted(seat, seats, keys))

    def shares(self, field: RandomStream, percent: int) -> list[bool]:
        """Return whether each record is among so many of a hundred."""
        found: list[bool] = ((self._draws(field) >> HALF) * HUNDRED >> HALF < _word(percent)).tolist()
        return found

    def highest(self, fields: Sequence[RandomStream]) -> list[int]:
        """Return, for each record, the position of the field with the highest number."""
        found: list[int] = np.argmax([self._draws(field) for field in fields], axis=0).tolist()
        return found

    def _draws(self, field: RandomStream) -> Words:
        return _mixed(self._steps + _word(field.key))


def _mixed(words: Words) -> Words:
    words = (words ^ words >> FIRST) * BY_FIRST
    words = (words ^ words >> SECOND) * BY_SECOND
    mixed: Words = words ^ words >> THIRD
    return mixed


def _permuted(numbers: Words, sizes: Words, keys: Words) -> Words:
    """Shuffle as ``draw`` does; those that land outside go on walking."""
    if np.any(numbers >= sizes):
        raise ValueError("a number is not below its size")
    distinct, at = np.unique(sizes, return_inverse=True)
    sides = np.array([isqrt(int(size) - 1) + 1 for size in distinct], dtype=np.uint64)[at]
    found = numbers.copy()
    walking = np.arange(len(numbers))
    while len(walking):
        side, key = sides[walking], keys[walking]
        high, low = np.divmod(found[walking], side)
        for turn in range(ROUNDS):
            step = (low * ROUND + _word(turn + 1)) * STEPS
            high, low = low, (high + _mixed(key + step) % side) % side
        found[walking] = high * side + low
        walking = walking[found[walking] >= sizes[walking]]
    return found


def _listed(words: Words) -> list[int]:
    found: list[int] = words.tolist()
    return found
