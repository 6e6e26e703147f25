import gc
from collections.abc import Iterator

import pytest

from understudy.gc_tuning import FREEZE_ABOVE, FULL_COLLECTION_THRESHOLD, OLD, YOUNG, freeze_old_objects, tune_gc


@pytest.fixture(autouse=True)
def _restore_gc() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)
    gc.callbacks[:] = [each for each in gc.callbacks if each is not freeze_old_objects]


def test_objects_of_the_start_up_are_frozen() -> None:
    tune_gc()

    assert gc.get_freeze_count() > 0
    assert len(gc.get_objects(OLD)) < FREEZE_ABOVE


def test_old_objects_are_frozen_once_there_are_many() -> None:
    tune_gc()
    records = [[number] for number in range(2 * FREEZE_ABOVE)]

    gc.collect(YOUNG)

    assert len(gc.get_objects(OLD)) < FREEZE_ABOVE < len(records)


def test_few_objects_of_requests_in_flight_are_not_frozen() -> None:
    tune_gc()
    before = gc.get_freeze_count()
    in_flight = [[number] for number in range(FREEZE_ABOVE // 100)]

    gc.collect(YOUNG)

    assert gc.get_freeze_count() <= before
    assert in_flight


def test_full_collections_are_rare_and_the_callback_is_added_once() -> None:
    tune_gc()
    tune_gc()

    assert gc.get_threshold()[OLD] == FULL_COLLECTION_THRESHOLD
    assert gc.callbacks.count(freeze_old_objects) == 1
