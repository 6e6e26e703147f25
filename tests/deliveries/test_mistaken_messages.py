"""Messages and rules with mistakes: refused where they are made, and never the end of the other deliveries."""

import asyncio
from typing import Any

import pytest

from tests.control.conftest import Steering
from tests.control.conftest import steering as steering  # noqa: PLC0414 - for pytest's look-up
from tests.deliveries.task_of_worlds import NOW, TO_ALL, RecordingSender, delivering, make_worlds, outbox
from understudy.deliveries import delivery_task
from understudy.deliveries.http_sender import WebhookSender
from understudy.deliveries.message import Message, SendResult
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
        {"body": {1, 2}},
        {"body": 2**70},
    ],
)
def test_a_message_that_cannot_be_delivered_is_refused_where_it_is_added(mistake: dict[str, Any]) -> None:
    box = outbox(make_worlds())

    with pytest.raises((TypeError, ValueError)):
        box.add(**{"kind": "webhook", "destination": HOOK, "body": {}} | mistake)

    assert len(box) == 0


@pytest.mark.parametrize("value", ["new\r\nX-Other: y", "new\x00", "übung"])
def test_a_header_that_no_request_can_have_is_a_failed_attempt_and_injects_nothing(value: str) -> None:
    received: list[bytes] = []
    closed = asyncio.Event()

    async def receive(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            received.append(await reader.read(1000))
        except ConnectionError:
            received.append(b"")
        writer.close()
        closed.set()

    async def send() -> SendResult:
        sender = WebhookSender()
        async with await asyncio.start_server(receive, "127.0.0.1", 0) as server:
            target = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
            message = Message("main.acme-1", "webhook", HOOK, target, b"{}", NOW, headers={"X-Kind": value}, timeout=2)
            result = await sender.send(message)
            await sender.close()
            async with asyncio.timeout(5):
                await closed.wait()
        return result

    assert "the message is no HTTP" in asyncio.run(send()).error
    assert received == [b""]


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
