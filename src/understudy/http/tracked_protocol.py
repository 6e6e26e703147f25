"""HTTP/1.1 connection that knows which of its requests is being answered, and can be dropped in the middle of it."""

from collections.abc import Awaitable, Callable
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle


class TrackedProtocol(HttpToolsProtocol):
    """Connection of one client.

    Of several requests that a client sends at once, uvicorn marks only the last as disconnected when the client leaves,
    and would write to a closed connection for the one that it is answering.
    """

    running: RequestResponseCycle | None = None
    """Request that is being answered, or was answered last."""

    def connection_lost(self, exc: Exception | None) -> None:
        """Let the request that is being answered know that nobody reads the answer."""
        super().connection_lost(exc)
        self._disconnect()

    def drop(self) -> None:
        """Close the connection at once; what its request still sends goes nowhere."""
        self._disconnect()
        self.transport.abort()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Callable[..., Awaitable[Any]]) -> None:
        self.running = cycle
        super()._start_asgi_task(cycle, app)

    def _disconnect(self) -> None:
        self.pipeline.clear()
        for cycle in (self.running, self.cycle):
            if cycle is not None and not cycle.response_complete:
                cycle.disconnected = True
                cycle.message_event.set()
