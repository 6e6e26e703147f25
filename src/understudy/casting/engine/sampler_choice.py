"""Choice between the sampler in Python and the one with numpy, which is imported only for many records."""

import sys
from collections.abc import Sequence
from importlib import import_module
from itertools import compress
from threading import Thread

from understudy.casting.engine.column_sampler import FEW, ColumnSampler
from understudy.core.steps import Steps

WITH_NUMPY = "understudy.casting.engine.numpy_sampler"
WAIT_SECONDS = 0.001


def prepare_sampler(count: int) -> Steps[None]:
    """Import the sampler for so many records in steps: with numpy it takes a tenth of a second."""
    if count <= FEW or WITH_NUMPY in sys.modules:
        return
    thread = Thread(target=import_module, args=(WITH_NUMPY,), name="numpy", daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(WAIT_SECONDS)
        yield


def choose_sampler(numbers: Sequence[int]) -> ColumnSampler:
    """Return a sampler for the records with these numbers: with numpy for more than ``FEW``."""
    if len(numbers) <= FEW:
        return ColumnSampler(numbers)
    module = import_module(WITH_NUMPY)  # late: a server starts without numpy
    sampler: ColumnSampler = module.NumpySampler(numbers)
    return sampler


def subset(columns: ColumnSampler, wanted: Sequence[object]) -> ColumnSampler:
    """Return a sampler for the records whose item in ``wanted`` is true."""
    return choose_sampler(list(compress(columns.numbers, wanted)))
