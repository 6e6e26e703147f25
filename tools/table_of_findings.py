"""Writes the table of true and false findings on the faulty servers into ``docs/verify.md``.

Run it as ``python -m tools.table_of_findings 1 2 3`` from the repository, with the seeds; each takes a minute of
processor time.
"""

import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.verify.lending_server import FAULTY, Lending
from tests.verify.running import keys, report_of

PAGE = Path(__file__).parent.parent / "docs" / "verify.md"
START, END = "<!-- findings -->\n", "<!-- end of findings -->"


def rows(seeds: Sequence[str]) -> Iterator[str]:
    """Yield the lines of the table: for each server the planted faults, those found, and false findings."""
    yield f"| server | planted findings | found with seed {', '.join(seeds)} | false findings |"
    yield "|---|---|---|---|"
    for name, (server, expected) in {"correct": (Lending, frozenset[str]()), **FAULTY}.items():
        found = [_found(server, seed) for seed in seeds]
        true = ", ".join(str(len(each & expected)) for each in found)
        false = ", ".join(str(len(each - expected)) for each in found)
        planted = ", ".join(f"`{key}`" for key in sorted(expected)) or "none"
        yield f"| {name} | {planted} | {true} of {len(expected)} | {false} |"


def _found(server: type[Lending], seed: str) -> set[str]:
    with tempfile.TemporaryDirectory() as folder:
        return keys(report_of(server(), Path(folder), "--seed", seed))


def main() -> None:
    """Replace the table of the page."""
    table = "\n".join(rows(sys.argv[1:] or ["1"]))
    text = PAGE.read_text(encoding="utf-8")
    pattern = re.compile(f"{re.escape(START)}.*?{re.escape(END)}", re.DOTALL)
    PAGE.write_text(pattern.sub(lambda _: f"{START}\n{table}\n\n{END}", text), encoding="utf-8")
    print(table)


if __name__ == "__main__":
    main()
