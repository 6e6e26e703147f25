"""Messages of one world that wait for delivery: by the time when each is due, in order where a rule asks for it."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from heapq import heappop, heappush
from secrets import token_hex

from understudy.core.json_types import Json
from understudy.core.steps import Steps
from understudy.core.timestamps import iso_microseconds
from understudy.deliveries.rules import DeliveryRule, find_rule
from understudy.state.outbox import OPEN_STATES
from understudy.state.world import World

Line = tuple[str, str, str]
"""Vendor, destination and group whose messages are delivered one after the other."""


@dataclass(frozen=True, slots=True)
class DueMessage:
    """Message of which an attempt is due, with its rule, which has a target.

    ``token`` is another one for each state that a world is given, because equal worlds have equal ids.
    """

    world: World
    vendor: str
    record: Json
    rule: DeliveryRule
    token: str = ""

    @property
    def id(self) -> str:
        """Id of the record."""
        return str(self.record["id"])


@dataclass(slots=True)
class WaitingMessages:
    """Messages of one world that wait; ``rules`` are those of the world, then those of the server.

    A record may be in ``_heap`` more than once: an entry is good only if it is the record's present ``next_at``.
    ``_passed`` has, by vendor and destination, the ids of those that wait until the next one is delivered.
    """

    world: World
    rules: Sequence[DeliveryRule]
    token: str = field(default_factory=partial(token_hex, 8))
    _heap: list[tuple[str, int, str, str]] = field(default_factory=list)
    _lines: dict[Line, OrderedDict[str, None]] = field(default_factory=dict)
    _under_way: set[tuple[str, str]] = field(default_factory=set)
    _passed: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def scan(self) -> Steps[None]:
        """Take all open records of the world, in steps, in place of those that were known."""
        self._heap.clear()
        self._lines.clear()
        for vendor, state in self.world.vendors.items():
            for record in state.outbox.open_records():
                self._take(vendor, record)
                yield

    def add(self, vendor: str, record_id: str) -> None:
        """Take a record that is new or was changed; one whose attempt is under way is taken when that ends."""
        record = self._open_record(vendor, record_id)
        if record is not None:
            self._take(vendor, record)

    def _open_record(self, vendor: str, record_id: str) -> Json | None:
        record = self.world.vendors[vendor].outbox.get(record_id) if vendor in self.world.vendors else None
        return record if record is not None and record["state"] in OPEN_STATES else None

    def _take(self, vendor: str, record: Json) -> None:
        rule = find_rule(self.rules, record["destination"])
        if rule is None or rule.target is None:
            return
        if rule.ordered and record["id"] not in self._passed.get((vendor, record["destination"]), ()):
            line = self._lines.setdefault(_line(vendor, record), OrderedDict())
            line[record["id"]] = None
            if _first(line) != record["id"]:
                return
        if (vendor, record["id"]) not in self._under_way:
            self._push(vendor, record)

    def _push(self, vendor: str, record: Json) -> None:
        number = int(record["id"].rpartition("-")[2])
        heappush(self._heap, (record["next_at"], number, vendor, record["id"]))

    @property
    def next_at(self) -> str | None:
        """Time when the next attempt is due, by the world's clock; ``None`` if none is."""
        return self._heap[0][0] if self._heap else None

    def pop_due(self) -> DueMessage | None:
        """Return the next message of which an attempt is due, which is under way from now on; ``None`` for none."""
        now = iso_microseconds(self.world.clock.now())
        while self._heap and self._heap[0][0] <= now:
            next_at, _, vendor, record_id = heappop(self._heap)
            record = self._open_record(vendor, record_id)
            if record is None:
                self._drop(vendor, record_id)
                continue
            rule = find_rule(self.rules, record["destination"])
            is_stale = record["next_at"] != next_at or (vendor, record_id) in self._under_way
            if is_stale or rule is None or rule.target is None:
                continue
            self._under_way.add((vendor, record_id))
            return DueMessage(self.world, vendor, record, rule, self.token)
        return None

    def let_pass(self, message: DueMessage) -> None:
        """Let the next message to its destination pass a message that is held back."""
        self._passed.setdefault((message.vendor, message.record["destination"]), []).append(message.id)

    def end(self, message: DueMessage) -> None:
        """End an attempt, whose result the record has: it waits for the next one, or gives way to the next in line."""
        self._under_way.discard((message.vendor, message.id))
        record = self._open_record(message.vendor, message.id)
        is_passed = message.id in self._passed.get((message.vendor, message.record["destination"]), ())
        if record is not None:
            self._take(message.vendor, record)
            if not is_passed:
                return
        elif not is_passed:
            self._release(message)
        line = _line(message.vendor, message.record)
        if line in self._lines:
            self._advance(line, message.id)

    def _release(self, message: DueMessage) -> None:
        """Make the messages due that waited until one to their destination was delivered."""
        for record_id in self._passed.pop((message.vendor, message.record["destination"]), ()):
            self.world.vendors[message.vendor].outbox.make_due(record_id)

    def _drop(self, vendor: str, record_id: str) -> None:
        """Give way to the next in line of a record that is closed or exists no more."""
        for line in [each for each, ids in self._lines.items() if each[0] == vendor and _first(ids) == record_id]:
            self._advance(line, record_id)

    def _advance(self, line: Line, record_id: str) -> None:
        ids, vendor = self._lines[line], line[0]
        ids.pop(record_id, None)
        while ids:
            record = self._open_record(vendor, _first(ids))
            if record is not None:
                if (vendor, record["id"]) not in self._under_way:
                    self._push(vendor, record)
                return
            ids.popitem(last=False)
        del self._lines[line]


def _first(ids: OrderedDict[str, None]) -> str:
    return next(iter(ids))


def _line(vendor: str, record: Json) -> Line:
    return vendor, record["destination"], record["group"]
