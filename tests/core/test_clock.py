from datetime import UTC, datetime, timedelta

import pytest

from understudy.core import clock as clock_module
from understudy.core.clock import Clock

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Machine:
    """Monotonic clock of the machine, moved by the test."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine()
    monkeypatch.setattr(clock_module, "time", made)
    return made


def test_a_clock_starts_at_its_start_time_and_runs_with_the_machine(machine: Machine) -> None:
    clock = Clock(START)
    machine.seconds += 90

    assert clock.now() == START + timedelta(seconds=90)


def test_a_clock_without_a_start_time_shows_the_real_time_in_utc() -> None:
    before, shown, after = datetime.now(UTC), Clock().now(), datetime.now(UTC)

    assert before <= shown <= after
    assert shown.tzinfo is UTC


def test_a_frozen_clock_stands_still_until_it_is_moved(machine: Machine) -> None:
    clock = Clock(START, rate=0)
    machine.seconds += 3600
    assert clock.now() == START

    clock.move(timedelta(hours=-2))
    machine.seconds += 3600

    assert clock.now() == START - timedelta(hours=2)


def test_a_clock_runs_at_its_own_rate(machine: Machine) -> None:
    clock = Clock(START, rate=60)
    machine.seconds += 10

    assert clock.now() == START + timedelta(minutes=10)


def test_another_rate_changes_the_future_only(machine: Machine) -> None:
    clock = Clock(START)
    machine.seconds += 10
    clock.set(rate=2)
    machine.seconds += 10

    assert clock.now() == START + timedelta(seconds=30)


def test_a_clock_that_is_set_keeps_its_rate(machine: Machine) -> None:
    clock = Clock(START, rate=2)
    clock.set(START + timedelta(days=1))
    machine.seconds += 10

    assert clock.now() == START + timedelta(days=1, seconds=20)


def test_freezing_and_going_on_loses_no_time(machine: Machine) -> None:
    clock = Clock(START)
    machine.seconds += 5
    clock.set(rate=0)
    machine.seconds += 1000
    clock.set(rate=1)
    machine.seconds += 5

    assert clock.now() == START + timedelta(seconds=10)


def test_a_copy_shows_the_same_time_and_is_independent(machine: Machine) -> None:
    clock = Clock(START, rate=3)
    machine.seconds += 10
    twin = clock.copy()
    assert twin.now() == clock.now()

    clock.move(timedelta(days=1))
    machine.seconds += 10

    assert twin.now() == START + timedelta(seconds=60)
