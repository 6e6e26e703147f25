"""Report of verifications for a terminal: a table by operation, and the findings."""

from collections.abc import Iterator, Sequence

from understudy.verify.findings import Finding
from understudy.verify.operation_counts import OperationCount
from understudy.verify.verification import Verification


def operation_rows(verification: Verification) -> Iterator[dict[str, str]]:
    """Yield a row for each operation that was to be verified."""
    for operation in verification.operations:
        reached = verification.counts.by_id[operation.id]
        yield {
            "operation": operation.id,
            "requests": str(reached.requests),
            "statuses": statuses(reached),
            "positive": str(reached.modes["positive"]),
            "negative": str(reached.modes["negative"]),
            "stateful": str(reached.modes["stateful"]),
            "undocumented": str(reached.undocumented),
            "findings": str(sum(each.operation == operation.id for each in verification.findings)),
        }


def statuses(reached: OperationCount) -> str:
    """Return the declared statuses: as they are if they were reached, else in brackets."""
    return " ".join(status if is_reached else f"({status})" for status, is_reached in reached.reached().items())


def finding_lines(finding: Finding, seed: int) -> Iterator[str]:
    """Yield the lines of a finding."""
    yield f"{finding.key}"
    yield f"  {finding.message}"
    yield f"  phase {finding.phase}, seed {seed}"
    yield from (f"  {line}" for line in finding.curl)


def summary(verifications: Sequence[Verification]) -> str:
    """Return the last line of a report."""
    operations = sum(len(each.operations) for each in verifications)
    requests = sum(reached.requests for each in verifications for reached in each.counts.by_id.values())
    found = sum(len(each.findings) for each in verifications)
    return f"{operations} operations, {requests:,} requests: {found or 'no'} finding{'' if found == 1 else 's'}"
