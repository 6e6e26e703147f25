"""Worlds: made, copied, put back to how they began, forgotten."""

from understudy.control.connection_info import connection_info
from understudy.control.control_state import ControlState
from understudy.control.times import changed_reading
from understudy.control.views import world_to_json
from understudy.core.json_types import Json
from understudy.core.misconfigured import Misconfigured, nearest
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.state.snapshot import Snapshot, snapshot_of


def list_worlds(backstage: ControlState) -> Reply:
    """Return the worlds in use, oldest first."""
    return Reply([world_to_json(backstage.world(name)) for name in backstage.worlds.names()])


def create_world(backstage: ControlState, body: Json) -> Reply:
    """Make a world from a scenario, another world or a snapshot."""
    name = body.get("name") or backstage.worlds.free_name()
    _check_free(backstage, name)
    origin = body.get("from", {})
    moment = _moment(backstage, origin, body.get("seed"))
    made = backstage.worlds.create(name, Snapshot(moment.world, changed_reading(moment.reading, body.get("clock", {}))))
    made.origin = origin or made.origin
    backstage.sent(made)
    return Reply(world_to_json(made), 201)


def get_world(backstage: ControlState, world: str) -> Reply:
    """Return what a world holds."""
    return Reply(world_to_json(backstage.world(world)))


def list_credentials(backstage: ControlState, world: str) -> Reply:
    """Return where each vendor is in a world, and what a client needs for its first call."""
    scene = backstage.world(world)
    parts = backstage.vendors.items()
    return Reply(
        [connection_info(part.document, part.base_path, world, scene.credentials[name]) for name, part in parts]
    )


def delete_world(backstage: ControlState, world: str) -> Reply:
    """Forget a world."""
    backstage.world(world)
    backstage.worlds.delete(world)
    return Reply(status=204)


def reset_world(backstage: ControlState, world: str, *, clear_journal: bool) -> Reply:
    """Put a world back to how it began."""
    backstage.world(world)
    scene = backstage.worlds.reset(world)
    if clear_journal:
        scene.journal.clear()
    return Reply(world_to_json(scene))


def fork_world(backstage: ControlState, world: str, body: Json) -> Reply:
    """Make an equal world that goes its own way."""
    backstage.world(world)
    _check_free(backstage, body["name"])
    return Reply(world_to_json(backstage.worlds.fork(world, body["name"])), 201)


def _check_free(backstage: ControlState, name: str) -> None:
    if backstage.worlds.get(name) is not None:
        raise Refused(409, f"the world {name!r} is in use")


def _moment(backstage: ControlState, origin: Json, seed: int | None) -> Snapshot:
    """Return what a world is to begin as, or refuse what is not there."""
    if seed is not None and origin and "scenario" not in origin:
        raise Refused(422, "only a scenario takes a seed")
    if "world" in origin:
        return snapshot_of(backstage.world(origin["world"], status=422))
    if "snapshot" in origin:
        return backstage.snapshot(origin["snapshot"], status=422)
    scenario, known = origin.get("scenario", ""), backstage.worlds.scenarios
    if origin and scenario not in known:
        raise Refused(422, f"there is no scenario {scenario!r}{nearest(scenario, known)}")
    try:
        return backstage.worlds.initial_snapshot(scenario, seed)
    except Misconfigured as error:
        raise Refused(422, str(error)) from None
