"""Server that listens at once, and starts at the first request."""

from __future__ import annotations

import json
import select
import socket
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # importing it takes longer than many test suites
    from collections.abc import Callable

    from understudy.app import Understudy


class LazyServer:
    """Server on a free port of this machine; its application is made for the first request."""

    def __init__(self, make: Callable[[], Understudy]) -> None:
        """Listen now, and call ``make`` later; if ``make`` fails, every request gets 503 with the reason."""
        self._make = make
        self._made: Understudy | None = None
        self._making = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._stop, self._stopped = socket.socketpair()
        self.root = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._follow, name="understudy-on-demand", daemon=True)
        self._thread.start()

    @property
    def understudy(self) -> Understudy:
        """Application, made on first use."""
        with self._making:
            if self._made is None:
                self._made = self._make()
            return self._made

    def stop(self) -> None:
        """Stop serving, or waiting for the first request."""
        self._stop.close()
        self._thread.join()
        self._listener.close()
        self._stopped.close()

    def _follow(self) -> None:
        if not self._is_called():
            return
        try:
            understudy = self.understudy
            from understudy.serving import in_background  # noqa: PLC0415 - slow to import, and needed only now

            with in_background(understudy, self._listener):
                select.select([self._stopped], [], [])
        except Exception as error:  # noqa: BLE001 - clients wait for a response, whatever has failed
            title = f"the server did not start: {error}"
            body = json.dumps({"title": title, "status": 503, "violations": []}).encode()
            while self._is_called():
                _answer(self._listener, body)

    def _is_called(self) -> bool:
        """Wait for a connection, and return True; return False if the server is stopped first."""
        ready, _, _ = select.select([self._listener, self._stopped], [], [])
        return self._stopped not in ready


def _answer(listener: socket.socket, body: bytes) -> None:
    """Answer one request with a problem (503)."""
    head = (
        b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/problem+json\r\n"
        b"Content-Length: %d\r\nConnection: close\r\n\r\n"
    )
    caller, _ = listener.accept()
    with caller:
        caller.recv(65536)
        caller.sendall(head % len(body) + body)
