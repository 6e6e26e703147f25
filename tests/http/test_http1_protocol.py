"""HTTP/1.1 as real clients send it: upgrade offers, raw UTF-8, and heads over the limits, over real sockets."""

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.conftest import StandIn
from understudy.core.world_names import CONTROL_PATH
from understudy.http.head_limits import MAX_HEAD_BYTES, MAX_URL_BYTES

H2C = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n"
TLS = b"Connection: Upgrade\r\nUpgrade: TLS/1.2\r\n"
WEBSOCKET = b"Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
ENOUGH_SECONDS = 5.0
JAVA_CLIENT = Path(__file__).with_name("Post.java")


class Client:
    """Connection to the server on which bytes are sent as they are."""

    def __init__(self, stand_in: StandIn) -> None:
        stand_in.world  # noqa: B018 - calls are recorded only in worlds in use
        address = urlsplit(stand_in.root)
        self.world = f"/@{stand_in.world_name}".encode()
        self.key = stand_in.credentials("ecdp")["api_key"].encode()
        self.socket = socket.create_connection((str(address.hostname), int(address.port or 0)), ENOUGH_SECONDS)
        self.received = b""

    def head(self, method: bytes, path: bytes, *headers: bytes) -> bytes:
        """Return the head of a request to ECDP, signed in."""
        lines = [b"Host: localhost\r\nx-api-key: " + self.key + b"\r\nContent-Type: application/json\r\n", *headers]
        return method + b" " + self.world + b"/ecdp" + path + b" HTTP/1.1\r\n" + b"".join(lines) + b"\r\n"

    def create(self, email: str, *headers: bytes) -> bytes:
        """Return a request that creates a customer."""
        body = customer(email)
        return self.head(b"POST", b"/customers", *headers, b"Content-Length: %d\r\n" % len(body)) + body

    def send(self, *pieces: bytes) -> None:
        for piece in pieces:
            self.socket.sendall(piece)
            time.sleep(0.01 if len(pieces) > 1 else 0)

    def response(self) -> httpx.Response:
        """Return the next response on the connection."""
        while b"\r\n\r\n" not in self.received:
            self._receive()
        head, _, self.received = self.received.partition(b"\r\n\r\n")
        status, *lines = head.decode("latin-1").split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines)
        while len(self.received) < int(headers["content-length"]):
            self._receive()
        body, self.received = (
            self.received[: int(headers["content-length"])],
            self.received[int(headers["content-length"]) :],
        )
        return httpx.Response(int(status.split()[1]), headers=headers, content=body)

    def is_closed(self) -> bool:
        """Return whether the server ends the connection."""
        return self.received == b"" and self.socket.recv(1) == b""

    def _receive(self) -> None:
        data = self.socket.recv(65536)
        assert data, f"the connection was closed behind {self.received!r}"
        self.received += data


@pytest.fixture
def client(stand_in: StandIn) -> Iterable[Client]:
    made = Client(stand_in)
    yield made
    made.socket.close()


def customer(email: str) -> bytes:
    return json.dumps({"mode": "Add", "matchBy": "Email", "data": [{"email": email}]}).encode()


def exchanges(stand_in: StandIn) -> list[Any]:
    return list(stand_in.world.journal)


@pytest.mark.parametrize("offer", [H2C, TLS, WEBSOCKET], ids=["h2c", "tls", "websocket"])
def test_a_request_that_offers_an_upgrade_keeps_its_body(client: Client, stand_in: StandIn, offer: bytes) -> None:
    client.send(client.create("upgrade@example.com", offer))
    assert client.response().status_code == 201
    assert exchanges(stand_in)[-1].request_body == customer("upgrade@example.com")


@pytest.mark.parametrize("size", [1, 7, 60])
def test_an_upgrade_offer_may_arrive_in_pieces(client: Client, size: int) -> None:
    whole = client.create("pieces@example.com", H2C)
    client.send(*(whole[start : start + size] for start in range(0, len(whole), size)))
    assert client.response().status_code == 201


