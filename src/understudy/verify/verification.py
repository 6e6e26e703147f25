"""Verification of one subject: all phases in turn, and their outcome."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from understudy.contract.compiled_operations import Operation
from understudy.verify.findings import Findings
from understudy.verify.judging import Judge
from understudy.verify.observer import Observer
from understudy.verify.operation_counts import OperationCounts
from understudy.verify.request_gate import RequestGate
from understudy.verify.schemathesis_run import PHASES, FuzzOptions, SchemathesisRun
from understudy.verify.subject import Subject

ALL_PHASES = PHASES


@dataclass(slots=True)
class Verification:
    """Verification of one subject, with its findings and counts so far.

    ``errors`` are parts that could not be run, ``is_interrupted`` is true after Ctrl-C.
    """

    subject: Subject
    operations: tuple[Operation, ...]
    gate: RequestGate
    options: FuzzOptions
    findings: Findings = field(default_factory=Findings)
    counts: OperationCounts = field(init=False)
    errors: list[str] = field(default_factory=list)
    is_interrupted: bool = False

    def __post_init__(self) -> None:
        self.counts = OperationCounts(self.subject.operations)

    def run(self, progress: Callable[[str, str], None]) -> None:
        """Run the phases, until the gate closes or Ctrl-C; ``progress`` is called with a phase and an operation."""
        observer = Observer(self.subject, self.findings, self.counts)
        judge = Judge(observer)
        with self._interruptible():
            fuzzing = SchemathesisRun(observer, judge, self.gate, self.options)
            if not fuzzing.run(self.operations, progress):
                raise KeyboardInterrupt
            self.errors += fuzzing.errors

    @contextmanager
    def _interruptible(self) -> Iterator[None]:
        try:
            yield
        except KeyboardInterrupt:
            self.is_interrupted = True
            self.gate.interrupt()


def all_findings(verifications: Sequence[Verification]) -> int:
    """Return the number of findings of several verifications."""
    return sum(len(each.findings) for each in verifications)
