"""Examiner of calls, on a thread of its own: no client waits for it, as it begins once an answer has passed."""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from queue import SimpleQueue

from understudy.contract.compiled_operations import Operation
from understudy.control.curl_commands import curl_lines
from understudy.control.exchanges import RedactedExchange
from understudy.control.secrets import Secrets, secrets_of
from understudy.http.mounted_vendor import MountedVendor
from understudy.proxy.call_exchanges import CheckedCall, ExchangeMaker
from understudy.proxy.drift_findings import BROKEN, DriftFinding, FoundDrift, Party, drift_of
from understudy.proxy.har_file import HarFile
from understudy.proxy.inferred_paths import InferredPaths
from understudy.proxy.overlay_file import MissingFields
from understudy.proxy.passed_call import PassedCall
from understudy.proxy.side_by_side import NotCompared, ShapeComparison, compare_statuses
from understudy.proxy.stand_in import StandIn, StandInAnswer, json_value
from understudy.settings import is_debugging
from understudy.state.journal import Exchange
from understudy.traffic.exchange_check import Difference, ExchangeChecker, ExchangeFinding, FoundOperation

log = logging.getLogger("understudy")

MAX_WAITING_BYTES = 64 * 1024 * 1024
"""Bytes of calls that wait to be examined; calls beyond it are passed on, and counted as unchecked."""

HEAD_BYTES = 4096
"""Bytes that a waiting call takes beside its bodies."""

Listener = Callable[[DriftFinding], None]


@dataclass(frozen=True, slots=True)
class _Examined:
    """Call with its operation, and its differences from the document."""

    call: CheckedCall
    found: FoundOperation | None
    findings: Sequence[ExchangeFinding]

    @property
    def operation(self) -> Operation | None:
        return self.found.operation if self.found else None

    @property
    def is_request_valid(self) -> bool:
        return not any(each.is_of_request and each.is_breach for each in self.findings)


