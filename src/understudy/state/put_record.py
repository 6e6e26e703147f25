"""Record put into a collection as it is stored, checked by the records that are there."""

from collections.abc import Mapping
from itertools import islice
from typing import Any

from understudy.core.json_types import Json
from understudy.core.misconfigured import nearest
from understudy.core.refused import Refused
from understudy.core.steps import Steps
from understudy.core.vendor import Vendor
from understudy.state.collection import Collection
from understudy.state.snapshot_format import INDEX_ERRORS, UNFIT_FOR_INDEX
from understudy.state.vendor_state import VendorState

MAX_MODELS = 1000
"""Number of records of a collection by which another is checked."""


def put_record(vendor: Vendor, state: VendorState, collection: str, record: Json) -> Steps[Json]:
    """Store a record under its own key, past the operations, and update the companion collections; return it.

    Raise ``Refused`` if it has no key or cannot be looked up: then the record that was there and all companions stay.
    """
    rows = state.collection(collection)
    key = record.get(rows.table.key)
    if not isinstance(key, str) or not key:
        raise Refused(422, f"{rows.table.key} must be text, not {key!r}")
    try:
        after = vendor.complete(state, collection, record) if vendor.complete else record
        yield from _write(vendor, state.fork(state.name, state.clock), collection, after)  # an error changes nothing
    except INDEX_ERRORS as error:
        why = str(error) if type(error) is ValueError else UNFIT_FOR_INDEX
        raise Refused(422, f"{vendor.name} cannot look up such a record in {collection}: {why}") from None
    yield from _write(vendor, state, collection, after)
    return after


def _write(vendor: Vendor, state: VendorState, collection: str, record: Json) -> Steps[None]:
    """Store a record and update the companion collections."""
    rows = state.collection(collection)
    before = rows.get(record[rows.table.key])
    rows.put(record)
    if vendor.derive:
        yield from vendor.derive(state, collection, before, record)


def check_like_others(state: VendorState, collection: str, record: Json) -> Steps[None]:
    """Raise ``Refused`` for a property that no record of the collection has, or one of another type; none may lack.

    A collection without records allows any.
    """
    types, always = yield from _properties(state.collection(collection))
    if not types:
        return
    for name, value in record.items():
        if name not in types:
            raise Refused(422, f"no record of {collection} has a property {name!r}{nearest(name, types)}")
        if _type(value) not in types[name]:
            raise Refused(422, f"{name} must be {' or '.join(sorted(types[name]))}, not {_type(value)}")
    for name in always:
        if name not in record:
            raise Refused(422, f"{name} is missing, which every record of {collection} has")


def _properties(rows: Collection) -> Steps[tuple[Mapping[str, set[str]], list[str]]]:
    """Return the types of each property in the collection's first records, and the names that all of them have."""
    types: dict[str, set[str]] = {}
    counts: dict[str, int] = {}
    total = 0
    for total, row in enumerate(islice(rows, MAX_MODELS), start=1):  # noqa: B007 - the last number is used
        for name, value in row.items():
            types.setdefault(name, set()).add(_type(value))
            counts[name] = counts.get(name, 0) + 1
        yield
    return types, [name for name, count in counts.items() if count == total]


def _type(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case list():
            return "a list"
    return "an object"
