"""Odd senders to `understudy listen`: each is answered, and none ends in an error of the receiver."""

import asyncio
from typing import Any

import pytest

from understudy.deliveries.receiver import Answers, Received, Receiver
from understudy.deliveries.signing import read_signing

STANDARD = read_signing({"scheme": "standard-webhooks", "secret": "whsec_c2VjcmV0"})
HMAC = read_signing({"scheme": "hmac-sha256", "secret": "s"})


async def _ask(answers: Answers, data: bytes, *, ends: bool = False) -> tuple[bytes, list[Received], list[Any]]:
    """Return what a receiver answers, what it has received, and the errors of the event loop."""
    errors: list[Any] = []
    received: list[Received] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: errors.append(context))
    receiver = Receiver(answers, received.append)
    server = await loop.create_server(receiver.protocol, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.write(data)
    if ends:
        writer.write_eof()
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    server.close()
    return answer, received, errors


def test_a_sender_that_takes_the_receiver_for_a_proxy_is_refused() -> None:
    answer, received, errors = asyncio.run(_ask(Answers(), b"CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n"))

    assert answer.startswith(b"HTTP/1.1 405 ")
    assert (received, errors) == ([], [])


@pytest.mark.parametrize("digits", [21, 5000])
@pytest.mark.parametrize("takes_any_time", [True, False])
@pytest.mark.parametrize(
    ("signing", "headers"),
    [
        (STANDARD, "webhook-id: a\r\nwebhook-timestamp: {time}\r\nwebhook-signature: v1,x"),
        (HMAC, "X-Signature: t={time},v1=abc"),
    ],
)
def test_a_timestamp_of_any_length_is_a_wrong_signature(
    digits: int, signing: Any, headers: str, *, takes_any_time: bool
) -> None:
    given = headers.format(time="9" * digits)
    request = f"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n{given}\r\n\r\n"

    answer, received, errors = asyncio.run(
        _ask(Answers(signing=signing, takes_any_time=takes_any_time), request.encode())
    )

    assert answer.startswith(b"HTTP/1.1 401 ")
    assert b"timestamp is missing or no number of seconds" in answer
    assert ([each.status for each in received], errors) == ([401], [])


@pytest.mark.parametrize("delay", [0, 0.01])
@pytest.mark.parametrize("count", [1, 3])
def test_a_sender_that_has_ended_its_side_gets_its_answers(delay: float, count: int) -> None:
    request = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}"

    answer, received, errors = asyncio.run(_ask(Answers(delay=delay), request * count, ends=True))

    assert answer.count(b"HTTP/1.1 200 OK\r\n") == len(received) == count
    assert errors == []


def test_a_sender_that_ends_within_a_body_has_delivered_nothing() -> None:
    request = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n{}"

    assert asyncio.run(_ask(Answers(), request, ends=True)) == (b"", [], [])
