"""Contacthub customers made, beside Faker and Mimesis making the same ones; and a million of them into a file."""

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

from benchmarks.cast.faker_maker import faker_maker
from benchmarks.cast.habits import Json
from benchmarks.cast.mimesis_maker import mimesis_maker
from benchmarks.report import Cell, Options, Section, Table, Target
from benchmarks.servers import MEGABYTE, understudy_command
from understudy.casting import Cast
from understudy.casting.record_request import RecordRequest
from understudy.casting.writers.parallel_blocks import BLOCK_SIZE

KIND = "contacthub.customers"
OTHERS = {"faker": ("Faker", faker_maker, 20.0), "mimesis": ("Mimesis", mimesis_maker, 2.5)}
"""Packages, their names, what makes customers with them, and how many times as fast we ought to be."""

MANY, SECONDS, HELD = 1_000_000, 40.0, 250.0
BATCH = 200
"""How many customers another one makes in a turn; we make a block."""

WARM = 5
"""How many turns go before: all of them keep what they have looked up."""

PAUSE = 0.2


def measure(options: Options) -> Section:
    """Let each make customers in turns, as JSON Lines, on one core; then make a million with all cores."""
    names = [name for name in OTHERS if find_spec(name)]
    turns = _race([OTHERS[name][1]() for name in names], max(options.rounds, 5))
    each = [median(took) for took in zip(*turns, strict=True)]
    rows: list[tuple[Cell, ...]] = [("Understudy", each[0], 1e6 / each[0], "")]
    targets = []
    for name, took in zip(names, each[1:], strict=True):
        said, _, wanted = OTHERS[name]
        rows.append((said, took, 1e6 / took, f"{took / each[0]:.1f}x"))
        targets.append(Target(f"times as fast as {said}", took / each[0], wanted, "x"))
    makers = Table(
        "Contacthub customers as JSON Lines, one process: median of turns, by processor time",
        ("made by", "us each", "a second", "we are"),
        rows,
    )
    took, held = _make_many()
    many = Table(
        f"{MANY:,} customers into a file, {os.cpu_count()} cores", ("s", "MB held by all processes"), [(took, held)]
    )
    targets.append(Target(f"{MANY:,} customers", took, SECONDS, " s", is_floor=False))
    targets.append(Target("memory", held, HELD, " MB", is_floor=False))
    return Section((makers, many), targets)


def _race(others: list[Callable[[int], Json]], rounds: int) -> list[list[float]]:
    """Return how many us of processor time a customer took each, in every round; we come first."""
    write = RecordRequest(KIND, Cast(people=MANY).scenario).write()
    makers: list[tuple[Callable[[range], bytes], int]] = [
        (write, BLOCK_SIZE),
        *((_lines(make), BATCH) for make in others),
    ]
    for make, count in makers:
        make(range(WARM * count))
    gc.freeze()
    return [[_timed(make, range(turn * count, (turn + 1) * count)) for make, count in makers] for turn in range(rounds)]


def _lines(make: Callable[[int], Json]) -> Callable[[range], bytes]:
    return lambda numbers: b"".join(orjson.dumps(make(n), option=orjson.OPT_APPEND_NEWLINE) for n in numbers)


def _timed(make: Callable[[range], bytes], numbers: range) -> float:
    started = time.process_time()
    make(numbers)
    return (time.process_time() - started) / len(numbers) * 1e6


def _make_many() -> tuple[float, float]:
    """Return how many seconds a million customers took, and how many MB the processes held together at most."""
    with tempfile.TemporaryDirectory() as folder:
        command = [understudy_command(), "generate", KIND, "--count", str(MANY), "--out", str(Path(folder) / "x.jsonl")]
        started = time.monotonic()
        held = 0.0
        with subprocess.Popen(command) as process:
            while process.poll() is None:
                held = max(held, sum(map(_own_memory, _family(process.pid))))
                time.sleep(PAUSE)
        return time.monotonic() - started, held


def _family(pid: int) -> Iterator[int]:
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in _read(children).split():
            yield from _family(int(child))


def _own_memory(pid: int) -> float:
    """Return a process's share of memory: what it has with others is divided among them."""
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
