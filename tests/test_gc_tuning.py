import gc
from collections.abc import Iterator

import pytest

from understudy.gc_tuning import FREEZE_ABOVE, FULL_COLLECTION_THRESHOLD, OLD, YOUNG, freeze_old_objects, tune_gc


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)
    gc.callbacks[:] = [each for each in gc.callbacks if each is not freeze_old_objects]


def test_what_start_up_made_is_looked_at_no_more() -> None:
    tune_gc()

    assert gc.get_freeze_count() > 0
    assert len(gc.get_objects(OLD)) < FREEZE_ABOVE


def test_what_a_world_remembers_is_looked_at_no_more_once_it_is_much() -> None:
    tune_gc()
    remembered = [[number] for number in range(2 * FREEZE_ABOVE)]

    gc.collect(YOUNG)

    assert len(gc.get_objects(OLD)) < FREEZE_ABOVE < len(remembered)


def test_what_requests_on_their_way_hold_is_not_set_aside() -> None:
    tune_gc()
    before = gc.get_freeze_count()
    on_their_way = [[number] for number in range(FREEZE_ABOVE // 100)]

    gc.collect(YOUNG)

    assert gc.get_freeze_count() <= before
    assert on_their_way


def test_full_collections_are_seldom_and_it_is_told_once() -> None:
    tune_gc()
    tune_gc()

    assert gc.get_threshold()[OLD] == FULL_COLLECTION_THRESHOLD
    assert gc.callbacks.count(freeze_old_objects) == 1
