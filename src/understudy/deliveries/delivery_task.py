"""Task of a server that delivers what its vendors send, as far as a rule allows it: by the clock of each world."""

import asyncio
import logging
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from urllib.parse import urlsplit

from understudy.core.clock import later
from understudy.core.json_types import Json
from understudy.core.misconfigured import Misconfigured
from understudy.core.steps import Steps, Turn
from understudy.core.timestamps import iso_microseconds
from understudy.core.vendor import Vendor
from understudy.deliveries.delivery_faults import keep_from_sending, strike
from understudy.deliveries.message import Sender, SendResult
from understudy.deliveries.messages import make_message
from understudy.deliveries.rules import DeliveryRule, read_rules
from understudy.deliveries.sent_messages import collect_due
from understudy.deliveries.targets import QUEUES, InvalidTarget, check_target, service_of
from understudy.deliveries.waiting_messages import DueMessage, WaitingMessages
from understudy.state.faults import DUPLICATE, OUT_OF_ORDER, WRONG_SIGNATURE, Fault
from understudy.state.outbox import time_of
from understudy.state.world import World
from understudy.state.worlds import Worlds

MAX_UNDER_WAY = 32
"""Number of attempts that are under way at a time."""

MAX_PER_TARGET = 16
"""Number of attempts that are under way at one host and port, so that a slow one holds up no other."""

POLL_SECONDS = 1.0
"""Time after which the vendors' hooks are called again in worlds whose clock runs."""

POLL_SHARE = 20
"""A round of these calls is followed by a pause so many times as long as it took."""

MIN_WAIT, MAX_WAIT = 0.001, 3600.0
log = logging.getLogger("understudy")

SENDERS: Mapping[str, tuple[str, str]] = {
    "": ("understudy.deliveries.http_sender", "WebhookSender"),
    **dict.fromkeys(QUEUES, ("understudy.deliveries.queue_sender", "QueueSender")),
}
"""Module and class of the sender of each service or kind of message, imported when first needed; "" is of all others.

The service that a target names counts before the kind.
"""


MAX_ERROR = 1000
"""Number of characters of an error that are kept: a target may answer with a longer one."""


