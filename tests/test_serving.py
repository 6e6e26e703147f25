"""Server as a process: idle connections, open requests at the stop, signals, and clients that leave."""

import os
import re
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from itertools import product
from pathlib import Path

import httpx
import pytest

from understudy.serving import GRACE_SECONDS
from understudy.settings import KEEP_ALIVE, Settings

COMMAND = Path(sys.executable).with_name("understudy")
HEAD = (
    b"POST /ecdp/customers HTTP/1.1\r\nHost: x\r\n"
    b"Content-Type: application/json\r\nx-api-key: understudy-ecdp-dev-key\r\n"
)
BODY = b'{"mode": "AddAndUpdate", "data": []}'
ATTRIBUTES = b"GET /ecdp/customerattributes HTTP/1.1\r\nHost: x\r\nx-api-key: understudy-ecdp-dev-key\r\n\r\n"
PAGE = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Server:
    """Process of ``understudy serve`` on a free port."""

    def __init__(self, *arguments: str, host: str = "127.0.0.1", **environment: str) -> None:
        self.process = subprocess.Popen(
            [COMMAND, "serve", "--vendor", "ecdp", "--port", "0", "--host", host, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment},
        )
        assert self.process.stdout
        first = self.process.stdout.readline()
        found = re.search(r"at (http://\S+):(\d+)", first)
        assert found, first
        self.port = int(found.group(2))
        self.root = f"http://127.0.0.1:{self.port}"

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=10)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[str, str]:
        """Send a signal; return the rest of the output, and the errors."""
        self.process.send_signal(number)
        return self.process.communicate(timeout=30)


@contextmanager
def serving(*arguments: str, **environment: str) -> Iterator[Server]:
    server = Server(*arguments, **environment)
    try:
        yield server
    finally:
        if server.process.stdout and not server.process.stdout.closed:
            server.stop(signal.SIGKILL)


def received(line: socket.socket) -> bytes:
    """Return all that a server sends until it closes the connection."""
    found = b""
    try:
        while part := line.recv(65536):
            found += part
    except ConnectionResetError:
        pass
    return found


def test_an_idle_connection_stays_open_for_longer_than_a_minute_by_default() -> None:
    assert Settings().keep_alive == KEEP_ALIVE == 75


def test_an_idle_connection_is_closed_after_the_time_that_is_set() -> None:
    with serving("--keep-alive", "1") as server, closing(HTTPConnection("127.0.0.1", server.port)) as client:
        client.request("GET", "/_understudy/api/health")
        assert client.getresponse().read()
        line = client.sock
        time.sleep(0.5)
        client.request("GET", "/_understudy/api/health")
        assert client.getresponse().read()
        answered = time.monotonic()

        assert client.sock is line, "closed before its time"
        assert line.recv(65536) == b""
        assert 0.8 < time.monotonic() - answered < 5


@pytest.mark.parametrize("seconds", ["0", "-1", "86401", "soon"])
def test_a_time_out_of_its_bounds_is_refused(seconds: str) -> None:
    result = subprocess.run(
        [COMMAND, "serve", f"--keep-alive={seconds}"], capture_output=True, text=True, check=False, timeout=30
    )

    assert result.returncode == 2
    assert len(result.stderr.splitlines()) == 1
    assert "--keep-alive" in result.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_a_request_that_completes_in_the_grace_period_is_answered(number: signal.Signals) -> None:
    with serving() as server, server.connect() as line:
        line.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY[:5])
        time.sleep(0.3)
        server.process.send_signal(number)
        time.sleep(0.5)
        line.sendall(BODY[5:])

        answer = received(line)

        assert re.match(rb"HTTP/1.1 (201|400) ", answer), answer
        assert b"understudy-fidelity: behaviour" in answer.lower()
        assert server.process.wait(10) == 0


