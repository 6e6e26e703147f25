"""Choice between the sampler in Python and the one with numpy, which is imported only for many records."""

from collections.abc import Sequence
from importlib import import_module
from itertools import compress

from understudy.casting.engine.column_sampler import FEW, ColumnSampler


def choose_sampler(numbers: Sequence[int]) -> ColumnSampler:
    """Return a sampler for the records with these numbers: with numpy for more than ``FEW``."""
    if len(numbers) <= FEW:
        return ColumnSampler(numbers)
    module = import_module("understudy.casting.engine.numpy_sampler")  # late: a server starts without numpy
    sampler: ColumnSampler = module.NumpySampler(numbers)
    return sampler


def subset(columns: ColumnSampler, wanted: Sequence[object]) -> ColumnSampler:
    """Return a sampler for the records whose item in ``wanted`` is true."""
    return choose_sampler(list(compress(columns.numbers, wanted)))
