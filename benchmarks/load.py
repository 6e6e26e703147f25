"""Load generator on one core, over connections that stay open: ``wrk`` if installed, else a client of our own.

Our own client checks only that a response begins with the expected status and is as long as the first one. It never
sleeps: on a virtual machine, waking it costs as much as a small response, and a slow server would pay more often.
"""

import asyncio
import json
import math
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, repeat
from typing import cast

import uvloop

from benchmarks.servers import HOST, LOAD_CORE, SERVER_CORE, Server, pinned
from benchmarks.templates import DIGITS, Template

CONNECTIONS = 32
WRK = shutil.which("wrk")
WRK_SCRIPT = """\
local number = {first}
request = function()
  number = (number + 1) % {numbers}
  return {head} .. string.format("%0{digits}d", number) .. {tail}
end
done = function(summary)
  local failed = 0
  for _, times in pairs(summary.errors) do failed = failed + times end
  io.write(string.format("\\ncounted %d %d %d\\n", summary.requests, summary.duration, failed))
end
"""
WRK_SCRIPT_FIXED = WRK_SCRIPT.replace(' .. string.format("%0{digits}d", number) .. {tail}', "")


@dataclass(frozen=True, slots=True)
class Run:
    """Result of a run: requests a second, and the server's processor time, in microseconds a request and as a share."""

    rate: float
    server_us: float
    server_busy: float


def generator() -> str:
    """Return the name of the load generator."""
    return "wrk" if WRK else "own client"


def put_load(server: Server, template: Template, first: int, seconds: float) -> Run:
    """Send requests for ``seconds``, numbered from ``first`` on; raise ``ServerFailed`` for any other status."""
    before = server.cpu()
    with pinned(LOAD_CORE):
        requests, took = (_with_wrk if WRK else _with_own)(server, template, first, seconds)
    spent = server.cpu() - before
    return Run(requests / took, spent / requests * 1e6, spent / took)


def _with_wrk(server: Server, template: Template, first: int, seconds: float) -> tuple[int, float]:
    script = (WRK_SCRIPT if template.tail else WRK_SCRIPT_FIXED).format(
        first=first,
        digits=DIGITS,
        numbers=template.numbers,
        head=json.dumps(template.head.decode()),
        tail=json.dumps(template.tail.decode()),
    )
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        command = ["-t1", f"-c{CONNECTIONS}", f"-d{math.ceil(seconds)}s", "-s", file.name]
        output = subprocess.run(
            [str(WRK), *command, f"http://{HOST}:{server.port}/"], check=True, capture_output=True, text=True
        ).stdout
    requests, microseconds, failed = map(int, output.rpartition("counted ")[2].split())
    if failed or not requests:
        raise server.failed(f"failed {failed} of {requests} {template.method} requests")
    return requests, microseconds / 1e6


def _with_own(server: Server, template: Template, first: int, seconds: float) -> tuple[int, float]:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        counts = runner.run(_drive(server, template, first, seconds))
    if counts.failure or not counts.requests:
        raise server.failed(f"answered a {template.method} request with {counts.failure[:300]!r}")
    return counts.requests, counts.took


class _Counts:
    """Shared state of all connections: requests to send, the expected response, counts."""

    def __init__(self, requests: Iterator[bytes], status: int, size: int) -> None:
        self.sent = requests
        self.start = b"HTTP/1.1 %d" % status
        self.size = size
        self.requests = 0
        self.took = 0.0
        self.is_over = False
        self.failure = b""


class _Connection(asyncio.Protocol):
    """Connection that sends the next request when the response to the last one is complete."""

    transport: asyncio.Transport

    def __init__(self, counts: _Counts) -> None:
        self._counts = counts
        self._got = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        self.transport = cast("asyncio.Transport", transport)  # uvloop's class is not a subclass of asyncio's
        self.transport.write(next(self._counts.sent))

    def data_received(self, data: bytes) -> None:
        """Count a complete response and send the next request."""
        counts = self._counts
        is_good = self._got > 0 or data.startswith(counts.start)
        self._got += len(data)
        if self._got < counts.size and is_good:
            return
        if self._got > counts.size or not is_good:
            counts.failure = counts.failure or data
            self.transport.close()
            return
        self._got = 0
        counts.requests += 1
        if not counts.is_over:
            self.transport.write(next(counts.sent))

    def connection_lost(self, exc: Exception | None) -> None:
        """Record that the server closed the connection."""
        if not self._counts.is_over:
            self._counts.failure = self._counts.failure or f"a closed connection ({exc})".encode()


async def _drive(server: Server, template: Template, first: int, seconds: float) -> _Counts:
    size = await _measure(server, template.numbered(first))
    requests = map(template.numbered, count(first + 1)) if template.tail else repeat(template.head)
    counts = _Counts(requests, template.status, size)
    loop = asyncio.get_running_loop()
    if SERVER_CORE != LOAD_CORE:
        _stay_awake(loop, counts)
    started = time.perf_counter()
    opened = [await loop.create_connection(lambda: _Connection(counts), HOST, server.port) for _ in range(CONNECTIONS)]
    await asyncio.sleep(seconds)
    counts.is_over = True
    counts.took = time.perf_counter() - started
    for _, connection in opened:
        connection.transport.close()
    return counts


def _stay_awake(loop: asyncio.AbstractEventLoop, counts: _Counts) -> None:
    """Poll for responses without a pause: waking a sleeping client would cost the server time."""
    if not counts.is_over:
        loop.call_soon(_stay_awake, loop, counts)


async def _measure(server: Server, request: bytes) -> int:
    """Return the size of a response in bytes; all later ones have the same."""
    reader, writer = await asyncio.open_connection(HOST, server.port)
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    fields = dict(line.split(b": ", 1) for line in head.lower().split(b"\r\n")[1:-2])
    if b"content-length" in fields:
        rest = int(fields[b"content-length"])
    else:
        rest = len(await reader.readuntil(b"\r\n0\r\n\r\n"))
    writer.close()
    return len(head) + rest
