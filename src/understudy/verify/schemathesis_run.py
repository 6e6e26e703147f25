"""Run of Schemathesis against a subject: all checks, in its own phases."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import orjson
from requests.exceptions import RequestException
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure
from schemathesis.engine import events
from schemathesis.engine.core import Engine, ExecutionPlan
from schemathesis.engine.recorder import ScenarioRecorder
from schemathesis.engine.run import PhaseName
from schemathesis.filters import FilterSet
from schemathesis.openapi.checks import MissingContentType

from understudy.contract.compiled_operations import Operation
from understudy.contract.document import Document
from understudy.settings import process_environment
from understudy.state.journal import Exchange
from understudy.verify.findings import FindingKind, VerifyFinding
from understudy.verify.judging import Judge
from understudy.verify.observer import Observer
from understudy.verify.recording_transport import RecordedSchema, RecordingTransport, exchange_of
from understudy.verify.request_gate import READS, Closed, RequestGate

PHASES = ("examples", "coverage", "fuzzing", "stateful")
OWN_PHASES = ("replays", "credentials", "methods", "lifecycles")
MAX_OPERATIONS = 40
"""Number of operations that one run takes: of many at once the engine's own tables grow large."""

ANY_CASE = {"type": "string", "pattern": "^([tT][rR][uU][eE]|[fF][aA][lL][sS][eE])$"}
UNEXPECTED_METHODS = ["DELETE", "PATCH", "POST", "PUT", "TRACE"]
KINDS = {
    "UndefinedStatusCode": FindingKind.UNDOCUMENTED_STATUS,
    "MissingHeaders": FindingKind.INVALID_HEADER,
    "JsonSchemaError": FindingKind.INVALID_RESPONSE_BODY,
    "MissingContentType": FindingKind.UNDOCUMENTED_MEDIA_TYPE,
    "UndefinedContentType": FindingKind.UNDOCUMENTED_MEDIA_TYPE,
    "MalformedMediaType": FindingKind.UNDOCUMENTED_MEDIA_TYPE,
    "ContentDeserializationError": FindingKind.INVALID_RESPONSE_BODY,
    "DiscriminatorMismatch": FindingKind.INVALID_RESPONSE_BODY,
    "MalformedJson": FindingKind.INVALID_RESPONSE_BODY,
    "UseAfterFree": FindingKind.NOT_DELETED,
    "EnsureResourceAvailability": FindingKind.LOST_WRITE,
    "IgnoredAuth": FindingKind.IGNORED_CREDENTIALS,
    "RejectedPositiveData": FindingKind.VALID_REQUEST_REFUSED,
    "MissingHeaderNotRejected": FindingKind.INVALID_REQUEST_ACCEPTED,
    "AcceptedNegativeData": FindingKind.INVALID_REQUEST_ACCEPTED,
    "UnsupportedMethodResponse": FindingKind.WRONG_METHOD_ACCEPTED,
    "AllowHeaderMismatch": FindingKind.WRONG_ALLOW,
    "ServerError": FindingKind.SERVER_ERROR,
    "ContentTypeServerError": FindingKind.SERVER_ERROR,
}
OF_PATH = frozenset({FindingKind.WRONG_ALLOW, FindingKind.WRONG_METHOD_ACCEPTED})
"""Kinds that are about a path, not about one of its operations."""

HEADER_TITLE = "Response header"
INVALID_PART = "Invalid component: "
"""Text before the part of a request that is invalid, in the message of a failed check."""

ALSO_OBSERVED = frozenset(
    {
        FindingKind.UNDOCUMENTED_STATUS,
        FindingKind.INVALID_HEADER,
        FindingKind.INVALID_RESPONSE_BODY,
        FindingKind.UNDOCUMENTED_MEDIA_TYPE,
        FindingKind.SERVER_ERROR,
    }
)
"""Kinds that the observer finds too, with the exact place: then Schemathesis' own finding adds nothing."""


@dataclass(frozen=True, slots=True)
class FuzzOptions:
    """Options of the run: seed, phases, examples for each operation, and requests in parallel."""

    seed: int
    phases: tuple[str, ...] = (*PHASES, *OWN_PHASES)
    examples: int = 20
    workers: int = 1


Progress = Callable[[str, str], None]
"""Function that is called for each scenario, with its phase and operation."""


class _Engine(Engine):
    """Engine without the phase that probes the server, whose requests pass no gate."""

    def _create_execution_plan(self) -> ExecutionPlan:
        plan = super()._create_execution_plan()
        return ExecutionPlan([phase for phase in plan.phases if phase.name != PhaseName.PROBING])


