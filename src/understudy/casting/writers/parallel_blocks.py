"""Blocks of encoded records, made in order by one or more processes with the same bytes."""

import os
import pickle
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
from understudy.core.misconfigured import Misconfigured

BLOCK_SIZE = 2048
"""Records of a block."""

BLOCKS_AHEAD = 2
"""Number of blocks for each worker that may be in progress or wait for an earlier block."""


class Block(NamedTuple):
    """Encoded records, and their number."""

    records: int
    content: bytes


def make_blocks(request: RecordRequest, layout: Layout, numbers: range, workers: int) -> Generator[Block]:
    """Yield the blocks of the records with these numbers, in order."""
    ranges = (numbers[at : at + BLOCK_SIZE] for at in range(0, len(numbers), BLOCK_SIZE))
    if workers == 1:
        encode = layout.encoder(request)
        return (Block(len(part), encode(part)) for part in ranges)
    return _make_in_pool(workers, request, layout, ranges)


def _make_in_pool(workers: int, request: RecordRequest, layout: Layout, ranges: Iterator[range]) -> Generator[Block]:
    try:
        pickle.dumps((request, layout))
    except (AttributeError, TypeError, pickle.PicklingError) as error:
        raise Misconfigured(f"a function or value that is set cannot go to a worker process: {error}") from None
    pool = ProcessPoolExecutor(workers, get_context("spawn"), _start_worker, (request, layout))
    try:
        with _sigint_blocked():
            waiting = deque(_submit(pool, part) for part in islice(ranges, workers * BLOCKS_AHEAD))
        while waiting:
            count, future = waiting.popleft()
            yield Block(count, future.result())
            waiting.extend(_submit(pool, part) for part in islice(ranges, 1))
    finally:
        pool.shutdown(cancel_futures=True)


def _submit(pool: ProcessPoolExecutor, part: range) -> tuple[int, "Future[bytes]"]:
    return len(part), pool.submit(_encode_block, part)


@contextmanager
def _sigint_blocked() -> Iterator[None]:
    """Block SIGINT for the processes started within: Ctrl-C is handled by the process that writes the blocks.

    Windows has no such block: there, the processes ignore the signal once they have started.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_ENCODE: list[Encode] = []
"""Encoder of a worker process, set at its start."""


def _start_worker(request: RecordRequest, layout: Layout) -> None:
    if not hasattr(signal, "pthread_sigmask"):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_exit_with_parent, daemon=True).start()
    _ENCODE.append(layout.encoder(request))


def _encode_block(numbers: range) -> bytes:
    [encode] = _ENCODE
    return encode(numbers)


def _exit_with_parent() -> None:
    """End this process when its parent process has ended."""
    parent = parent_process()
    if parent:
        connection.wait([parent.sentinel])
        os._exit(1)
