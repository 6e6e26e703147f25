"""Outbox of a vendor in a world: the messages that it sends by itself, each with the attempts at its delivery.

They are records of the reserved collection ``@outbox``, so that snapshots, forks and resets of the world have them.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from understudy.core.clock import Clock
from understudy.core.json_types import Json
from understudy.core.table import Table
from understudy.core.timestamps import iso_microseconds
from understudy.state.change_signal import ChangeSignal
from understudy.state.collection import Collection
from understudy.state.message_check import record_fault

PENDING, DELIVERED, FAILED, GIVEN_UP = "pending", "delivered", "failed", "given up"
STATES = (PENDING, DELIVERED, FAILED, GIVEN_UP)
OPEN_STATES = frozenset((PENDING, FAILED))
"""States of the records that are still to be delivered."""

PHASE, ONCE = "phase", "once"
OPEN = "open"
OUTBOX = Table(
    "@outbox",
    indexes={
        PHASE: lambda record: OPEN if record["state"] in OPEN_STATES else None,
        ONCE: lambda record: record["once"] or None,
    },
)
"""Table that every vendor state has; no document can have a collection of such a name."""

TEXTS = ("kind", "destination", "method", "operation", "group", "once")
"""Members of a record that are texts."""

TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""Method of a request, or name of a header."""

MAX_RECORDS = 100_000
"""Limit of the stored records: the oldest that are closed are dropped first, then the oldest of all."""

DROPPED_AT_ONCE = 1000
"""Number of records that are dropped together, because looking for them takes time."""


class Outbox:
    """Messages of one vendor in one world, oldest first; ``state.outbox`` in a handler.

    A record has ``id``, ``kind``, ``destination``, ``method``, ``operation``, ``because``, ``body``, ``headers``,
    ``attributes``, ``group``, ``created``, ``state``, ``attempts``, ``tries``, ``next_at`` and ``once``. ``tries``
    counts the attempts since it was added or sent again. Times are text, by the world's clock.
    """

    __slots__ = ("_clock", "_rows", "_signal", "_vendor", "_world")

    def __init__(self, rows: Collection, world: str, vendor: str, clock: Clock, signal: ChangeSignal | None) -> None:
        self._rows = rows
        self._world = world
        self._vendor = vendor
        self._clock = clock
        self._signal = signal

    def add(
        self,
        kind: str,
        destination: str,
        body: Any,
        *,
        operation: str = "",
        because: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        attributes: Mapping[str, Any] | None = None,
        method: str = "POST",
        at: datetime | None = None,
        group: str = "",
        once: str = "",
    ) -> str:
        """Add a message, which is delivered if the world has a target for its destination; return its id.

        ``kind`` is ``webhook``, ``sqs``, ``sns`` or a word of the vendor's; ``body`` a JSON value, or text to be sent
        as it is. ``because`` names the record that is the cause, ``operation`` the operation that was called. ``at``
        is the time when it is due, by default now. Messages of one ``group`` stay in order where a target is ordered.
        A message of the same ``once`` is added once only.
        """
        _check_texts(kind=kind, destination=destination, method=method, operation=operation, group=group, once=once)
        _check_headers(headers or {})
        if once and (known := self._rows.first(ONCE, once)) is not None:
            return str(known["id"])
        if at is not None and not isinstance(at, datetime):
            raise TypeError(f"a message is due at a datetime, not {at!r}")
        if at is not None and at.tzinfo is None:
            raise ValueError(f"a message cannot be due at {at}, a time without an offset")
        created = iso_microseconds(at or self._clock.now())
        record: Json = {
            "id": f"{self._vendor}-{self._last_number() + 1}",
            "kind": kind,
            "destination": destination,
            "method": method,
            "operation": operation,
            "because": dict(because or {}),
            "body": body,
            "headers": dict(headers or {}),
            "attributes": dict(attributes or {}),
            "group": group,
            "created": created,
            "state": PENDING,
            "attempts": [],
            "tries": 0,
            "next_at": created,
            "once": once,
        }
        self._rows.put(record)
        if len(self._rows) > MAX_RECORDS:
            self._drop_oldest()
        self._note(record)
        return str(record["id"])

    def get(self, record_id: str) -> Json | None:
        """Return a copy of a record, or ``None``."""
        return self._rows.get(record_id)

    def __iter__(self) -> Iterator[Json]:
        """Yield copies of all records, oldest first."""
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def dropped(self) -> int:
        """Number of the records that are stored no more, because there were too many."""
        return self._last_number() - len(self._rows)

    def open_records(self) -> Iterator[Json]:
        """Yield copies of the records that are still to be delivered, oldest first, as of this call."""
        return self._rows.read(self._rows.keys_of(PHASE, OPEN))

    def due(self, now: datetime) -> Iterator[Json]:
        """Yield copies of the open records of which an attempt is due at a time, oldest first."""
        until = iso_microseconds(now)
        return (record for record in self.open_records() if record["next_at"] <= until)

    def record_attempt(self, record_id: str, attempt: Mapping[str, Any], *, next_at: datetime | None = None) -> None:
        """Add an attempt to a record: ``at``, ``status``, ``milliseconds``, ``error``, ``fault``.

        Without an ``error`` the record is delivered; else it is tried again at ``next_at``, and given up without it.
        """
        record = self._rows.get(record_id)
        if record is None:
            return
        record["attempts"].append(dict(attempt))
        record["tries"] += 1
        record["state"] = DELIVERED if not attempt["error"] else GIVEN_UP if next_at is None else FAILED
        record["next_at"] = iso_microseconds(next_at) if record["state"] == FAILED and next_at else None
        self._rows.put(record)

    def hold(self, record_id: str, attempt: Mapping[str, Any], until: datetime) -> None:
        """Hold a record back until a time, as a fault asks; ``attempt`` says so, and does not count as one."""
        record = self._rows.get(record_id)
        if record is not None:
            record["attempts"].append(dict(attempt))
            self._rows.put(record | {"next_at": iso_microseconds(until)})

    def make_due(self, record_id: str) -> None:
        """Make the next attempt of an open record due now."""
        record = self._rows.get(record_id)
        if record is not None and record["state"] in OPEN_STATES:
            self._rows.put(record | {"next_at": iso_microseconds(self._clock.now())})
            self._note(record)

    def resend(self, record_id: str) -> Json | None:
        """Make a new delivery of a record due now, in whatever state it is; its attempts stay. Return the record."""
        record = self._rows.get(record_id)
        if record is None:
            return None
        record |= {"state": PENDING, "tries": 0, "next_at": iso_microseconds(self._clock.now())}
        self._rows.put(record)
        self._note(record)
        return record

    def clear(self) -> None:
        """Delete every record."""
        self._rows.clear()

    def _note(self, record: Json) -> None:
        if self._signal is not None:
            self._signal.note(self._world, self._vendor, record["id"])

    def _drop_oldest(self) -> None:
        keys = self._rows.keys()
        closed = (key for key in keys if self._rows.value(PHASE, key) is None)
        count = min(DROPPED_AT_ONCE, MAX_RECORDS)
        for key in list(islice(closed, count)) or keys[:count]:
            self._rows.delete(key)

    def _last_number(self) -> int:
        newest = self._rows.last_key()
        return 0 if newest is None else int(newest.rpartition("-")[2])


