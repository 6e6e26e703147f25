"""Targets that answer anything without end: each is one failed attempt, and no turn of the event loop is long."""

import asyncio
import time
from collections.abc import Callable, Coroutine

import pytest

from tests.deliveries.task_of_worlds import NOW
from understudy.deliveries.http_sender import WebhookSender
from understudy.deliveries.message import Message, SendResult

EMPTY = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
LONGEST_TURN = 0.05
"""Seconds of processor time that a turn may take."""


async def _send(answer: bytes, endless: bytes, count: int = 1) -> tuple[list[SendResult], float]:
    """Return the results, and the longest turn: the target gives an answer, then the same text without end."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                await reader.readexactly(1)
                writer.write(answer)
                while endless:
                    writer.write(endless)
                    await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    sender = WebhookSender()
    longest = await _watched(lambda: _send_all(sender, url, count))
    await sender.close()
    server.close()
    for _ in range(5):
        await asyncio.sleep(0.001)
    return longest


async def _send_all(sender: WebhookSender, url: str, count: int) -> list[SendResult]:
    return [await sender.send(Message("main.a-1", "webhook", "hook", url, b"1", NOW)) for _ in range(count)]


async def _watched(
    work: Callable[[], Coroutine[None, None, list[SendResult]]],
) -> tuple[list[SendResult], float]:
    task, longest = asyncio.ensure_future(work()), 0.0
    while not task.done():
        started = time.process_time()
        await asyncio.sleep(0)
        longest = max(longest, time.process_time() - started)
    return task.result(), longest


@pytest.mark.parametrize(
    ("start", "endless", "expected"),
    [
        (b"", b"HTTP/1.1 100 \r\n\r\n" * 4000, SendResult(error="the answer has no status within 65536 bytes")),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n" * 10_000, SendResult(200)),
        (
            b"HTTP/1.1 200 OK\r\n",
            b"X: y\r\n" * 10_000,
            SendResult(error="the answer is no HTTP/1.1: Receive buffer too long"),
        ),
    ],
)
def test_an_answer_without_end_ends_the_attempt_and_holds_nothing_up(
    start: bytes, endless: bytes, expected: SendResult
) -> None:
    [found], longest = asyncio.run(_send(start, endless))

    assert found == expected
    assert longest < LONGEST_TURN


def test_an_answer_that_nobody_asked_for_is_not_that_of_the_next_message() -> None:
    found, _ = asyncio.run(_send(EMPTY + EMPTY.replace(b"200 OK", b"500 No"), b"", count=3))

    assert found == [SendResult(200)] * 3
