"""A world as it is at one moment, as a document or kept on the server."""

from understudy.control.control_state import Backstage
from understudy.control.times import write_time
from understudy.control.views import show_world
from understudy.core.clock import Clock
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.state.collection import Json
from understudy.state.snapshot import Moment, catch
from understudy.state.snapshot_format import Unrestorable, read_snapshot, write_snapshot
from understudy.state.worlds import NAME


def take_snapshot(backstage: Backstage, world: str) -> Reply:
    """Return a world as one document."""
    return Reply(write_snapshot(catch(backstage.scene(world))))


def restore_world(backstage: Backstage, world: str, body: Json) -> Reply:
    """Make a world what a document says."""
    backstage.scene(world)
    try:
        moment = read_snapshot(body, backstage.worlds.began(world).scene)
    except Unrestorable as error:
        raise Refused(422, str(error)) from None
    return Reply(show_world(backstage.worlds.restore(world, moment)))


def restore_snapshot(backstage: Backstage, world: str, snapshot: str) -> Reply:
    """Make a world what some world was when a snapshot was kept."""
    backstage.scene(world)
    return Reply(show_world(backstage.worlds.restore(world, backstage.kept(snapshot))))


def list_snapshots(backstage: Backstage) -> Reply:
    """Return the snapshots kept, oldest first."""
    return Reply([_show(name, backstage.kept(name)) for name in backstage.worlds.snapshots()])


def keep_snapshot(backstage: Backstage, snapshot: str, body: Json) -> Reply:
    """Keep a world as it is now."""
    if not NAME.fullmatch(snapshot):
        raise Refused(422, f"{snapshot!r} is no plain name: say it in letters, digits, dots, underscores and hyphens")
    backstage.scene(body["world"], status=422)
    return Reply(_show(snapshot, backstage.worlds.keep(snapshot, body["world"])))


def get_snapshot(backstage: Backstage, snapshot: str) -> Reply:
    """Return a kept snapshot as one document."""
    return Reply(write_snapshot(backstage.kept(snapshot)))


def drop_snapshot(backstage: Backstage, snapshot: str) -> Reply:
    """Keep a snapshot no longer."""
    backstage.kept(snapshot)
    backstage.worlds.drop(snapshot)
    return Reply(status=204)


def _show(name: str, moment: Moment) -> Json:
    return {
        "name": name,
        "origin": dict(moment.scene.origin),
        "now": write_time(Clock(*moment.reading).now()),
        "records": moment.scene.records,
    }
