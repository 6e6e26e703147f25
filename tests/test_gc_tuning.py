import gc
from collections.abc import Iterator

import pytest

from understudy.gc_tuning import (
    FREEZE_ABOVE,
    FULL_COLLECTION_THRESHOLD,
    LARGE,
    OLD,
    YOUNG,
    freeze_large_objects,
    freeze_old_objects,
    tune_gc,
)


@pytest.fixture(autouse=True)
def _restore_gc() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)
    gc.callbacks[:] = [each for each in gc.callbacks if each not in (freeze_large_objects, freeze_old_objects)]


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
    assert gc.callbacks.count(freeze_old_objects) == gc.callbacks.count(freeze_large_objects) == 1


@pytest.mark.parametrize(("size", "is_frozen"), [(LARGE - 1, False), (LARGE, True)])
@pytest.mark.parametrize("age", [0, YOUNG, OLD])
def test_a_large_object_is_frozen_before_a_collection_visits_its_items(size: int, age: int, *, is_frozen: bool) -> None:
    gc.collect()
    gc.freeze()  # so that of all objects only this one is large
    large: list[list[int]] = [[]] * size
    for younger in range(age):
        gc.collect(younger)  # it survives, and becomes older

    freeze_large_objects("start", {"generation": age})

    assert any(each is large for each in gc.get_objects()) is not is_frozen


def test_a_large_object_that_a_collection_does_not_visit_is_left_alone() -> None:
    gc.collect()
    gc.freeze()
    large: list[list[int]] = [[]] * LARGE
    gc.collect(0)

    freeze_large_objects("start", {"generation": 0})
    freeze_large_objects("stop", {"generation": OLD})

    assert any(each is large for each in gc.get_objects())
