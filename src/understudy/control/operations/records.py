"""Records in the collections of a world's vendors."""

from understudy.control.control_state import ControlState
from understudy.control.record_exports import find_columns, write_csv, write_json
from understudy.control.record_links import links_of, links_to
from understudy.control.record_search import find_text
from understudy.core.json_types import Json
from understudy.core.misconfigured import nearest
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.core.steps import Steps
from understudy.state.collection import Collection
from understudy.state.outbox import OUTBOX
from understudy.vendors.record_checks import put_checked_record


def list_collections(state: ControlState, world: str) -> Reply:
    """Return the collections of every vendor, with their keys and numbers of records; internal ones are left out."""
    return Reply(
        [
            {"vendor": vendor, "name": name, "key": rows.table.key, "records": len(rows)}
            for vendor, vendor_state in state.world(world).vendors.items()
            for name, rows in vendor_state.collections.items()
            if not name.startswith("@")  # what recognised resources count, no records of the vendor
        ]
    )


def list_records(
    state: ControlState, world: str, vendor: str, collection: str, offset: int, limit: int, text: str | None = None
) -> Steps[Reply]:
    """Return the records of a collection from ``offset`` on, at most ``limit``; with ``text``, those that have it."""
    rows = _rows(state, world, vendor, collection)
    keys = rows.keys()
    if text:
        found, end = yield from find_text(rows, keys, text, offset, limit)
    else:
        found, end = keys[offset : offset + limit], offset + limit
    yield
    after = {"next": end} if end < len(keys) else {}
    return Reply({"total": len(rows), "offset": offset, **after}, items=rows.read(found), at=("records",))


def export_records(state: ControlState, world: str, vendor: str, collection: str, text: str | None = None) -> Reply:
    """Return all records of a collection as one JSON array, made while it is sent."""
    return Reply(pieces=write_json(_rows(state, world, vendor, collection), text or ""))


def export_csv(
    state: ControlState, world: str, vendor: str, collection: str, *, spreadsheet: bool, text: str | None = None
) -> Steps[Reply]:
    """Return all records of a collection as CSV, made while it is sent; the columns are found first, in steps."""
    rows = _rows(state, world, vendor, collection)
    columns = yield from find_columns(rows, text or "")
    return Reply(pieces=write_csv(rows, columns, text or "", for_spreadsheet=spreadsheet))


def list_links(state: ControlState, world: str, vendor: str, collection: str, key: str, limit: int) -> Steps[Reply]:
    """Return the records that a record links to, and by collection those that link to it, at most ``limit`` of each."""
    rows = _rows(state, world, vendor, collection)
    if key not in rows:
        raise _missing(collection, key)
    collections = state.vendor_state(world, vendor).collections
    references = state.vendors[vendor].vendor.references
    links = [link._asdict() for link in links_of(collections, collection, key, references)]
    linked = yield from links_to(collections, collection, key, limit, references)
    return Reply({"links": links, "linked_from": linked})


def get_record(state: ControlState, world: str, vendor: str, collection: str, key: str) -> Reply:
    """Return one record."""
    found = _rows(state, world, vendor, collection).get(key)
    if found is None:
        raise _missing(collection, key)
    return Reply(found)


def put_record(state: ControlState, world: str, vendor: str, collection: str, key: str, body: Json) -> Steps[Reply]:
    """Store one record, without the vendor's rules, and update the companion collections that look-ups need."""
    rows = _rows(state, world, vendor, collection)
    name = rows.table.key
    if body.get(name) != key:
        raise Refused(422, f"the record's {name} is {body.get(name)!r} and not {key!r}")
    while True:
        target = state.vendor_state(world, vendor)
        stored = yield from put_checked_record(state.vendors[vendor], target, collection, body)
        if target is state.vendor_state(world, vendor):  # else the world was reset or restored meanwhile
            return Reply(stored)


def delete_record(state: ControlState, world: str, vendor: str, collection: str, key: str) -> Steps[Reply]:
    """Delete one record, and what follows from it in the companion collections."""
    while True:
        yield from state.vendor_state(world, vendor).separate()
        target, rows = state.vendor_state(world, vendor), _rows(state, world, vendor, collection)
        before = rows.get(key)
        if before is None:
            raise _missing(collection, key)
        rows.delete(key)
        derive = state.vendors[vendor].vendor.derive
        if derive:
            yield from derive(target, collection, before, None)
        if target is state.vendor_state(world, vendor):  # else the world was reset or restored meanwhile
            return Reply(status=204)


def _rows(state: ControlState, world: str, vendor: str, collection: str) -> Collection:
    found = state.vendor_state(world, vendor)
    if collection == OUTBOX.name:
        raise Refused(404, f"{vendor}'s {collection} is read at /worlds/{world}/deliveries")
    if collection not in found.collections:
        raise Refused(404, f"{vendor} has no collection {collection!r}{nearest(collection, found.collections)}")
    return found.collection(collection)  # which has its start records then


def _missing(collection: str, key: str) -> Refused:
    return Refused(404, f"{collection} has no record {key!r}")
