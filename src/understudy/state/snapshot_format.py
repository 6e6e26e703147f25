"""Snapshots as JSON documents, written and read in steps, with a version and a digest against truncated files."""

import re
import struct
from base64 import b64decode, b64encode
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import blake2b
from math import isnan, nan
from random import Random
from typing import Any, TypeVar

import orjson

from understudy.core.clock import EARLIEST, MAX_TIMESTAMP, Clock, ClockReading
from understudy.core.json_stream import ANY, ITEMS
from understudy.core.json_types import Json
from understudy.core.misconfigured import nearest
from understudy.core.steps import Steps
from understudy.core.timestamps import parse_rfc3339
from understudy.state.collection import Collection
from understudy.state.snapshot import Snapshot
from understudy.state.vendor_state import VendorState
from understudy.state.world import World

Result = TypeVar("Result")
Orders = dict[str, list[list[str]]]
"""Groups of keys by index, in their order."""

FORMAT = "understudy-snapshot"
VERSION = 1
SHAPE = {
    **dict.fromkeys(("format", "version", "clock", "deliveries", "digest")),
    "vendors": {ANY: {"chance": None, "collections": {ANY: {"records": ITEMS, "orders": {ANY: ITEMS}}}}},
}
"""Shape of a document: all its members, and the arrays that are read item by item, by ``SnapshotReader.add``."""

RNG_STATE = struct.Struct("<625Id")
"""State of a ``Random``: its 625 words, and the second of the last pair of normal numbers (NaN for none)."""

RNG_VERSION = 3
"""First item of the state of a ``Random``."""

WHOLE_DOUBLE = re.compile(rb"\.0(?=[,\]}])")
"""Decimals of ``10.0``, which JavaScript writes as ``10``; the digest leaves them out."""

UNFIT_FOR_INDEX = "a property that an index needs is missing or of another type"
"""Reason that is given for an index error, in place of Python's."""

INDEX_ERRORS = (LookupError, TypeError, AttributeError, ValueError, ArithmeticError)
"""Errors that a vendor's indexes raise at a record of a shape that they do not expect."""


NO_NUMBER = re.compile(
    r"(?:invalid literal for int\(\) with base 10|could not convert string to float): (.*)", re.DOTALL
)
"""Python's words about a text that is no number."""


def why_unfit(error: Exception, record: Any) -> str:
    """Return the reason of an index error at a record, in no words of Python."""
    if not _is_writable(record):
        return "it is nested too deep, has a number over 64 bits, or a text that is not valid Unicode"
    name = error.args[0] if error.args else None
    if isinstance(error, KeyError) and isinstance(name, str) and not _has(record, name):
        return f"{name} is missing"
    if type(error) is not ValueError:
        return UNFIT_FOR_INDEX
    number = NO_NUMBER.match(str(error))
    return f"{number[1]} is no number" if number else str(error)


def _is_writable(record: Any) -> bool:
    try:
        orjson.dumps(record)
    except TypeError:
        return False
    return True


