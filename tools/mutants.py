"""Check of the tests by mutants: small mistakes, each put into a copy of the tree, that named tests have to find.

``make mutants`` runs those of ``tools/mutants.toml``; ``make mutants ARGS="state.* twc.tenant"`` runs some. Results are
kept in ``build/mutants.json`` until the mutant's entry changes, and written to ``docs/mutants.md``.
"""

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from difflib import get_close_matches
from fnmatch import fnmatchcase
from hashlib import blake2b
from pathlib import Path
from queue import SimpleQueue
from threading import Lock
from typing import Any

ROOT = Path(__file__).parent.parent
TABLE = ROOT / "tools" / "mutants.toml"
RESULTS = ROOT / "build" / "mutants.json"
PAGE = ROOT / "docs" / "mutants.md"
SECONDS = 240
PLUGIN = "tools.without_shrinking"
LEAST_SHARE = 95
"""Percentage of the mutants that the tests have to find."""

FOUND, SURVIVED, NOT_JUDGED = "found", "survived", "not judged"
TESTS_FAILED = 1
"""Status with which pytest ends if it ran and tests failed; it ends with others if it could not run."""

FAILURE = re.compile(r"^(?:FAILED|ERROR) (\S+?)(?:\[.*)?(?: - .*)?$", re.MULTILINE)


class WrongTable(Exception):  # noqa: N818 - a mistake in the table, reported in one line
    """Entry of the table that cannot be used, or a name that is in none."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """Small mistake: in ``file``, ``new`` stands in place of ``old``. ``breaks`` describes it, ``tests`` find it.

    ``tests`` are arguments of pytest: files, or tests in them.
    """

    name: str
    file: str
    old: str
    new: str
    breaks: str
    tests: tuple[str, ...]

    @property
    def digest(self) -> str:
        """Digest of the entry: a result of another one is no result of this one."""
        return blake2b(json.dumps(asdict(self)).encode(), digest_size=8).hexdigest()

    def changed(self, text: str) -> str:
        """Return a file's text with the mistake; raise ``WrongTable`` unless the old text stands there exactly once."""
        count = text.count(self.old)
        if count != 1:
            raise WrongTable(f"{self.name}: its old text stands {count} times in {self.file}, not once")
        return text.replace(self.old, self.new)


@dataclass(frozen=True, slots=True)
class Result:
    """Result of a mutant: found, survived, or not judged; ``by`` is the test that failed, or the reason."""

    digest: str
    outcome: str
    by: str
    date: str


def read_mutants(path: Path = TABLE) -> list[Mutant]:
    """Return the mutants of a table; raise ``WrongTable`` for an entry that is not complete."""
    names = {each.name for each in fields(Mutant)} - {"name"}
    found = []
    for name, entry in _entries(tomllib.loads(path.read_text(encoding="utf-8"))):
        if entry.keys() != names:
            wrong = ", ".join(sorted(entry.keys() ^ names))
            raise WrongTable(f"{name}: has {', '.join(sorted(names))}, and nothing else; see {wrong}")
        mutant = Mutant(name, **{**entry, "tests": tuple(entry["tests"])})
        if not mutant.tests or not mutant.breaks or mutant.old == mutant.new:
            raise WrongTable(f"{name}: changes nothing, or names no tests or no damage")
        found.append(mutant)
    return found


