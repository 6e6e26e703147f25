"""Proxy that runs in a thread of the test's process."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from understudy.proxy.passed_call import PassedCall
from understudy.proxy.relay import Relay
from understudy.proxy.session import loop_factory, pass_on
from understudy.proxy.upstream import Upstream

SECONDS = 10.0


@dataclass(slots=True)
class RunningProxy:
    """Address of a proxy, and the calls that have passed."""

    host: str
    port: int
    relay: Relay
    calls: list[PassedCall] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def connect(self) -> socket.socket:
        return socket.create_connection((self.host, self.port), SECONDS)

    def exchange(self, *pieces: bytes) -> bytes:
        """Send bytes on a new connection, and return what is received until it ends."""
        with self.connect() as connection:
            for piece in pieces:
                connection.sendall(piece)
            return received(connection)


def received(connection: socket.socket) -> bytes:
    return b"".join(iter(lambda: connection.recv(65536), b""))


def received_until(connection: socket.socket, mark: bytes) -> bytes:
    found = b""
    while mark not in found:
        piece = connection.recv(65536)
        assert piece, found
        found += piece
    return found


@contextmanager
def passing(relay: Relay, listener: socket.socket) -> Iterator[str]:
    """Yield the URL of a relay that runs in a thread."""
    is_ready = threading.Event()
    stop: list[Callable[[], object]] = []

    async def run() -> None:
        loop, is_stopped = asyncio.get_running_loop(), asyncio.Event()
        stop.append(lambda: loop.call_soon_threadsafe(is_stopped.set))
        await pass_on(relay, listener, is_stopped, is_ready.set)

    host, port = listener.getsockname()[:2]

    def serve() -> None:
        with asyncio.Runner(loop_factory=loop_factory()) as runner:
            runner.run(run())

    thread = threading.Thread(target=serve)
    thread.start()
    assert is_ready.wait(SECONDS)
    try:
        yield f"http://{host}:{port}"
    finally:
        stop[0]()
        thread.join()


@contextmanager
def running_proxy(
    upstream: Upstream | str, limit: int = 1024 * 1024, observe: Callable[[PassedCall], None] | None = None
) -> Iterator[RunningProxy]:
    """Yield a proxy before an upstream; at the end all its calls have passed."""
    calls: list[PassedCall] = []
    made = Upstream(upstream) if isinstance(upstream, str) else upstream
    relay = Relay(made, limit, observe or calls.append)
    listener = socket.create_server(("127.0.0.1", 0))
    host, port = listener.getsockname()[:2]
    with passing(relay, listener):
        yield RunningProxy(host, port, relay, calls)
