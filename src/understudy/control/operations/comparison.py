"""Comparison of two worlds."""

from collections.abc import Iterator

from understudy.control.control_state import ControlState
from understudy.control.times import clock_to_json
from understudy.core.json_types import Json
from understudy.core.misconfigured import nearest
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.core.steps import ReplyFirst, Steps
from understudy.state.collection import Collection
from understudy.state.comparison import CHANGED, CollectionDifference, compare, places
from understudy.state.snapshot import snapshot_of
from understudy.state.world import World


def compare_worlds(
    state: ControlState,
    world: str,
    other: str,
    vendor: str | None,
    collection: str | None,
    offset: int,
    limit: int,
) -> ReplyFirst:
    """Return the collections in which two worlds differ, each with the keys of the records that do.

    Both are compared as they were at the call, whatever is written meanwhile.
    """
    one, two = (snapshot_of(state.world(name)).world for name in (world, other))
    _check_filter(one, vendor, collection)
    clocks = {"clock": clock_to_json(one.clock), "other_clock": clock_to_json(two.clock)}
    found: list[Json] = []
    for name, wanted in _collections(one, vendor, collection):
        rows, others = (each.vendors[name].collection(wanted) for each in (one, two))  # filled, if they are not yet
        difference = yield from compare(rows, others)
        if difference.keys:
            found.append((yield from _to_json(name, rows, others, difference, slice(offset, offset + limit))))
        yield None
    yield Reply({"world": world, "other": other, **clocks, "collections": found})
    yield from one.dismantle()
    yield from two.dismantle()


def _collections(world: World, vendor: str | None, collection: str | None) -> Iterator[tuple[str, str]]:
    """Yield the chosen collections with their vendors; internal ones are left out."""
    for name, vendor_state in world.vendors.items():
        for each in list(vendor_state.collections):
            if vendor in (None, name) and collection in (None, each) and not each.startswith("@"):
                yield name, each


def _check_filter(world: World, vendor: str | None, collection: str | None) -> None:
    if vendor is None:
        if collection is not None:
            raise Refused(400, "a collection needs its vendor beside it")
        return
    if vendor not in world.vendors:
        raise Refused(400, f"no vendor {vendor!r} is served{nearest(vendor, world.vendors)}")
    known = world.vendors[vendor].collections
    if collection is not None and collection not in known:
        raise Refused(400, f"{vendor} has no collection {collection!r}{nearest(collection, known)}")


def _to_json(
    vendor: str, rows: Collection, others: Collection, difference: CollectionDifference, part: slice
) -> Steps[Json]:
    """Return the differences of a collection as JSON, with this part of the keys."""
    listed = []
    for key, kind in difference.keys[part]:
        different = {"places": places(rows.get(key) or {}, others.get(key) or {})} if kind == CHANGED else {}
        listed.append({"key": key, "difference": kind, **different})
        yield
    return {"vendor": vendor, "name": rows.table.name, "key": rows.table.key, **difference.counts, "records": listed}