def _has(value: Any, text: str) -> bool:
    """Return whether a text is a value somewhere in a JSON value."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return value == text or any(_has(part, text) for part in parts)


class InvalidSnapshot(Exception):  # noqa: N818 - a fact about a document
    """Document that is not a valid snapshot for this server; the message is the reason."""


@dataclass(frozen=True, slots=True)
class VendorPart:
    """Part of a document about one vendor: collections by name, each with its explicit orders if it has any."""

    chance: str
    collections: dict[str, tuple[Collection, Orders | None]] = field(default_factory=dict)


def write_snapshot(snapshot: Snapshot) -> Iterator[bytes]:
    """Yield the JSON document of a snapshot in pieces, each made in a step; equal snapshots give equal documents."""
    head = {"clock": _clock_to_json(snapshot.reading), **_rules_to_json(snapshot.world)}
    parts: dict[str, VendorPart] = {}
    yield orjson.dumps({"format": FORMAT, "version": VERSION, **head})[:-1] + b',"vendors":{'
    for vendor, state in snapshot.world.vendors.items():
        comma = b"," if parts else b""
        parts[vendor] = part = VendorPart(_rng_to_text(state.rng))
        yield b'%b%b:{"chance":%b,"collections":{' % (comma, orjson.dumps(vendor), orjson.dumps(part.chance))
        for name, rows in state.collections.items():
            yield (b"," if part.collections else b"") + orjson.dumps(name) + b":"
            part.collections[name] = rows, (yield from _write_collection(rows))
        yield b"}}"
    digest = yield from _silently(digest_of(head, parts))
    yield b'},"digest":%b}' % orjson.dumps(digest)


def _write_collection(rows: Collection) -> Generator[bytes, None, Orders | None]:
    """Yield a collection in pieces; return its explicit orders."""
    start = b'{"records":['
    for key in rows.keys():  # noqa: SIM118 - a list of them
        yield start + (rows.text(key) or b"null")
        start = b","
    yield b"]" if start == b"," else start + b"]"
    orders = yield from _silently(rows.explicit_orders())
    start = b',"orders":{'
    for index, groups in orders.items():
        yield start + orjson.dumps(index) + b":["
        for number, group in enumerate(groups):
            yield (b"," if number else b"") + orjson.dumps(group)
        start = b"],"
    yield b"]}}" if orders else b"}"
    return orders or None


def _silently(steps: Steps[Result]) -> Generator[bytes, None, Result]:
    """Run steps that make no piece; return their result."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: Result = end.value
            return result
        yield b""


def digest_of(head: Mapping[str, Any], parts: Mapping[str, VendorPart]) -> Steps[str]:
    """Return the digest of a document in steps: that of its compact text, members sorted by name.

    ``head`` has its clock, and its rules of deliveries if there are any.
    """
    digest = blake2b(digest_size=16)
    digest.update(_canonical({**head, "format": FORMAT})[:-1] + b',"vendors":{')
    for vendor_number, (vendor, part) in enumerate(sorted(parts.items())):
        head = {vendor: {"chance": part.chance}}
        digest.update((b"," if vendor_number else b"") + _canonical(head)[1:-2] + b',"collections":{')
        for number, (name, (rows, orders)) in enumerate(sorted(part.collections.items())):
            digest.update((b"," if number else b"") + orjson.dumps(name) + b":{")
            if orders is not None:
                digest.update(b'"orders":' + orjson.dumps(orders, option=orjson.OPT_SORT_KEYS) + b",")
            digest.update(b'"records":[')
            for record_number, key in enumerate(rows.keys()):
                text = _canonical(orjson.loads(rows.text(key) or b"null"))
                digest.update(b"," + text if record_number else text)
                yield
            digest.update(b"]}")
        digest.update(b"}}")
    digest.update(b'},"version":%d}' % VERSION)
    return digest.hexdigest()


def _canonical(value: Any) -> bytes:
    return WHOLE_DOUBLE.sub(b"", orjson.dumps(value, option=orjson.OPT_SORT_KEYS))


