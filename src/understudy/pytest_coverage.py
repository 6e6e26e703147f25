"""Coverage of a contract by a suite: ``--understudy-coverage``, merged over the workers of pytest-xdist."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from understudy.core.misconfigured import Misconfigured

if TYPE_CHECKING:  # importing them costs as much as a small suite
    from collections.abc import Iterable

    from understudy.app import Understudy
    from understudy.evidence.reached import Reached
    from understudy.state.journal import CallKey

OPTION = "--understudy-coverage"
HELP = "Show which operations, statuses and rules the tests have reached; write them to FILE (.html or .json) too."
TERMINAL = ""
SUFFIXES = (".html", ".json")
OUTPUT = "understudy_coverage"
"""Member of a worker's output with the numbers of its server's calls."""

Rows = list[dict[str, Any]]


def add_coverage_option(group: pytest.OptionGroup) -> None:
    """Declare the option."""
    group.addoption(OPTION, nargs="?", const=TERMINAL, default=None, metavar="FILE", help=HELP)


def wanted_coverage(config: pytest.Config) -> SuiteCoverage | None:
    """Return the coverage that the option asks for, if any; raise ``Misconfigured`` for a file of another form."""
    file = config.getoption("understudy_coverage")
    if file is None:
        return None
    if file and Path(file).suffix.lower() not in SUFFIXES:
        raise Misconfigured(f"{OPTION} is {file!r}: give a file that ends in .html or .json, as in {OPTION}=calls.html")
    return SuiteCoverage(config.invocation_params.dir / file if file else None)


class SuiteCoverage:
    """Numbers of the calls of a suite: those of its own server, of a server that ran before, or of its workers'."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._url = ""
        self._before: Counter[CallKey] = Counter()
        self._of_workers: Rows = []

    def start_at(self, url: str) -> None:
        """Count the calls of a server that runs already from now on."""
        self._url = url
        self._before = self._of_server()

    def add_worker(self, rows: Rows) -> None:
        """Add the calls of a worker's own server."""
        self._of_workers += rows

    def write(self, reporter: pytest.TerminalReporter, understudy: Understudy) -> None:
        """Print what the tests have reached, and write the file; ``understudy`` has the vendors and their documents."""
        from understudy.evidence.reached import reached  # noqa: PLC0415 - slow to import, and only used if asked for

        counts = self._counts(understudy)
        called = {key.vendor for key in counts}
        operations = [
            each for name, vendor in understudy.vendors.items() if name in called for each in vendor.operations
        ]
        found = reached(operations, counts)
        reporter.section("understudy coverage")
        for line in _lines(found) if called else ["no test has called a vendor"]:
            reporter.write_line(line)
        if self._file:
            self._file.write_text(_content(found, self._file.suffix.lower()), encoding="utf-8")
            reporter.write_line(f"written to {self._file}")

    def _counts(self, understudy: Understudy) -> Counter[CallKey]:
        from understudy.evidence.recorded_counts import read_counts  # noqa: PLC0415 - the same

        if self._url:
            now = self._of_server()
            now.subtract(self._before)
            return +now
        return read_counts([*self._of_workers, *local_rows(understudy)])

    def _of_server(self) -> Counter[CallKey]:
        from understudy.client import Control  # noqa: PLC0415 - the same
        from understudy.evidence.recorded_counts import read_counts  # noqa: PLC0415 - the same
        from understudy.settings import control_token  # noqa: PLC0415 - the same

        with Control(self._url, control_token() or "") as control:
            return read_counts(control.rows("calls"))


def local_rows(understudy: Understudy) -> Rows:
    """Return the numbers of the calls in all worlds of a stand-in of this process, as a worker passes them on."""
    from understudy.core.steps import run_to_end  # noqa: PLC0415 - the same

    counts = run_to_end(understudy.worlds.call_counts())
    return [{**key._asdict(), "count": count} for key, count in counts.items()]


def _lines(found: Reached) -> Iterable[str]:
    """Yield a line for each operation that was reached, the names of the others, and the numbers."""
    for row, each in zip(found.rows(), found.operations, strict=True):
        if each.calls:
            rules = f"; rules {row['rules']}" if row["rules"] else ""
            missing = f"; not {row['not reached']}" if row["not reached"] else ""
            yield f"{each.vendor} {each.operation}: {row['statuses']}{missing}{rules}"
    if others := [f"{each.vendor}.{each.operation}" for each in found.operations if not each.calls]:
        yield f"not reached: {', '.join(others)}"
    yield found.summary()


def _content(found: Reached, suffix: str) -> str:
    from understudy.evidence.reached_page import reached_page  # noqa: PLC0415 - the same

    if suffix == ".json":
        return json.dumps(found.to_json(), indent=2, ensure_ascii=False) + "\n"
    return reached_page(found)