def _entries(table: dict[str, dict[str, dict[str, Any]]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for package, entries in table.items():
        for name, entry in entries.items():
            yield f"{package}.{name}", entry


def check(mutants: Iterable[Mutant], root: Path = ROOT) -> None:
    """Raise ``WrongTable`` for a mutant whose text or whose tests are not there."""
    for mutant in mutants:
        path = root / mutant.file
        if not path.is_file():
            raise WrongTable(f"{mutant.name}: there is no {mutant.file}")
        mutant.changed(path.read_text(encoding="utf-8"))
        for test in mutant.tests:
            file, _, name = test.partition("::")
            if not (root / file).is_file():
                raise WrongTable(f"{mutant.name}: there are no tests in {file}")
            if name and f"def {name}(" not in (root / file).read_text(encoding="utf-8"):
                raise WrongTable(f"{mutant.name}: {file} has no test {name}")


def choose(mutants: Sequence[Mutant], patterns: Sequence[str]) -> list[Mutant]:
    """Return the mutants whose names fit one of the patterns, all without patterns."""
    for pattern in patterns:
        if not any(fnmatchcase(each.name, pattern) for each in mutants):
            near = get_close_matches(pattern, [each.name for each in mutants], n=1)
            raise WrongTable(f"no mutant is named {pattern!r}{f'; did you mean {near[0]!r}?' if near else ''}")
    return [each for each in mutants if not patterns or any(fnmatchcase(each.name, one) for one in patterns)]


class Copy:
    """Copy of the tree, in which mutants are tried one after another."""

    def __init__(self, root: Path) -> None:
        self._root = root
        listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
        found = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout
        for name in filter(None, found.split("\0")):
            if (ROOT / name).is_file():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(ROOT / name, root / name)
        self._environment = {**os.environ, "PYTHONPATH": str(root / "src")}
        asked = [sys.executable, "-c", "import understudy; print(understudy.__file__)"]
        used = subprocess.run(asked, cwd=root, env=self._environment, check=True, capture_output=True, text=True).stdout
        if not used.startswith(str(root)):
            raise WrongTable(f"the tests would import {used.strip()}, not the copy")

    def run(self, tests: Sequence[str], seconds: float) -> tuple[int | None, str]:
        """Run tests up to the first failure; return pytest's status, or ``None`` after the time, and its output."""
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-x",
            "-p",
            "no:cacheprovider",
            "-p",
            PLUGIN,
            "-m",
            "not deep",
            *tests,
        ]
        with subprocess.Popen(
            command,
            cwd=self._root,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        ) as process:
            try:
                return _finish(process, seconds)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)  # with the servers that the tests have started
                return None, ""

    @contextmanager
    def with_mutant(self, mutant: Mutant) -> Iterator[None]:
        """Have a mutant's mistake in the copy."""
        path = self._root / mutant.file
        text = path.read_text(encoding="utf-8")
        self._write(path, mutant.changed(text))
        try:
            yield
        finally:
            self._write(path, text)

    @staticmethod
    def _write(path: Path, text: str) -> None:
        """Write a module, and delete what Python has compiled of it: that is known by its size and second alone."""
        path.write_text(text, encoding="utf-8")
        for compiled in path.parent.glob(f"__pycache__/{path.stem}.*"):
            compiled.unlink()


def _finish(process: "subprocess.Popen[str]", seconds: float) -> tuple[int, str]:
    output, _ = process.communicate(timeout=seconds)
    return process.returncode, output


def judge(mutant: Mutant, status: int | None, output: str) -> Result:
    """Return the result of a run of a mutant's tests. Tests that could not run have found nothing."""
    now = datetime.now(UTC).date().isoformat()
    if status == 0:
        return Result(mutant.digest, SURVIVED, "", now)
    failure = FAILURE.search(output)
    if status == TESTS_FAILED and failure is not None:
        return Result(mutant.digest, FOUND, failure[1], now)
    why = "the time was over" if status is None else f"pytest ended with {status}"
    return Result(mutant.digest, NOT_JUDGED, why, now)


def run(mutants: Sequence[Mutant], *, seconds: float, jobs: int) -> dict[str, Result]:
    """Try mutants, and return the results; raise ``WrongTable`` if their tests fail without a mutant."""
    results: dict[str, Result] = {}
    lock = Lock()
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copies: SimpleQueue[Copy] = SimpleQueue()
        for number in range(jobs):
            copies.put(Copy(Path(folder, str(number))))
        _require_sound(copies, sorted({test for mutant in mutants for test in mutant.tests}))

        def attempt(mutant: Mutant) -> None:
            copy = copies.get()
            with copy.with_mutant(mutant):
                found = judge(mutant, *copy.run(mutant.tests, seconds))
            copies.put(copy)
            with lock:
                results[mutant.name] = found
                save(results)
            print(f"{found.outcome:10}  {mutant.name}: {mutant.breaks}  {found.by}", flush=True)

        with ThreadPoolExecutor(jobs) as pool:
            list(pool.map(attempt, mutants))
    return results


def _require_sound(copies: "SimpleQueue[Copy]", tests: Sequence[str]) -> None:
    copy = copies.get()
    status, output = copy.run(tests, SECONDS * 5)
    copies.put(copy)
    if status != 0:
        failure = FAILURE.search(output)
        shown = failure[1] if failure else output[-500:]
        raise WrongTable(f"the tests do not pass without a mutant: {shown}")


