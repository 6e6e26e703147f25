"""OperationCounts of a verification: by operation, which requests were sent and which statuses came."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from threading import Lock

from understudy.contract.compiled_operations import Operation
from understudy.verify.request_gate import TOO_MANY


@dataclass(slots=True)
class OperationCount:
    """Requests of one operation, by mode, and its responses by status."""

    operation: Operation
    statuses: Counter[int] = field(default_factory=Counter)
    modes: Counter[str] = field(default_factory=Counter)
    undocumented: int = 0
    refusals: int = 0

    @property
    def requests(self) -> int:
        """Number of requests."""
        return self.statuses.total()

    def reached(self) -> dict[str, bool]:
        """Return the declared statuses, and whether a response of each came."""
        return {declared: any(_is_of(status, declared) for status in self.statuses) for declared in self._declared()}

    def _declared(self) -> list[str]:
        return list(self.operation.responses)


def _is_of(status: int, declared: str) -> bool:
    return declared == "default" or declared.upper() in (str(status), f"{status // 100}XX")


class OperationCounts:
    """Counts by operationId."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        self.by_id: Mapping[str, OperationCount] = {each.id: OperationCount(each) for each in operations}
        self._lock = Lock()

    @property
    def too_many(self) -> int:
        """Number of refusals for too many requests."""
        return sum(each.statuses[TOO_MANY] for each in self.by_id.values())

    def count(self, operation: str, status: int, mode: str, *, is_documented: bool) -> None:
        """Count a request of a mode (``positive``, ``negative``, ``stateful``, ``own``) and its response."""
        reached = self.by_id[operation]
        with self._lock:
            reached.statuses[status] += 1
            reached.modes[mode] += 1
            reached.undocumented += not is_documented

    def count_refusal(self, operation: str) -> None:
        """Count the refusal of a valid request by a rule that no schema states."""
        with self._lock:
            self.by_id[operation].refusals += 1
