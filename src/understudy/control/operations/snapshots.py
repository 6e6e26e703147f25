"""Snapshots of worlds: as a JSON document, or kept on the server by name."""

from collections.abc import Generator

from understudy.control.control_state import ControlState
from understudy.control.delivery_checks import check_rules
from understudy.control.views import world_to_json
from understudy.core.clock import Clock
from understudy.core.json_stream import Wanted
from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.core.steps import ReplyFirst
from understudy.core.streamed_body import StreamedBody
from understudy.core.timestamps import iso_microseconds
from understudy.core.world_names import WORLD_NAME
from understudy.state.snapshot import Snapshot, snapshot_of
from understudy.state.snapshot_format import SHAPE, InvalidSnapshot, SnapshotReader, write_snapshot


def take_snapshot(state: ControlState, world: str) -> Reply:
    """Return a snapshot of a world as one JSON document."""
    return Reply(pieces=write_snapshot(snapshot_of(state.world(world))))


def restore_world(state: ControlState, world: str, body: StreamedBody) -> Generator[Reply | Wanted | None, bytes, None]:
    """Replace the content of a world by the snapshot in a JSON document, which is read while it arrives."""
    state.world(world)
    reader = SnapshotReader(state.worlds.base_snapshot(world).world)
    try:
        document = yield from body.read(SHAPE, reader.add)
        check_rules(state, document.get("deliveries", []))
        snapshot = yield from reader.finish(document)
    except (InvalidSnapshot, Refused) as error:
        yield from reader.dismantle()
        raise (error if isinstance(error, Refused) else Refused(422, str(error))) from None
    old = state.world(world)  # again: it may have been replaced or deleted while the document arrived
    restored = state.worlds.restore(world, snapshot)
    del reader, snapshot  # else they would be the last that share the records, and free them in one piece
    yield Reply(world_to_json(restored))
    del restored
    yield from old.dismantle()


def restore_snapshot(state: ControlState, world: str, snapshot: str) -> ReplyFirst:
    """Replace the content of a world by a kept snapshot, be it of this or of another world."""
    old = state.world(world)
    yield Reply(world_to_json(state.worlds.restore(world, state.snapshot(snapshot))))
    yield from old.dismantle()


def list_snapshots(state: ControlState) -> Reply:
    """Return the kept snapshots, oldest first."""
    return Reply([_snapshot_to_json(name, state.snapshot(name)) for name in state.worlds.snapshot_names()])


def keep_snapshot(state: ControlState, snapshot: str, body: Json) -> ReplyFirst:
    """Keep a snapshot of a world, in place of an older one of the same name."""
    if not WORLD_NAME.fullmatch(snapshot):
        raise Refused(422, f"{snapshot!r} is no plain name: say it in letters, digits, dots, underscores and hyphens")
    state.world(body["world"], status=422)
    older = state.worlds.get_snapshot(snapshot)
    yield Reply(_snapshot_to_json(snapshot, state.worlds.keep_snapshot(snapshot, body["world"])))
    if older is not None:
        old = older.world
        del older
        yield from old.dismantle()


def get_snapshot(state: ControlState, snapshot: str) -> Reply:
    """Return a kept snapshot as one JSON document."""
    return Reply(pieces=write_snapshot(state.snapshot(snapshot)))


def drop_snapshot(state: ControlState, snapshot: str) -> ReplyFirst:
    """Drop a kept snapshot; its memory is freed after the reply, in steps."""
    old = state.snapshot(snapshot).world
    state.worlds.drop_snapshot(snapshot)
    yield Reply(status=204)
    yield from old.dismantle()


def _snapshot_to_json(name: str, snapshot: Snapshot) -> Json:
    return {
        "name": name,
        "origin": dict(snapshot.world.origin),
        "now": iso_microseconds(Clock(*snapshot.reading).now()),
        "records": snapshot.world.record_count,
    }
