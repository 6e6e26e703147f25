"""Sender of messages over HTTP, against consumers that behave and others that do not."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.deliveries.consumer import consuming
from understudy.deliveries.http_sender import MAX_ANSWER, WebhookSender
from understudy.deliveries.message import Message, SendResult

NOW = datetime(2026, 3, 1, tzinfo=UTC)
Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def message(target: str, **values: Any) -> Message:
    return Message("acme-1", "webhook", "x", target, values.pop("body", b'{"n": 1}'), NOW, **values)


def send(*messages: Message) -> list[SendResult]:
    async def run() -> list[SendResult]:
        sender = WebhookSender()
        found = [await sender.send(each) for each in messages]
        await sender.close()
        return found

    return asyncio.run(run())


def send_to(answer: Answer, count: int = 1, **values: Any) -> list[SendResult]:
    """Send messages to a server of raw bytes."""

    tasks: list[asyncio.Task[None]] = []

    async def answer_and_close(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.append(asyncio.current_task())  # type: ignore[arg-type] # there is one
        with suppress(ConnectionError):
            await answer(reader, writer)
        writer.close()

    async def run() -> list[SendResult]:
        async with await asyncio.start_server(answer_and_close, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            sender = WebhookSender()
            found = [await sender.send(message(f"http://127.0.0.1:{port}/", **values)) for _ in range(count)]
            await sender.close()
            await asyncio.gather(*tasks)
            return found

    return asyncio.run(run())


def raw(data: bytes) -> Answer:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(65536)
        writer.write(data)
        await writer.drain()

    return answer


def test_a_message_arrives_with_its_method_path_headers_and_body() -> None:
    with consuming() as consumer:
        target = message(f"{consumer.url}/hook?a=1", method="PUT", headers={"X-Kind": "new", "Content-Type": "text/x"})
        assert send(target) == [SendResult(204)]

    [found] = consumer.received
    assert (found.method, found.path, found.body) == ("PUT", "/hook?a=1", b'{"n": 1}')
    assert found.headers == {
        "host": consumer.url.removeprefix("http://"),
        "content-length": "8",
        "user-agent": "understudy",
        "understudy-delivery": "acme-1",
        "x-kind": "new",
        "content-type": "text/x",
    }


def test_a_connection_is_used_again() -> None:
    with consuming() as consumer:
        assert send(*[message(consumer.url)] * 5) == [SendResult(204)] * 5

    assert consumer.connections == 1


def test_a_message_is_sent_anew_if_the_consumer_has_closed_the_idle_connection() -> None:
    count = 0

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal count
        count += 1
        await reader.read(65536)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()

    assert send_to(answer, 3) == [SendResult(200)] * 3
    assert count == 3


def test_a_name_of_this_machine_needs_no_name_server() -> None:
    with consuming() as consumer:
        port = consumer.url.rpartition(":")[2]
        assert send(message(f"http://no-such-name.localhost:{port}/")) == [SendResult(204)]

    assert consumer.received[0].headers["host"] == f"no-such-name.localhost:{port}"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    with consuming() as elsewhere, consuming(lambda _: (status, {"Location": elsewhere.url})) as consumer:
        [found] = send(message(consumer.url))

    assert found == SendResult(status, f"the target answers {status}: a redirect is not followed")
    assert elsewhere.received == []


@pytest.mark.parametrize(("status", "phrase"), [(400, "Bad Request"), (503, "Service Unavailable")])
def test_an_error_status_is_a_failure(status: int, phrase: str) -> None:
    with consuming(lambda _: status) as consumer:
        assert send(message(consumer.url)) == [SendResult(status, f"the target answers {status} {phrase}")]


def test_nobody_listening_is_a_failure() -> None:
    with consuming() as consumer:
        url = consumer.url
    [found] = send(message(url))

    assert found == SendResult(None, f"no connection to {url.removeprefix('http://')}: connection refused")


def test_an_answer_that_does_not_come_in_time_is_a_failure() -> None:
    async def answer(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()

    assert send_to(answer, timeout=0.05) == [SendResult(None, "no answer within 0.05 seconds")]


def test_an_answer_that_ends_only_in_drops_is_bounded_by_the_timeout() -> None:
    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b".")
            await writer.drain()
            await asyncio.sleep(0.005)

    assert send_to(answer, timeout=0.1) == [SendResult(None, "no answer within 0.1 seconds")]


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", "the target closed the connection without an answer"),
        (b"nonsense\r\n\r\n", "the answer is no HTTP/1.1: illegal status line: bytearray(b'nonsense')"),
    ],
)
def test_an_answer_that_is_none_is_a_failure(data: bytes, error: str) -> None:
    assert send_to(raw(data)) == [SendResult(None, error)]


def test_an_endless_answer_is_read_up_to_its_bound() -> None:
    sizes: list[int] = []

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while sum(sizes) < 1000 * MAX_ANSWER:
            writer.write(b"x" * 4096)
            await writer.drain()
            sizes.append(4096)

    assert send_to(answer) == [SendResult(200)]
    assert sum(sizes) < 1000 * MAX_ANSWER


def test_a_cut_answer_counts_by_its_status() -> None:
    assert send_to(raw(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")) == [SendResult(200)]


@pytest.mark.parametrize("headers", [{"X-Bad": "a\r\nX-Other: b"}, {"X Bad": "a"}, {"X-Bad": "ü"}])
def test_a_header_that_cannot_be_sent_is_a_failure_that_names_no_exception(headers: dict[str, str]) -> None:
    with consuming() as consumer:
        [found] = send(message(consumer.url, headers=headers))

    assert found.error.startswith("the message is no HTTP: ")
    assert consumer.received == []


def test_a_header_that_follows_from_the_message_is_not_the_vendors() -> None:
    with consuming() as consumer:
        send(message(consumer.url, headers={"Content-Length": "1000", "Host": "elsewhere.example"}))

    assert consumer.received[0].headers["content-length"] == "8"
    assert consumer.received[0].headers["host"] == consumer.url.removeprefix("http://")
