"""Pauses of Python's garbage collector, kept short whatever the worlds hold.

A full collection looks at everything that was ever made: for 100,000 customers that takes a tenth of a second, in
which nobody is answered. But what worlds remember is in no cycle, so that nothing of it is ever found to be garbage.
Once much has lived through two collections, it is looked at no more (decision 10).
"""

import gc
from collections.abc import Mapping

YOUNG, OLD = 1, 2
SELDOM = 100
"""After how many collections of the younger objects a full one may come; Python's own measure is ten."""
MANY = 10_000
"""More objects than the requests on their way amount to: those may be garbage later, and are not to be set aside."""


def tune_gc() -> None:
    """Set aside what was made so far, and from now on whatever stays, as it comes to be much."""
    gc.set_threshold(*gc.get_threshold()[:2], SELDOM)
    gc.freeze()
    if freeze_old_objects not in gc.callbacks:
        gc.callbacks.append(freeze_old_objects)


def freeze_old_objects(phase: str, about: Mapping[str, int]) -> None:
    """Have the following collections pass by what has become old, if that is much."""
    if phase == "stop" and about["generation"] == YOUNG and len(gc.get_objects(OLD)) > MANY:
        gc.freeze()
