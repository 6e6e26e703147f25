"""How long others wait: one client asks a server for the same thing over and over while something else goes on."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from statistics import median
from threading import Event, Thread

from benchmarks.report import Cell, Target
from benchmarks.servers import HOST, PATIENCE, Server

LONGEST = 50.0
"""Nobody may wait longer, in ms of the server's processor time."""
COLUMNS = ("meanwhile", "answered", "median ms", "longest ms", "longest, ms of the server's processor")


@dataclass(slots=True)
class Waits:
    """How long each answer took, in ms: of the clock, and of the processor time that the server used meanwhile.

    The second is what the server itself is to blame for, whatever else the machine does.
    """

    what: str
    clock: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    failure: str = ""

    def row(self) -> tuple[Cell, ...]:
        """Return the waits as a row of a table of ``COLUMNS``."""
        return self.what, float(len(self.clock)), median(self.clock), max(self.clock), max(self.processor)

    def target(self) -> Target:
        """Return the target for the longest of them."""
        what = f"longest wait of another, {self.what}"
        return Target(what, max(self.processor), LONGEST, " ms of processor", is_floor=False)


@contextmanager
def watching(server: Server, what: str, path: str, headers: Mapping[str, str]) -> Iterator[Waits]:
    """Ask for a path while the block runs, one request after the other on a connection that stays open."""
    waits, is_over = Waits(what), Event()
    watcher = Thread(target=_ask, args=(server, path, headers, waits, is_over))
    watcher.start()
    try:
        yield waits
    finally:
        is_over.set()
        watcher.join()
    if waits.failure:
        raise server.failed(f"does not answer GET {path} {what}: {waits.failure}")


def _ask(server: Server, path: str, headers: Mapping[str, str], waits: Waits, is_over: Event) -> None:
    connection = HTTPConnection(HOST, server.port, timeout=PATIENCE)
    try:
        while not (is_over.is_set() and waits.clock):
            started, spent = time.perf_counter(), server.processor_time()
            connection.request("GET", path, headers=dict(headers))
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != 200:
                waits.failure = f"{answer.status} {body[:300]!r}"
                return
            waits.clock.append((time.perf_counter() - started) * 1000)
            waits.processor.append((server.processor_time() - spent) * 1000)
    except (OSError, HTTPException) as error:
        waits.failure = repr(error)
    finally:
        connection.close()
