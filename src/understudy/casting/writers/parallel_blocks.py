"""Blocks of records, made in their order by one process or several; the bytes are the same."""

import os
import signal
import threading
from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice
from multiprocessing import connection, get_context, parent_process
from typing import NamedTuple

from understudy.casting.record_request import RecordRequest
from understudy.casting.writers.format_protocol import Encode, Layout

SIZE = 2048
AHEAD = 2
"""How many blocks a worker may have waiting for the one before them."""


class Block(NamedTuple):
    """So many records, as they are written."""

    records: int
    content: bytes


def make_blocks(order: RecordRequest, layout: Layout, numbers: range, workers: int) -> Generator[Block]:
    """Yield the records with these numbers, block after block."""
    ranges = (numbers[at : at + SIZE] for at in range(0, len(numbers), SIZE))
    if workers == 1:
        encode = layout.encoder(order)
        return (Block(len(part), encode(part)) for part in ranges)
    return _made_by(workers, order, layout, ranges)


def _made_by(workers: int, order: RecordRequest, layout: Layout, ranges: Iterator[range]) -> Generator[Block]:
    pool = ProcessPoolExecutor(workers, get_context("spawn"), _take_up, (order, layout))
    try:
        with _undisturbed():
            waiting = deque(_submit(pool, part) for part in islice(ranges, workers * AHEAD))
        while waiting:
            count, future = waiting.popleft()
            yield Block(count, future.result())
            waiting.extend(_submit(pool, part) for part in islice(ranges, 1))
    finally:
        pool.shutdown(cancel_futures=True)


def _submit(pool: ProcessPoolExecutor, part: range) -> tuple[int, "Future[bytes]"]:
    return len(part), pool.submit(_work, part)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep Ctrl-C from those who are started meanwhile: it is for the one who puts the blocks together."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_ENCODE: list[Encode] = []
"""In a worker process: what it was started for."""


def _take_up(order: RecordRequest, layout: Layout) -> None:
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    _ENCODE.append(layout.encoder(order))


def _work(numbers: range) -> bytes:
    [encode] = _ENCODE
    return encode(numbers)


def _leave_with_parent() -> None:
    """End this process when the one that started it has gone."""
    parent = parent_process()
    if parent:
        connection.wait([parent.sentinel])
        os._exit(1)
