"""Tuning of Python's garbage collector, for short pauses with any number of records (decision 10).

A full collection visits all objects: with 100,000 customers it stops the server for a tenth of a second. Records are in
no reference cycles, so the collector never frees one. Objects that survive two collections are frozen once there are
many, and so are dictionaries and lists that have grown large, before a collection visits their items.
"""

import gc
from collections.abc import Mapping

YOUNG, OLD = 1, 2
FULL_COLLECTION_THRESHOLD = 100
"""Number of collections of the younger objects before a full one; Python's default is ten."""
FREEZE_ABOVE = 10_000
"""Number of old objects above which they are frozen. Requests in flight hold fewer; they may be garbage later."""
LARGE = 20_000
"""Number of items from which one dictionary, list or set is frozen: a visit of so many takes about a millisecond."""


def tune_gc() -> None:
    """Freeze all objects now, and again whenever there are many old ones or a large one."""
    gc.set_threshold(*gc.get_threshold()[:2], FULL_COLLECTION_THRESHOLD)
    gc.freeze()
    for callback in (freeze_large_objects, freeze_old_objects):
        if callback not in gc.callbacks:
            gc.callbacks.append(callback)


def freeze_large_objects(phase: str, about: Mapping[str, int]) -> None:
    """Freeze all objects before a collection that would visit the items of a large one, such as a table's copy."""
    if phase == "start" and any(_has_large(generation) for generation in range(about["generation"] + 1)):
        gc.freeze()


def freeze_old_objects(phase: str, about: Mapping[str, int]) -> None:
    """Freeze all objects after a collection of the young ones, if there are more than ``FREEZE_ABOVE`` old ones."""
    if phase == "stop" and about["generation"] == YOUNG and len(gc.get_objects(OLD)) > FREEZE_ABOVE:
        gc.freeze()


def _has_large(generation: int) -> bool:
    return any(len(each) >= LARGE for each in gc.get_objects(generation) if type(each) in (dict, list, set))
