"""sampler_choice."""

from collections.abc import Sequence
from importlib import import_module
from itertools import compress

from understudy.casting.engine.column_sampler import FEW, Columns


def columns_of(numbers: Sequence[int]) -> Columns:
    """Return what draws the columns of these records."""
    if len(numbers) <= FEW:
        return Columns(numbers)
    fast: Columns = import_module("understudy.casting.engine.numpy_sampler").Arrays(
        numbers
    )  # late: what serves must not wait for it
    return fast


def subset(columns: Columns, wanted: Sequence[object]) -> Columns:
    """Return the sampler of those records alone that are wanted."""
    return columns_of(list(compress(columns.numbers, wanted)))
