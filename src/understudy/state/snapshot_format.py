"""A moment of a world as a JSON document, and back: versioned, and with a digest, so that no half of one is taken."""

import re
import struct
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime
from hashlib import blake2b
from math import isnan, nan
from random import Random
from typing import Any

import orjson

from understudy.core.clock import Clock, ClockReading
from understudy.core.json_types import Json
from understudy.core.misconfigured import nearest
from understudy.state.collection import Collection
from understudy.state.snapshot import Snapshot
from understudy.state.vendor_state import VendorState
from understudy.state.world import World

FORMAT = "understudy-snapshot"
VERSION = 1
CHANCE = struct.Struct("<625Id")
"""The state of Python's generator: its words, and the second of the last pair of normal numbers (none is NaN)."""

GENERATOR = 3
WHOLE_DOUBLE = re.compile(rb"\.0(?=[,\]}])")
"""``10.0``, which JavaScript hands back as ``10``: to the digest both are the same."""

INDEX_ERRORS = (LookupError, TypeError, AttributeError, ValueError)
"""What a vendor's look-ups raise at a record that is not as they expect."""


class InvalidSnapshot(Exception):  # noqa: N818 - a fact about a document
    """A document that is no moment of a world here; the message says why."""


def snapshot_to_json(moment: Snapshot) -> Json:
    """Return a moment as a document; the same moment gives the same one."""
    now, rate = moment.reading
    document: Json = {
        "format": FORMAT,
        "version": VERSION,
        "clock": {"now": now and now.isoformat(timespec="microseconds"), "rate": rate},
        "vendors": {vendor: _write_world(world) for vendor, world in moment.world.vendors.items()},
    }
    return {**document, "digest": digest_of(document)}


def snapshot_from_json(document: Mapping[str, Any], beginning: World) -> Snapshot:
    """Return the moment that a document describes; vendors that it leaves out are as in ``beginning``.

    Raises ``Unrestorable`` for a document of another version, one that was changed, and one that does not fit the
    vendors here.
    """
    if document["version"] != VERSION:
        raise InvalidSnapshot(f"snapshot version {document['version']} is not understood ({VERSION} is)")
    told = {name: value for name, value in document.items() if name != "digest"}
    if digest_of(told) != document["digest"]:
        raise InvalidSnapshot("the digest is not that of the document: it was changed or cut off")
    now = document["clock"]["now"]
    reading = ClockReading(now and datetime.fromisoformat(now), document["clock"]["rate"])
    scene = beginning.fork(beginning.name, Clock(*reading))
    for vendor, part in document["vendors"].items():
        if vendor not in scene.vendors:
            raise InvalidSnapshot(f"no vendor {vendor!r} is served{nearest(vendor, scene.vendors)}")
        _read_world(scene.vendors[vendor], part)
    return Snapshot(scene, reading)


def digest_of(document: Mapping[str, Any]) -> str:
    """Return the digest of a document without its own."""
    text = orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
    return blake2b(WHOLE_DOUBLE.sub(b"", text), digest_size=16).hexdigest()


def _write_world(world: VendorState) -> Json:
    return {
        "chance": _write_chance(world.rng),
        "collections": {name: _write_collection(rows) for name, rows in world.collections.items()},
    }


def _write_collection(rows: Collection) -> Json:
    orders = rows.explicit_orders()
    return {"records": list(rows), **({"orders": orders} if orders else {})}


def _write_chance(chance: Random) -> str:
    _, words, normal = chance.getstate()
    return b64encode(CHANCE.pack(*words, nan if normal is None else normal)).decode()


def _read_world(world: VendorState, part: Mapping[str, Any]) -> None:
    try:
        *words, normal = CHANCE.unpack(b64decode(part["chance"]))
        world.rng.setstate((GENERATOR, tuple(words), None if isnan(normal) else normal))
    except (ValueError, struct.error):
        raise InvalidSnapshot(f"{world.vendor}: its chance is none of ours") from None
    for name in world.collections:
        world.collections[name].clear()
    for name, told in part["collections"].items():
        if name not in world.collections:
            raise InvalidSnapshot(f"{world.vendor} has no collection {name!r}{nearest(name, world.collections)}")
        _read_collection(world, name, told)


def _read_collection(world: VendorState, name: str, told: Mapping[str, Any]) -> None:
    rows = world.collections[name]
    try:
        for record in told["records"]:
            rows.put(record)
        rows.set_order(told.get("orders", {}))
    except INDEX_ERRORS as error:
        why = f"{type(error).__name__}: {error}"
        raise InvalidSnapshot(f"{world.vendor} {name}: a record cannot be looked up ({why})") from None
