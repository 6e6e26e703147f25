"""Start-up times, from the process's start to the first response: all vendors, and Prism with Contacthub alone."""

import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks.contacthub.customers import VENDOR, Place
from benchmarks.report import Cell, Options, Section, Table, Target
from benchmarks.servers import ServerFailed, running, understudy_command
from understudy.app import create_app
from understudy.settings import Settings
from understudy.vendors.contacthub.start_data.fixed_ids import FIRST_CUSTOMER, WORKSPACE, example_id

UNDERSTUDY, PRISM = "Understudy, all vendors", "Prism, Contacthub alone"
HEALTH = "/_understudy/api/health"
MOST = 1.0
INSTALLED = Path("node_modules/.bin/prism")
MISSING = "Prism is not installed: npm install --no-save @stoplight/prism-cli, or PRISM=path of its command."


def measure_ready(options: Options) -> Section:
    """Start both in turn; Prism only if it is installed."""
    understudy = create_app(Settings())
    prism = _prism()
    ours: list[float] = []
    theirs: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        document = Path(folder) / f"{VENDOR}.json"
        document.write_bytes(_document())
        _start_ours(Path(folder))
        for _ in range(options.rounds):
            ours.append(_start_ours(Path(folder)))
            if prism is not None:
                theirs.append(_start_prism(prism, document, Place.of(understudy)))
    rows = [_row(name, took) for name, took in ((UNDERSTUDY, ours), (PRISM, theirs)) if took]
    columns = ("seconds from process start until the first answer", "median", "fastest", "slowest")
    title = f"Ready: {len(understudy.vendors)} vendors, their parsed specs kept from before, {options.rounds} starts"
    target = Target(f"ready, {len(understudy.vendors)} vendors", median(ours), MOST, " s", is_floor=False)
    return Section([Table(title, columns, rows)], [target], [] if prism else [MISSING])


def _prism() -> str | None:
    named = os.environ.get("PRISM")
    if named is not None and not Path(named).exists():
        raise ServerFailed(f"PRISM={named} does not exist")
    return named or (str(INSTALLED) if INSTALLED.exists() else None)


def _document() -> bytes:
    """Return Contacthub's whole document, as ``understudy spec`` prints it."""
    printed = subprocess.run([understudy_command(), "spec", VENDOR], check=False, capture_output=True)
    if printed.returncode:
        raise ServerFailed(printed.stderr.decode().strip())
    return printed.stdout


def _start_ours(folder: Path) -> float:
    with running(UNDERSTUDY, [understudy_command(), "serve"], {"XDG_CACHE_HOME": str(folder)}) as server:
        return server.await_status(HEALTH)


def _start_prism(prism: str, document: Path, place: Place) -> float:
    path = f"/workspaces/{WORKSPACE}/customers/{example_id(FIRST_CUSTOMER)}"
    with running(PRISM, [prism, "mock", "--host", "127.0.0.1", str(document)]) as server:
        return server.await_status(path, place.headers)


def _row(name: str, took: Sequence[float]) -> tuple[Cell, ...]:
    return name, median(took), min(took), max(took)
