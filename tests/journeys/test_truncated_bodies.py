"""Bodies cut short by a fault: never whole, however long the cut is."""

import socket
from urllib.parse import urlsplit

import pytest

from tests.conftest import StandIn
from understudy.state.faults import Fault

PATH = "/customerattributes"


def answer(stand_in: StandIn) -> tuple[int, bytes]:
    """Return the content length that a response declares, and the bytes of its body that arrive."""
    url = urlsplit(f"{stand_in.url('ecdp')}{PATH}")
    assert url.hostname
    assert url.port
    request = f"GET {url.path} HTTP/1.1\r\nHost: {url.netloc}\r\nx-api-key: understudy-ecdp-dev-key\r\n\r\n"
    with socket.create_connection((url.hostname, url.port), timeout=10) as connection:
        connection.sendall(request.encode())
        received = b""
        while b"\r\n\r\n" not in received:
            received += connection.recv(65536)
        head, _, body = received.partition(b"\r\n\r\n")
        lengths = [line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")]
        declared = int(lengths[0])
        while len(body) < declared and (more := connection.recv(65536)):
            body += more
    return declared, body


@pytest.fixture
def whole(stand_in: StandIn) -> bytes:
    declared, body = answer(stand_in)
    assert declared == len(body) > 100
    return body


@pytest.mark.parametrize("beside", [-2, -1, 0, 1, 1000])
def test_a_cut_as_long_as_the_body_or_longer_lacks_the_last_byte(stand_in: StandIn, whole: bytes, beside: int) -> None:
    cut = Fault("truncate", when="after", times=1, bytes=len(whole) + beside)
    stand_in.world.faults.add(cut, stand_in.clock.timestamp())

    declared, body = answer(stand_in)

    assert declared == len(whole)
    assert body == whole[: min(len(whole) + beside, len(whole) - 1)]


@pytest.mark.parametrize("length", [0, 1])
def test_a_cut_of_nought_or_one_byte_sends_as_many(stand_in: StandIn, whole: bytes, length: int) -> None:
    stand_in.world.faults.add(Fault("truncate", when="after", times=1, bytes=length), stand_in.clock.timestamp())

    assert answer(stand_in) == (len(whole), whole[:length])


def test_a_cut_without_a_length_sends_half(stand_in: StandIn, whole: bytes) -> None:
    stand_in.world.faults.add(Fault("truncate", when="after", times=1), stand_in.clock.timestamp())

    assert answer(stand_in) == (len(whole), whole[: len(whole) // 2])