def test_requests_that_do_not_complete_are_closed_without_an_answer() -> None:
    heads = (HEAD + b"Content-Length: 100\r\n\r\n{", HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n")
    with serving() as server, server.connect() as fixed, server.connect() as chunked:
        fixed.sendall(heads[0])
        chunked.sendall(heads[1])
        time.sleep(0.3)
        asked = time.monotonic()
        server.process.send_signal(signal.SIGTERM)

        assert received(fixed) == received(chunked) == b""
        assert time.monotonic() - asked < GRACE_SECONDS + 3
        assert server.process.wait(10) == 0


def test_a_delayed_answer_is_cut_off_at_the_end_of_the_grace_period() -> None:
    with serving() as server, server.connect() as line:
        delay = {"kind": "latency", "delay": 60}
        assert httpx.post(f"{server.root}/_understudy/api/worlds/main/faults", json=delay).status_code == 201
        line.sendall(ATTRIBUTES)
        time.sleep(0.3)
        output, errors = server.stop()

        assert received(line) == b""
        assert server.process.returncode == 0
        assert "Traceback" not in output + errors


def test_a_second_interrupt_closes_open_requests_at_once() -> None:
    with serving() as server, server.connect() as line:
        line.sendall(HEAD + b"Content-Length: 100\r\n\r\n{")
        time.sleep(0.3)
        server.process.send_signal(signal.SIGINT)
        time.sleep(0.4)
        again = time.monotonic()
        output, errors = server.stop(signal.SIGINT)

        assert time.monotonic() - again < GRACE_SECONDS - 0.5
        assert received(line) == b""
        assert "Traceback" not in output + errors


@pytest.mark.parametrize(
    ("number", "word"),
    [(signal.SIGINT, "stopped"), (signal.SIGTERM, "stopped by SIGTERM"), (signal.SIGHUP, "stopped by SIGHUP")],
)
def test_each_signal_stops_in_order_with_a_word(number: signal.Signals, word: str) -> None:
    with serving() as server:
        output, errors = server.stop(number)

    assert output.splitlines()[-1] == word
    assert errors == ""
    assert server.process.returncode == 0


def test_a_server_that_ignores_the_hangup_goes_on() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as `nohup` does; a child inherits it
    try:
        with serving() as server:
            server.process.send_signal(signal.SIGHUP)
            time.sleep(0.5)
            assert httpx.get(f"{server.root}/_understudy/api/health").status_code == 200
            server.stop()
    finally:
        signal.signal(signal.SIGHUP, before)


def test_readers_that_leave_early_leave_no_traceback() -> None:
    requests = (PAGE, PAGE * 20, ATTRIBUTES * 20, PAGE[:-2] + b"Content-Length: 9\r\n\r\nabc")
    with serving() as server:
        for request, is_reset, wait in product(requests, (True, False), (0, 0.001, 0.01, 0.05) * 2):
            with server.connect() as line:
                if is_reset:
                    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                line.sendall(request)
                time.sleep(wait)
        assert httpx.get(f"{server.root}/_understudy/api/health").status_code == 200
        _, errors = server.stop()

    assert errors == ""


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])  # noqa: S104 - its warning is the subject
def test_an_address_of_the_network_without_a_token_is_warned_about_in_one_line(host: str) -> None:
    with serving(host=host, UNDERSTUDY_TOKEN="") as server:
        _, errors = server.stop()

    [line] = errors.splitlines()
    assert "open to the network" in line
    assert host in line
    assert "UNDERSTUDY_TOKEN" in line


@pytest.mark.parametrize(
    ("host", "token"),
    [("127.0.0.1", ""), ("127.0.0.2", ""), ("localhost", ""), ("0.0.0.0", "s3cret")],  # noqa: S104
)
def test_a_local_address_or_a_token_needs_no_warning(host: str, token: str) -> None:
    with serving(host=host, UNDERSTUDY_TOKEN=token) as server:
        _, errors = server.stop()

    assert errors == ""
