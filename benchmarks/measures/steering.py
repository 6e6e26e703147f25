"""Times to reset, fork, snapshot and restore a large world."""

import time
from collections.abc import Callable
from itertools import count
from statistics import median

from benchmarks.report import Options, Section, Table, Target
from understudy.app import create_app
from understudy.core.json_stream import JsonStream
from understudy.core.steps import run_to_end
from understudy.settings import Settings
from understudy.state.snapshot import Snapshot, snapshot_of
from understudy.state.snapshot_format import SHAPE, SnapshotReader, write_snapshot
from understudy.state.world import World
from understudy.state.worlds import Worlds

RECORDS = 10_000
TIMES = 10
"""Number of times that each action is done in a round."""

LIMIT = 5.0
VENDOR, ROWS = "ecdp", "customers"


def measure(options: Options) -> Section:
    """Measure a world of ``RECORDS`` records, mostly ECDP customers, in this process."""
    worlds = create_app(Settings(vendors=(VENDOR,))).worlds
    large = worlds.get_or_create("large")
    fill(large)
    world = worlds.fork("large", "twin")
    names = (f"copy-{number}" for number in count())
    document = b"".join(write_snapshot(snapshot_of(world)))
    actions: dict[str, Callable[[], object]] = {
        "reset after a write": lambda: worlds.reset("twin"),
        "fork": lambda: worlds.fork("twin", next(names)),
        "first write after it": lambda: touch(worlds.get_or_create("twin")),
        "keep a snapshot": lambda: worlds.keep_snapshot("kept", "twin"),
        "write it as a document": lambda: b"".join(write_snapshot(snapshot_of(worlds.get_or_create("twin")))),
        "read it again": lambda: read(document, world),
    }
    found = {what: [took(worlds, do) for _ in range(options.rounds * TIMES)] for what, do in actions.items()}
    rows = [(what, median(times), min(times), max(times)) for what, times in found.items()]
    table = Table(
        f"Milliseconds for a world of {world.record_count:,} records", ("", "median", "fastest", "slowest"), rows
    )
    wanted = ("reset after a write", "fork")
    return Section((table,), [Target(what, median(found[what]), LIMIT, " ms", is_floor=False) for what in wanted])


def read(document: bytes, base: World) -> Snapshot:
    """Return the snapshot of a document."""
    reader = SnapshotReader(base)
    steps = JsonStream(SHAPE, reader.add).read()
    pieces = iter([document])
    try:
        item = next(steps)
        while True:
            item = next(steps) if item is None else steps.send(next(pieces, b""))
    except StopIteration as end:
        return run_to_end(reader.finish(end.value))


def fill(world: World) -> None:
    """Add copies of the first customer, up to ``RECORDS`` records."""
    rows = world.vendors[VENDOR].collection(ROWS)
    pattern = next(iter(rows))
    for number in range(RECORDS - world.record_count):
        key = f"9{number:08}"
        rows.put({**pattern, rows.table.key: type(pattern[rows.table.key])(key)})


def touch(world: World) -> None:
    """Write to the large collection."""
    rows = world.vendors[VENDOR].collection(ROWS)
    rows.put(next(iter(rows)))


def took(worlds: Worlds, do: Callable[[], object]) -> float:
    """Return the milliseconds that a function takes, after the world is reset and written to."""
    worlds.reset("twin")
    if "write" not in do.__name__:
        touch(worlds.get_or_create("twin"))
    started = time.perf_counter()
    do()
    return (time.perf_counter() - started) * 1000
