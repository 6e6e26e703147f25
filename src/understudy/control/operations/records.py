"""What the vendors of a world remember."""

from understudy.control.control_state import ControlState
from understudy.core.json_types import Json
from understudy.core.misconfigured import nearest
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.state.collection import Collection
from understudy.state.snapshot_format import INDEX_ERRORS


def list_collections(backstage: ControlState, world: str) -> Reply:
    """Return every vendor's collections."""
    return Reply(
        [
            {"vendor": vendor, "name": name, "key": rows.table.key, "records": len(rows)}
            for vendor, part in backstage.world(world).vendors.items()
            for name, rows in part.collections.items()
        ]
    )


def list_records(backstage: ControlState, world: str, vendor: str, collection: str, offset: int, limit: int) -> Reply:
    """Return a stretch of a collection's records."""
    rows = _rows(backstage, world, vendor, collection)
    found = list(rows.read(rows.keys()[offset : offset + limit]))
    return Reply({"total": len(rows), "offset": offset, "records": found})


def get_record(backstage: ControlState, world: str, vendor: str, collection: str, key: str) -> Reply:
    """Return one record."""
    found = _rows(backstage, world, vendor, collection).get(key)
    if found is None:
        raise _missing(collection, key)
    return Reply(found)


def put_record(backstage: ControlState, world: str, vendor: str, collection: str, key: str, body: Json) -> Reply:
    """Write one record, as it stands."""
    rows = _rows(backstage, world, vendor, collection)
    name = rows.table.key
    if body.get(name) != key:
        raise Refused(422, f"the record's {name} is {body.get(name)!r} and not {key!r}")
    try:
        rows.put(body)
    except INDEX_ERRORS as error:
        why = f"{type(error).__name__}: {error}"
        raise Refused(422, f"{vendor} cannot look up such a record in {collection}: {why}") from None
    return Reply(body)


def delete_record(backstage: ControlState, world: str, vendor: str, collection: str, key: str) -> Reply:
    """Forget one record."""
    if not _rows(backstage, world, vendor, collection).delete(key):
        raise _missing(collection, key)
    return Reply(status=204)


def _rows(backstage: ControlState, world: str, vendor: str, collection: str) -> Collection:
    found = backstage.vendor_state(world, vendor).collections
    if collection not in found:
        raise Refused(404, f"{vendor} has no collection {collection!r}{nearest(collection, found)}")
    return found[collection]


def _missing(collection: str, key: str) -> Refused:
    return Refused(404, f"{collection} has no record {key!r}")
