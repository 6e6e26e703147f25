"""Coverage of a contract by a suite: ``--understudy-coverage``, merged over the workers of pytest-xdist."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from understudy.core.misconfigured import Misconfigured

if TYPE_CHECKING:  # importing them costs as much as a small suite
    from collections.abc import Callable, Iterable

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


def coverage_file(config: pytest.Config) -> Path | None:
    """Return the file that the option names, if any; raise ``Misconfigured`` for one that cannot be written."""
    file = str(config.getoption("understudy_coverage") or "")
    if not file:
        return None
    if Path(file).suffix.lower() not in SUFFIXES:
        raise Misconfigured(f"{OPTION} is {file!r}: give a file that ends in .html or .json, as in {OPTION}=calls.html")
    path = Path(config.invocation_params.dir, file)
    if path.is_dir() or not path.parent.is_dir():
        why = "it is a folder" if path.is_dir() else "its folder does not exist"
        raise Misconfigured(f"{OPTION} is {file!r}: {why}")
    return path


class SuiteApp(NamedTuple):
    """Stand-in of this process: ``make`` returns it, created at the first call, and ``is_made`` whether it exists."""

    make: Callable[[], Understudy]
    is_made: Callable[[], bool]


class SuiteCoverage:
    """Plugin that counts the calls of a suite: to its own server, to one that ran before, or to its workers'."""

    def __init__(self, file: Path | None, url: str, app: SuiteApp) -> None:
        """``url`` is the address of a server that ran before; else ``app`` is served."""
        self._file = file
        self._url = url
        self._app = app
        self._before: Counter[CallKey] = Counter()
        self._of_workers: Rows = []

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Note the calls that a server had before this suite."""
        if self._url and not hasattr(session.config, "workerinput"):
            try:
                self._before = self._of_server()
            except Misconfigured as error:
                raise pytest.UsageError(str(error)) from None

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take the numbers of the calls to a worker's own server."""
        self._of_workers += getattr(node, "workeroutput", {}).get(OUTPUT, [])

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Pass on the numbers of the calls to this worker's own server."""
        output = getattr(session.config, "workeroutput", None)
        if output is not None and self._app.is_made():
            output[OUTPUT] = local_rows(self._app.make())

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Show what the tests have reached of the contract."""
        try:
            self._write(terminalreporter, self._app.make())
        except (Misconfigured, OSError) as error:
            why = f"{self._file}: {error.strerror}" if isinstance(error, OSError) else error
            terminalreporter.write_line(f"no coverage: {why}", red=True)

    def _write(self, reporter: pytest.TerminalReporter, understudy: Understudy) -> None:
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
