"""Columns drawn with numpy: the arithmetic of ``draw`` on whole arrays of 64-bit numbers."""

from collections.abc import Sequence
from math import isqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from understudy.casting.columns import Columns
from understudy.casting.draw import ROUNDS, STEP, WORD, Field

Words = NDArray[np.uint64]


def _word(value: int) -> Any:
    return np.uint64(value & WORD)


class Arrays(Columns):
    """The columns of the records with these numbers, drawn at once."""

    def __init__(self, numbers: Sequence[int]) -> None:
        super().__init__(numbers)
        self._numbers = np.array(numbers, dtype=np.uint64)
        self._steps = self._numbers * _word(STEP)

    def highs(self, field: Field) -> list[int]:
        """Return the upper 32 bits of each record's number in the field's stream."""
        return _listed(self._draws(field) >> _word(32))

    def belows(self, field: Field, limit: int) -> list[int]:
        """Return a number below ``limit`` for each record."""
        return _listed((self._draws(field) >> _word(32)) * _word(limit) >> _word(32))

    def uuids(self, field: Field) -> list[str]:
        """Return a UUID for each record."""
        high = self._draws(field)
        low = _mixed(high + _word(STEP)) & _word(WORD >> 2) | _word(1 << 63)
        high = high & _word(~0xF000) | _word(0x4000)
        text = np.column_stack([high, low]).astype(">u8").tobytes().hex()
        parts = (text[at : at + 32] for at in range(0, len(text), 32))
        return [f"{uuid[:8]}-{uuid[8:12]}-{uuid[12:16]}-{uuid[16:20]}-{uuid[20:]}" for uuid in parts]

    def shuffles(self, fields: Sequence[Field], numbers: Sequence[int], sizes: Sequence[int]) -> list[int]:
        """Return where each number goes when the range of its size is shuffled, each by a field of its own."""
        keys = np.array([field.key for field in fields], dtype=np.uint64)
        return _listed(_permuted(np.array(numbers, dtype=np.uint64), np.array(sizes, dtype=np.uint64), keys))

    def reshuffles(self, field: Field, sizes: Sequence[int]) -> tuple[list[int], list[int]]:
        """Return the round that each record falls in, and its seat, where rounds have so many seats."""
        seats = np.array(sizes, dtype=np.uint64)
        turns, seat = np.divmod(self._numbers, seats)
        keys = _mixed(turns * _word(STEP) + _word(field.key))
        return _listed(turns), _listed(_permuted(seat, seats, keys))

    def shares(self, field: Field, percent: int) -> list[bool]:
        """Return whether each record is among so many of a hundred."""
        found: list[bool] = ((self._draws(field) >> _word(32)) * _word(100) >> _word(32) < _word(percent)).tolist()
        return found

    def highest(self, fields: Sequence[Field]) -> list[int]:
        """Return, for each record, the position of the field with the highest number."""
        found: list[int] = np.argmax([self._draws(field) for field in fields], axis=0).tolist()
        return found

    def _draws(self, field: Field) -> Words:
        return _mixed(self._steps + _word(field.key))


def _mixed(words: Words) -> Words:
    words = (words ^ words >> _word(30)) * _word(0xBF58476D1CE4E5B9)
    words = (words ^ words >> _word(27)) * _word(0x94D049BB133111EB)
    mixed: Words = words ^ words >> _word(31)
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
            step = (low * _word(ROUNDS) + _word(turn + 1)) * _word(STEP)
            high, low = low, (high + _mixed(key + step) % side) % side
        found[walking] = high * side + low
        walking = walking[found[walking] >= sizes[walking]]
    return found


def _listed(words: Words) -> list[int]:
    found: list[int] = words.tolist()
    return found
