"""Ways of sending responses: what HTTP allows is no finding, and a response that is cut off or misencoded is one."""

import gzip
import json
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import parse_headers
from pathlib import Path

import pytest

from tests.verify.lending_server import Lending
from tests.verify.running import DOCUMENT, keys, verify

Sending = Callable[[str, str, bytes], bytes]
"""Function that returns the bytes of a response: of its status line and headers, its method, and its body."""


def plain(head: str, _method: str, body: bytes) -> bytes:
    length = "" if head.startswith("HTTP/1.1 204") else f"Content-Length: {len(body)}\r\n"
    return f"{head}{length}\r\n".encode() + body


def chunked(head: str, method: str, body: bytes) -> bytes:
    if not body:
        return plain(head, method, body)
    chunks = b"".join(b"1;x=y\r\n%c\r\n" % byte for byte in body)
    return f"{head}Transfer-Encoding: chunked\r\n\r\n".encode() + chunks + b"0\r\nX-End: 1\r\n\r\n"


def old(head: str, _method: str, body: bytes) -> bytes:
    return f"{head.replace('HTTP/1.1', 'HTTP/1.0', 1)}\r\n".encode() + body


def zipped(head: str, method: str, body: bytes) -> bytes:
    return (
        plain(f"{head}Content-Encoding: gzip\r\n", method, gzip.compress(body)) if body else plain(head, method, body)
    )


def not_zipped(head: str, method: str, body: bytes) -> bytes:
    is_list = body.startswith(b"[")
    return plain(f"{head}Content-Encoding: gzip\r\n" if is_list else head, method, body)


def cut_off(head: str, method: str, body: bytes) -> bytes:
    is_list = body.startswith(b"[")
    return f"{head}Content-Length: {len(body) + 9}\r\n\r\n".encode() + body if is_list else plain(head, method, body)


def silent(head: str, method: str, body: bytes) -> bytes:
    return b"" if body.startswith(b"[") else plain(head, method, body)


@contextmanager
def sent_by(sending: Sending, *, is_closed: bool) -> Iterator[str]:
    """Serve a library whose responses are sent by a function; yield its base URL."""
    library = Lending()

    class Handler(socketserver.StreamRequestHandler):
        disable_nagle_algorithm = True

        def handle(self) -> None:
            while line := self.rfile.readline():
                method, target, _ = line.decode("latin-1").split(" ")
                headers = parse_headers(self.rfile)
                answer = library.answer(
                    method, target, headers, self.rfile.read(int(headers.get("Content-Length") or 0))
                )
                body = b"" if answer.value is None else json.dumps(answer.value).encode()
                named = {**answer.headers, **({"Content-Type": "application/json"} if body else {})}
                lines = [f"HTTP/1.1 {answer.status} X", *(f"{name}: {value}" for name, value in named.items())]
                found = sending("".join(f"{each}\r\n" for each in lines), method, body)
                self.wfile.write(found.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if method == "HEAD" else found)
                if is_closed or not found:
                    return

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("sending", "is_closed", "expected"),
    [
        (plain, True, set()),
        (chunked, False, set()),
        (old, True, set()),
        (zipped, False, set()),
        (not_zipped, False, {"lending list_books no-answer"}),
        (cut_off, True, {"lending list_books no-answer"}),
        (silent, True, {"lending list_books no-answer"}),
    ],
)
def test_a_response_is_read_as_it_is_sent(
    tmp_path: Path, sending: Sending, *, is_closed: bool, expected: set[str]
) -> None:
    path, phases = tmp_path / "report.json", "examples,replays,credentials,methods,lifecycles"

    with sent_by(sending, is_closed=is_closed) as url:
        verify(str(DOCUMENT), "--url", url, "--json", str(path), "--phases", phases)

    report = json.loads(path.read_text())
    assert keys(report) == expected
    assert all(finding["repeats"] for finding in report["subjects"][0]["findings"])
