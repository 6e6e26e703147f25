"""Tuning of Python's garbage collector, for short pauses with any number of records (decision 10).

A full collection visits all objects: with 100,000 customers it stops the server for a tenth of a second. Records are in
no reference cycles, so the collector never frees one. Objects that survive two collections are frozen once there are
many: later collections do not visit them.
"""

import gc
from collections.abc import Mapping

YOUNG, OLD = 1, 2
FULL_COLLECTION_THRESHOLD = 100
"""Number of collections of the younger objects before a full one; Python's default is ten."""
FREEZE_ABOVE = 10_000
"""Number of old objects above which they are frozen. Requests in flight hold fewer; they may be garbage later."""


def tune_gc() -> None:
    """Freeze all objects now, and again whenever there are many old ones."""
    gc.set_threshold(*gc.get_threshold()[:2], FULL_COLLECTION_THRESHOLD)
    gc.freeze()
    if freeze_old_objects not in gc.callbacks:
        gc.callbacks.append(freeze_old_objects)


def freeze_old_objects(phase: str, about: Mapping[str, int]) -> None:
    """Freeze all objects after a collection of the young ones, if there are more than ``FREEZE_ABOVE`` old ones."""
    if phase == "stop" and about["generation"] == YOUNG and len(gc.get_objects(OLD)) > FREEZE_ABOVE:
        gc.freeze()