class SnapshotReader:
    """Reader of a document: ``add`` takes its records and orders one by one, ``finish`` the rest of it.

    Vendors that the document leaves out are as in the base world.
    """

    def __init__(self, base: World) -> None:
        self._world = base.fork(base.name)
        self._parts: dict[str, VendorPart] = {}
        self._orders: dict[tuple[str, str], Orders] = {}
        self._mistake: InvalidSnapshot | None = None

    def add(self, path: tuple[str, ...], item: Any) -> None:
        """Take a record, or the keys of one group in their order; ``path`` is that of its array."""
        _, vendor, _, name, kind, *index = path
        try:
            if kind == "records":
                self._put(vendor, name, item)
            else:
                self._orders.setdefault((vendor, name), {}).setdefault(index[0], []).append(item)
        except InvalidSnapshot as mistake:
            self._mistake = self._mistake or mistake

    def finish(self, document: Mapping[str, Any]) -> Steps[Snapshot]:
        """Return the snapshot, in steps.

        Raises ``InvalidSnapshot`` for a document of another version, one that was changed, and one that does not fit
        the vendors here.
        """
        if document["version"] != VERSION:
            raise InvalidSnapshot(f"snapshot version {document['version']} is not understood ({VERSION} is)")
        for vendor, found in document["vendors"].items():
            for name, stored in found["collections"].items():
                orders = self._orders.get((vendor, name), {})
                named = {index: orders.get(index, []) for index in stored["orders"]} if "orders" in stored else None
                self._part(vendor).collections[name] = self._rows(vendor, name), named
            self._parts[vendor] = replace(self._part(vendor), chance=found["chance"])
        if self._mistake is not None:
            raise self._mistake
        head = {name: document[name] for name in ("clock", "deliveries") if name in document}
        if (yield from digest_of(head, self._parts)) != document["digest"]:
            raise InvalidSnapshot("the digest is not that of the document: it was changed or cut off")
        for vendor, part in self._parts.items():
            yield from _restore_state(self._world.vendors[vendor], part)
        yield from self._world.sort()
        self._world.deliveries = tuple(document.get("deliveries", ()))
        now = document["clock"]["now"]
        reading = ClockReading(None if now is None else _snapshot_time(now), document["clock"]["rate"])
        return Snapshot(self._world.fork(self._world.name, Clock(*reading)), reading)

    def dismantle(self) -> Steps[None]:
        """Remove the records that were read, in steps."""
        self._parts.clear()
        yield from self._world.dismantle()

    def _part(self, vendor: str) -> VendorPart:
        """Return the part of a vendor, whose collections are emptied first."""
        if vendor not in self._parts:
            if vendor not in self._world.vendors:
                raise InvalidSnapshot(f"no vendor {vendor!r} is served{nearest(vendor, self._world.vendors)}")
            self._parts[vendor] = VendorPart("")
            for rows in self._world.vendors[vendor].collections.values():
                rows.clear()
        return self._parts[vendor]

    def _rows(self, vendor: str, name: str) -> Collection:
        self._part(vendor)
        collections = self._world.vendors[vendor].collections
        if name not in collections:
            raise InvalidSnapshot(f"{vendor} has no collection {name!r}{nearest(name, collections)}")
        return collections[name]

    def _put(self, vendor: str, name: str, record: Json) -> None:
        rows = self._rows(vendor, name)
        if not isinstance(record, dict):
            raise InvalidSnapshot(f"{vendor} {name}: a record is no object")
        try:
            rows.put(record)
        except INDEX_ERRORS as error:
            raise _not_found(vendor, name, error, record) from None


def _clock_to_json(reading: ClockReading) -> Json:
    return {"now": reading.now and reading.now.isoformat(timespec="microseconds"), "rate": reading.rate}


def _rules_to_json(world: World) -> Json:
    return {"deliveries": list(world.deliveries)} if world.deliveries else {}


def _snapshot_time(text: str) -> datetime:
    """Return the time of a snapshot's clock: one at which a clock can stand, though it may have run past its range."""
    at = parse_rfc3339(text)
    if at is None or not EARLIEST <= at <= datetime.fromtimestamp(MAX_TIMESTAMP, UTC):
        raise InvalidSnapshot(f"the clock is at {text!r}, which is no time from 1970 to 9999")
    return at


def _rng_to_text(rng: Random) -> str:
    _, words, normal = rng.getstate()
    return b64encode(RNG_STATE.pack(*words, nan if normal is None else normal)).decode()


def _restore_state(state: VendorState, part: VendorPart) -> Steps[None]:
    try:
        *words, normal = RNG_STATE.unpack(b64decode(part.chance))
        state.rng.setstate((RNG_VERSION, tuple(words), None if isnan(normal) else normal))
    except (ValueError, struct.error):
        raise InvalidSnapshot(f"{state.vendor}: its chance is not the state of a random number generator") from None
    for name, (rows, orders) in part.collections.items():
        for index, groups in (orders or {}).items():
            for group in groups:
                try:
                    rows.set_order({index: [group]})
                except INDEX_ERRORS as error:
                    raise _not_found(state.vendor, name, error, group) from None
                yield


def _not_found(vendor: str, name: str, error: Exception, found: Any) -> InvalidSnapshot:
    return InvalidSnapshot(f"{vendor} {name}: a record cannot be looked up ({why_unfit(error, found)})")
