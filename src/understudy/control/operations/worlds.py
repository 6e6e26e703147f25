"""Worlds: list, create, fork, reset and delete them."""

from collections.abc import Iterator
from datetime import datetime

from understudy.control.connection_info import connection_info
from understudy.control.control_state import ControlState
from understudy.control.times import changed_reading, check_time, read_time
from understudy.control.views import world_to_json
from understudy.core.clock import Clock
from understudy.core.json_types import Json
from understudy.core.misconfigured import Misconfigured, nearest
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.core.steps import ReplyFirst, Steps
from understudy.state.snapshot import Snapshot, snapshot_of
from understudy.state.worlds import TooManyWorlds

TOTAL = "Understudy-Total"
"""Header with the number of worlds of which an answer has a stretch."""


def list_worlds(state: ControlState, offset: int, name: str | None = None, limit: int | None = None) -> Steps[Reply]:
    """Return the worlds in use whose names contain a text, oldest first, from ``offset`` on, at most ``limit``."""
    text = (name or "").lower()
    names = [each for each in state.worlds.names() if text in each.lower()]
    yield
    stretch = names[offset:] if limit is None else names[offset : offset + limit]
    return Reply(headers={TOTAL: str(len(names))}, items=_summaries(state, stretch))


def _summaries(state: ControlState, names: list[str]) -> Iterator[Json]:
    """Yield the summaries of worlds; one that was deleted meanwhile is left out."""
    for name in names:
        found = state.worlds.peek(name)
        if found is not None:
            yield world_to_json(found)


def create_world(state: ControlState, body: Json) -> Steps[Reply]:
    """Create a world from a scenario, another world or a kept snapshot.

    The records of a scenario are dated from the world's own clock, if its time is given.
    """
    if "name" in body:
        _check_free(state, body["name"])
    origin, clock = body.get("from", {}), body.get("clock", {})
    start = check_time(read_time(clock["now"])) if "now" in clock else None
    initial = yield from _initial_snapshot(state, origin, body.get("seed"), start)
    name = body.get("name") or state.worlds.free_name()
    _check_free(state, name)  # again: the build let others run
    base = Snapshot(initial.world, changed_reading(initial.reading, clock))
    try:
        made = state.worlds.create(name, base)
    except TooManyWorlds as limit:
        raise Refused(409, str(limit)) from None
    made.origin = origin or made.origin
    state.note_set_back(made, Clock(*initial.reading).now())
    return Reply(world_to_json(made), 201)


def get_world(state: ControlState, world: str) -> Reply:
    """Return the summary of a world: its contents, origin and clock."""
    return Reply(world_to_json(state.world(world)))


def list_credentials(state: ControlState, world: str) -> Reply:
    """Return the connection info of each vendor: its path in a world, credentials and environment names."""
    target = state.world(world)
    return Reply(
        [
            connection_info(served.document, served.base_path, world, target.credentials[name])
            for name, served in state.vendors.items()
        ]
    )


def delete_world(state: ControlState, world: str) -> ReplyFirst:
    """Delete a world; its memory is freed after the reply, in steps."""
    old = state.world(world)
    base = state.worlds.base_snapshot(world).world
    state.worlds.delete(world)
    yield Reply(status=204)
    yield from old.dismantle()
    yield from base.dismantle()


def reset_world(state: ControlState, world: str, *, clear_journal: bool) -> ReplyFirst:
    """Reset a world to its base snapshot."""
    old = state.world(world)
    target = state.worlds.reset(world)
    if clear_journal:
        target.journal.clear()
        state.worlds.unrouted.remove(world)
    yield Reply(world_to_json(target))
    yield from old.dismantle()


def fork_world(state: ControlState, world: str, body: Json) -> Reply:
    """Create an independent copy of a world."""
    state.world(world)
    _check_free(state, body["name"])
    try:
        made = state.worlds.fork(world, body["name"])
    except TooManyWorlds as limit:
        raise Refused(409, str(limit)) from None
    return Reply(world_to_json(made), 201)


def _check_free(state: ControlState, name: str) -> None:
    if state.worlds.get(name) is not None:
        raise Refused(409, f"the world {name!r} is in use")


def _initial_snapshot(state: ControlState, origin: Json, seed: int | None, start: datetime | None) -> Steps[Snapshot]:
    """Return the snapshot that a new world is made from; raise ``Refused`` for an unknown origin."""
    if seed is not None and origin and "scenario" not in origin:
        raise Refused(422, "only a scenario takes a seed")
    if "world" in origin:
        return snapshot_of(state.world(origin["world"], status=422))
    if "snapshot" in origin:
        return state.snapshot(origin["snapshot"], status=422)
    scenario, scenarios = origin.get("scenario", ""), state.worlds.scenarios
    if origin and scenario not in scenarios:
        raise Refused(422, f"there is no scenario {scenario!r}{nearest(scenario, scenarios)}")
    try:
        return (yield from state.worlds.build_initial_snapshot(scenario, seed, start))
    except Misconfigured as error:
        raise Refused(422, str(error)) from None
