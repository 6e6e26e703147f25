"""Delivery task over worlds of two vendors, with a sender that answers as a test wants."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from understudy.core.clock import Clock
from understudy.core.json_types import Json
from understudy.core.steps import Steps
from understudy.core.table import Table
from understudy.core.vendor import Vendor
from understudy.deliveries.delivery_task import DeliveryTask
from understudy.deliveries.message import Message, SendResult
from understudy.deliveries.rules import DeliveryRule
from understudy.state.outbox import Outbox
from understudy.state.vendor_state import VendorState
from understudy.state.world import World
from understudy.state.worlds import Worlds

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TABLES = (Table("things"),)
VENDORS = ("acme", "bolt")
TARGET = "http://127.0.0.1:9/"
TO_ALL = DeliveryRule("*", TARGET)


def make_worlds(rate: float = 0) -> Worlds:
    def build(*_: object) -> Steps[World]:
        yield
        clock = Clock(NOW, rate=rate)
        return World("start", clock, {name: VendorState("start", name, clock, 1, TABLES) for name in VENDORS}, {})

    worlds = Worlds(build)
    worlds.get_or_create()
    return worlds


class RecordingSender:
    """Sender that keeps what it was given; ``answer`` returns an error for a message, or an empty text."""

    def __init__(self, answer: Callable[[Message], str] = lambda _: "", pause: Callable[[], int] = lambda: 0) -> None:
        self.answer = answer
        self.pause = pause
        self.sent: list[Message] = []
        self.under_way = 0
        self.greatest = 0

    async def send(self, message: Message) -> SendResult:
        """Record a message, after a pause of some turns of the event loop."""
        self.under_way += 1
        self.greatest = max(self.greatest, self.under_way)
        for _ in range(self.pause()):
            await asyncio.sleep(0)
        self.under_way -= 1
        self.sent.append(message)
        error = self.answer(message)
        return SendResult(503 if error else 204, error)

    async def close(self) -> None:
        """Close nothing."""

    @property
    def bodies(self) -> list[Any]:
        """Bodies in the order in which they were sent."""
        return [orjson.loads(each.body) for each in self.sent]


@asynccontextmanager
async def delivering(
    worlds: Worlds, *rules: DeliveryRule, sender: Any = None, vendors: dict[str, Vendor] | None = None
) -> AsyncIterator[DeliveryTask]:
    """Run a delivery task."""
    task = DeliveryTask(worlds, vendors or {}, rules, senders={"": sender or RecordingSender()})
    task.start()
    try:
        yield task
    finally:
        await task.stop()


async def rest(task: DeliveryTask) -> None:
    """Wait until nothing is due any more."""
    for _ in range(100_000):
        await asyncio.sleep(0)
        if task.is_idle:
            return
    raise AssertionError("the deliveries do not come to rest")


def outbox(worlds: Worlds, world: str = "main", vendor: str = "acme") -> Outbox:
    return worlds.get_or_create(world).vendors[vendor].outbox


def add(worlds: Worlds, number: int, destination: str = "hook", **options: Any) -> str:
    return outbox(worlds, options.pop("world", "main")).add("webhook", destination, number, **options)


def states(worlds: Worlds, world: str = "main") -> list[str]:
    return [each["state"] for each in outbox(worlds, world)]


def record(worlds: Worlds, key: str) -> Json:
    return outbox(worlds).get(key) or {}


def move(worlds: Worlds, world: str = "main", **span: float) -> None:
    """Move a clock as the control API does."""
    worlds.get_or_create(world).clock.move(timedelta(**span))
    worlds.signal.note(world)


async def until(is_true: Callable[[], object], pause: float = 0) -> None:
    """Let the event loop run until something is true."""
    for _ in range(100_000):
        if is_true():
            return
        await asyncio.sleep(pause)
    raise AssertionError("it does not become true")
