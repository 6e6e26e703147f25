"""Memory of a typical customer: a process of its own creates many, and measures its resident memory."""

import gc
import json
import os
import subprocess
import sys
from pathlib import Path

import click

from benchmarks.contacthub.customers import VENDOR, numbered, state_of, typical_customers
from benchmarks.report import Options, Section, Table, Target
from benchmarks.servers import ServerFailed
from understudy.app import create_app
from understudy.settings import Settings
from understudy.vendors.contacthub.operations.customers import create_customer
from understudy.vendors.contacthub.security import anyone
from understudy.vendors.contacthub.start_data.fixed_ids import WORKSPACE

COUNT = 30_000
MAX_KILOBYTES = 6.0
KILOBYTE = 1000
PAGE_SIZE = os.sysconf("SC_PAGE_SIZE")


def measure_memory(options: Options) -> Section:
    """Create customers in a process of its own, and report the memory of one."""
    del options
    command = [sys.executable, "-m", "benchmarks.contacthub.memory", "--count", str(COUNT)]
    ran = subprocess.run(command, check=False, capture_output=True)
    if ran.returncode:
        raise ServerFailed(f"customers cannot be counted: {ran.stderr.decode()[-2000:]}")
    held, written = json.loads(ran.stdout)
    table = Table(
        f"Memory of a typical customer, {COUNT:,} created: kB (of {KILOBYTE:,} bytes)",
        ("resident", "of that the record itself, as JSON"),
        [(held / KILOBYTE, written / KILOBYTE)],
    )
    target = Target("memory of a typical customer", held / KILOBYTE, MAX_KILOBYTES, " kB", is_floor=False)
    note = (
        "Resident is all that its creation leaves: record, look-ups, update stream, and an entry a consent in the log."
    )
    return Section([table], [target], [note])


def grow(count: int) -> tuple[float, float]:
    """Create customers; return the bytes by which each made the process grow, and those of its record as JSON."""
    state = state_of(create_app(Settings(vendors=(VENDOR,))))
    bodies, caller = typical_customers(state), anyone(state)
    written = 0
    before = 0
    for number in range(-count // 10, count):
        if number == 0:
            gc.collect()
            before = _resident()
        body = numbered(bodies[number % len(bodies)], number + count)
        written = len(json.dumps(create_customer(state, WORKSPACE, body, caller).body, separators=(",", ":")))
    gc.collect()
    return (_resident() - before) / count, float(written)


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * PAGE_SIZE


@click.command()
@click.option("--count", type=int, required=True)
def main(count: int) -> None:
    """Print the bytes of a customer, in memory and as JSON."""
    print(json.dumps(grow(count)))


if __name__ == "__main__":
    main()
