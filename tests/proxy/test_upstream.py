"""The service is reached over TLS and through the environment's proxy, and what fails is said in one line."""

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import trustme

from tests.proxy.running_proxy import received, running_proxy
from understudy.core.misconfigured import Misconfigured
from understudy.proxy import upstream
from understudy.proxy.upstream import Upstream

REQUEST = b"GET /orders HTTP/1.1\r\nHost: a\r\n\r\n"
RESPONSE = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"
VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def ca(authority: trustme.CA, tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return path


@contextmanager
def listening(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    """Yield the port of a server, each of whose connections is answered by a function."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection, suppress(OSError):
                    answer(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
    thread.join()


class Answering:
    """Answer to a connection: one request is read, and kept, and one response sent; over TLS with a context."""

    def __init__(self, response: bytes = RESPONSE, tls: ssl.SSLContext | None = None) -> None:
        self.response = response
        self.tls = tls
        self.heads: list[bytes] = []

    def __call__(self, connection: socket.socket) -> None:
        if self.tls is not None:
            with self.tls.wrap_socket(connection, server_side=True) as secured:
                self.respond(secured)
            return
        self.respond(connection)

    def respond(self, connection: socket.socket) -> None:
        self.heads.append(head_of(connection))
        connection.sendall(self.response)


class Tunnel(Answering):
    """Proxy that connects as ``CONNECT`` asks, and passes bytes on."""

    def __init__(self, port: int, status: bytes = b"200 Connection established") -> None:
        super().__init__()
        self.port = port
        self.status = status

    def respond(self, connection: socket.socket) -> None:
        self.heads.append(head_of(connection))
        connection.sendall(b"HTTP/1.1 " + self.status + b"\r\n\r\n")
        with socket.create_connection(("127.0.0.1", self.port)) as target:
            back = threading.Thread(target=pass_bytes, args=(target, connection), daemon=True)
            back.start()
            pass_bytes(connection, target)
            back.join()


def pass_bytes(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)


def head_of(connection: socket.socket) -> bytes:
    found = b""
    while b"\r\n\r\n" not in found:
        piece = connection.recv(65536)
        if not piece:
            raise OSError
        found += piece
    return found


def server_tls(authority: trustme.CA, host: str = "localhost") -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(host).configure_cert(context)
    return context


def test_tls_is_spoken_with_a_service_whose_authority_is_trusted(authority: trustme.CA, ca: Path) -> None:
    answering = Answering(tls=server_tls(authority))
    with listening(answering) as port, running_proxy(Upstream(f"https://localhost:{port}", ca)) as proxy:
        assert proxy.exchange(REQUEST) == RESPONSE

    assert answering.heads == [f"GET /orders HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode()]
    assert [(call.status, call.trouble) for call in proxy.calls] == [(200, "")]


@pytest.mark.parametrize(("host", "trusted"), [("localhost", "system"), ("example.com", "given")])
def test_a_certificate_that_is_not_trusted_is_a_bad_gateway(
    authority: trustme.CA, ca: Path, host: str, trusted: str
) -> None:
    with listening(Answering(tls=server_tls(authority, host))) as port:
        made = Upstream(f"https://localhost:{port}", ca if trusted == "given" else None)
        with running_proxy(made) as proxy:
            answered = proxy.exchange(REQUEST)

    assert answered.startswith(b"HTTP/1.1 502 ")
    assert "is not trusted" in json.loads(answered.partition(b"\r\n\r\n")[2])["title"]


def test_any_certificate_is_taken_if_it_is_asked_for(authority: trustme.CA) -> None:
    answering = Answering(tls=server_tls(authority, "example.com"))
    with (
        listening(answering) as port,
        running_proxy(Upstream(f"https://localhost:{port}", is_insecure=True)) as proxy,
    ):
        assert proxy.exchange(REQUEST) == RESPONSE


def test_a_service_without_tls_is_a_bad_gateway() -> None:
    def answer(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        connection.recv(65536)

    with listening(answer) as port, running_proxy(Upstream(f"https://localhost:{port}")) as proxy:
        assert b"TLS fails" in proxy.exchange(REQUEST)


def test_a_service_that_does_not_speak_in_time_is_a_gateway_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upstream, "CONNECT_SECONDS", 0.1)
    with listening(Answering()) as port, running_proxy(Upstream(f"https://localhost:{port}")) as proxy:
        assert proxy.exchange(REQUEST).startswith(b"HTTP/1.1 504 Gateway Timeout\r\n")


def test_a_cut_off_response_over_tls_is_cut_off_for_the_client(authority: trustme.CA, ca: Path) -> None:
    cut = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"
    answering = Answering(cut, server_tls(authority))
    found = b""
    with (
        listening(answering) as port,
        running_proxy(Upstream(f"https://localhost:{port}", ca)) as proxy,
        proxy.connect() as connection,
        suppress(ConnectionResetError),
    ):
        connection.sendall(REQUEST)
        found = received(connection)

    assert found in (cut, b"")
    assert [bool(call.trouble) for call in proxy.calls] == [True]


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_a_proxy_of_the_environment_gets_whole_urls(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    answering = Answering()
    with listening(answering) as port:
        monkeypatch.setenv(name, f"http://ada:se%20cret@127.0.0.1:{port}")
        with running_proxy("http://api.example.com/v1") as proxy:
            assert proxy.exchange(REQUEST) == RESPONSE

    head = b"GET http://api.example.com/v1/orders HTTP/1.1\r\nProxy-Authorization: Basic YWRhOnNlIGNyZXQ=\r\n"
    assert answering.heads == [head + b"Host: api.example.com\r\n\r\n"]
    assert [call.target for call in proxy.calls] == [b"/v1/orders"]


@pytest.mark.parametrize("excepted", ["127.0.0.1", "localhost,127.0.0.1", "*"])
def test_a_host_that_is_excepted_is_reached_directly(monkeypatch: pytest.MonkeyPatch, excepted: str) -> None:
    answering = Answering()
    with listening(answering) as port:
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
        monkeypatch.setenv("NO_PROXY", excepted)
        with running_proxy(f"http://127.0.0.1:{port}") as proxy:
            assert proxy.exchange(REQUEST) == RESPONSE


def test_tls_goes_through_a_tunnel_of_the_proxy(
    authority: trustme.CA, ca: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering = Answering(tls=server_tls(authority, "api.example.com"))
    with listening(answering) as port, listening(tunnel := Tunnel(port)) as proxy_port:
        monkeypatch.setenv("HTTPS_PROXY", f"127.0.0.1:{proxy_port}")
        with running_proxy(Upstream("https://api.example.com", ca)) as proxy:
            assert proxy.exchange(REQUEST) == RESPONSE

    assert tunnel.heads == [b"CONNECT api.example.com:443 HTTP/1.1\r\nHost: api.example.com:443\r\n\r\n"]
    assert answering.heads == [b"GET /orders HTTP/1.1\r\nHost: api.example.com\r\n\r\n"]


def test_a_proxy_that_refuses_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with listening(tunnel := Tunnel(1, b"407 Proxy Authentication Required")) as port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        with running_proxy("https://api.example.com") as proxy:
            answered = proxy.exchange(REQUEST)

    assert len(tunnel.heads) == 1
    title = json.loads(answered.partition(b"\r\n\r\n")[2])["title"]
    assert f"the proxy 127.0.0.1:{port} answers 407 to connect api.example.com:443" in title


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "https://127.0.0.1:1", "http://:secret@/", "http://a:x"])
def test_a_proxy_of_another_kind_is_refused_without_its_credentials(
    monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)

    with pytest.raises(Misconfigured, match="the environment's proxy") as refusal:
        Upstream("https://api.example.com")

    assert "secret" not in str(refusal.value)
