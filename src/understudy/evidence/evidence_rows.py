"""Evidence as rows and lines of text: a row for each operation, and all evidence of one operation."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from understudy.core.counted import counted
from understudy.evidence.operation_evidence import OperationEvidence, VendorReport

PARTS = ("path", "shapes", "errors")
OWN_SOURCE, NO_SOURCE = "your document", "unknown"


def evidence_rows(report: VendorReport) -> list[dict[str, str]]:
    """Return a row for each operation, each kind of evidence in a column of its own."""
    return [_row(each, is_shipped=report.is_shipped) for each in report.operations]


def _row(found: OperationEvidence, *, is_shipped: bool) -> dict[str, str]:
    sources = [found.provenance.get(part, NO_SOURCE if is_shipped else OWN_SOURCE) for part in PARTS]
    row = {"operation": found.operation, **dict(zip(PARTS, sources, strict=True)), "fidelity": found.fidelity}
    if is_shipped:
        row |= {
            "rules": f"{found.proved} of {len(found.rules)}" if found.rules else "none",
            "tests": str(len(found.tests)),
            "clients": ", ".join(dict.fromkeys(run.client for run in found.clients)),
            "not modelled": "; ".join(found.not_modelled),
        }
    return row


def evidence_lines(found: OperationEvidence) -> Iterator[str]:
    """Yield all evidence of one operation."""
    yield f"{found.vendor} {found.operation}: {found.method} {found.path}"
    yield from _listed("provenance", [f"{name}: {text.strip()}" for name, text in found.provenance.items()])
    yield f"fidelity: {found.fidelity}"
    for rule in found.rules:
        yield f"rule {rule.status}: {rule.rule} ({rule.source or NO_SOURCE})"
        yield from (f"  {test}" for test in rule.tests or ("no test",))
    yield from _listed("seen accepting by", found.tests)
    yield from _listed("called by", [f"{run.client}: {run.suite}; {run.result}; {run.date}" for run in found.clients])
    yield from _listed("not modelled", found.not_modelled)


def _listed(title: str, texts: Sequence[str]) -> Iterator[str]:
    if texts:
        yield f"{title}:"
        yield from (f"  {text}" for text in texts)


def summary_line(report: VendorReport) -> str:
    """Return the numbers of a vendor, kind by kind."""
    operations = report.operations
    numbers = [counted(len(operations), "operation")]
    if report.is_shipped:
        rules = sum(len(each.rules) for each in operations)
        numbers += [
            f"{sum(each.proved for each in operations)} of {counted(rules, 'rule')} with a test",
            f"{sum(1 for each in operations if each.clients)} called by a public client",
            f"{sum(1 for each in operations if each.not_modelled)} with parts that are not modelled",
        ]
    return ", ".join(numbers)


def by_operation(reports: Sequence[VendorReport]) -> Mapping[str, OperationEvidence]:
    """Return the evidence by ``vendor.operationId``, and by operationId where one vendor alone has it."""
    everything = [each for report in reports for each in report.operations]
    counts = Counter(each.operation for each in everything)
    found = {each.operation: each for each in everything if counts[each.operation] == 1}
    return found | {f"{each.vendor}.{each.operation}": each for each in everything}
