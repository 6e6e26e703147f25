"""Generation of Contacthub customers, compared with Faker and Mimesis, and of a file with a million of them."""

import gc
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from statistics import median

import orjson

from benchmarks.cast.customer_parts import Json
from benchmarks.cast.faker_maker import faker_maker
from benchmarks.cast.mimesis_maker import mimesis_maker
from benchmarks.report import Cell, Options, Section, Table, Target
from benchmarks.servers import MEGABYTE, understudy_command
from understudy.casting import Cast
from understudy.casting.record_request import RecordRequest
from understudy.casting.writers.parallel_blocks import BLOCK_SIZE

KIND = "contacthub.customers"
OTHERS = {"faker": ("Faker", faker_maker, 20.0), "mimesis": ("Mimesis", mimesis_maker, 2.5)}
"""By package: its name, the function that returns its maker of customers, and how many times as fast we must be."""

MANY, MAX_SECONDS, MAX_MEGABYTES = 1_000_000, 40.0, 250.0
"""Number of customers in the file, and limits of the time and of the memory of all processes."""

BATCH = 200
"""Number of customers that another library makes in a round; we make a block."""

WARM_UP_ROUNDS = 5
"""Rounds that are not measured, because every library fills its caches in them."""

PAUSE = 0.2
"""Seconds between two readings of memory."""


def measure(options: Options) -> Section:
    """Measure rounds of customers as JSON Lines by each library on one core, then a million by us on all cores."""
    names = [name for name in OTHERS if find_spec(name)]
    rounds = _measure_rounds([OTHERS[name][1]() for name in names], max(options.rounds, 5))
    each = [median(took) for took in zip(*rounds, strict=True)]
    rows: list[tuple[Cell, ...]] = [("Understudy", each[0], 1e6 / each[0], "")]
    targets = []
    for name, took in zip(names, each[1:], strict=True):
        library, _, wanted = OTHERS[name]
        rows.append((library, took, 1e6 / took, f"{took / each[0]:.1f}x"))
        targets.append(Target(f"times as fast as {library}", took / each[0], wanted, "x"))
    makers = Table(
        "Contacthub customers as JSON Lines, one process: median of turns, by processor time",
        ("made by", "us each", "a second", "we are"),
        rows,
    )
    took, peak = _make_many()
    many = Table(
        f"{MANY:,} customers into a file, {os.cpu_count()} cores", ("s", "MB held by all processes"), [(took, peak)]
    )
    targets.append(Target(f"{MANY:,} customers", took, MAX_SECONDS, " s", is_floor=False))
    targets.append(Target("memory", peak, MAX_MEGABYTES, " MB", is_floor=False))
    return Section((makers, many), targets)


def _measure_rounds(others: list[Callable[[int], Json]], rounds: int) -> list[list[float]]:
    """Return the processor time for a customer in microseconds, by round and library; ours is the first."""
    write = RecordRequest(KIND, Cast(people=MANY).scenario).write()
    makers: list[tuple[Callable[[range], bytes], int]] = [
        (write, BLOCK_SIZE),
        *((_lines(make), BATCH) for make in others),
    ]
    for make, count in makers:
        make(range(WARM_UP_ROUNDS * count))
    gc.freeze()
    return [[_timed(make, range(turn * count, (turn + 1) * count)) for make, count in makers] for turn in range(rounds)]


def _lines(make: Callable[[int], Json]) -> Callable[[range], bytes]:
    return lambda numbers: b"".join(orjson.dumps(make(n), option=orjson.OPT_APPEND_NEWLINE) for n in numbers)


def _timed(make: Callable[[range], bytes], numbers: range) -> float:
    started = time.process_time()
    make(numbers)
    return (time.process_time() - started) / len(numbers) * 1e6


def _make_many() -> tuple[float, float]:
    """Return the time for a million customers in seconds, and the peak memory of all processes in megabytes."""
    with tempfile.TemporaryDirectory() as folder:
        command = [understudy_command(), "generate", KIND, "--count", str(MANY), "--out", str(Path(folder) / "x.jsonl")]
        started = time.monotonic()
        peak = 0.0
        with subprocess.Popen(command) as process:
            while process.poll() is None:
                peak = max(peak, sum(map(_own_memory, _process_tree(process.pid))))
                time.sleep(PAUSE)
        return time.monotonic() - started, peak


def _process_tree(pid: int) -> Iterator[int]:
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in _read(children).split():
            yield from _process_tree(int(child))


def _own_memory(pid: int) -> float:
    """Return a process's memory in megabytes, with its part of the memory that it shares (PSS)."""
    sizes = [
        int(line.split()[1])
        for line in _read(Path(f"/proc/{pid}/smaps_rollup")).splitlines()
        if line.startswith("Pss:")
    ]
    return sum(sizes) * 1024 / MEGABYTE


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # the process has ended meanwhile
        return ""
