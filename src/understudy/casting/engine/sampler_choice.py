"""sampler_choice."""

from collections.abc import Sequence
from importlib import import_module
from itertools import compress

from understudy.casting.engine.column_sampler import FEW, ColumnSampler


def choose_sampler(numbers: Sequence[int]) -> ColumnSampler:
    """Return what draws the columns of these records."""
    if len(numbers) <= FEW:
        return ColumnSampler(numbers)
    fast: ColumnSampler = import_module("understudy.casting.engine.numpy_sampler").NumpySampler(
        numbers
    )  # late: what serves must not wait for it
    return fast


def subset(columns: ColumnSampler, wanted: Sequence[object]) -> ColumnSampler:
    """Return the sampler of those records alone that are wanted."""
    return choose_sampler(list(compress(columns.numbers, wanted)))
