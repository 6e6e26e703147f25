"""Waiting times of another client, which repeats a request while something else is measured."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from statistics import median

from benchmarks.report import Cell, Target
from benchmarks.servers import HOST, PATIENCE, Server

FORKED = get_context("fork")
MAX_WAIT = 50.0
"""Longest wait allowed, in ms of the server's processor time."""
COLUMNS = ("meanwhile", "answered", "median ms", "longest ms", "longest, ms of the server's processor")


@dataclass(slots=True)
class Waits:
    """Times of all responses in ms: by the clock, and of the processor time that the server used meanwhile.

    The latter does not depend on other load of the machine.
    """

    what: str
    clock: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    failure: str = ""

    def row(self) -> tuple[Cell, ...]:
        """Return the waits as a row of a table of ``COLUMNS``."""
        return self.what, float(len(self.clock)), median(self.clock), max(self.clock), max(self.processor)

    def target(self) -> Target:
        """Return the target for the longest wait."""
        what = f"longest wait of another, {self.what}"
        return Target(what, max(self.processor), MAX_WAIT, " ms of processor", is_floor=False)


@contextmanager
def watching(server: Server, what: str, path: str, headers: Mapping[str, str]) -> Iterator[Waits]:
    """Repeat a GET while the block runs, over a connection that stays open; yield the times.

    Another process asks: a thread would wait for this one whenever it reads or writes a large body, and the server
    works on meanwhile.
    """
    waits, is_over = Waits(what), FORKED.Event()
    receiver, sender = FORKED.Pipe(duplex=False)
    watcher = FORKED.Process(target=_ask, args=(server, path, headers, is_over, sender), daemon=True)
    watcher.start()
    sender.close()
    try:
        yield waits
    finally:
        is_over.set()
        try:
            waits.clock, waits.processor, waits.failure = receiver.recv()
        except EOFError:
            waits.failure = "the other client has ended early"
        watcher.join()
    if waits.failure:
        raise server.failed(f"does not answer GET {path} {what}: {waits.failure}")


def _ask(server: Server, path: str, headers: Mapping[str, str], is_over: Event, sender: Connection) -> None:
    """Ask until it is over; send the times by the clock and of the processor, and the reason for an early end."""
    clock: list[float] = []
    processor: list[float] = []
    failure = ""
    connection = HTTPConnection(HOST, server.port, timeout=PATIENCE)
    try:
        while not failure and not (is_over.is_set() and clock):
            started, spent = time.perf_counter(), server.processor_time()
            connection.request("GET", path, headers=dict(headers))
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != 200:
                failure = f"{answer.status} {body[:300]!r}"
            clock.append((time.perf_counter() - started) * 1000)
            processor.append((server.processor_time() - spent) * 1000)
    except (OSError, HTTPException) as error:
        failure = repr(error)
    finally:
        connection.close()
    sender.send((clock, processor, failure))
