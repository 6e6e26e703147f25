"""Worlds: made, copied, put back to how they began, forgotten."""

from understudy.control.connection_info import introduce
from understudy.control.control_state import Backstage
from understudy.control.times import change_reading
from understudy.control.views import show_world
from understudy.core.misconfigured import Misconfigured, nearest
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.state.collection import Json
from understudy.state.snapshot import Moment, catch


def list_worlds(backstage: Backstage) -> Reply:
    """Return the worlds in use, oldest first."""
    return Reply([show_world(backstage.scene(name)) for name in backstage.worlds.names()])


def create_world(backstage: Backstage, body: Json) -> Reply:
    """Make a world from a scenario, another world or a snapshot."""
    name = body.get("name") or backstage.worlds.free_name()
    _check_free(backstage, name)
    origin = body.get("from", {})
    moment = _moment(backstage, origin, body.get("seed"))
    made = backstage.worlds.begin(name, Moment(moment.scene, change_reading(moment.reading, body.get("clock", {}))))
    made.origin = origin or made.origin
    backstage.sent(made)
    return Reply(show_world(made), 201)


def get_world(backstage: Backstage, world: str) -> Reply:
    """Return what a world holds."""
    return Reply(show_world(backstage.scene(world)))


def list_credentials(backstage: Backstage, world: str) -> Reply:
    """Return where each vendor is in a world, and what a client needs for its first call."""
    scene = backstage.scene(world)
    parts = backstage.parts.items()
    return Reply([introduce(part.document, part.base_path, world, scene.known[name]) for name, part in parts])


def delete_world(backstage: Backstage, world: str) -> Reply:
    """Forget a world."""
    backstage.scene(world)
    backstage.worlds.delete(world)
    return Reply(status=204)


def reset_world(backstage: Backstage, world: str, *, clear_journal: bool) -> Reply:
    """Put a world back to how it began."""
    backstage.scene(world)
    scene = backstage.worlds.reset(world)
    if clear_journal:
        scene.journal.clear()
    return Reply(show_world(scene))


def fork_world(backstage: Backstage, world: str, body: Json) -> Reply:
    """Make an equal world that goes its own way."""
    backstage.scene(world)
    _check_free(backstage, body["name"])
    return Reply(show_world(backstage.worlds.fork(world, body["name"])), 201)


def _check_free(backstage: Backstage, name: str) -> None:
    if backstage.worlds.get(name) is not None:
        raise Refused(409, f"the world {name!r} is in use")


def _moment(backstage: Backstage, origin: Json, seed: int | None) -> Moment:
    """Return what a world is to begin as, or refuse what is not there."""
    if seed is not None and origin and "scenario" not in origin:
        raise Refused(422, "only a scenario takes a seed")
    if "world" in origin:
        return catch(backstage.scene(origin["world"], status=422))
    if "snapshot" in origin:
        return backstage.kept(origin["snapshot"], status=422)
    scenario, known = origin.get("scenario", ""), backstage.worlds.scenarios
    if origin and scenario not in known:
        raise Refused(422, f"there is no scenario {scenario!r}{nearest(scenario, known)}")
    try:
        return backstage.worlds.beginning(scenario, seed)
    except Misconfigured as error:
        raise Refused(422, str(error)) from None
