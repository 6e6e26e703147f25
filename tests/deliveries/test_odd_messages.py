"""Messages of any kind, from a user's function, a snapshot or an odd target: refused by name, or failed and shown."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.control.conftest import Steering
from tests.control.conftest import steering as steering  # noqa: PLC0414 - for pytest's look-up
from tests.deliveries.task_of_worlds import NOW, TO_ALL, RecordingSender, add, delivering, make_worlds, record
from tests.deliveries.task_of_worlds import rest as rest_of
from understudy.core.clock import MAX_TIMESTAMP, MAX_WORLD_TIME, later
from understudy.deliveries.http_sender import WebhookSender
from understudy.deliveries.message import Message, SendResult
from understudy.deliveries.signing import InvalidSigning, read_signing


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ({"X-Key": "s3cret\r\nX-Other: y"}, "the header X-Key has a character that no header can have"),
        ({"X-Key": "s3cret\0"}, "the header X-Key has a character"),
        ({"X-Key": "s3cret\n"}, "the header X-Key has a character"),
        ({"X-Key": "s3cret \u00fc"}, "the header X-Key has a character"),
        ({"X Key": "s3cret"}, "'X Key' is no name of a header"),
        ({"X-\u00fc": "s3cret"}, "is no name of a header"),
    ],
)
def test_an_impossible_header_is_named_without_its_value(headers: dict[str, str], words: str) -> None:
    found, received = asyncio.run(_post(headers))

    assert words in found.error
    assert "s3cret" not in found.error
    assert received == b""


def test_spaces_around_the_text_of_a_header_are_left_out() -> None:
    found, received = asyncio.run(_post({"X-Name": " a b\t"}))

    assert found == SendResult(204)
    assert b"X-Name: a b\r\n" in received


async def _post(headers: dict[str, str]) -> tuple[SendResult, bytes]:
    received, ended = bytearray(), asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError):
            received.extend(await reader.readuntil(b"\r\n\r\n"))
            writer.write(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
        writer.close()
        ended.set()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    target = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    sender = WebhookSender()
    found = await sender.send(Message("main.a-1", "webhook", "hook", target, b"1", NOW, headers=headers))
    await sender.close()
    await ended.wait()
    await asyncio.sleep(0)
    server.close()
    return found, bytes(received)


def test_a_bearer_token_that_no_header_can_have_is_refused() -> None:
    with pytest.raises(InvalidSigning, match="secret has characters that no header can have"):
        read_signing({"scheme": "bearer", "token": "schl\u00fcssel"})
    assert read_signing({"scheme": "hmac-sha256", "secret": "schl\u00fcssel"}).sign("m", 1, b"")


@pytest.mark.parametrize("error", ["bad \ud800", "x" * 1_000_000])
def test_an_answer_that_no_record_can_have_is_one_failed_attempt(error: str) -> None:
    async def test() -> None:
        worlds, sender = make_worlds(), RecordingSender(lambda _: error)
        async with delivering(worlds, TO_ALL, sender=sender) as task:
            key = add(worlds, 1)
            await rest_of(task)

        assert len(sender.sent) == len(record(worlds, key)["attempts"]) == 1
        assert 0 < len(record(worlds, key)["attempts"][0]["error"]) <= 1000

    asyncio.run(asyncio.wait_for(test(), 60))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (NOW, NOW + timedelta(days=366)),
        (MAX_WORLD_TIME, MAX_WORLD_TIME),
        (datetime.fromtimestamp(MAX_TIMESTAMP, UTC), MAX_WORLD_TIME),
    ],
)
def test_a_retry_falls_within_the_range_of_times(now: datetime, expected: datetime) -> None:
    assert later(now, 366 * 86_400) == expected


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": "twc-x"}, "id must be a vendor and a number"),
        ({"state": "lost"}, "state must be one of pending, delivered, failed, given up"),
        ({"tries": "1"}, "tries must be a whole number"),
        ({"next_at": None}, "next_at must be a time"),
        ({"created": "yesterday"}, "created must be a time"),
        ({"attempts": [{"at": "x"}]}, "attempts must be a list of objects"),
        ({"destination": None}, "destination of a message must be text, not None"),
        ({"headers": {"a": None}}, "header a of a message must be text"),
        ({"state": []}, "state must be one of pending"),
        ({"because": "event"}, "because must be names and values"),
        ({"kind": ""}, "a message needs a kind"),
        ({"body": ...}, "body is missing"),
    ],
)
def test_a_snapshot_with_a_message_that_is_none_is_refused(
    steering: Steering, change: dict[str, Any], words: str
) -> None:
    steering.world.vendors["twc"].outbox.add("webhook", "hook", 1)
    document = steering.get("/worlds/{world}/snapshot")
    records = document["vendors"]["twc"]["collections"]["@outbox"]["records"]
    records[0] = {name: value for name, value in {**records[0], **change}.items() if value is not ...}

    response = steering.ask("POST", "/worlds/{world}/restore", document)

    assert response.status == 422
    assert words in str(response.body)
