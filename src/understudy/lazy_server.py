"""Server that listens at once, and starts at the first request."""

from __future__ import annotations

import json
import select
import socket
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # slow to import, and needed only after a request
    from collections.abc import Callable

    from understudy.app import Understudy


class CreatedOnce:
    """Function that returns a stand-in, created at the first call, in whichever thread it is made."""

    def __init__(self, create: Callable[[], Understudy]) -> None:
        self._create = create
        self._understudy: Understudy | None = None
        self._lock = threading.Lock()

    def __call__(self) -> Understudy:
        """Return the stand-in; if its creation fails, the next call tries again."""
        with self._lock:
            if self._understudy is None:
                self._understudy = self._create()
            return self._understudy


class LazyServer:
    """Server on a free port of this machine; its stand-in is created at the first request."""

    def __init__(self, create: CreatedOnce) -> None:
        """Listen; ``create`` returns the stand-in. If it fails, every request gets a 503 with the reason."""
        self._create = create
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._stop, self._stopped = socket.socketpair()
        self.root = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, name="understudy-on-demand", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop the server, or the wait for the first request."""
        self._stop.close()
        self._thread.join()
        self._listener.close()
        self._stopped.close()

    def _serve(self) -> None:
        if not self._wait_for_connection():
            return
        try:
            understudy = self._create()
            from understudy.serving import in_background  # noqa: PLC0415 - slow to import, and needed only now

            with in_background(understudy, self._listener):
                select.select([self._stopped], [], [])
        except Exception as error:  # noqa: BLE001 - clients wait for a response to any failure
            title = f"the server did not start: {error}"
            body = json.dumps({"title": title, "status": 503, "violations": []}).encode()
            while self._wait_for_connection():
                _respond_unavailable(self._listener, body)

    def _wait_for_connection(self) -> bool:
        """Wait for a connection or the stop; return whether there is a connection."""
        ready, _, _ = select.select([self._listener, self._stopped], [], [])
        return self._stopped not in ready


def _respond_unavailable(listener: socket.socket, body: bytes) -> None:
    """Accept one connection and respond 503 with a problem document."""
    head = (
        b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/problem+json\r\n"
        b"Content-Length: %d\r\nConnection: close\r\n\r\n"
    )
    connection, _ = listener.accept()
    with connection:
        connection.recv(65536)
        connection.sendall(head % len(body) + body)
