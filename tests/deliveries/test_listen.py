"""Command ``listen``: it answers deliveries, checks their signatures and shows them."""

import json
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from understudy.deliveries.signing import read_signing

COMMAND = Path(sys.executable).with_name("understudy")
SECONDS = 30.0
STANDARD = "standard-webhooks:whsec_c2VjcmV0"
Listen = Callable[..., "Listener"]


class Listener:
    """Process of the command, with its address."""

    def __init__(self, *options: str) -> None:
        command = [str(COMMAND), "listen", "--port", "0", *options]
        self.process: subprocess.Popen[str] = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.url = ""
        if "--json" in options:
            return
        assert self.process.stdout is not None
        first = self.process.stdout.readline()
        self.url = re.findall(r"http://\S+", first)[0]
        assert self.process.stdout.readline() == "Stop: Ctrl-C.\n"

    def post(self, body: bytes, headers: dict[str, str] | None = None) -> httpx.Response:
        return httpx.post(self.url + "/hooks?n=1", content=body, headers=headers, timeout=SECONDS)

    def stop(self) -> str:
        self.process.send_signal(signal.SIGINT)
        output, errors = self.process.communicate(timeout=SECONDS)
        assert (self.process.returncode, errors) == (0, "")
        return output


@pytest.fixture
def listen() -> Iterator[Listen]:
    started: list[Listener] = []

    def start(*options: str) -> Listener:
        started.append(Listener(*options))
        return started[-1]

    yield start
    for each in started:
        each.process.kill()
        each.process.communicate()


def test_a_delivery_is_answered_and_shown(listen: Listen) -> None:
    listener = listen()
    answer = listener.post(b'{"kind":"order.paid"}', {"Authorization": "Bearer abc"})
    assert (answer.status_code, answer.content) == (200, b"")
    shown = listener.stop()
    assert re.search(r"^\d\d:\d\d:\d\d  POST /hooks\?n=1  21 bytes  answered 200\n", shown)
    assert '    {\n      "kind": "order.paid"\n    }\nstopped\n' in shown


def test_a_terminal_is_not_changed_by_a_body(listen: Listen) -> None:
    listener = listen()
    listener.post(b"\x1b[31mred\x07\nnext")
    assert "    \ufffd[31mred\ufffd\n    next\n" in listener.stop()


def test_signatures_are_checked_and_repeats_counted(listen: Listen) -> None:
    listener = listen("--signing", STANDARD, "--fail", "1", "--status", "204")
    signing = read_signing({"scheme": "standard-webhooks", "secret": "whsec_c2VjcmV0"})
    now = int(time.time())
    right, wrong = (dict(signing.sign("msg_1", now, b"{}", is_wrong=each)) for each in (False, True))
    statuses = [listener.post(b"{}", each).status_code for each in (wrong, right, right, right)]
    assert statuses == [401, 503, 204, 204]
    assert "timestamp" in listener.post(b"{}", dict(signing.sign("msg_2", now - 400, b"{}"))).text
    shown = listener.stop()
    assert "webhook-signature has another signature  answered 401" in shown
    assert "signature right  seen 4 times  answered 204" in shown


def test_any_time_is_taken_where_asked(listen: Listen) -> None:
    listener = listen("--signing", STANDARD, "--any-time")
    signing = read_signing({"scheme": "standard-webhooks", "secret": "whsec_c2VjcmV0"})
    assert listener.post(b"{}", dict(signing.sign("m", 4_000_000_000, b"{}"))).status_code == 200


def test_it_ends_after_a_count_with_its_last_answer_sent(listen: Listen) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    listener = listen("--json", "--count", "2", "--port", str(port), "--delay", "0.05")
    transport = httpx.HTTPTransport(retries=20)
    with httpx.Client(transport=transport, base_url=f"http://127.0.0.1:{port}", timeout=SECONDS) as client:
        answers = [
            client.post("/a", json={"n": n}, headers={"Authorization": "Basic c2VjcmV0"}).status_code for n in (1, 2)
        ]
    output, errors = listener.process.communicate(timeout=SECONDS)
    assert (answers, listener.process.returncode, errors) == ([200, 200], 0, "")
    lines = [json.loads(line) for line in output.splitlines()]
    assert [(each["method"], each["target"], each["body"], each["status"], each["seen"]) for each in lines] == [
        ("POST", "/a", {"n": n}, 200, 0) for n in (1, 2)
    ]
    assert "c2VjcmV0" not in output
    assert ["authorization", "(hidden)"] in [[name.lower(), value] for name, value in lines[0]["headers"]]


def raw(url: str, request: bytes) -> bytes:
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), SECONDS) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_senders_of_every_habit_are_answered(listen: Listen) -> None:
    url = listen().url
    close = b"Host: a\r\nConnection: close\r\n"
    chunked = b"POST / HTTP/1.1\r\n" + close + b"Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n"
    assert raw(url, chunked).startswith(b"HTTP/1.1 200 OK\r\n")
    waiting = b"POST / HTTP/1.1\r\n" + close + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n"
    assert raw(url, waiting + b"ab").startswith(b"HTTP/1.1 ")
    pipelined = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\nHEAD / HTTP/1.1\r\n" + close + b"\r\n"
    assert raw(url, pipelined).count(b"HTTP/1.1 200 OK") == 2
    assert raw(url, b"nonsense\r\n\r\n").startswith(b"HTTP/1.1 400 ")
    assert raw(url, b"GET / HTTP/1.1\r\n" + close + b"X: " + b"a" * 66_000).startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--signing", "hmac"], "scheme 'hmac' is unknown; did you mean 'hmac-sha256'?"),
        (["--signing", "basic:only"], "basic needs a password"),
        (["--signing", "{"], "not JSON"),
        (["--signing", '{"scheme": "bearer", "tokn": "a"}'], "bearer has no 'tokn'; did you mean 'token'?"),
        (["--any-time"], "--any-time changes nothing without --signing"),
        (["--status", "199"], "199 is not in the range"),
        (["--count", "0"], "0 is not in the range"),
        (["--delay", "nan"], "nan"),
    ],
    ids=str,
)
def test_a_mistake_is_one_line(options: list[str], message: str) -> None:
    command = [str(COMMAND), "listen", "--port", "0", *options]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert ended.returncode == 2
    assert message in ended.stderr
    assert ended.stderr.count("\n") == 1
