"""Report of a session: who differs from the document, where the stand-in differs, and what could not be compared."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from understudy import __version__
from understudy.contract.compiled_operations import Operation
from understudy.core.json_types import Json
from understudy.proxy.drift_findings import DriftFinding, Party
from understudy.proxy.inferred_paths import InferredPath

ORDER = tuple(Party)


@dataclass(frozen=True, slots=True)
class DriftReport:
    """Report of one session.

    ``unchecked`` and ``not_compared`` count by reason what was not held against the document, and against the stand-in;
    ``unreached`` the requests for which there was no connection.
    """

    name: str
    url: str
    calls: Counter[tuple[str, int]]
    operations: Sequence[Operation]
    findings: Sequence[DriftFinding]
    inferred: Sequence[InferredPath]
    unchecked: Counter[str]
    not_compared: Counter[str]
    unreached: dict[str, int]

    @property
    def total(self) -> int:
        """Number of the calls that passed."""
        return self.calls.total()

    @property
    def is_empty(self) -> bool:
        """True if no call came, so that nothing was compared."""
        return not self.total and not self.unreached

    @property
    def is_clean(self) -> bool:
        """True if calls came, nothing differs, no inferred path is wrong, and the service was always reached."""
        differs = self.findings or self.unreached or any(each.path for each in self.inferred)
        return not differs and not self.is_empty

    def ordered(self) -> list[DriftFinding]:
        """Return the findings: the vendor's first, each party's by operation."""
        return sorted(self.findings, key=lambda each: (ORDER.index(each.who), each.operation, each.first))

    def summary(self) -> str:
        """Return the report in one line."""
        if self.is_empty:
            return "no call came: nothing was compared"
        counts = Counter(each.who for each in self.findings)
        parts = ", ".join(f"{counts[who]} of the {who.value}" for who in ORDER if counts[who])
        calls = f"{self.total} {'call' if self.total == 1 else 'calls'}"
        findings = "1 finding" if len(self.findings) == 1 else f"{len(self.findings)} findings"
        return f"{calls}: {findings} ({parts})" if parts else f"{calls}: nothing found"

    def to_json(self) -> Json:
        """Return the report as JSON."""
        return {
            "understudy": __version__,
            "document": self.name,
            "upstream": self.url,
            "calls": self.total,
            "operations": [*self._operations()],
            "findings": [each.to_json() for each in self.ordered()],
            "inferred_paths": [each.to_json() for each in self.inferred],
            "unchecked": dict(self.unchecked),
            "not_compared": dict(self.not_compared),
            "unreached": self.unreached,
        }

    def _operations(self) -> Iterator[Json]:
        """Yield the operations that were called, with their statuses."""
        by_operation: dict[str, dict[str, int]] = {}
        for (operation, status), count in sorted(self.calls.items()):
            by_operation.setdefault(operation, {})[str(status)] = count
        places = {each.id: (each.method.upper(), each.path) for each in self.operations}
        for operation, statuses in by_operation.items():
            method, path = places.get(operation, ("", ""))
            yield {"operation": operation, "method": method, "path": path, "statuses": statuses}