class DeliveryTask:
    """Task that takes what is due from the outboxes of all worlds, sends it, and records each attempt.

    ``start`` and ``stop`` are called on the server's event loop. Deliveries are made at least once.
    """

    def __init__(
        self,
        worlds: Worlds,
        vendors: Mapping[str, Vendor],
        rules: Sequence[DeliveryRule] = (),
        hosts: Sequence[str] = (),
        senders: Mapping[str, Sender] | None = None,
    ) -> None:
        """Deliver by the ``rules`` of the server, and by those of each world, which come first.

        ``hosts`` may be targets, besides this machine. ``senders`` are used in place of those of ``SENDERS``.
        """
        self.worlds = worlds
        self.vendors = vendors
        self.rules = tuple(rules)
        self.hosts = tuple(hosts)
        self._waiting: dict[str, WaitingMessages] = {}
        self._ready: dict[str, deque[DueMessage]] = {}
        self._under_way: Counter[str] = Counter()
        self._senders: dict[str, Sender] = dict(senders or {})
        self._attempts: set[asyncio.Task[None]] = set()
        self._task: asyncio.Task[None] | None = None
        self._polled = 0.0
        self._pause = POLL_SECONDS
        self._turn = Turn()
        self._is_at_rest = False

    @property
    def is_idle(self) -> bool:
        """True if nothing that is known is due, and no attempt is under way."""
        return self._is_at_rest and not (self._event.is_set() or self._attempts or self._ready)

    def start(self) -> None:
        """Start to deliver, first what the worlds have already."""
        self._loop, self._thread = asyncio.get_running_loop(), threading.get_ident()
        self._event = asyncio.Event()
        self._listen()
        self._task = self._loop.create_task(self._run(), name="deliveries")

    async def stop(self) -> None:
        """Stop to deliver; attempts that are under way are broken off, and are due again in a snapshot."""
        self.worlds.signal.listen(None)
        tasks = [*self._attempts, *([self._task] if self._task else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._task = None
        for sender in self._senders.values():
            await sender.close()
        self._senders.clear()

    def switch_to(self, other: "DeliveryTask") -> None:
        """Deliver for the application of another task, which replaces this one's, from now on."""
        self.worlds.signal.listen(None)
        self.worlds, self.vendors, self.rules, self.hosts = other.worlds, other.vendors, other.rules, other.hosts
        self._waiting.clear()
        if self._task is not None:
            self._listen()
            self._wake()

    def _listen(self) -> None:
        self.worlds.signal.listen(self._wake)
        for name in self.worlds.names():
            self.worlds.signal.note(name)

    def _wake(self) -> None:
        if threading.get_ident() == self._thread:
            self._event.set()
        else:
            self._loop.call_soon_threadsafe(self._event.set)

    async def _run(self) -> None:
        while True:
            try:
                await self._run_round()
            except Exception:
                log.exception("deliveries: one round failed, the next is in %g s", POLL_SECONDS)
                await asyncio.sleep(POLL_SECONDS)
                self._listen()

    async def _run_round(self) -> None:
        """Start what is due, then wait until something changes or becomes due."""
        self._turn.begin()
        self._event.clear()
        await self._take_changes()
        await self._poll()
        await self._make_ready()
        self._start_attempts()
        self._is_at_rest = True
        with suppress(TimeoutError):
            async with asyncio.timeout(self._seconds_to_wait()):
                await self._event.wait()
        self._is_at_rest = False

    async def _take_changes(self) -> None:
        """Take the changes since the last time, in turns."""
        while (change := self.worlds.signal.take()) is not None:
            waiting = self._waiting.get(change.world)
            world = self.worlds.peek(change.world)
            if world is None:
                self._waiting.pop(change.world, None)
            elif waiting is None or waiting.world is not world:
                await self._follow(world)
            elif change.vendor:
                waiting.add(change.vendor, change.record)
            else:
                await self._refresh(waiting)
            await self._yield_turn()

    async def _follow(self, world: World) -> None:
        """Follow the messages of a world that is new, or was given another state."""
        self._waiting.pop(world.name, None)
        rules = self._rules_of(world)
        if rules:
            waiting = self._waiting[world.name] = WaitingMessages(world, rules)
            await self._collect(world)
            await self._run_steps(waiting.scan())

    async def _refresh(self, waiting: WaitingMessages) -> None:
        """Take what is due by a world's clock now; all of it, if its rules are others."""
        rules = self._rules_of(waiting.world)
        await self._collect(waiting.world)
        if rules != waiting.rules:
            for due in self._ready.values():
                for each in [each for each in due if each.world is waiting.world]:
                    due.remove(each)
                    waiting.end(each)
            waiting.rules = rules
            await self._run_steps(waiting.scan())

    def _rules_of(self, world: World) -> tuple[DeliveryRule, ...]:
        """Return the rules of a world, then those of the server."""
        return (*read_rules(list(world.deliveries), None), *self.rules) if world.deliveries else self.rules

    async def _poll(self) -> None:
        """Take what has become due in the worlds whose clocks run, if it is time."""
        started = time.monotonic()
        if started - self._polled < self._pause:
            return
        for waiting in list(self._waiting.values()):
            if waiting.world.clock.rate and self._is_current(waiting.world):
                await self._collect(waiting.world)
        self._polled = time.monotonic()
        self._pause = max(POLL_SECONDS, POLL_SHARE * (self._polled - started))

    async def _collect(self, world: World) -> None:
        """Take what is due by a world's clock; a vendor's hook that fails is logged, and holds up no other message."""
        try:
            await self._run_steps(collect_due(world, self.vendors))
        except Exception as error:  # noqa: BLE001 - a user's own hook may raise anything
            log.warning("deliveries of world %s: `sent` failed: %s: %s", world.name, type(error).__name__, error)

    async def _make_ready(self) -> None:
        """Move what is due from the worlds to the targets."""
        for waiting in list(self._waiting.values()):
            while waiting.next_at is not None and (due := waiting.pop_due()) is not None:
                self._ready.setdefault(urlsplit(due.rule.target or "").netloc, deque()).append(due)
                await self._yield_turn()
            await self._yield_turn()

    def _start_attempts(self) -> None:
        """Start attempts as far as their number allows it, one of each target in turn."""
        free = [target for target in self._ready if self._under_way[target] < MAX_PER_TARGET]
        while free and (room := MAX_UNDER_WAY - self._under_way.total()) > 0:
            for target in free[:room]:
                due = self._ready[target]
                if due:
                    self._start_attempt(target, due.popleft())
                if not due:
                    del self._ready[target]
            free = [target for target in free if target in self._ready and self._under_way[target] < MAX_PER_TARGET]

    def _start_attempt(self, target: str, due: DueMessage) -> None:
        self._under_way[target] += 1
        task = self._loop.create_task(self._attempt_all(target, due))
        self._attempts.add(task)
        task.add_done_callback(self._attempts.discard)

    async def _attempt_all(self, target: str, due: DueMessage) -> None:
        """Make one attempt, and then one after the other as long as messages for the same target are due."""
        following: DueMessage | None = due
        try:
            while following is not None:
                due = following
                try:
                    await self._attempt(due)
                finally:
                    waiting = self._waiting.get(due.world.name)
                    if waiting is not None and waiting.world is due.world:
                        waiting.end(due)
                await self._yield_turn()
                following = self._next_due(target, waiting)
        finally:
            self._under_way[target] -= 1
            if not self._under_way[target]:
                del self._under_way[target]
            self._event.set()

    def _next_due(self, target: str, waiting: WaitingMessages | None) -> DueMessage | None:
        """Return the next message for a target; ``None`` if there is none, or if another target waits for its turn."""
        more = waiting.pop_due() if waiting is not None else None
        if more is not None:
            self._ready.setdefault(urlsplit(more.rule.target or "").netloc, deque()).append(more)
        if self._ready.keys() - {target}:
            self._event.set()
            if self._under_way.total() >= MAX_UNDER_WAY:
                return None
        due = self._ready.get(target)
        if not due:
            return None
        found = due.popleft()
        if not due:
            del self._ready[target]
        return found

    async def _attempt(self, due: DueMessage) -> None:
        """Make one attempt, and record it unless the world was given another state meanwhile."""
        fault = strike(due) if self._is_current(due.world) else None
        if fault is not None:
            await self._separate(due)
        if fault is not None and keep_from_sending(due, fault):
            if fault.kind == OUT_OF_ORDER and (waiting := self._waiting.get(due.world.name)) is not None:
                waiting.let_pass(due)
            return
        for _ in range(2 if fault is not None and fault.kind == DUPLICATE else 1):
            await self._send_and_record(due, fault)

    async def _send_and_record(self, due: DueMessage, fault: Fault | None) -> None:
        if not self._is_current(due.world):
            return
        at, started = due.world.clock.now(), time.perf_counter()
        result = await self._send(due, has_wrong_signature=fault is not None and fault.kind == WRONG_SIGNATURE)
        if self._is_current(due.world):
            is_frozen = not due.world.clock.rate
            milliseconds = None if is_frozen else round(1000 * (time.perf_counter() - started), 3)
            attempt = {"at": iso_microseconds(at), "milliseconds": milliseconds, "fault": fault.id if fault else ""}
            await self._record(due, attempt, result)

    async def _send(self, due: DueMessage, *, has_wrong_signature: bool) -> SendResult:
        """Send a message; a host that is not allowed, or a sender that is not installed, fails."""
        try:
            check_target(due.rule.target or "", self.hosts)
            sender = self._sender(service_of(due.rule.target or "") or due.record["kind"])
        except (InvalidTarget, Misconfigured) as error:
            return SendResult(error=str(error))
        try:
            return await sender.send(make_message(due, has_wrong_signature=has_wrong_signature))
        except Exception as error:
            log.exception("delivery %s of world %s", due.id, due.world.name)
            return SendResult(error=f"it cannot be sent: {type(error).__name__}")

    def _sender(self, kind: str) -> Sender:
        key = kind if kind in SENDERS else ""
        if key not in self._senders:
            module, name = SENDERS[key]
            self._senders[key] = getattr(import_module(module), name)()
        return self._senders[key]

    async def _record(self, due: DueMessage, attempt: Json, result: SendResult) -> None:
        await self._separate(due)
        state = due.world.vendors[due.vendor]
        tries = (state.outbox.get(due.id) or due.record)["tries"] + 1
        delay = due.rule.retries.delay(tries)
        next_at = None if delay is None else later(state.now(), delay)
        attempt = {
            "at": attempt["at"],
            "status": result.status,
            "milliseconds": attempt["milliseconds"],
            "error": _as_text(result.error),
            "fault": attempt["fault"],
        }
        state.outbox.record_attempt(due.id, attempt, next_at=next_at)

    async def _separate(self, due: DueMessage) -> None:
        """Copy what the state shares with other worlds before it is written to, in steps."""
        state = due.world.vendors[due.vendor]
        if state.has_large_copies:
            await self._run_steps(state.separate())

    def _is_current(self, world: World) -> bool:
        return self.worlds.peek(world.name) is world

    def _seconds_to_wait(self) -> float | None:
        """Return the seconds until something is due, or the hooks are to be called; ``None`` for no known time."""
        waits = list(self._waits())
        return min(max(min(waits), MIN_WAIT), MAX_WAIT) if waits else None

    def _waits(self) -> Iterator[float]:
        for waiting in self._waiting.values():
            clock = waiting.world.clock
            if not clock.rate:
                continue
            if any(self.vendors[name].sent for name in waiting.world.vendors if name in self.vendors):
                yield self._polled + self._pause - time.monotonic()
            if waiting.next_at is not None:
                yield (time_of(waiting.next_at).timestamp() - clock.timestamp()) / clock.rate

    async def _run_steps(self, steps: Steps[None]) -> None:
        for _ in steps:
            await self._yield_turn()

    async def _yield_turn(self) -> None:
        """Let others run, if the turn is over."""
        if self._turn.is_over():
            await asyncio.sleep(0)
            self._turn.begin()


def _as_text(error: str) -> str:
    """Return an error, which a target may have written, as a text that a record can have."""
    return error[:MAX_ERROR].encode("utf-8", "replace").decode()
