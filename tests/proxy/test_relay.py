"""The proxy changes nothing: what one side sends, byte by byte, the other receives."""

import socket
import threading
import time
from contextlib import suppress

import pytest

from tests.proxy.raw_upstream import Peer, answer, raw_upstream
from tests.proxy.running_proxy import received, received_until, running_proxy

OK = b"HTTP/1.1 200 OK\r\nX-b: 1\r\ncontent-LENGTH: 2\r\nX-a:  two  words\r\nSet-Cookie: a\r\nSet-Cookie: b\r\n\r\n{}"
CLOSE = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"


def close(peer: Peer) -> None:
    peer.close()


def test_a_request_reaches_the_service_as_it_was_sent_but_for_the_host() -> None:
    request = (
        b"POST /a%2Fb?x=1&&y= HTTP/1.1\r\nz-L: 1\r\nhOsT: 127.0.0.1:9\r\nACCEPT: */*\r\nx-Twice: 1\r\nX-twice:\t2\r\n"
        b"User-Agent: t\r\nContent-Length: 3\r\n\r\nabc"
    )
    with raw_upstream(answer(CLOSE, until=b"abc"), close) as (url, sent), running_proxy(url) as proxy:
        assert proxy.exchange(request) == CLOSE

    assert sent == [request.replace(b"127.0.0.1:9", url.removeprefix("http://").encode())]