def test_a_chunked_body_behind_an_upgrade_offer_arrives(client: Client) -> None:
    body = customer("chunked@example.com")
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in body) + b"0\r\nTrailer: dropped\r\n\r\n"
    client.send(client.head(b"POST", b"/customers", H2C, b"Transfer-Encoding: chunked\r\n") + chunks)
    assert client.response().status_code == 201


def test_requests_behind_an_upgrade_offer_are_answered_on_the_same_connection(client: Client) -> None:
    first, second = client.create("first@example.com", H2C), client.create("second@example.com", H2C)
    client.send(first + second + client.head(b"GET", b"/customerattributes", H2C) + client.create("third@example.com"))
    assert [client.response().status_code for _ in range(4)] == [201, 201, 200, 201]


def test_a_client_that_waits_for_100_continue_beside_an_upgrade_offer_gets_it(client: Client) -> None:
    whole = client.create("continue@example.com", H2C, b"Expect: 100-continue\r\n")
    head, _, body = whole.partition(b"\r\n\r\n")
    client.send(head + b"\r\n\r\n")
    assert client.socket.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
    client.send(body)
    assert client.response().status_code == 201


@pytest.mark.parametrize(
    "framing", [b"Transfer-Encoding: gzip\r\n", b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"]
)
def test_an_upgrade_offer_with_invalid_framing_is_malformed(
    client: Client, framing: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    client.send(client.head(b"POST", b"/customers", H2C, framing) + b"hello")
    assert client.response().status_code == 400
    assert client.is_closed()
    assert "Traceback" not in caplog.text


def test_a_form_behind_an_upgrade_offer_reaches_the_operation(stand_in: StandIn) -> None:
    credentials = stand_in.credentials("twc")
    form = {"grant_type": "client_credentials"} | {name: credentials[name] for name in ("client_id", "client_secret")}
    path = f"/auth/realms/{credentials['tenant']}/protocol/openid-connect/token"
    offer = {"Connection": "Upgrade", "Upgrade": "h2c"}
    assert httpx.post(stand_in.url("twc") + path, data=form, headers=offer).status_code == 200


def test_the_control_api_keeps_a_body_behind_an_upgrade_offer(stand_in: StandIn) -> None:
    url = f"{stand_in.root}{CONTROL_PATH}/worlds/{stand_in.world_name}/faults"
    fault = {"kind": "latency", "delay": 0.001}
    offer = {"Connection": "Upgrade", "Upgrade": "h2c"}
    assert stand_in.world is not None
    assert httpx.post(url, json=fault, headers=offer).status_code == 201


def test_an_upgrade_offer_is_logged_as_nothing(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    client.send(client.create("quiet@example.com", H2C))
    client.response()
    assert caplog.records == []


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_curl_with_http2_creates_a_customer(stand_in: StandIn) -> None:
    url, key = stand_in.url("ecdp"), stand_in.credentials("ecdp")["api_key"]
    headers = ["-H", f"x-api-key: {key}", "-H", "Content-Type: application/json"]
    command = ["curl", "-sS", "--http2", "-w", "%{http_code}", "-o", "/dev/null", *headers, f"{url}/customers"]
    done = subprocess.run([*command, "-d", customer("curl@example.com").decode()], capture_output=True, check=False)
    assert (done.stdout, done.stderr) == (b"201", b"")


@pytest.mark.skipif(shutil.which("java") is None, reason="needs a JDK")
@pytest.mark.parametrize("framing", ["fixed", "chunked"])
def test_the_client_of_the_jdk_creates_a_customer(stand_in: StandIn, framing: str) -> None:
    url, key = stand_in.url("ecdp"), stand_in.credentials("ecdp")["api_key"]
    command = ["java", str(JAVA_CLIENT), f"{url}/customers", key, customer("jdk@example.com").decode(), framing]
    done = subprocess.run(command, capture_output=True, check=False, timeout=60)
    assert (done.stdout, done.returncode) == (b"201", 0), done.stderr


def test_raw_utf8_in_a_path_is_read_as_if_it_were_encoded(client: Client, stand_in: StandIn) -> None:
    client.send(client.head(b"GET", "/café?q=über".encode()))
    assert client.response().status_code == 404
    found = exchanges(stand_in)[-1]
    assert (found.path.rpartition(b"/")[2], found.query) == (b"caf%C3%A9", b"q=%C3%BCber")


@pytest.mark.parametrize("extra", [0, 1])
def test_a_url_over_its_limit_is_refused_with_414(client: Client, stand_in: StandIn, extra: int) -> None:
    head = client.head(b"GET", b"/customerattributes?q=")
    start = len(head.split(b" ")[1])
    client.send(head.replace(b"?q=", b"?q=" + b"a" * (MAX_URL_BYTES - start + extra)))
    response = client.response()
    assert response.status_code == (414 if extra else 200)
    assert exchanges(stand_in)[-1].status == response.status_code
    assert (response.headers.get("connection") == "close") == bool(extra)


@pytest.mark.parametrize("extra", [0, 1])
def test_headers_over_their_limit_are_refused_with_431(client: Client, stand_in: StandIn, extra: int) -> None:
    head = client.head(b"GET", b"/customerattributes", b"X-Long: \r\n")
    size = len(head.partition(b"\r\n")[2]) - len(b"\r\n")
    client.send(head.replace(b"X-Long: ", b"X-Long: " + b"a" * (MAX_HEAD_BYTES - size + extra)))
    response = client.response()
    assert response.status_code == (431 if extra else 200)
    assert exchanges(stand_in)[-1].status == response.status_code


def test_many_small_headers_over_the_limit_are_refused_too(client: Client) -> None:
    client.send(client.head(b"GET", b"/customerattributes", *(b"X-%d: a\r\n" % number for number in range(10_000))))
    assert client.response().status_code == 431


@pytest.mark.parametrize("start", [b"GET /ecdp/", b"GET /ecdp/x HTTP/1.1\r\nHost: localhost\r\nX-Long: "])
def test_a_head_that_never_ends_is_refused_and_the_connection_closed(client: Client, start: bytes) -> None:
    client.send(start, *[b"a" * 60_000] * 5)
    assert client.response().status_code in (414, 431)
    client.socket.shutdown(socket.SHUT_WR)
    assert client.is_closed()


def test_trailers_over_the_limit_end_the_connection(client: Client) -> None:
    body = customer("trailers@example.com")
    head = client.head(b"POST", b"/customers", b"Transfer-Encoding: chunked\r\n")
    client.send(head + b"%x\r\n" % len(body) + body + b"\r\n0\r\n" + b"X: " + b"a" * 70_000 + b"\r\n\r\n")
    assert client.response().status_code == 400


@pytest.mark.parametrize("path", ["/", "/nowhere", f"{CONTROL_PATH}/worlds"])
def test_a_long_url_is_refused_for_every_part_of_the_server(stand_in: StandIn, path: str) -> None:
    address = urlsplit(stand_in.root)
    with socket.create_connection((str(address.hostname), int(address.port or 0)), ENOUGH_SECONDS) as connection:
        connection.sendall(f"GET {path}?q={'a' * 70_000} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        assert connection.recv(12) == b"HTTP/1.1 414"


@pytest.mark.parametrize("vendor", ["capillary", "contacthub", "crmcom", "ecdp", "twc"])
@pytest.mark.parametrize(("status", "line"), [(414, b"/x?" + b"a" * 70_000), (431, b"/x")])
def test_every_vendor_refuses_a_head_in_its_own_shape(stand_in: StandIn, vendor: str, status: int, line: bytes) -> None:
    address = urlsplit(stand_in.url(vendor))
    long = b"X-Long: " + b"a" * 70_000 + b"\r\n"
    with socket.create_connection((str(address.hostname), int(address.port or 0)), ENOUGH_SECONDS) as connection:
        connection.sendall(
            b"GET " + address.path.encode() + line + b" HTTP/1.1\r\nHost: localhost\r\n" + long + b"\r\n"
        )
        received = b""
        while data := connection.recv(65536):
            received += data
    assert received.startswith(b"HTTP/1.1 %d " % status)
    assert b"understudy-refused-by: contract" in received
    assert received.count(b"HTTP/1.1") == 1
