"""Property of deliveries: whatever fails, restarts or moves in time, nothing is lost, nothing invented, order kept."""

import asyncio
from collections import defaultdict
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.deliveries.task_of_worlds import (
    VENDORS,
    RecordingSender,
    delivering,
    make_worlds,
    move,
    outbox,
    rest,
)
from tests.state.test_snapshot_format import snapshot_from_json, text
from understudy.deliveries.delivery_task import DeliveryTask
from understudy.deliveries.message import Message
from understudy.deliveries.rules import DeliveryRule, Retries
from understudy.state.worlds import Worlds

RETRIES = Retries(attempts=4, delays=(1, 10))
RULES = (
    DeliveryRule("ordered*", "http://127.0.0.1:1/", ordered=True, retries=RETRIES),
    DeliveryRule("free*", "http://127.0.0.1:2/", retries=RETRIES),
)
DESTINATIONS = ("ordered-a", "ordered-b", "free")
STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("add"), st.sampled_from(VENDORS), st.sampled_from(DESTINATIONS), st.sampled_from(["", "g", "h"])
        ),
        st.tuples(st.just("move"), st.sampled_from([0, 1, 5, 10, 3600, -1, -20])),
        st.tuples(st.just("fail"), st.sets(st.sampled_from(DESTINATIONS))),
        st.tuples(st.just("run"), st.integers(0, 5)),
        st.tuples(st.sampled_from(["rest", "restart", "save", "go back"])),
        st.tuples(st.just("resend"), st.integers(1, 8)),
    ),
    max_size=40,
)
Step = tuple[Any, ...]
Line = tuple[str, str, str]
"""Vendor, destination and group."""


class Story:
    """Course of one example: messages that were added, and those that arrived."""

    def __init__(self, pauses: list[int]) -> None:
        self.worlds: Worlds = make_worlds()
        self.failing: set[str] = set()
        self.lines: list[Line] = []
        """Line of each message that was ever added, by its number."""

        self.present: set[int] = set()
        """Numbers of the messages that the world has."""

        self.arrived: set[int] = set()
        self.saved: tuple[bytes, set[int]] = text(self.worlds.get_or_create()), set()
        self.orders: dict[Line, list[int]] = defaultdict(list)
        """Numbers in the order in which they arrived since the world last went back, by line."""

        self.has_resent = False
        waits = iter(pauses)
        self.sender = RecordingSender(self.answer, lambda: next(waits, 0))

    def answer(self, message: Message) -> str:
        """Receive a message, unless its destination fails."""
        number = orjson.loads(message.body)["n"]
        assert number < len(self.lines), "a message was invented"
        if message.destination in self.failing:
            return "down"
        self.arrived.add(number)
        self.orders[self.lines[number]].append(number)
        return ""

    async def take(self, steps: list[Step], task: DeliveryTask) -> list[Step]:
        """Take steps up to a restart; return those that are left."""
        for number, (kind, *values) in enumerate(steps):
            if kind == "restart":
                return steps[number + 1 :]
            if kind == "rest":
                await rest(task)
            elif kind == "run":
                for _ in range(values[0]):
                    await asyncio.sleep(0)
            else:
                self.change(kind, *values)
        return []

    def change(self, kind: str, *values: Any) -> None:
        """Change the world, or the consumers."""
        if kind == "add":
            vendor, destination, group = values
            number = len(self.lines)
            self.lines.append((vendor, destination, group))
            self.present.add(number)
            outbox(self.worlds, vendor=vendor).add("webhook", destination, {"n": number}, group=group)
        elif kind == "move":
            move(self.worlds, seconds=values[0])
        elif kind == "fail":
            self.failing = values[0]
        elif kind == "resend":
            self.has_resent = outbox(self.worlds).resend(f"acme-{values[0]}") is not None or self.has_resent
        elif kind == "save":
            self.saved = text(self.worlds.get_or_create()), set(self.present)
        else:
            self.restore(self.saved[0])
            self.present = set(self.saved[1])

    def restart(self) -> None:
        """Go on from a snapshot document in another registry of worlds, as another process would."""
        document = text(self.worlds.get_or_create())
        self.worlds = make_worlds()
        self.restore(document)

    def restore(self, document: bytes) -> None:
        """Restore the world from a snapshot document: what was delivered after it arrives again."""
        snapshot = snapshot_from_json(orjson.loads(document), make_worlds().get_or_create())
        for state in snapshot.world.vendors.values():
            state.signal = self.worlds.signal
        self.worlds.restore("main", snapshot)
        self.orders.clear()


@settings(max_examples=200, deadline=None)
@given(STEPS, st.lists(st.integers(0, 3), max_size=30))
def test_nothing_is_lost_nothing_invented_and_order_is_kept(steps: list[Step], pauses: list[int]) -> None:
    asyncio.run(_run(steps, pauses))


async def _run(steps: list[Step], pauses: list[int]) -> None:
    story = Story(pauses)
    left = steps
    while left:
        async with delivering(story.worlds, *RULES, sender=story.sender) as task:
            left = await story.take(left, task)
        story.restart()
    story.failing = set()
    async with delivering(story.worlds, *RULES, sender=story.sender) as task:
        for _ in range(RETRIES.attempts):
            await rest(task)
            move(story.worlds, seconds=3700)
        await rest(task)

    records = {each["body"]["n"]: each for vendor in VENDORS for each in outbox(story.worlds, vendor=vendor)}
    assert records.keys() == story.present, "a message was lost"
    for number, each in records.items():
        assert each["state"] in ("delivered", "given up")
        assert number in story.arrived or len(each["attempts"]) >= RETRIES.attempts
    for line, numbers in story.orders.items():
        if line[1].startswith("ordered") and not story.has_resent:
            assert numbers == sorted(numbers), f"{line} was not kept in order"
