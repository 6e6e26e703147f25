"""Report of verifications for a terminal: a table by operation, and the findings."""

from collections.abc import Iterator

from understudy.core.counted import counted
from understudy.core.json_types import Json
from understudy.verify.findings import VerifyFinding
from understudy.verify.report_data import Report, operations_of
from understudy.verify.verification import Verification

COLUMNS = ("positive", "negative", "stateful", "undocumented", "findings")


def operation_rows(verification: Verification) -> Iterator[dict[str, str]]:
    """Yield a row for each operation that was to be verified; declared statuses that did not come are in brackets."""
    for each in operations_of(verification):
        yield {
            "operation": each["operation"],
            "reached": "yes" if each["requests"] else "no",
            "statuses (not reached)": _statuses(each),
            **{name: str(each[name]) for name in COLUMNS},
        }


def _statuses(each: Json) -> str:
    return " ".join(status if is_reached else f"({status})" for status, is_reached in each["declared"].items())


def finding_lines(finding: VerifyFinding, seed: int) -> Iterator[str]:
    """Yield the lines of a finding, its key first."""
    yield finding.key
    yield f"  {finding.message}"
    yield f"  phase {finding.phase}, seed {seed}{_note(finding)}"
    yield from (f"  {line}" for line in finding.curl)


def _note(finding: VerifyFinding) -> str:
    if finding.repeats is None:
        return ", not tried:"
    return (
        "; tried, and it repeats:" if finding.repeats else "; alone, it did not repeat: it depends on earlier requests:"
    )


def summary(report: Report) -> str:
    """Return the last line of a report."""
    operations = sum(len(each.operations) for each in report.verifications)
    found = len(report.new)
    accepted = sum(len(each.findings) for each in report.verifications) - found
    rest = f", {accepted} in the baseline" if accepted else ""
    return (
        f"{counted(operations, 'operation')}, {report.requests:,} request{'' if report.requests == 1 else 's'}, "
        f"seed {report.seed}: {counted(found, 'finding') if found else 'no findings'}{rest}"
    )
