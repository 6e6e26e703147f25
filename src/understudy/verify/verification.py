"""Verification of one subject: all phases in turn, and their outcome."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from understudy.contract.compiled_operations import Operation
from understudy.verify.credential_probes import probe_credentials
from understudy.verify.example_replays import FreshSubject, replay_examples
from understudy.verify.findings import VerifyFindings
from understudy.verify.judging import Judge
from understudy.verify.lifecycles import run_lifecycles
from understudy.verify.method_probes import probe_media_types, probe_methods
from understudy.verify.observer import Observer
from understudy.verify.operation_counts import OperationCounts
from understudy.verify.prober import Prober
from understudy.verify.request_gate import Closed, RequestGate
from understudy.verify.schemathesis_run import OWN_PHASES, PHASES, FuzzOptions, SchemathesisRun
from understudy.verify.subject import VerifySubject

ALL_PHASES = (*PHASES, *OWN_PHASES)
Progress = Callable[[str, str, str], None]
"""Function that shows the progress: subject, phase, and the rest of the line."""


@dataclass(slots=True)
class Verification:
    """Verification of one subject, with its findings and counts so far.

    ``fresh`` returns a stand-in with its data as at the start. ``printed`` is the server that commands of findings are
    written for, if it is another one than the subject. ``variables`` are those that
    commands of findings take credentials from, beside the environment. ``errors`` are parts that could not be run,
    ``is_interrupted`` is true after Ctrl-C.
    """

    subject: VerifySubject
    operations: tuple[Operation, ...]
    gate: RequestGate
    options: FuzzOptions
    findings: VerifyFindings = field(default_factory=VerifyFindings)
    counts: OperationCounts = field(init=False)
    fresh: FreshSubject | None = None
    printed: VerifySubject | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    is_interrupted: bool = False

    def __post_init__(self) -> None:
        self.counts = OperationCounts(self.subject.operations)

    def run(self, progress: Progress) -> None:
        """Run the phases, until the gate closes or Ctrl-C."""
        observer = Observer(self.subject, self.findings, self.counts)
        judge = Judge(observer)
        with self._interruptible():
            fuzzing = SchemathesisRun(observer, judge, self.gate, self.options)

            def show(phase: str, operation: str) -> None:
                found = len(self.findings)
                progress(self.subject.name, phase, f"{self.gate.sent:,} requests, {found} findings {operation}")

            if not fuzzing.run(self.operations, show):
                raise KeyboardInterrupt
            self.errors += fuzzing.errors
            self._run_own(Prober(observer, self.gate, "judging"), judge)
            for phase in OWN_PHASES:
                if phase in self.options.phases:
                    show(phase, "")
                    self._run_own(Prober(observer, self.gate, phase), judge)

    def _run_own(self, prober: Prober, judge: Judge) -> None:
        try:
            match prober.phase:
                case "judging":
                    judge.judge_refusals(prober)
                case "replays":
                    replay_examples(prober, judge, self.operations, self.fresh)
                case "credentials":
                    probe_credentials(prober, self.operations)
                case "methods":
                    probe_methods(prober, self.operations)
                    probe_media_types(prober, self.operations)
                case "lifecycles":
                    run_lifecycles(prober, self.operations)
        except Closed:
            pass
        finally:
            prober.close()

    @contextmanager
    def _interruptible(self) -> Iterator[None]:
        try:
            yield
        except KeyboardInterrupt:
            self.is_interrupted = True
            self.gate.interrupt()
