"""Faults of deliveries: twice, late, out of order, lost, with a wrong signature."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import pytest

from tests.deliveries.task_of_worlds import (
    NOW,
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
)
from understudy.deliveries.rules import Retries
from understudy.deliveries.signing import read_signing
from understudy.state.faults import Fault
from understudy.state.worlds import Worlds

ORDERED = replace(TO_ALL, ordered=True)
STANDARD = read_signing({"scheme": "standard-webhooks", "secret": "whsec_c2VjcmV0"})


def run(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(asyncio.wait_for(test(), 60))


def set_fault(worlds: Worlds, kind: str, **what: Any) -> str:
    world = worlds.get_or_create()
    return world.faults.add(Fault(kind, **what), world.clock.timestamp()).id


def attempts(worlds: Worlds, key: str) -> list[tuple[Any, str, str]]:
    return [(each["status"], each["error"], each["fault"]) for each in record(worlds, key)["attempts"]]


def test_a_duplicate_is_sent_twice_under_one_id() -> None:
    async def test() -> None:
        worlds, sender = make_worlds(), RecordingSender()
        fault = set_fault(worlds, "duplicate", nth=2)
        async with delivering(worlds, TO_ALL, sender=sender) as task:
            keys = [add(worlds, number) for number in (1, 2, 3)]
            await rest(task)

        assert sorted(sender.bodies) == [1, 2, 2, 3]
        assert {each.id for each in sender.sent if each.body == b"2"} == {f"main.{keys[1]}"}
        assert attempts(worlds, keys[1]) == [(204, "", fault), (204, "", fault)]
        assert states(worlds) == ["delivered"] * 3

    run(test)


def test_a_late_message_is_sent_when_the_clock_has_passed_its_delay_and_once() -> None:
    async def test() -> None:
        worlds, sender = make_worlds(), RecordingSender()
        fault = set_fault(worlds, "late", delay=90)
        async with delivering(worlds, TO_ALL, sender=sender) as task:
            key = add(worlds, 1)
            await rest(task)
            assert (states(worlds), sender.sent) == (["pending"], [])
            move(worlds, seconds=89.999)
            await rest(task)
            assert sender.sent == []
            move(worlds, seconds=0.001)
            await rest(task)

        assert sender.bodies == [1]
        assert attempts(worlds, key) == [(None, "held back for 90 seconds", fault), (204, "", "")]
        assert record(worlds, key)["tries"] == 1

    run(test)


@pytest.mark.parametrize("rule", [TO_ALL, ORDERED], ids=["unordered", "ordered"])
def test_a_message_out_of_order_is_sent_after_the_next_one_to_its_destination(rule: Any) -> None:
    async def test() -> None:
        worlds, sender = make_worlds(), RecordingSender()
        set_fault(worlds, "out_of_order", nth=1)
        async with delivering(worlds, rule, sender=sender) as task:
            add(worlds, 1)
            add(worlds, 2, "other")
            await rest(task)
            assert sender.bodies == [2]
            add(worlds, 3)
            await rest(task)
            add(worlds, 4)
            await rest(task)

        assert sender.bodies == [2, 3, 1, 4]
        assert states(worlds) == ["delivered"] * 4

    run(test)


def test_a_message_that_none_follows_is_sent_after_its_delay() -> None:
    async def test() -> None:
        worlds, sender = make_worlds(), RecordingSender()
        set_fault(worlds, "out_of_order")
        set_fault(worlds, "out_of_order", delay=5)
        async with delivering(worlds, ORDERED, sender=sender) as task:
            add(worlds, 1)
            await rest(task)
            move(worlds, seconds=59.9)
            await rest(task)
            assert sender.sent == []
            move(worlds, seconds=0.1)
            await rest(task)

        assert sender.bodies == [1]

    run(test)


def test_messages_that_are_all_out_of_order_are_all_sent() -> None:
    async def test() -> None:
        worlds, sender = make_worlds(), RecordingSender()
        set_fault(worlds, "out_of_order")
        async with delivering(worlds, ORDERED, sender=sender) as task:
            for number in range(5):
                add(worlds, number)
            await rest(task)
            move(worlds, seconds=60)
            await rest(task)

        assert sorted(sender.bodies) == [0, 1, 2, 3, 4]
        assert states(worlds) == ["delivered"] * 5

    run(test)


def test_a_lost_message_is_given_up_and_can_be_sent_again() -> None:
    async def test() -> None:
        worlds, sender = make_worlds(), RecordingSender()
        fault = set_fault(worlds, "lost", times=1)
        async with delivering(worlds, ORDERED, sender=sender) as task:
            key = add(worlds, 1)
            add(worlds, 2)
            await rest(task)
            assert (states(worlds), sender.bodies) == (["given up", "delivered"], [2])
            assert attempts(worlds, key) == [(None, "lost on its way", fault)]
            outbox(worlds).resend(key)
            await rest(task)

        assert sender.bodies == [2, 1]

    run(test)


def test_a_wrong_signature_is_sent_once_and_the_next_attempt_is_right() -> None:
    async def test() -> None:
        worlds = make_worlds()

        def judge(message: Any) -> str:
            return STANDARD.fault_of(list(message.headers.items()), message.body, NOW.timestamp()) or ""

        sender = RecordingSender(judge)
        fault = set_fault(worlds, "wrong_signature")
        rule = replace(TO_ALL, signing=STANDARD, retries=Retries(delays=(0,)))
        async with delivering(worlds, rule, sender=sender) as task:
            key = add(worlds, 1, headers={"Webhook-Signature": "v1,of the vendor"})
            await rest(task)

        assert attempts(worlds, key) == [(503, "webhook-signature has another signature", fault), (204, "", "")]
        assert [name.lower() for name in sender.sent[0].headers].count("webhook-signature") == 1

    run(test)


def test_a_wrong_signature_where_none_is_made_is_an_error() -> None:
    async def test() -> None:
        worlds, sender = make_worlds(), RecordingSender()
        set_fault(worlds, "wrong_signature")
        async with delivering(worlds, TO_ALL, sender=sender) as task:
            key = add(worlds, 1)
            await rest(task)

        assert (states(worlds), sender.sent) == (["given up"], [])
        assert "no rule signs messages to this destination" in record(worlds, key)["attempts"][0]["error"]

    run(test)


def test_a_fault_strikes_by_vendor_operation_and_destination() -> None:
    async def test() -> None:
        worlds, sender = make_worlds(), RecordingSender()
        set_fault(worlds, "lost", vendor="bolt")
        set_fault(worlds, "lost", vendor="acme", operation="create_thing", destination="h*k")
        async with delivering(worlds, TO_ALL, sender=sender) as task:
            add(worlds, 1)
            add(worlds, 2, operation="create_thing")
            add(worlds, 3, "other", operation="create_thing")
            await rest(task)

        assert states(worlds) == ["delivered", "given up", "delivered"]

    run(test)
