"""Pipelined requests: each is answered, in order, however the bytes are split into packets."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from functools import wraps
from typing import Any

import pytest
from uvicorn.config import Config
from uvicorn.server import ServerState

from tests.conftest import StandIn
from tests.http.test_http1_protocol import Client
from understudy.http.head_limits import MAX_HEAD_BYTES, MAX_URL_BYTES, REFUSED_HEAD
from understudy.http.http1_protocol import Http1Protocol

E_ACUTE = "é".encode()
FIXED = b"POST /fixed HTTP/1.1\r\nHost: a\r\nContent-Length: 27\r\n\r\n" + b'{"\n":"\xc3\xa9 GET / HTTP/1.1\r\n"}'
CHUNKED = (
    b"POST /chunked HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"15\r\n\xc3\xa9 GET /\xc3\xa9 HTTP/1.1\r\n\r\n0\r\nTrailer: \xc3\xa9\r\n\r\n"
)
RAW = (
    b"GET /"
    + E_ACUTE
    + b"/\xe2\x82\xac?q="
    + E_ACUTE
    + b" HTTP/1.1\r\nX-Name: "
    + E_ACUTE
    + b" HTTP/1.1\r\nY: z\r\n\r\n"
)
EMPTY_LINES = b"\r\n\r\n" + RAW
UPGRADE = (
    b"POST /" + E_ACUTE + b" HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 3\r\n\r\n\xc3\xa9}"
)
PLAIN = b"GET /plain HTTP/1.1\r\nHost: a\r\n\r\n"
MALFORMED = b"GET /" + E_ACUTE + b" nonsense\r\n\r\n"

SEEN = {
    FIXED: ("/fixed", b"", FIXED.partition(b"\r\n\r\n")[2]),
    CHUNKED: ("/chunked", b"", b"\xc3\xa9 GET /\xc3\xa9 HTTP/1.1\r\n"),
    RAW: ("/é/€", b"q=%C3%A9", b""),
    EMPTY_LINES: ("/é/€", b"q=%C3%A9", b""),
    UPGRADE: ("/é", b"", b"\xc3\xa9}"),
    PLAIN: ("/plain", b"", b""),
}
FIRSTS = {"fixed": FIXED, "chunked": CHUNKED, "raw": RAW, "h2c": UPGRADE, "plain": PLAIN}


class Transport(asyncio.Transport):
    """Transport that keeps what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.closed = False

    def write(self, data: Any) -> None:
        self.written += data

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def can_write_eof(self) -> bool:
        return False

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


class Connection:
    """Protocol with an application that notes each request and answers with its path."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, bytes, bytes]] = []
        self.refused: list[int] = []
        config = Config(self._app, lifespan="off", interface="asgi3", log_config=None)
        config.load()
        self.transport = Transport()
        self.protocol = Http1Protocol(config, ServerState(), {}, asyncio.get_running_loop())
        self.protocol.connection_made(self.transport)

    async def _app(self, scope: Any, receive: Any, send: Any) -> None:
        body = b""
        while REFUSED_HEAD not in scope:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        else:
            self.refused.append(scope[REFUSED_HEAD])
        self.seen.append((scope["path"], scope["query_string"], body))
        await send({"type": "http.response.start", "status": scope.get(REFUSED_HEAD, 200), "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def send(self, *packets: bytes) -> None:
        for packet in packets:
            self.protocol.data_received(packet)
            for _ in range(3):
                await asyncio.sleep(0)
        for _ in range(30):
            await asyncio.sleep(0)

    @property
    def statuses(self) -> list[int]:
        """Statuses of the responses, in order."""
        return [int(part[:3]) for part in self.transport.written.split(b"HTTP/1.1 ")[1:]]


def in_loop(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Return a test that runs on an event loop of its own."""

    @wraps(test)
    def run(*args: Any, **kwargs: Any) -> None:
        asyncio.run(test(*args, **kwargs))

    return run


def splits(whole: bytes) -> Iterator[tuple[bytes, ...]]:
    """Yield the bytes in one piece, in two with every split point, and byte by byte."""
    yield (whole,)
    for at in range(1, len(whole)):
        yield whole[:at], whole[at:]
    yield tuple(whole[at : at + 1] for at in range(len(whole)))


@pytest.mark.parametrize(
    "first", [FIXED, CHUNKED, RAW, UPGRADE, PLAIN], ids=["fixed", "chunked", "raw", "h2c", "plain"]
)
@pytest.mark.parametrize(
    "second", [FIXED, CHUNKED, EMPTY_LINES, RAW, UPGRADE], ids=["fixed", "chunked", "lines", "raw", "h2c"]
)
@in_loop
async def test_pipelined_requests_are_answered_however_they_are_split(first: bytes, second: bytes) -> None:
    for packets in splits(first + second + PLAIN):
        connection = Connection()
        await connection.send(*packets)
        assert connection.seen == [SEEN[first], SEEN[second], SEEN[PLAIN]], packets
        assert connection.statuses == [200, 200, 200], packets


@pytest.mark.parametrize("first", FIRSTS.values(), ids=FIRSTS)
@in_loop
async def test_a_malformed_request_is_refused_after_those_before_it_are_answered(first: bytes) -> None:
    for packets in splits(first + PLAIN + MALFORMED + PLAIN):
        connection = Connection()
        await connection.send(*packets)
        assert connection.seen == [SEEN[first], SEEN[PLAIN]], packets
        assert connection.statuses == [200, 200, 400], packets
        assert connection.transport.closed


@in_loop
async def test_a_request_with_a_malformed_body_is_refused_after_the_one_before_it() -> None:
    bad = b"POST /bad HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\nnonsense\r\n"
    connection = Connection()
    await connection.send(PLAIN + bad)
    assert connection.statuses == [200, 400]
    assert connection.seen == [SEEN[PLAIN]]


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET /" + E_ACUTE * (MAX_URL_BYTES // 6 + 1) + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * MAX_HEAD_BYTES + b"\r\n\r\n", 431),
    ],
    ids=["url", "headers"],
)
@in_loop
async def test_a_head_over_the_bounds_behind_another_request_is_refused_by_itself(head: bytes, status: int) -> None:
    for at in (0, 1, len(FIXED), len(FIXED) + 3, len(FIXED) + 1000):
        whole = FIXED + head + PLAIN
        connection = Connection()
        await connection.send(*filter(None, (whole[:at], whole[at:])))
        assert connection.statuses == [200, status]


@in_loop
async def test_a_long_body_before_it_does_not_count_for_a_head() -> None:
    body = b"x" * 4 * MAX_HEAD_BYTES
    first = b"POST /long HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    for cut in (1, 10, len(PLAIN) - 1):
        connection = Connection()
        await connection.send(first + PLAIN[:cut], PLAIN[cut:])
        assert connection.statuses == [200, 200]


@in_loop
async def test_a_thousand_upgrade_offers_in_one_packet_are_answered() -> None:
    connection = Connection()
    await connection.send(UPGRADE * 1000)
    for _ in range(5000):
        await asyncio.sleep(0)
    assert connection.statuses == [200] * 1000


@pytest.fixture
def client(stand_in: StandIn) -> Iterator[Client]:
    made = Client(stand_in)
    yield made
    made.socket.close()


def test_a_raw_path_behind_another_request_is_served_over_a_socket(client: Client) -> None:
    first, raw = client.create("raw@example.com"), client.head(b"GET", b"/" + E_ACUTE)
    client.send(first + raw + client.head(b"GET", b"/customerattributes"))
    assert [client.response().status_code for _ in range(3)] == [201, 404, 200]