class CallExaminer:
    """Thread that holds calls against a document, and against the stand-in."""

    def __init__(
        self,
        vendor: MountedVendor,
        maker: ExchangeMaker,
        listen: Listener,
        stand_in: StandIn | None = None,
        har: HarFile | None = None,
    ) -> None:
        """``listen`` is called with each new finding, on this thread, on which the stand-in answers as well."""
        self.vendor = vendor
        self.drift = FoundDrift()
        self.missing_fields = MissingFields()
        self.calls: Counter[tuple[str, int]] = Counter()
        """Number of calls by operationId and status."""

        self.unchecked: Counter[str] = Counter()
        """Number of calls, or of parts of them, that were not held against the document, by reason."""

        self.not_compared: Counter[str] = Counter()
        """Number of calls that were not compared with the stand-in, by reason."""

        self._checker = ExchangeChecker(vendor.document, vendor.operations)
        self.inferred = InferredPaths(self._checker)
        self._shapes = ShapeComparison(vendor.document)
        self._maker = maker
        self._listen = listen
        self._stand_in = stand_in
        self._har = har
        self._secrets: dict[str, Secrets] = {}
        self._waiting: SimpleQueue[PassedCall | None] = SimpleQueue()
        self._waiting_bytes = 0
        self._number = 0
        self._thread = threading.Thread(target=self._run, name="understudy-examiner", daemon=True)
        self._thread.start()

    def observe(self, call: PassedCall) -> None:
        """Have a call examined, when it is its turn."""
        size = _size(call)
        if self._waiting_bytes + size > MAX_WAITING_BYTES:
            self.unchecked["calls that came faster than they could be checked"] += 1
            return
        self._waiting_bytes += size
        self._waiting.put(call)

    def close(self) -> None:
        """Examine what is waiting, then stop."""
        self._waiting.put(None)
        self._thread.join()
        if self._stand_in is not None:
            self._stand_in.close()

    def _run(self) -> None:
        while (call := self._waiting.get()) is not None:
            self._waiting_bytes -= _size(call)
            self._number += 1
            try:
                self._examine(call)
            except Exception as error:
                why = f"{type(error).__name__}: {error}"
                log.error("call %s cannot be examined: %s", self._number, why, exc_info=is_debugging())  # noqa: TRY400
                self.unchecked[f"calls that a fault of Understudy's own left out ({type(error).__name__})"] += 1
        known = {(each.operation, each.place) for each in self.drift}
        if self.drift.dropped:
            self.unchecked["findings beyond the first thousands"] += self.drift.dropped
        for finding, number in self._shapes.findings():
            if (finding.operation, finding.place) not in known and self.drift.add(finding, number):
                self._listen(finding)

    def _examine(self, passed: PassedCall) -> None:
        call = self._maker.make(passed, self._number)
        found = self._checker.find(call.exchange.method, call.path)
        if found is not None:
            call = replace(call, exchange=call.exchange._replace(operation=found.operation.id))
        examined = _Examined(call, found, [*self._check(call)])
        operation = examined.operation
        self.calls[operation.id if operation else "", call.exchange.status] += 1
        self.inferred.add(call, found)
        redacted = RedactedExchange(call.number, call.exchange, self._secrets_of(operation))
        if self._har is not None:
            self._har.add(redacted, call.unread)
        answer, stand_in = None, self._stand_in
        if stand_in is not None and call.exchange.status and "request" not in call.unread:
            answer = stand_in.answer(call.exchange, call.path, found)
        for finding in [*_troubles(passed, operation), *self._drift(examined, answer)]:
            if self.drift.add(finding, call.number):
                finding.curl = [*curl_lines([redacted], "")][-1]
                self._listen(finding)
        if stand_in is not None and answer is not None:
            stand_in.ids.pair(call.path, json_value(call.exchange.response_body), answer.value())

    def _check(self, call: CheckedCall) -> Iterator[ExchangeFinding]:
        """Yield the differences from the document, but for those of bodies that are not known."""
        if not call.exchange.status:
            return
        for side, why in call.unread.items():
            self.unchecked[f"bodies of {side}s: {why}"] += 1
        if _is_preflight(call.exchange):
            self.unchecked["preflights of browsers (CORS)"] += 1
            return
        for each in self._checker.check(call.exchange, call.path):
            if each.kind is Difference.UNDOCUMENTED_STATUS and _is_unchanged(call.exchange):
                continue
            side = "request" if each.is_of_request else "response"
            if not (side in call.unread and each.where == "body"):
                yield each

    def _drift(self, examined: _Examined, answer: StandInAnswer | None) -> Iterator[DriftFinding]:
        exchange, operation = examined.call.exchange, examined.operation
        for each in examined.findings:
            finding = drift_of(each, exchange)
            if answer is not None:
                finding.stand_in = f"answers {answer.status}"
            if operation is not None:
                self.missing_fields.add(each, exchange, operation)
            yield finding
        if answer is None or operation is None:
            return
        try:
            found = compare_statuses(operation, exchange, answer, is_request_valid=examined.is_request_valid)
        except NotCompared as why:
            self.not_compared[str(why)] += 1
            return
        if found is not None:
            yield found
        elif exchange.status < 400 and not answer.breach and "response" not in examined.call.unread:
            self._shapes.add(operation, exchange, answer, examined.call.number)

    def _secrets_of(self, operation: Operation | None) -> Secrets:
        name = operation.id if operation else ""
        if name not in self._secrets:
            document = self.vendor.document
            self._secrets[name] = secrets_of([document], document, operation)
        return self._secrets[name]


def _is_preflight(exchange: Exchange) -> bool:
    """Return whether a browser asks by itself whether a page may make a call."""
    names = {name for name, _ in exchange.request_headers}
    return exchange.method == "OPTIONS" and {b"origin", b"access-control-request-method"} <= names


def _is_unchanged(exchange: Exchange) -> bool:
    """Return whether a client that has an answer already is sent 304, as it asks for: no document declares that."""
    names = {name for name, _ in exchange.request_headers}
    return exchange.status == HTTPStatus.NOT_MODIFIED and bool(names & {b"if-none-match", b"if-modified-since"})


def _size(call: PassedCall) -> int:
    return len(call.request_body) + len(call.response_body) + HEAD_BYTES


def _troubles(call: PassedCall, operation: Operation | None) -> Iterator[DriftFinding]:
    """Yield what is wrong with the bytes of a response."""
    if call.trouble:
        name = operation.id if operation else ""
        document = "HTTP asks for one whole response"
        vendor = f"sends no whole response: {call.trouble}"
        yield DriftFinding(BROKEN, Party.VENDOR, name, "message", call.method, vendor, document)
