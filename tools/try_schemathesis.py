"""Schemathesis against documents that are served with recognised resources: one line of a table for each.

``python -m tools.try_schemathesis SPEC… --seeds 1 2 3 --examples 5``; the lines are those of the page
``docs/your-own-api-results.md``, and ``--log FOLDER`` keeps what Schemathesis printed.
"""

import argparse
import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.resources.schemathesis_run import run_schemathesis
from understudy.contract.foreign.document_files import find_entries

FINDING = re.compile(r"^ +❌ (ST\d+ .+): (\d+)$", re.MULTILINE)
CASES = re.compile(r"^ +([\d,]+) generated", re.MULTILINE)
OPERATIONS = re.compile(r"^ +Tested: (\d+)$", re.MULTILINE)


def main() -> None:
    """Print a line for each document, and exit with 1 if something was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("specs", nargs="+")
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
    parser.add_argument("--examples", type=int, default=5)
    parser.add_argument("--log", type=Path, help="folder for the output of each run")
    options = parser.parse_args()
    has_failed = False
    for entry in (Path(each) for spec in options.specs for each in find_entries(spec)):
        operations, cases, found = "0", [], []
        for seed in options.seeds:
            with TemporaryDirectory() as folder:
                result = run_schemathesis(entry, Path(folder), seed=seed, examples=options.examples)
            if options.log:
                (options.log / f"{entry.stem}-{seed}.txt").write_text(result.stdout + result.stderr)
            has_failed |= result.returncode != 0
            operations = next(iter(OPERATIONS.findall(result.stdout)), operations)
            cases.append(next(iter(CASES.findall(result.stdout)), "none"))
            shown = ", ".join(f"{name} ({number})" for name, number in FINDING.findall(result.stdout))
            found.append(shown or ("none" if result.returncode == 0 else f"exit code {result.returncode}"))
        seeds = ", ".join(map(str, options.seeds))
        row = (entry.name, operations, seeds, str(options.examples), ", ".join(cases), "; ".join(dict.fromkeys(found)))
        sys.stdout.write(f"| {' | '.join(row)} |\n")
        sys.stdout.flush()
    sys.exit(int(has_failed))


if __name__ == "__main__":
    main()
