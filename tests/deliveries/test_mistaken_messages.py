"""Messages and rules with mistakes: refused where they are made, and never the end of the other deliveries."""

import asyncio
from typing import Any

import pytest

from tests.control.conftest import Steering
from tests.control.conftest import steering as steering  # noqa: PLC0414 - for pytest's look-up
from tests.deliveries.task_of_worlds import TO_ALL, RecordingSender, delivering, make_worlds, outbox
from understudy.deliveries import delivery_task
from understudy.deliveries.message import Message
from understudy.deliveries.targets import InvalidTarget, split_target
from understudy.deliveries.waiting_messages import WaitingMessages

HOOK = "https://shop.example/hook"
DELIVERIES = "/worlds/{world}/deliveries"
SETTINGS = f"{DELIVERIES}/settings"
SECRET = "abcdefgh1234"
WITH_SECRET = f"http://127.0.0.1:9/?token={SECRET}"


@pytest.mark.parametrize(
    "mistake",
    [
        {"destination": None},
        {"destination": 7},
        {"destination": ""},
        {"kind": None},
        {"kind": ""},
        {"method": "GET /x"},
        {"method": "POST\r\nX-Other: y"},
        {"group": 1},
        {"once": 1},
        {"operation": None},
        {"at": "2026-03-01T12:00:00Z"},
        {"headers": ["X-Kind"]},
        {"headers": {"X-Kind": 7}},
        {"headers": {"X Kind": "new"}},
        {"headers": {"X-Kind": "new\r\nX-Other: y"}},
        {"headers": {"X-Kind": "new\x00"}},
        {"body": {1, 2}},
        {"body": 2**70},
    ],
)
def test_a_message_that_cannot_be_delivered_is_refused_where_it_is_added(mistake: dict[str, Any]) -> None:
    box = outbox(make_worlds())

    with pytest.raises((TypeError, ValueError)):
        box.add(**{"kind": "webhook", "destination": HOOK, "body": {}} | mistake)

    assert len(box) == 0


def test_a_header_may_have_a_tab_and_letters_of_any_language() -> None:
    box = outbox(make_worlds())

    box.add("webhook", HOOK, {}, headers={"X-Kind": "new\tand übung"}, method="PATCH")

    assert len(box) == 1


def test_a_round_that_fails_is_not_the_last(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(delivery_task, "POLL_SECONDS", 0.01)
    worlds, sent, failures = make_worlds(), asyncio.Event(), [KeyError("destination")]

    def follow(*given: Any) -> WaitingMessages:
        if failures:
            raise failures.pop()
        return WaitingMessages(*given)

    def answer(_: Message) -> str:
        sent.set()
        return ""

    async def deliver() -> None:
        async with delivering(worlds, TO_ALL, sender=RecordingSender(answer)), asyncio.timeout(5):
            await sent.wait()

    monkeypatch.setattr(delivery_task, "WaitingMessages", follow)
    outbox(worlds).add("webhook", HOOK, {"n": 1})
    asyncio.run(deliver())

    assert "one round failed" in caplog.text


def test_a_target_whose_token_was_hidden_is_not_taken_back(steering: Steering) -> None:
    steering.ask("PUT", SETTINGS, {"deliveries": [{"destination": "*", "target": WITH_SECRET}]})
    shown = steering.get(SETTINGS)["deliveries"]

    answer = steering.ask("PUT", SETTINGS, {"deliveries": shown})

    assert SECRET not in str(shown)
    assert (answer.status, "give it anew" in answer.json["title"]) == (422, True)


def test_tokens_in_the_urls_of_a_delivery_are_shown_on_demand_alone(steering: Steering) -> None:
    steering.ask("PUT", SETTINGS, {"deliveries": [{"destination": "*", "target": WITH_SECRET}]})
    box = steering.world.vendors["twc"].outbox
    box.add("webhook", f"{HOOK}?api_key={SECRET}", {})

    assert SECRET not in str(steering.get(DELIVERIES))
    assert SECRET not in str(steering.get(f"{DELIVERIES}/twc-1"))
    assert steering.get(f"{DELIVERIES}/twc-1?reveal=true")["target"] == WITH_SECRET


@pytest.mark.parametrize(
    "url",
    [
        f"http://u:{SECRET}@127.0.0.1:99999/",
        f"http://u:{SECRET}@127.0.0.1:0/",
        f"ftp://u:{SECRET}@127.0.0.1/",
        f"http://u:{SECRET}@127.0.0.1/",
        f"http://127.0.0.1/?token={SECRET}#end",
        f"http://127.0.0.1/a b?token={SECRET}",
    ],
)
def test_a_refused_target_shows_no_credential(url: str) -> None:
    with pytest.raises(InvalidTarget) as refused:
        split_target(url)

    assert SECRET not in str(refused.value)
