"""Consumer of deliveries: an HTTP server in a thread, which answers as a test asks and keeps what it received."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Received:
    """Request that a consumer received."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """Body as JSON."""
        return json.loads(self.body)


@dataclass
class Consumer:
    """Consumer; ``answer`` returns the status for each request, or a status and a header."""

    url: str = ""
    answer: Callable[[Received], int | tuple[int, dict[str, str]]] = lambda _: 204
    received: list[Received] = field(default_factory=list)
    connections: int = 0
    greatest: int = 0
    """Greatest number of requests that were open at a time."""

    open: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, count: int, seconds: float = 20) -> list[Received]:
        """Wait for a number of requests; return all there are."""
        end = time.monotonic() + seconds
        while len(self.received) < count and time.monotonic() < end:
            time.sleep(0.01)
        return self.received

    @property
    def bodies(self) -> list[Any]:
        """Bodies in the order in which they were received."""
        return [each.json for each in self.received]


@contextmanager
def consuming(answer: Callable[[Received], int | tuple[int, dict[str, str]]] = lambda _: 204) -> Iterator[Consumer]:
    """Run a consumer on a free port."""
    consumer = Consumer(answer=answer)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def setup(self) -> None:
            super().setup()
            consumer.connections += 1

        def handle_one(self) -> None:
            with consumer.lock:
                consumer.open += 1
                consumer.greatest = max(consumer.greatest, consumer.open)
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            received = Received(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body)
            found = consumer.answer(received)
            status, headers = found if isinstance(found, tuple) else (found, {})
            with consumer.lock:
                consumer.open -= 1
                consumer.received.append(received)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status != 204:
                self.send_header("Content-Length", "0")
            self.end_headers()

        do_POST = do_PUT = do_GET = do_DELETE = handle_one  # noqa: N815 - the names of the standard library

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    consumer.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield consumer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
