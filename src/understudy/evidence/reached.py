"""Part of a contract that calls have reached: operations, their statuses, and the rules that refused."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from understudy.contract.compiled_operations import Operation
from understudy.core.counted import counted
from understudy.state.journal import CallKey

REFUSED = frozenset(("rule", "credentials"))
"""Outcomes of calls that a rule of the vendor may have refused: those on permissions are refused as credentials."""


@dataclass(frozen=True, slots=True)
class RulesReached:
    """Rules of an operation that share a status, and the number of calls that one of them refused."""

    status: int
    rules: tuple[str, ...]
    calls: int


@dataclass(frozen=True, slots=True)
class OperationReached:
    """Calls of an operation: their number by status and by outcome.

    ``declared`` are the declared statuses, ``missing`` those of them that no call was answered with.
    """

    vendor: str
    operation: str
    method: str
    path: str
    calls: int
    statuses: Mapping[str, int]
    declared: tuple[str, ...]
    missing: tuple[str, ...]
    outcomes: Mapping[str, int]
    rules: tuple[RulesReached, ...]


@dataclass(frozen=True, slots=True)
class Reached:
    """Calls of each operation, and the number of calls that were of none of them, by vendor and status."""

    operations: tuple[OperationReached, ...]
    unknown: tuple[CallKey, ...]
    unknown_calls: int

    @property
    def percent(self) -> float:
        """Share of the operations that a call has reached, in percent; 100 if there are none."""
        found = sum(1 for each in self.operations if each.calls)
        return 100 * found / len(self.operations) if self.operations else 100.0

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON."""
        return {
            "percent": round(self.percent, 1),
            "operations": [asdict(each) for each in self.operations],
            "unknown": [each._asdict() for each in self.unknown],
            "unknown_calls": self.unknown_calls,
        }

    def rows(self) -> list[dict[str, str]]:
        """Return a row for each operation."""
        return [_row(each) for each in self.operations]

    def summary(self) -> str:
        """Return the numbers, each of its own kind."""
        reached = [each for each in self.operations if each.calls]
        declared = sum(len(each.declared) for each in self.operations)
        missing = sum(len(each.missing) for each in self.operations)
        groups = [each for operation in self.operations for each in operation.rules]
        parts = [
            f"{len(reached)} of {counted(len(self.operations), 'operation')} ({self.percent:.1f}%)",
            f"{declared - missing} of the {declared} statuses that they declare",
            f"{sum(1 for each in groups if each.calls)} of the {len(groups)} statuses of their rules",
        ]
        if self.unknown_calls:
            parts.append(f"{counted(self.unknown_calls, 'call')} of no operation")
        return ", ".join(parts)


def reached(operations: Sequence[Operation], counts: Mapping[CallKey, int]) -> Reached:
    """Return what calls have reached, by their numbers."""
    by_operation: dict[tuple[str, str], Counter[CallKey]] = {}
    for key, count in counts.items():
        by_operation.setdefault((key.vendor, key.operation), Counter())[key] += count
    found = tuple(_reached(each, by_operation.pop((each.vendor, each.id), Counter())) for each in operations)
    unknown = Counter[CallKey]()
    for each in by_operation.values():
        unknown.update(each)
    return Reached(found, tuple(sorted(unknown)), unknown.total())


def _reached(operation: Operation, counts: Mapping[CallKey, int]) -> OperationReached:
    statuses, outcomes, refusals = Counter[str](), Counter[str](), Counter[int]()
    answered = set()
    for key, count in counts.items():
        statuses[str(key.status)] += count
        outcomes[key.outcome] += count
        answered.add(_declared(operation, key.status))
        if key.outcome in REFUSED:
            refusals[key.status] += count
    return OperationReached(
        vendor=operation.vendor,
        operation=operation.id,
        method=operation.method.upper(),
        path=operation.path,
        calls=statuses.total(),
        statuses=dict(sorted(statuses.items())),
        declared=tuple(operation.responses),
        missing=tuple(each for each in operation.responses if each not in answered),
        outcomes=dict(sorted(outcomes.items())),
        rules=tuple(_rules(operation, refusals)),
    )


def _declared(operation: Operation, status: int) -> str:
    """Return the name under which a response is declared: the status, its hundred or ``default``; else empty."""
    names = (str(status), f"{status // 100}XX", "default")
    return next((name for name in names if name in operation.responses), "")


def _rules(operation: Operation, refusals: Mapping[int, int]) -> Iterator[RulesReached]:
    for status in dict.fromkeys(rule["status"] for rule in operation.rules):
        texts = tuple(rule["rule"] for rule in operation.rules if rule["status"] == status)
        yield RulesReached(status, texts, refusals.get(status, 0))


def _row(found: OperationReached) -> dict[str, str]:
    return {
        "operation": found.operation,
        "calls": str(found.calls),
        "statuses": ", ".join(f"{status}: {count}" for status, count in found.statuses.items()),
        "not reached": ", ".join(found.missing),
        "rules": "; ".join(_rule_cell(each) for each in found.rules),
    }


def _rule_cell(found: RulesReached) -> str:
    """Return the calls that rules of a status refused; of several rules, a status does not show which."""
    of = "" if len(found.rules) == 1 else f" by one of {len(found.rules)}"
    return f"{found.status}: {found.calls}{of}" if found.calls else f"{found.status}: none"
