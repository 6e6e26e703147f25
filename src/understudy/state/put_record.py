"""Record put into a collection as it is stored, checked by the records that are there."""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

from understudy.core.json_types import Json
from understudy.core.misconfigured import nearest
from understudy.core.refused import Refused
from understudy.core.steps import Steps
from understudy.core.vendor import Vendor
from understudy.state.collection import Collection
from understudy.state.snapshot_format import INDEX_ERRORS, why_unfit
from understudy.state.vendor_state import VendorState

MAX_MODELS = 1000
"""Number of records of a collection by which another is checked."""


MAX_ITEMS = 1000
"""Number of items of a list that are compared with those of other records."""

MAX_DEPTH = 10
NULL = "null"

CheckRecord = Callable[[VendorState, Json], Steps[None]]
"""Check of a record in steps: (copy of the state, which has the record already; record). It raises ``Refused``."""


def put_record(vendor: Vendor, state: VendorState, collection: str, record: Json, check: CheckRecord) -> Steps[Json]:
    """Store a record under its own key, past the operations, and update the companion collections; return it.

    Raise ``Refused`` if it has no key or cannot be looked up: then the record that was there and all companions stay.
    """
    rows = state.collection(collection)
    key = record.get(rows.table.key)
    if not isinstance(key, str) or not key:
        raise Refused(422, f"{rows.table.key} must be text, not {key!r}")
    try:
        after = vendor.complete(state, collection, record) if vendor.complete else record
        trial = state.fork(state.name, state.clock)  # an error changes nothing
        trial.signal = None  # and nothing of it is delivered
        yield from trial.separate()
        yield from _write(vendor, trial, collection, after)
        yield from check(trial, after)
    except INDEX_ERRORS as error:
        why = why_unfit(error, record)
        raise Refused(422, f"{vendor.name} cannot look up such a record in {collection}: {why}") from None
    yield from state.separate()
    yield from _write(vendor, state, collection, after)
    return after


def _write(vendor: Vendor, state: VendorState, collection: str, record: Json) -> Steps[None]:
    """Store a record and update the companion collections."""
    rows = state.collection(collection)
    before = rows.get(record[rows.table.key])
    rows.put(record)
    if vendor.derive:
        yield from vendor.derive(state, collection, before, record)


def check_like_others(state: VendorState, collection: str, record: Json, *, takes_others: bool = False) -> Steps[None]:
    """Raise ``Refused`` for a property of another type than in the collection's other records; none may lack.

    Unless it ``takes_others``, nor may it have a property that no record has. A collection without records allows any.
    """
    types, always = yield from _properties(state.collection(collection))
    if not types:
        return
    for path, found in _types(record, ""):
        if path in types:
            if found not in types[path] and types[path] != {NULL}:
                raise Refused(422, f"{path} must be {' or '.join(sorted(types[path]))}, not {found}")
        elif path in record and not takes_others:
            raise Refused(422, f"no record of {collection} has a property {path!r}{nearest(path, types)}")
    for name in always:
        if name not in record:
            raise Refused(422, f"{name} is missing, which every record of {collection} has")


def _properties(rows: Collection) -> Steps[tuple[Mapping[str, set[str]], list[str]]]:
    """Return the types of each property, at any path, in the first records, and the names that all of them have."""
    types: dict[str, set[str]] = {}
    counts: dict[str, int] = {}
    total = 0
    for total, row in enumerate(islice(rows, MAX_MODELS), start=1):  # noqa: B007 - the last number is used
        for name in row:
            counts[name] = counts.get(name, 0) + 1
        for path, found in _types(row, ""):
            types.setdefault(path, set()).add(found)
        yield
    return types, [name for name, count in counts.items() if count == total]


def _types(value: Any, path: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Yield the paths of a record's properties with their types; the items of a list share one path."""
    parts = value.items() if isinstance(value, dict) else (("*", part) for part in value[:MAX_ITEMS])
    for name, part in parts:
        place = f"{path}/{name}" if path else name
        yield place, _type(part)
        if isinstance(part, dict | list) and depth < MAX_DEPTH:
            yield from _types(part, place, depth + 1)


def _type(value: Any) -> str:
    match value:
        case None:
            return NULL
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case list():
            return "a list"
    return "an object"