def load() -> dict[str, Result]:
    """Return the kept results by the mutants' names."""
    try:
        return {name: Result(**each) for name, each in json.loads(RESULTS.read_text(encoding="utf-8")).items()}
    except FileNotFoundError:
        return {}


def save(results: dict[str, Result]) -> None:
    """Add results to the kept ones."""
    RESULTS.parent.mkdir(exist_ok=True)
    kept = {**load(), **results}
    RESULTS.write_text(json.dumps({name: asdict(each) for name, each in kept.items()}, indent=1), encoding="utf-8")


def page_of(mutants: Sequence[Mutant], results: dict[str, Result]) -> str:
    """Return the page about the mutants that were tried; results of other entries are left out."""
    judged = {each.name: results[each.name] for each in mutants if _is_current(each, results)}
    found = [name for name, each in judged.items() if each.outcome == FOUND]
    dates = sorted({each.date for each in judged.values()})
    when = " to ".join(dict.fromkeys((dates[0], dates[-1]))) if dates else "never"
    lines = [
        "# Mutants",
        "",
        "The tests are tested, too: each line is a small mistake that was put into a copy of the source, and the test",
        "that failed with it. Generated by `make mutants` from `tools/mutants.toml`; do not edit.",
        "",
        f"**{len(found)} of {len(judged)} found** ({_percentage(len(found), len(judged))}; {LEAST_SHARE} have to be).",
        f"Run: {when}; {len(mutants)} mutants of {_packages(mutants)} packages.",
        "",
        "## Not found",
        "",
    ]
    left = [each for each in mutants if each.name not in found]
    lines += [f"- `{each.name}`: {each.breaks} ({_outcome(each, judged)})" for each in left] or ["None."]
    lines += ["", "## Found", "", "| mutant | mistake | found by |", "|---|---|---|"]
    lines += [
        f"| `{each.name}` | {each.breaks.replace('|', chr(92) + '|')} | `{_short(judged[each.name].by)}` |"
        for each in mutants
        if each.name in found
    ]
    return "\n".join(lines) + "\n"


def _is_current(mutant: Mutant, results: dict[str, Result]) -> bool:
    return mutant.name in results and results[mutant.name].digest == mutant.digest


def _percentage(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} in 100" if whole else "none run"


def _packages(mutants: Sequence[Mutant]) -> int:
    return len({each.name.partition(".")[0] for each in mutants})


def _outcome(mutant: Mutant, judged: dict[str, Result]) -> str:
    found = judged.get(mutant.name)
    return "not run" if found is None else ", ".join(filter(None, (found.outcome, found.by)))


def _short(test: str) -> str:
    return test.removeprefix("tests/")


def main() -> int:
    """Run the chosen mutants and write the page; return 1 if too few of all were found."""
    parser = argparse.ArgumentParser(prog="mutants", description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="mutants to run, such as 'state.*' (default: all)")
    parser.add_argument("--left", action="store_true", help="run only those without a result, or not found")
    parser.add_argument("--list", action="store_true", help="show the mutants and run none")
    parser.add_argument("--page", action="store_true", help="write the page from the kept results and run none")
    parser.add_argument("--jobs", type=int, default=1, help="mutants tried at a time, each in its copy (default: 1)")
    parser.add_argument(
        "--seconds", type=float, default=SECONDS, help="time for a mutant's tests (default: %(default)s)"
    )
    given = parser.parse_args()
    try:
        mutants = read_mutants()
        check(mutants)
        chosen = choose(mutants, given.names)
        if given.left:
            kept = load()
            chosen = [each for each in chosen if not (_is_current(each, kept) and kept[each.name].outcome == FOUND)]
        if given.list:
            print("\n".join(f"{each.name:32} {each.breaks}" for each in chosen))
            return 0
        if chosen and not given.page:
            run(chosen, seconds=given.seconds, jobs=max(given.jobs, 1))
    except WrongTable as wrong:
        print(f"mutants: {wrong}", file=sys.stderr)
        return 2
    results = load()
    PAGE.write_text(page_of(mutants, results), encoding="utf-8")
    current = [each for each in mutants if _is_current(each, results)]
    found = sum(results[each.name].outcome == FOUND for each in current)
    print(f"{found} of {len(current)} found: {PAGE.relative_to(ROOT)}")
    return int(found * 100 < len(current) * LEAST_SHARE)


if __name__ == "__main__":
    sys.exit(main())