def test_a_response_reaches_the_client_as_it_was_sent() -> None:
    with raw_upstream(answer(OK), close) as (url, _), running_proxy(url) as proxy:
        assert proxy.exchange(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n") == OK

    [call] = proxy.calls
    assert (call.method, call.status, call.response_body) == ("GET", 200, b"{}")
    assert call.response_headers[0] == (b"X-b", b"1")
    assert not call.trouble


def test_chunks_extensions_and_trailers_pass_in_both_directions() -> None:
    request = (
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
        b"3;name=value\r\nabc\r\n2\r\nde\r\n0\r\nX-Sum: 5\r\n\r\n"
    )
    response = (
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\nConnection: close\r\n\r\n"
        b"4\r\n[1, \r\n2;x\r\n2]\r\n0\r\nX-Done: yes\r\n\r\n"
    )
    with (
        raw_upstream(answer(response, until=b"X-Sum: 5\r\n\r\n"), close) as (url, sent),
        running_proxy(url) as proxy,
    ):
        assert proxy.exchange(request) == response

    assert sent[0].partition(b"\r\n\r\n")[2] == request.partition(b"\r\n\r\n")[2]
    [call] = proxy.calls
    assert (call.request_body, call.response_body) == (b"abcde", b"[1, 2]")


def test_a_body_that_arrives_in_pieces_is_passed_on_before_it_ends() -> None:
    is_first_read = threading.Event()

    def slow(peer: Peer) -> None:
        peer.read_until(b"\r\n\r\n")
        peer.read_length(5)
        is_first_read.set()
        peer.read_length(5)
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab")
        peer.read_until(b"more")
        peer.send(b"cd")

    with raw_upstream(slow) as (url, _), running_proxy(url) as proxy, proxy.connect() as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345")
        assert is_first_read.wait(10), "the first half waits for the second"
        connection.sendall(b"67890")
        assert received_until(connection, b"ab").endswith(b"\r\n\r\nab")


@pytest.mark.parametrize(
    ("method", "response"),
    [
        ("HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"),
        ("DELETE", b"HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n"),
        ("GET", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 500\r\nETag: W/1\r\n\r\n"),
        ("GET", b"HTTP/1.1 204 \r\n\r\n"),
    ],
)  # fmt: skip
def test_a_response_without_a_body_ends_with_its_head(method: str, response: bytes) -> None:
    with raw_upstream(answer(response), answer(CLOSE), close) as (url, sent), running_proxy(url) as proxy:
        first = f"{method} /1 HTTP/1.1\r\nHost: a\r\n\r\n".encode()
        assert proxy.exchange(first, b"GET /2 HTTP/1.1\r\nHost: a\r\n\r\n") == response + CLOSE

    assert len(sent) == 2
    assert [call.trouble for call in proxy.calls] == ["", ""]


def test_interim_responses_pass_and_a_client_that_waits_is_asked_for_its_body() -> None:
    interim = b"HTTP/1.1 100 Continue\r\n\r\n"
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
    script = answer(interim), answer(early, CLOSE, until=b"abc"), close
    with raw_upstream(*script) as (url, _), running_proxy(url) as proxy, proxy.connect() as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
        assert received_until(connection, b"\r\n\r\n") == interim
        connection.sendall(b"abc")
        assert received(connection) == early + CLOSE

    assert [call.status for call in proxy.calls] == [200]


def test_a_connection_is_kept_and_pipelined_requests_are_answered_in_order() -> None:
    script = answer(OK), answer(OK.replace(b"200 OK", b"202 Accepted")), answer(CLOSE), close
    with raw_upstream(*script) as (url, sent), running_proxy(url) as proxy:
        requests = b"".join(b"GET /%d HTTP/1.1\r\nHost: a\r\n\r\n" % number for number in range(3))
        assert proxy.exchange(requests) == OK + OK.replace(b"200 OK", b"202 Accepted") + CLOSE

    assert [head.split()[1] for head in sent] == [b"/0", b"/1", b"/2"]
    assert [call.status for call in proxy.calls] == [200, 202, 200]


def test_a_body_that_ends_with_the_connection_is_whole() -> None:
    response = b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nall of it"
    with raw_upstream(answer(response), close) as (url, _), running_proxy(url) as proxy:
        assert proxy.exchange(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n") == response

    [call] = proxy.calls
    assert (call.response_body, call.trouble) == (b"all of it", "")


@pytest.mark.parametrize(
    "response",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n",
        b"HTTP/1.1 200 OK\r\nX-Un",
    ],
)
def test_a_response_that_is_cut_off_is_cut_off_for_the_client_too(response: bytes) -> None:
    with raw_upstream(answer(response), close) as (url, _), running_proxy(url) as proxy:
        assert proxy.exchange(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n") == response

    [call] = proxy.calls
    assert call.trouble
    assert not call.is_response_whole


def test_a_reset_is_a_reset_for_the_client() -> None:
    def reset(peer: Peer) -> None:
        time.sleep(0.05)
        peer.reset()

    response = b"HTTP/1.1 200 OK\r\n\r\nhalf of a body that ends with the connection"
    with raw_upstream(answer(response), reset) as (url, _), running_proxy(url) as proxy, proxy.connect() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert received_until(connection, b"connection") == response
        with pytest.raises(ConnectionResetError):
            received(connection)

    [call] = proxy.calls
    assert call.trouble


def test_a_response_longer_than_its_length_passes_as_it_is() -> None:
    response = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}{}"
    with raw_upstream(answer(response), close) as (url, _), running_proxy(url) as proxy:
        assert proxy.exchange(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n") == response

    [call] = proxy.calls
    assert call.trouble == "2 bytes follow the end of the response"


def test_bytes_that_are_no_http_pass_as_they_are() -> None:
    response = b"SSH-2.0-OpenSSH_9.6\r\n\r\nwhatever"
    with raw_upstream(answer(response), close) as (url, _), running_proxy(url) as proxy:
        assert proxy.exchange(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n") == response

    [call] = proxy.calls
    assert (call.status, bool(call.trouble)) == (0, True)


def test_another_protocol_is_spoken_after_a_switch() -> None:
    def echo(peer: Peer) -> None:
        peer.read_until(b"\r\n\r\n")
        peer.send(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\nhello")
        peer.send(peer.read_until(b"!").upper())

    with raw_upstream(echo, close) as (url, _), running_proxy(url) as proxy, proxy.connect() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n")
        received_until(connection, b"hello")
        connection.sendall(b"\x00ping!")
        assert received(connection) == b"\x00PING!"

    assert [(call.status, call.trouble) for call in proxy.calls] == [(101, "")]


def test_a_body_over_the_limit_passes_and_is_not_stored() -> None:
    body = b"x" * 300_000
    response = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 300000\r\n\r\n" + body
    request = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n" + body
    with raw_upstream(answer(response, until=body), close) as (url, sent), running_proxy(url, limit=1000) as proxy:
        assert proxy.exchange(request) == response

    assert sent[0].endswith(body)
    [call] = proxy.calls
    assert (call.request_body, call.response_body) == (b"", b"")
    assert (call.is_request_whole, call.is_response_whole) == (False, False)


def test_a_path_of_the_upstream_stands_before_each_path() -> None:
    with raw_upstream(answer(CLOSE), close) as (url, sent), running_proxy(f"{url}/sandbox/") as proxy:
        proxy.exchange(b"GET /orders?a=1 HTTP/1.1\r\nHost: a\r\n\r\n")

    assert sent[0].startswith(b"GET /sandbox/orders?a=1 HTTP/1.1\r\n")


@pytest.mark.parametrize("target", [b"http://api.example.com/orders?a=1", b"/orders?a=1"])
def test_a_whole_url_is_sent_as_a_path(target: bytes) -> None:
    with raw_upstream(answer(CLOSE), close) as (url, sent), running_proxy(url) as proxy:
        proxy.exchange(b"GET " + target + b" HTTP/1.1\r\nHost: a\r\n\r\n")

    assert sent[0].startswith(b"GET /orders?a=1 HTTP/1.1\r\n")


def test_bytes_of_a_url_that_are_no_ascii_pass_as_they_are() -> None:
    with raw_upstream(answer(CLOSE), close) as (url, sent), running_proxy(url) as proxy:
        assert proxy.exchange("GET /città HTTP/1.1\r\nHost: a\r\n\r\n".encode()) == CLOSE

    assert sent[0].startswith("GET /città HTTP/1.1\r\n".encode())


def test_a_client_that_sends_nothing_more_gets_its_response() -> None:
    with raw_upstream(answer(CLOSE), close) as (url, _), running_proxy(url) as proxy, proxy.connect() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        connection.shutdown(socket.SHUT_WR)
        assert received(connection) == CLOSE


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"nonsense\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", b"400"),
        (b"CONNECT api.example.com:443 HTTP/1.1\r\nHost: api.example.com:443\r\n\r\n", b"501"),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * 300_000, b"431"),
    ],
)
def test_a_request_that_is_none_is_answered_by_the_proxy(request_bytes: bytes, status: bytes) -> None:
    with raw_upstream(answer(CLOSE), close) as (url, sent), running_proxy(url) as proxy:
        assert proxy.exchange(request_bytes).split()[1] == status

    assert sent == []


def test_a_service_that_is_not_there_is_a_bad_gateway() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with running_proxy(f"http://127.0.0.1:{port}") as proxy:
        answered = proxy.exchange(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")

    assert answered.startswith(b"HTTP/1.1 502 Bad Gateway\r\n")
    assert b"is not reached" in answered
    assert list(proxy.relay.unreached.values()) == [1]
    assert proxy.calls == []


def test_a_client_that_hangs_up_is_no_fault_of_the_service() -> None:
    def hold(peer: Peer) -> None:
        peer.read_until(b"\r\n\r\n")
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
        peer.read_until(b"never")

    with raw_upstream(hold) as (url, _), running_proxy(url) as proxy:
        with proxy.connect() as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            received_until(connection, b"abc")
        for _ in range(200):
            if proxy.calls:
                break
            time.sleep(0.01)

    [call] = proxy.calls
    assert (call.trouble, call.client_trouble) == ("", "the client closed the connection")


def test_a_client_that_reads_slowly_slows_the_service_down() -> None:
    whole, sent = 64 * 1024 * 1024, 0
    is_done = threading.Event()

    def pour(peer: Peer) -> None:
        nonlocal sent
        peer.read_until(b"\r\n\r\n")
        peer.send(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % whole)
        while sent < whole:
            sent += peer.connection.send(bytes(min(256 * 1024, whole - sent)))
        is_done.set()

    with raw_upstream(pour) as (url, _), running_proxy(url, limit=1000) as proxy, proxy.connect() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert not is_done.wait(0.5)
        assert sent < whole / 2, "the proxy takes what nobody reads"
        assert len(received(connection)) > whole
        assert is_done.wait(10)


def test_a_service_that_reads_slowly_slows_the_client_down() -> None:
    whole, is_reading, sent = 64 * 1024 * 1024, threading.Event(), 0

    def sip(peer: Peer) -> None:
        peer.read_until(b"\r\n\r\n")
        is_reading.wait(10)
        left = whole - len(peer.buffer)
        while left:
            left -= len(peer.connection.recv(1024 * 1024))
        peer.send(CLOSE)

    with raw_upstream(sip, close) as (url, _), running_proxy(url, limit=1000) as proxy, proxy.connect() as connection:
        connection.sendall(b"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % whole)
        connection.settimeout(0.5)
        with suppress(TimeoutError):
            while sent < whole:
                sent += connection.send(bytes(min(256 * 1024, whole - sent)))
        assert sent < whole / 2, "the proxy takes what nobody reads"
        is_reading.set()
        connection.settimeout(10)
        connection.sendall(bytes(whole - sent))
        assert received(connection) == CLOSE


@pytest.mark.parametrize(
    "response",
    [
        b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 299 Odd\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 \xc3\xa0 OK\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nX-Name: citt\xc3\xa0 \xe0\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nX-Empty:\r\nX_Under-Score: 1\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\nContent-Length: 2\n\n{}",
        b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 100_000 + b"\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 9\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0002 \r\n{}\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-Folded: a\r\n b\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}",
    ],
)
def test_an_odd_response_is_whole(response: bytes) -> None:
    with raw_upstream(answer(response), close) as (url, _), running_proxy(url) as proxy:
        assert proxy.exchange(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n") == response

    [call] = proxy.calls
    assert (call.trouble, call.response_body) == ("", b"{}")


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET / HTTP/1.0\r\n\r\n",
        b"GET / HTTP/1.1\nHost: a\n\n",
        b"\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
        b"BREW /pot?x=|^`{} HTTP/1.1\r\nHost: a\r\nX-Name: citt\xc3\xa0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost:a\r\nX-Empty:\r\nCookie: a=1; b='2'\r\nCookie: c=3\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nConnection: TE, close\r\nKeep-Alive: 5\r\n\r\n",
        b"GET //double//slash?x=a%20b#c HTTP/1.1\r\nHost: a\r\n\r\n",
    ],
)  # fmt: skip
def test_an_odd_request_passes_as_it_is(request_bytes: bytes) -> None:
    until = b"\n\n" if b"\r\n\r\n" not in request_bytes else b"\r\n\r\n"
    with raw_upstream(answer(CLOSE, until=until), close) as (url, sent), running_proxy(url) as proxy:
        assert proxy.exchange(request_bytes) == CLOSE

    host = url.removeprefix("http://").encode()
    wanted = request_bytes.lstrip(b"\r\n").replace(b"Host: a", b"Host: " + host).replace(b"Host:a", b"Host:" + host)
    assert sent == [wanted]
