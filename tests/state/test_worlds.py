from datetime import UTC, datetime, timedelta

import pytest

from understudy.core.clock import Clock
from understudy.core.misconfigured import Misconfigured
from understudy.core.steps import Steps, run_to_end
from understudy.core.table import Table, by
from understudy.state.journal import Journal
from understudy.state.vendor_state import VendorState
from understudy.state.world import World
from understudy.state.worlds import TooManyWorlds, Worlds

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TABLES = (Table("things", indexes=by("colour")),)


def build(name: str = "start", seed: int | None = None, _start: datetime | None = None) -> Steps[World]:
    yield
    return world(name, seed)


def world(name: str = "start", seed: int | None = None) -> World:
    clock = Clock(NOW, rate=0)
    states = {vendor: VendorState(name, vendor, clock, seed or 1, TABLES) for vendor in ("acme", "other")}
    states["acme"].collection("things").put({"id": "a", "colour": "red"})
    return World(name, clock, states, {"acme": {"key": "k"}, "other": {}})


def test_a_world_is_created_once_from_an_initial_snapshot_that_is_built_once() -> None:
    built: list[World] = []

    def build_once(_scenario: str, _seed: int | None, _start: datetime | None) -> Steps[World]:
        built.append(world())
        yield
        return built[-1]

    worlds = Worlds(build_once)
    assert built == []
    assert worlds.get_or_create("one") is worlds.get_or_create("one")
    assert worlds.get_or_create("one") is not worlds.get_or_create("two")
    assert worlds.get_or_create().name == "main"

    assert len(built) == 1
    assert worlds.names() == ["one", "two", "main"]


def test_two_worlds_start_equal_and_share_nothing() -> None:
    worlds = Worlds(build)
    one, two = worlds.get_or_create("one"), worlds.get_or_create("two")
    assert [each.vendors["acme"].new_id() for each in (one, two)] == [world().vendors["acme"].new_id()] * 2

    one.vendors["acme"].collection("things").put({"id": "b", "colour": "red"})
    one.vendors["acme"].collection("things").delete("a")
    one.clock.move(timedelta(days=1))
    one.vendors["acme"].new_id()

    assert two.vendors["acme"].collection("things").keys() == ["a"]
    assert [each["id"] for each in two.vendors["acme"].collection("things").find("colour", "red")] == ["a"]
    assert two.vendors["acme"].now() == NOW
    assert worlds.start_world.vendors["acme"].collection("things").keys() == ["a"]


def test_the_vendors_of_one_world_share_its_clock_and_nothing_else() -> None:
    one = world().fork("one")
    one.clock.move(timedelta(hours=1))

    assert {state.now() for state in one.vendors.values()} == {NOW + timedelta(hours=1)}
    assert len(one.vendors["other"].collection("things")) == 0


def test_a_fork_equals_its_origin_and_is_independent() -> None:
    one = world().fork("one")
    one.vendors["acme"].collection("things").put({"id": "b", "colour": "blue"})
    one.vendors["acme"].new_id()
    one.clock.move(timedelta(days=2))

    two = one.fork("two")
    assert two.vendors["acme"].collection("things").keys() == ["a", "b"]
    assert two.clock.now() == one.clock.now()
    assert two.vendors["acme"].new_id() == one.vendors["acme"].new_id()
    assert two.credentials == one.credentials
    assert len(two.journal) == 0
    assert isinstance(two.journal, Journal)

    two.vendors["acme"].collection("things").clear()
    assert one.vendors["acme"].collection("things").keys() == ["a", "b"]


def test_two_that_wait_for_one_build_share_its_steps() -> None:
    steps: list[int] = []

    def build_slowly(_scenario: str, _seed: int | None, _start: datetime | None) -> Steps[World]:
        for number in range(10):
            steps.append(number)
            yield
        return world()

    worlds = Worlds(build_slowly)
    one, two = worlds.build_initial_snapshot(), worlds.build_initial_snapshot()
    for _ in range(3):
        next(one)
        next(two)
    snapshot = run_to_end(one)

    assert run_to_end(two) is snapshot
    assert steps == [*range(10)]


def test_a_build_that_fails_is_tried_again() -> None:
    mistakes = [Misconfigured("a mistake")]

    def build_at_last(_scenario: str, _seed: int | None, _start: datetime | None) -> Steps[World]:
        yield
        if mistakes:
            raise mistakes.pop()
        return world()

    worlds = Worlds(build_at_last)
    with pytest.raises(Misconfigured, match="a mistake"):
        worlds.initial_snapshot()

    assert worlds.initial_snapshot().world.vendors.keys() == {"acme", "other"}


def test_a_world_that_nobody_uses_is_dismantled_and_its_copies_keep_their_records() -> None:
    worlds = Worlds(build)
    one = worlds.get_or_create("one")
    twin = worlds.fork("one", "twin")
    one.vendors["acme"].collection("things").put({"id": "b", "colour": "red"})
    things = one.vendors["acme"].collection("things")
    worlds.delete("one")

    run_to_end(one.dismantle())

    assert (len(things), things.find("colour", "red")) == (0, [])
    assert [each["id"] for each in twin.vendors["acme"].collection("things").find("colour", "red")] == ["a"]
    assert worlds.get_or_create("three").vendors["acme"].collection("things").keys() == ["a"]


def test_a_world_in_which_a_request_runs_is_not_dismantled() -> None:
    worlds = Worlds(build)
    one = worlds.get_or_create("one")
    request = [one]
    worlds.delete("one")

    run_to_end(one.dismantle())

    assert len(request[0].vendors["acme"].collection("things")) == 1


def test_a_world_past_the_limit_is_refused_and_one_at_the_limit_is_not() -> None:
    worlds = Worlds(build, limit=2)
    worlds.get_or_create("one")
    worlds.get_or_create("two")

    with pytest.raises(TooManyWorlds, match="2 worlds, which is its limit"):
        worlds.get_or_create("three")
    with pytest.raises(TooManyWorlds, match="2 worlds, which is its limit"):
        worlds.fork("one", "three")
    assert worlds.get_or_create("one").name == "one"
    worlds.delete("one")
    assert worlds.get_or_create("three").name == "three"


def test_a_world_that_its_first_use_created_is_dropped_when_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("understudy.state.worlds.monotonic", lambda: now[0])
    worlds = Worlds(build, idle_seconds=60)
    for name in ("main", "used", "idle"):
        worlds.get_or_create(name)
    worlds.create("made", worlds.initial_snapshot())
    now[0] = 59.9
    worlds.get_or_create("used")
    assert worlds.names() == ["main", "used", "idle", "made"]

    now[0] = 60
    assert worlds.names() == ["main", "used", "made"]
    assert worlds.get("idle") is None
    now[0] = 119.9
    assert worlds.names() == ["main", "made"]


def test_a_look_at_a_world_is_no_use_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("understudy.state.worlds.monotonic", lambda: now[0])
    worlds = Worlds(build, idle_seconds=60)
    worlds.get_or_create("idle")
    now[0] = 59.9
    assert worlds.peek("idle") is not None

    now[0] = 60
    assert worlds.names() == []
    assert worlds.peek("idle") is None


def test_no_world_is_dropped_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("understudy.state.worlds.monotonic", lambda: now[0])
    worlds = Worlds(build)
    worlds.get_or_create("idle")
    now[0] = 1e9

    assert worlds.names() == ["idle"]
