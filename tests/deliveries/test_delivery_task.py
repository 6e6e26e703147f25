"""Task that delivers: by each world's clock, in order if asked, again after failures."""

import asyncio
import random
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.deliveries.task_of_worlds import (
    NOW,
    TARGET,
    TO_ALL,
    RecordingSender,
    add,
    delivering,
    make_worlds,
    move,
    outbox,
    record,
    rest,
    states,
    until,
)
from tests.state.test_snapshot_format import text
from understudy.core.vendor import Vendor
from understudy.deliveries.delivery_task import MAX_PER_TARGET, MAX_UNDER_WAY
from understudy.deliveries.message import Message
from understudy.deliveries.rules import DeliveryRule, Retries
from understudy.state.snapshot import snapshot_of

ORDERED = replace(TO_ALL, ordered=True)


def run(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(asyncio.wait_for(test(), 60))


def test_a_message_is_delivered_and_the_attempt_is_recorded() -> None:
    async def test() -> None:
        worlds, sender = make_worlds(), RecordingSender()
        async with delivering(worlds, TO_ALL, sender=sender) as task:
            key = add(worlds, 1, headers={"X-Kind": "new"})
            await rest(task)
        found = record(worlds, key)

        assert (found["state"], found["next_at"]) == ("delivered", None)
        assert found["attempts"] == [
            {"at": "2026-03-01T12:00:00.000000Z", "status": 204, "milliseconds": None, "error": "", "fault": ""}
        ]
        assert (sender.sent[0].target, sender.sent[0].at, sender.sent[0].body) == (TARGET, NOW, b"1")
        assert sender.sent[0].headers == {"Content-Type": "application/json", "X-Kind": "new"}

    run(test)


def test_nothing_is_delivered_without_a_rule_that_fits() -> None:
    async def test() -> None:
        worlds, sender = make_worlds(), RecordingSender()
        async with delivering(worlds, DeliveryRule("other*", TARGET), sender=sender) as task:
            add(worlds, 1)
            await rest(task)

        assert (states(worlds), sender.sent) == (["pending"], [])

    run(test)


def test_a_rule_without_a_target_turns_a_later_rule_off() -> None:
    async def test() -> None:
        worlds, sender = make_worlds(), RecordingSender()
        async with delivering(worlds, DeliveryRule("hook", None), TO_ALL, sender=sender) as task:
            add(worlds, 1)
            add(worlds, 2, "other")
            await rest(task)

        assert (states(worlds), sender.bodies) == (["pending", "delivered"], [2])

    run(test)


def test_a_host_that_is_not_allowed_gets_nothing_though_a_snapshot_names_it() -> None:
    async def test() -> None:
        worlds, sender = make_worlds(), RecordingSender()
        async with delivering(worlds, DeliveryRule("*", "https://sqs.example.com/"), sender=sender) as task:
            key = add(worlds, 1)
            await rest(task)

        assert sender.sent == []
        assert record(worlds, key)["attempts"][0]["error"] == (
            "the host sqs.example.com is not this machine; --deliver-host sqs.example.com allows it"
        )

    run(test)


def test_what_waited_before_the_start_is_delivered() -> None:
    async def test() -> None:
        worlds, sender = make_worlds(), RecordingSender()
        add(worlds, 1)
        async with delivering(worlds, TO_ALL, sender=sender) as task:
            await rest(task)

        assert sender.bodies == [1]

    run(test)


def test_a_failed_attempt_is_made_again_when_the_clock_has_passed_the_wait() -> None:
    async def test() -> None:
        worlds, sender = make_worlds(), RecordingSender(lambda _: "down")
        rule = replace(TO_ALL, retries=Retries(4, delays=(5, 60)))
        async with delivering(worlds, rule, sender=sender) as task:
            key = add(worlds, 1)
            counts = []
            for seconds in (0, 4.999999, 0.000001, 59, 1, 59, 1, 100_000):
                move(worlds, seconds=seconds)
                await rest(task)
                counts.append(len(sender.sent))

            assert counts == [1, 1, 2, 2, 3, 3, 4, 4]
            assert (record(worlds, key)["state"], record(worlds, key)["next_at"]) == ("given up", None)
            assert [each["error"] for each in record(worlds, key)["attempts"]] == ["down"] * 4

    run(test)


def test_a_message_that_was_given_up_is_sent_again_by_hand() -> None:
    async def test() -> None:
        worlds, sender = make_worlds(), RecordingSender(lambda _: "down")
        async with delivering(worlds, replace(TO_ALL, retries=Retries(1)), sender=sender) as task:
            key = add(worlds, 1)
            await rest(task)
            assert states(worlds) == ["given up"]

            sender.answer = lambda _: ""
            outbox(worlds).resend(key)
            await rest(task)

            assert states(worlds) == ["delivered"]
            assert len(record(worlds, key)["attempts"]) == 2

    run(test)


def test_a_message_sent_again_has_all_its_attempts_again() -> None:
    async def test() -> None:
        worlds, sender = make_worlds(), RecordingSender(lambda _: "down")
        async with delivering(worlds, replace(TO_ALL, retries=Retries(2, delays=(1,))), sender=sender) as task:
            key = add(worlds, 1)
            await rest(task)
            move(worlds, seconds=1)
            await rest(task)
            outbox(worlds).resend(key)
            await rest(task)

            assert states(worlds) == ["failed"]
            assert len(sender.sent) == 3

    run(test)


def test_an_ordered_destination_waits_for_the_message_before() -> None:
    async def test() -> None:
        worlds = make_worlds()
        sender = RecordingSender(lambda message: "down" if message.body == b"1" else "")
        rule = replace(ORDERED, retries=Retries(3, delays=(10,)))
        async with delivering(worlds, rule, sender=sender) as task:
            for number in (1, 2, 3):
                add(worlds, number)
            add(worlds, 9, "elsewhere")
            await rest(task)
            assert sorted(sender.bodies) == [1, 9]

            move(worlds, seconds=10)
            await rest(task)
            assert states(worlds) == ["failed", "pending", "pending", "delivered"]

            move(worlds, seconds=10)
            await rest(task)
            assert states(worlds) == ["given up", "delivered", "delivered", "delivered"]
            assert [body for body in sender.bodies if body != 9] == [1, 1, 1, 2, 3]
            assert sender.greatest <= 2

    run(test)


def test_groups_of_an_ordered_destination_do_not_wait_for_each_other() -> None:
    async def test() -> None:
        worlds = make_worlds()
        sender = RecordingSender(lambda message: "down" if message.body == b"1" else "")
        async with delivering(worlds, ORDERED, sender=sender) as task:
            for number, group in ((1, "a"), (2, "b"), (3, "a"), (4, "b")):
                add(worlds, number, group=group)
            await rest(task)

        assert states(worlds) == ["failed", "delivered", "pending", "delivered"]

    run(test)


def test_an_unordered_destination_goes_on_beside_a_failed_message() -> None:
    async def test() -> None:
        worlds = make_worlds()
        sender = RecordingSender(lambda message: "down" if message.body == b"1" else "")
        async with delivering(worlds, TO_ALL, sender=sender) as task:
            for number in (1, 2, 3):
                add(worlds, number)
            await rest(task)

        assert states(worlds) == ["failed", "delivered", "delivered"]

    run(test)


def test_as_many_attempts_are_under_way_as_are_allowed_and_no_more() -> None:
    async def test() -> None:
        worlds, sender = make_worlds(), RecordingSender(pause=lambda: 20)
        rules = [DeliveryRule(f"{number}", f"http://127.0.0.1:{number}/") for number in range(1, 5)]
        async with delivering(worlds, *rules, sender=sender) as task:
            for number in range(100):
                add(worlds, number, "1")
            await rest(task)
            assert sender.greatest == MAX_PER_TARGET
            for number in range(100):
                add(worlds, number, str(number % 4 + 1))
            await rest(task)

        assert sender.greatest == MAX_UNDER_WAY
        assert len(sender.sent) == 200

    run(test)


def test_a_slow_target_holds_up_no_other() -> None:
    async def test() -> None:
        worlds, blocked = make_worlds(), asyncio.Event()

        class Sender(RecordingSender):
            async def send(self, message: Message) -> Any:
                if message.destination == "slow":
                    await blocked.wait()
                return await super().send(message)

        sender = Sender()
        rules = [DeliveryRule("slow", "http://127.0.0.1:1/"), DeliveryRule("quick", "http://127.0.0.1:2/")]
        async with delivering(worlds, *rules, sender=sender) as task:
            for number in range(200):
                add(worlds, number, "slow")
            for number in range(50):
                add(worlds, number, "quick")
            for _ in range(2000):
                await asyncio.sleep(0)
            assert sorted(sender.bodies) == list(range(50))
            blocked.set()
            await rest(task)
            assert len(sender.sent) == 250

    run(test)


def test_a_reset_ends_the_deliveries_of_the_world_before() -> None:
    async def test() -> None:
        worlds, sender = make_worlds(), RecordingSender(lambda _: "down")
        async with delivering(worlds, TO_ALL, sender=sender) as task:
            add(worlds, 1)
            await rest(task)
            worlds.reset("main")
            move(worlds, days=1)
            await rest(task)

        assert len(sender.sent) == 1
        assert states(worlds) == []

    run(test)


def test_an_answer_for_a_world_that_was_reset_changes_nothing() -> None:
    async def test() -> None:
        worlds, sender = make_worlds(), RecordingSender(pause=lambda: 5)
        async with delivering(worlds, TO_ALL, sender=sender) as task:
            add(worlds, 1)
            await until(lambda: sender.under_way)
            worlds.reset("main")
            key = outbox(worlds).add("webhook", "hook", 2)
            await rest(task)

        assert sender.bodies == [1, 2]
        assert len(record(worlds, key)["attempts"]) == 1

    run(test)


def test_a_restored_world_goes_on_where_the_snapshot_was() -> None:
    async def test() -> None:
        worlds, sender = make_worlds(), RecordingSender(lambda _: "down")
        async with delivering(worlds, TO_ALL, sender=sender) as task:
            add(worlds, 1)
            await rest(task)
            kept = snapshot_of(worlds.get_or_create())
            move(worlds, days=1)
            await rest(task)
            assert len(sender.sent) == 2

            sender.answer = lambda _: ""
            worlds.restore("main", kept)
            await rest(task)
            assert len(sender.sent) == 2
            move(worlds, seconds=1)
            await rest(task)

        assert states(worlds) == ["delivered"]
        assert len(sender.sent) == 3

    run(test)


def test_a_fork_delivers_what_waits_in_it_too() -> None:
    async def test() -> None:
        worlds, sender = make_worlds(), RecordingSender(lambda _: "down")
        async with delivering(worlds, TO_ALL, sender=sender) as task:
            add(worlds, 1)
            await rest(task)
            worlds.fork("main", "copy")
            sender.answer = lambda _: ""
            move(worlds, "copy", seconds=1)
            await rest(task)

        assert (states(worlds), states(worlds, "copy")) == (["failed"], ["delivered"])

    run(test)


def test_the_rules_of_a_world_come_before_those_of_the_server() -> None:
    async def test() -> None:
        worlds, sender = make_worlds(), RecordingSender()
        async with delivering(worlds, TO_ALL, sender=sender) as task:
            world = worlds.get_or_create()
            world.deliveries = ({"destination": "hook", "target": None},)
            worlds.signal.note("main")
            add(worlds, 1)
            add(worlds, 2, "other")
            await rest(task)
            assert sender.bodies == [2]

            world.deliveries = ()
            worlds.signal.note("main")
            await rest(task)
            assert sender.bodies == [2, 1]

    run(test)


def test_a_message_of_a_later_time_waits_for_it() -> None:
    async def test() -> None:
        worlds, sender = make_worlds(), RecordingSender()
        async with delivering(worlds, TO_ALL, sender=sender) as task:
            add(worlds, 1, at=NOW + timedelta(hours=1))
            await rest(task)
            assert sender.sent == []
            move(worlds, hours=1)
            await rest(task)

        assert sender.bodies == [1]

    run(test)


def test_a_running_clock_needs_no_move() -> None:
    async def test() -> None:
        worlds, sender = make_worlds(rate=3600), RecordingSender()
        async with delivering(worlds, TO_ALL, sender=sender):
            add(worlds, 1, at=worlds.get_or_create().clock.now() + timedelta(minutes=3))
            await until(lambda: sender.sent, pause=0.001)

        assert record(worlds, "acme-1")["attempts"][0]["milliseconds"] is not None

    run(test)


def test_what_is_due_by_the_clock_is_delivered_in_order() -> None:
    def sent(state: Any) -> Any:
        """Return a message of each hour since the start."""
        yield
        hours = int((state.now() - NOW).total_seconds() // 3600)
        return [
            {"at": (NOW + timedelta(hours=hour)).isoformat(), "kind": "HOURLY", "what": {"hour": hour}}
            for hour in range(1, hours + 1)
        ]

    async def test() -> None:
        worlds, sender = make_worlds(), RecordingSender()
        vendors = {"acme": Vendor("acme", sent=sent)}
        async with delivering(worlds, ORDERED, sender=sender, vendors=vendors) as task:
            move(worlds, days=30)
            await rest(task)
            move(worlds, hours=1)
            await rest(task)

        assert [body["hour"] for body in sender.bodies] == list(range(1, 30 * 24 + 2))
        assert sender.sent[0].destination == "acme:HOURLY"

    run(test)


def test_a_hook_that_fails_holds_up_no_other_message(caplog: pytest.LogCaptureFixture) -> None:
    def sent(_: Any) -> Any:
        yield
        raise ValueError("a mistake")

    async def test() -> None:
        worlds, sender = make_worlds(), RecordingSender()
        async with delivering(worlds, TO_ALL, sender=sender, vendors={"acme": Vendor("acme", sent=sent)}) as task:
            add(worlds, 1)
            await rest(task)

        assert sender.bodies == [1]

    run(test)
    assert "`sent` failed: ValueError: a mistake" in caplog.text


def test_a_sender_that_raises_is_a_failed_attempt(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(RecordingSender):
        async def send(self, message: Message) -> Any:
            raise RuntimeError(message.id)

    async def test() -> None:
        worlds = make_worlds()
        async with delivering(worlds, TO_ALL, sender=Broken()) as task:
            key = add(worlds, 1)
            await rest(task)

        assert record(worlds, key)["attempts"][0]["error"] == "it cannot be sent: RuntimeError"

    run(test)
    assert "delivery acme-1 of world main" in caplog.text


def test_equal_worlds_under_a_frozen_clock_end_equal_whatever_the_network_does() -> None:
    async def made(seed: int) -> bytes:
        chance = random.Random(seed)
        worlds = make_worlds()
        sender = RecordingSender(
            lambda message: "down" if message.body.endswith(b"3") else "", lambda: chance.randrange(30)
        )
        async with delivering(worlds, TO_ALL, sender=sender) as task:
            for number in range(50):
                add(worlds, number, f"hook{number % 3}")
            for _ in range(3):
                await rest(task)
                move(worlds, hours=1)
            await rest(task)
        return text(worlds.get_or_create())

    async def test() -> None:
        assert await made(1) == await made(2)

    run(test)


def test_a_stopped_task_leaves_open_what_was_under_way() -> None:
    async def test() -> None:
        worlds, sender = make_worlds(), RecordingSender(pause=lambda: 1000)
        async with delivering(worlds, TO_ALL, sender=sender):
            add(worlds, 1)
            await until(lambda: sender.under_way)
        assert states(worlds) == ["pending"]
        async with delivering(worlds, TO_ALL) as task:
            await rest(task)

        assert states(worlds) == ["delivered"]

    run(test)


def test_what_falls_due_while_the_clock_runs_is_delivered_without_a_question(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("understudy.deliveries.delivery_task.POLL_SECONDS", 0.001)

    def sent(state: Any) -> Any:
        """Return a message of each minute since the start."""
        yield
        minutes = int((state.now() - NOW).total_seconds() // 60)
        return [
            {"at": (NOW + timedelta(minutes=minute)).isoformat(), "kind": "MINUTE", "what": {"minute": minute}}
            for minute in range(1, minutes + 1)
        ]

    async def test() -> None:
        worlds, sender = make_worlds(rate=3600), RecordingSender()
        async with delivering(worlds, ORDERED, sender=sender, vendors={"acme": Vendor("acme", sent=sent)}) as task:
            task._pause = 0.001  # noqa: SLF001 - the first pause, that of a real second
            await until(lambda: len(sender.sent) >= 3, pause=0.001)

        assert [body["minute"] for body in sender.bodies][:3] == [1, 2, 3]

    run(test)


def test_a_deleted_world_ends_its_deliveries() -> None:
    async def test() -> None:
        worlds, sender = make_worlds(), RecordingSender(lambda _: "down")
        worlds.get_or_create("other")
        async with delivering(worlds, TO_ALL, sender=sender) as task:
            add(worlds, 1, world="other")
            await rest(task)
            clock = worlds.get_or_create("other").clock
            worlds.delete("other")
            clock.move(timedelta(days=1))
            worlds.signal.note("other")
            await rest(task)

        assert len(sender.sent) == 1

    run(test)
