"""Start-up time, from the process's start to the first response, and memory of the idle process."""

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.report import Cell, Options, Section, Table, Target
from benchmarks.servers import MEGABYTE, Memory, running, understudy_command

HEALTH = "/_understudy/api/health"
STARTS = 7
IDLE_SECONDS = 0.5
READY, HELD = 0.7, 90.0


@dataclass(frozen=True, slots=True)
class Start:
    """Start of a server: seconds until ready, by the clock and of processor time, and the memory then."""

    took: float
    cpu: float
    memory: Memory


def measure(options: Options) -> Section:
    """Start ``understudy serve`` with cached parsed specs, and once without."""
    del options
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "kept"
        _start(kept)
        cold = [_start(Path(folder) / "empty")]
        warm = [_start(kept) for _ in range(STARTS)]
    columns = ("seconds until ready", "median", "fastest", "slowest", "CPU s")
    rows = [_row(f"parsed specs kept, {STARTS} starts", warm), _row("nothing kept, 1 start", cold)]
    ready = Table(f"Ready: from process start until GET {HEALTH} answers 200", columns, rows)
    sizes = [tuple(median(getattr(each.memory, size) for each in warm) for size in Memory.__slots__)]
    held = Table(
        f"Idle memory in MB (of {MEGABYTE:,} bytes), {IDLE_SECONDS:g} s after that, median",
        ("resident (RSS)", "shared out (PSS)", "its own (USS)"),
        sizes,
    )
    targets = (
        Target("ready", median(each.took for each in warm), READY, " s", is_floor=False),
        Target("idle memory, resident", median(each.memory.rss for each in warm), HELD, " MB", is_floor=False),
    )
    return Section((ready, held), targets)


def _start(cache: Path) -> Start:
    environment = {"XDG_CACHE_HOME": str(cache)}
    with running("understudy serve", [understudy_command(), "serve"], environment) as server:
        took, cpu = server.await_status(HEALTH), server.cpu()
        time.sleep(IDLE_SECONDS)
        return Start(took, cpu, server.memory())


def _row(name: str, starts: Sequence[Start]) -> tuple[Cell, ...]:
    took = [each.took for each in starts]
    return name, median(took), min(took), max(took), median(each.cpu for each in starts)
