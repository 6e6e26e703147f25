"""Conversion of snapshots to and from JSON documents, with a version and a digest against truncated files."""

import re
import struct
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import blake2b
from math import isnan, nan
from random import Random
from typing import Any

import orjson

from understudy.core.clock import EARLIEST, MAX_TIMESTAMP, Clock, ClockReading
from understudy.core.json_types import Json
from understudy.core.misconfigured import nearest
from understudy.core.timestamps import parse_rfc3339
from understudy.state.collection import Collection
from understudy.state.snapshot import Snapshot
from understudy.state.vendor_state import VendorState
from understudy.state.world import World

FORMAT = "understudy-snapshot"
VERSION = 1
RNG_STATE = struct.Struct("<625Id")
"""State of a ``Random``: its 625 words, and the second of the last pair of normal numbers (NaN for none)."""

RNG_VERSION = 3
"""First item of the state of a ``Random``."""

WHOLE_DOUBLE = re.compile(rb"\.0(?=[,\]}])")
"""Decimals of ``10.0``, which JavaScript writes as ``10``; the digest leaves them out."""

INDEX_ERRORS = (LookupError, TypeError, AttributeError, ValueError)
"""Errors that a vendor's indexes raise at a record of a shape that they do not expect."""


class InvalidSnapshot(Exception):  # noqa: N818 - a fact about a document
    """Document that is not a valid snapshot for this server; the message is the reason."""


def snapshot_to_json(snapshot: Snapshot) -> Json:
    """Return a snapshot as a JSON document; equal snapshots give equal documents."""
    now, rate = snapshot.reading
    document: Json = {
        "format": FORMAT,
        "version": VERSION,
        "clock": {"now": now and now.isoformat(timespec="microseconds"), "rate": rate},
        "vendors": {vendor: _state_to_json(state) for vendor, state in snapshot.world.vendors.items()},
    }
    return {**document, "digest": digest_of(document)}


def snapshot_from_json(document: Mapping[str, Any], base: World) -> Snapshot:
    """Return the snapshot that a JSON document describes; vendors that it leaves out are as in ``base``.

    Raises ``InvalidSnapshot`` for a document of another version, one that was changed, and one that does not fit the
    vendors here.
    """
    if document["version"] != VERSION:
        raise InvalidSnapshot(f"snapshot version {document['version']} is not understood ({VERSION} is)")
    content = {name: value for name, value in document.items() if name != "digest"}
    if digest_of(content) != document["digest"]:
        raise InvalidSnapshot("the digest is not that of the document: it was changed or cut off")
    now = document["clock"]["now"]
    reading = ClockReading(None if now is None else _snapshot_time(now), document["clock"]["rate"])
    world = base.fork(base.name, Clock(*reading))
    for vendor, part in document["vendors"].items():
        if vendor not in world.vendors:
            raise InvalidSnapshot(f"no vendor {vendor!r} is served{nearest(vendor, world.vendors)}")
        _restore_state(world.vendors[vendor], part)
    return Snapshot(world, reading)


def _snapshot_time(text: str) -> datetime:
    """Return the time of a snapshot's clock: one at which a clock can stand, though it may have run past its range."""
    at = parse_rfc3339(text)
    if at is None or not EARLIEST <= at <= datetime.fromtimestamp(MAX_TIMESTAMP, UTC):
        raise InvalidSnapshot(f"the clock is at {text!r}, which is no time from 1970 to 9999")
    return at


def digest_of(document: Mapping[str, Any]) -> str:
    """Return the digest of a document that has none yet."""
    text = orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
    return blake2b(WHOLE_DOUBLE.sub(b"", text), digest_size=16).hexdigest()


def _state_to_json(state: VendorState) -> Json:
    return {
        "chance": _rng_to_text(state.rng),
        "collections": {name: _collection_to_json(rows) for name, rows in state.collections.items()},
    }


def _collection_to_json(rows: Collection) -> Json:
    orders = rows.explicit_orders()
    return {"records": list(rows), **({"orders": orders} if orders else {})}


def _rng_to_text(rng: Random) -> str:
    _, words, normal = rng.getstate()
    return b64encode(RNG_STATE.pack(*words, nan if normal is None else normal)).decode()


def _restore_state(state: VendorState, part: Mapping[str, Any]) -> None:
    try:
        *words, normal = RNG_STATE.unpack(b64decode(part["chance"]))
        state.rng.setstate((RNG_VERSION, tuple(words), None if isnan(normal) else normal))
    except (ValueError, struct.error):
        raise InvalidSnapshot(f"{state.vendor}: its chance is not the state of a random number generator") from None
    for rows in state.collections.values():
        rows.clear()
    for name, stored in part["collections"].items():
        if name not in state.collections:
            raise InvalidSnapshot(f"{state.vendor} has no collection {name!r}{nearest(name, state.collections)}")
        _restore_collection(state, name, stored)


def _restore_collection(state: VendorState, name: str, stored: Mapping[str, Any]) -> None:
    rows = state.collections[name]
    try:
        for record in stored["records"]:
            rows.put(record)
        rows.set_order(stored.get("orders", {}))
    except INDEX_ERRORS as error:
        why = f"{type(error).__name__}: {error}"
        raise InvalidSnapshot(f"{state.vendor} {name}: a record cannot be looked up ({why})") from None
