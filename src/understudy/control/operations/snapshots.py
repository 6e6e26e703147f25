"""A world as it is at one moment, as a document or kept on the server."""

from understudy.control.control_state import ControlState
from understudy.control.views import world_to_json
from understudy.core.clock import Clock
from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.core.timestamps import iso_microseconds
from understudy.core.world_names import WORLD_NAME
from understudy.state.snapshot import Snapshot, snapshot_of
from understudy.state.snapshot_format import InvalidSnapshot, snapshot_from_json, snapshot_to_json


def take_snapshot(backstage: ControlState, world: str) -> Reply:
    """Return a world as one document."""
    return Reply(snapshot_to_json(snapshot_of(backstage.world(world))))


def restore_world(backstage: ControlState, world: str, body: Json) -> Reply:
    """Make a world what a document says."""
    backstage.world(world)
    try:
        moment = snapshot_from_json(body, backstage.worlds.base_snapshot(world).world)
    except InvalidSnapshot as error:
        raise Refused(422, str(error)) from None
    return Reply(world_to_json(backstage.worlds.restore(world, moment)))


def restore_snapshot(backstage: ControlState, world: str, snapshot: str) -> Reply:
    """Make a world what some world was when a snapshot was kept."""
    backstage.world(world)
    return Reply(world_to_json(backstage.worlds.restore(world, backstage.snapshot(snapshot))))


def list_snapshots(backstage: ControlState) -> Reply:
    """Return the snapshots kept, oldest first."""
    return Reply([_show(name, backstage.snapshot(name)) for name in backstage.worlds.snapshot_names()])


def keep_snapshot(backstage: ControlState, snapshot: str, body: Json) -> Reply:
    """Keep a world as it is now."""
    if not WORLD_NAME.fullmatch(snapshot):
        raise Refused(422, f"{snapshot!r} is no plain name: say it in letters, digits, dots, underscores and hyphens")
    backstage.world(body["world"], status=422)
    return Reply(_show(snapshot, backstage.worlds.keep_snapshot(snapshot, body["world"])))


def get_snapshot(backstage: ControlState, snapshot: str) -> Reply:
    """Return a kept snapshot as one document."""
    return Reply(snapshot_to_json(backstage.snapshot(snapshot)))


def drop_snapshot(backstage: ControlState, snapshot: str) -> Reply:
    """Keep a snapshot no longer."""
    backstage.snapshot(snapshot)
    backstage.worlds.drop_snapshot(snapshot)
    return Reply(status=204)


def _show(name: str, moment: Snapshot) -> Json:
    return {
        "name": name,
        "origin": dict(moment.world.origin),
        "now": iso_microseconds(Clock(*moment.reading).now()),
        "records": moment.world.record_count,
    }