class SchemathesisRun:
    """Run of Schemathesis against one subject, through an observer."""

    def __init__(self, observer: Observer, judge: Judge, gate: RequestGate, options: FuzzOptions) -> None:
        self._observer = observer
        self._judge = judge
        self._gate = gate
        self._options = options
        self._by_label = {f"{each.method.upper()} {each.path}": each for each in observer.subject.operations}
        schemes = observer.subject.document.raw.get("components", {}).get("securitySchemes", {}).values()
        self._credential_names = {"authorization", *(str(each.get("name", "-")).lower() for each in schemes)}
        self._first_of_path: Mapping[str, Operation] = {}
        self.errors: list[str] = []

    def run(self, operations: Sequence[Operation], progress: Progress) -> bool:
        """Run all phases; return false if it was interrupted."""
        self._first_of_path = {each.path: each for each in reversed(operations)}
        return all(self._run_part(phases, part, progress) for phases, part in self._parts(operations))

    def _parts(self, operations: Sequence[Operation]) -> Iterator[tuple[list[str], list[Operation]]]:
        """Yield phases with the operations that one run takes; a call that follows a link needs all operations."""
        single = [phase for phase in self._options.phases if phase in PHASES and phase != "stateful"]
        sent = [each for each in operations if not self._gate.is_read_only or each.method.upper() in READS]
        count = -(-len(sent) // MAX_OPERATIONS)
        if single:
            yield from ((single, sent[number::count]) for number in range(count))
        if "stateful" in self._options.phases and sent:
            yield ["stateful"], sent

    def _run_part(self, phases: list[str], operations: list[Operation], progress: Progress) -> bool:
        schema = self._schema(phases, operations)
        stream = _Engine(schema).execute()
        is_whole = True
        for event in stream:
            if isinstance(event, events.ScenarioStarted):
                progress(event.phase.value, event.label or "")
            elif isinstance(event, events.ScenarioFinished):
                self._collect(event.recorder, event.phase.value)
            elif isinstance(event, events.Interrupted):
                is_whole = not self._gate.is_open  # a closed gate has stopped it, else Ctrl-C
            elif isinstance(event, events.NonFatalError) and not _is_known(event.value):
                self.errors.append(f"{event.label}: {event.info.title}: {event.info.message}")
            elif isinstance(event, events.FatalError):
                self.errors.append(str(event.exception))
            if not self._gate.is_open:
                stream.stop()
        return is_whole

    def _schema(self, phases: list[str], operations: list[Operation]) -> RecordedSchema:
        document = self._observer.subject.document
        config = SchemathesisConfig.from_dict(self._config(phases))
        raw = schemathesis_document(document)
        schema = RecordedSchema(raw_schema=raw, config=config.projects.get(raw))
        schema.recorder = RecordingTransport(self._gate, self._observer, self._judge)
        chosen = FilterSet()
        chosen.include(operation_id=[each.id for each in operations])
        schema.filter_set = chosen
        return schema

    def _config(self, phases: list[str]) -> dict[str, Any]:
        subject, options = self._observer.subject, self._options
        enabled: dict[str, Any] = {name: {"enabled": name in phases} for name in PHASES}
        if self._gate.is_read_only:
            enabled["coverage"]["unexpected-methods"] = []
        headers = {**subject.headers, **subject.given_headers, **subject.credentials.sent_headers}
        return {
            "seed": options.seed,
            "base-url": subject.url,
            "headers": headers,
            "workers": options.workers,
            "continue-on-failure": True,
            "max-redirects": 0,
            "tls-verify": process_environment().get("SSL_CERT_FILE") or True,
            "warnings": False,
            "output": {"truncation": {"enabled": False}},
            "generation": {"mode": "all", "max-examples": options.examples, "database": "none"},
            "phases": enabled,
            "checks": {"enabled": True},
            "operations": [self._operation_config(each) for each in subject.operations],
        }

    def _operation_config(self, operation: Operation) -> dict[str, Any]:
        statuses = sorted(map(str, self._judge.rule_statuses(operation)))
        checks: dict[str, Any] = {"positive_data_acceptance": {"expected-statuses": ["2xx", "3xx", *statuses]}}
        checks |= {check: {"enabled": False} for check in operation.node.get("x-checks", {})}
        return {"include-operation-id": operation.id, "checks": checks}

    def _collect(self, recorder: ScenarioRecorder, phase: str) -> None:
        for case_id, checks in recorder.checks.items():
            for check in checks:
                if check.failure_info is not None:
                    self._add(recorder, case_id, check.failure_info.failure, phase)

    def _add(self, recorder: ScenarioRecorder, parent_id: str, failure: Failure, phase: str) -> None:
        kind = self._kind_of(failure)
        case_id = failure.case_id or parent_id
        case = recorder.cases[case_id].value
        operation = self._by_label.get(failure.operation or "") or self._by_label.get(case.operation.label)
        exchanges = tuple(self._chain(recorder, case_id, failure))
        if operation is None or not exchanges or (kind in ALSO_OBSERVED and self._is_observed(kind, operation.id)):
            return
        if isinstance(failure, MissingContentType) and not exchanges[-1].response_body:
            return  # the body is what is missing, if anything
        if kind in OF_PATH:
            operation = self._first_of_path.get(operation.path, operation)
        place, message = place_of(kind, failure, case), f"{failure.title}: {failure.message}"
        if kind is FindingKind.INVALID_REQUEST_ACCEPTED:
            place, message = self._accepted(place, failure, exchanges[-1])
        self._judge.add(self._observer.finding(kind, operation, place, message, phase, *exchanges))

    def _accepted(self, place: str, failure: Failure, exchange: Exchange) -> tuple[str, str]:
        """Return the place and the message of an invalid request that was accepted; of a body, those of its first part.

        Each phase of Schemathesis words it in its own way, and a key is the same for all.
        """
        is_body = place.partition(" ")[0] == "body"
        if is_body and self._observer.body_violation(exchange):
            return self._observer.accepted_body(exchange)
        *_, why = failure.message.split(INVALID_PART)
        return ("body" if is_body else place), f"an invalid request is accepted with {exchange.status}: {why}"

    def _kind_of(self, failure: Failure) -> FindingKind:
        """Return the kind of a failed check; a missing header that is a credential is one of credentials."""
        name = str(getattr(failure, "header_name", "")).lower()
        return FindingKind.IGNORED_CREDENTIALS if name in self._credential_names else kind_of(failure)

    def _is_observed(self, kind: FindingKind, operation: str) -> bool:
        return any(
            each.kind in (kind, FindingKind.SERVER_ERROR) and each.operation == operation for each in self._found()
        )

    def _found(self) -> Iterator[VerifyFinding]:
        return iter(self._observer.findings)

    def _chain(self, recorder: ScenarioRecorder, case_id: str, failure: Failure) -> Iterator[Exchange]:
        for case in recorder.iter_chain_cases(case_id=case_id, related_case_ids=failure.related_case_ids()):
            interaction = recorder.interactions.get(case.id)
            if interaction is not None and interaction.response is not None:
                yield exchange_of(interaction.response, self._observer.subject.name)


def kind_of(failure: Failure) -> FindingKind:
    """Return the kind of a failed check."""
    if failure.title.startswith(HEADER_TITLE):
        return FindingKind.INVALID_HEADER
    return KINDS.get(type(failure).__name__, FindingKind.OTHER)


def place_of(kind: FindingKind, failure: Failure, case: Any) -> str:
    """Return the place of a failed check: the part of the request that was made invalid, else the status."""
    data = case.meta.phase.data if case.meta is not None else None
    parameter = getattr(data, "parameter", None)
    location = getattr(getattr(data, "parameter_location", None), "value", "")
    if kind in OF_PATH:
        return "Allow" if kind is FindingKind.WRONG_ALLOW else str(case.method).upper()
    if kind is FindingKind.INVALID_REQUEST_ACCEPTED and (parameter or location):
        return f"{location} {parameter or ''}".strip()
    return "" if kind is FindingKind.IGNORED_CREDENTIALS else str(getattr(failure, "status_code", ""))


def _is_known(error: BaseException) -> bool:
    """Return whether an error is the closed gate, or a missing response, which is a finding."""
    if isinstance(error, BaseExceptionGroup):
        return all(map(_is_known, error.exceptions))
    causes = (error, error.__cause__, error.__context__)
    return any(isinstance(each, Closed | RequestException) for each in causes)


def schemathesis_document(document: Document) -> dict[str, Any]:
    """Return a document of its own for Schemathesis, with extensions of parameters in keywords that it knows.

    A boolean that is taken in any case (``x-any-case``) becomes a choice, so that such texts are sent as valid data.
    """
    raw = cast("dict[str, Any]", orjson.loads(orjson.dumps(document.raw)))
    for parameter in _parameters(raw):
        if parameter.get("x-any-case"):
            parameter["schema"] = {"anyOf": [parameter["schema"], ANY_CASE]}
    return raw


def _parameters(node: Any) -> Iterator[dict[str, Any]]:
    """Yield every query parameter in a document."""
    if isinstance(node, dict):
        if node.get("in") == "query" and "schema" in node:
            yield node
        node = list(node.values())
    for part in node if isinstance(node, list) else ():
        yield from _parameters(part)