def _check_texts(**texts: Any) -> None:
    """Raise for a member that is no text, or lacks what delivering needs: a mistake in a user's behaviour."""
    for name, value in texts.items():
        if not isinstance(value, str):
            raise TypeError(f"{name} of a message must be text, not {value!r}")
        if not value and name in ("kind", "method"):
            raise ValueError(f"a message needs a {name}")
    if not TOKEN.fullmatch(texts["method"]):
        raise ValueError(f"{texts['method']!r} is no method of a message, such as 'POST'")


def is_header_name(name: str) -> bool:
    """Return whether a header of a message can have this name."""
    return TOKEN.fullmatch(name) is not None


def _check_headers(headers: Any) -> None:
    """Raise for headers that are no names and texts; a value that no request can have fails when it is sent."""
    if not isinstance(headers, Mapping):
        raise TypeError(f"headers of a message must be names and values, not {headers!r}")
    for name, value in headers.items():
        if not isinstance(name, str) or not is_header_name(name):
            raise ValueError(f"{name!r} is no name of a header")
        if not isinstance(value, str):
            raise TypeError(f"header {name} of a message must be text, not {type(value).__name__}")


def fault_of_stored(record: Json) -> str:
    """Return what is wrong with a record that an outbox is to have as it is; empty if nothing is."""
    fault = record_fault(record, {each: each in OPEN_STATES for each in STATES})
    if fault:
        return fault
    try:
        _check_texts(**{name: record.get(name) for name in TEXTS})
        _check_headers(record.get("headers"))
    except (TypeError, ValueError) as error:
        return str(error)
    return ""


def time_of(text: str) -> datetime:
    """Return the time of a record's text."""
    return datetime.fromisoformat(text).astimezone(UTC)
