"""Page of the evidence in Markdown, as in ``docs/evidence.md``."""

from collections.abc import Iterable, Iterator, Sequence

from understudy.evidence.evidence_rows import evidence_rows, summary_line
from understudy.evidence.operation_evidence import OperationEvidence, VendorReport

PIPE = "\\|"

HEAD = """# Evidence

Written by `make evidence`; [coverage.md](coverage.md) explains the columns. Kinds of evidence stand side by side: a
documented path, a rule with a test and a call by a vendor's own client are not the same, and no number adds them up.
Tests are named below `tests/`, without parameters."""


def markdown_page(reports: Sequence[VendorReport]) -> str:
    """Return the page: a table of operations and the tests of each rule, vendor by vendor."""
    return "\n".join([HEAD, *(line for each in reports for line in _vendor(each))]) + "\n"


def _vendor(report: VendorReport) -> Iterator[str]:
    yield f"\n## {report.vendor}\n\n{summary_line(report)[:1].upper()}{summary_line(report)[1:]}.\n"
    rows = evidence_rows(report)
    yield _line(rows[0])
    yield _line(["---"] * len(rows[0]))
    yield from (_line(row.values()) for row in rows)
    if report.not_modelled:
        yield f"\nNot modelled at all: {'; '.join(report.not_modelled)}."
    runs = {run for each in report.operations for run in each.clients}
    for run in sorted(runs, key=lambda run: run.client):
        yield f"\n{run.client}: {run.suite}; {run.result}; {run.date}."
    yield "\n| rule | status | operations | tests |\n|---|---|---|---|"
    yield from (_line(cells) for cells in _rules(report.operations))


def _rules(operations: Sequence[OperationEvidence]) -> Iterator[Sequence[str]]:
    """Yield a row for each rule and set of tests that prove it, with the operations for which they do."""
    found: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
    for each in operations:
        for one in each.rules:
            found.setdefault((one.rule, str(one.status), one.tests), []).append(each.operation)
    for (rule, status, tests), names in found.items():
        yield rule, status, ", ".join(names), ", ".join(f"`{test.removeprefix('tests/')}`" for test in tests) or "none"


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(each.replace('|', PIPE) for each in cells)} |"
