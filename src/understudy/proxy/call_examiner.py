"""Examiner of calls, on a thread of its own: no client waits for it, as it begins once an answer has passed."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from queue import SimpleQueue

from understudy.contract.compiled_operations import Operation
from understudy.control.curl_commands import curl_lines
from understudy.control.exchanges import RedactedExchange
from understudy.control.secrets import Secrets, secrets_of
from understudy.http.mounted_vendor import MountedVendor
from understudy.proxy.call_exchanges import CheckedCall, ExchangeMaker
from understudy.proxy.drift_findings import BROKEN, DriftFinding, FoundDrift, Party, drift_of
from understudy.proxy.passed_call import PassedCall
from understudy.traffic.exchange_check import ExchangeChecker

MAX_WAITING_BYTES = 64 * 1024 * 1024
"""Bytes of calls that wait to be examined; calls beyond it are passed on, and counted as unchecked."""

Listener = Callable[[DriftFinding], None]


class CallExaminer:
    """Thread that holds calls against a document."""

    def __init__(self, vendor: MountedVendor, maker: ExchangeMaker, listen: Listener) -> None:
        """``listen`` is called with each new finding, on this thread."""
        self.vendor = vendor
        self.drift = FoundDrift()
        self.calls: Counter[tuple[str, int]] = Counter()
        """Number of calls by operationId and status."""

        self.unchecked: Counter[str] = Counter()
        """Number of calls, or of parts of them, that were not checked, by reason."""

        self.number = 0
        self._checker = ExchangeChecker(vendor.document, vendor.operations)
        self._maker = maker
        self._listen = listen
        self._secrets: dict[str, Secrets] = {}
        self._waiting: SimpleQueue[PassedCall | None] = SimpleQueue()
        self._waiting_bytes = 0
        self._thread = threading.Thread(target=self._run, name="understudy-examiner", daemon=True)
        self._thread.start()

    def observe(self, call: PassedCall) -> None:
        """Have a call examined, when it is its turn."""
        size = len(call.request_body) + len(call.response_body)
        if self._waiting_bytes + size > MAX_WAITING_BYTES:
            self.unchecked["calls that came faster than they could be checked"] += 1
            return
        self._waiting_bytes += size
        self._waiting.put(call)

    def close(self) -> None:
        """Examine what is waiting, then stop."""
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (call := self._waiting.get()) is not None:
            self._waiting_bytes -= len(call.request_body) + len(call.response_body)
            self.number += 1
            self._examine(self._maker.make(call, self.number), call)

    def _examine(self, call: CheckedCall, passed: PassedCall) -> None:
        found = self._checker.find(call.exchange.method, call.path)
        operation = found.operation if found else None
        self.calls[operation.id if operation else "", call.exchange.status] += 1
        for finding in [*_troubles(passed, operation), *self._document_findings(call)]:
            self._add(finding, call, operation)

    def _document_findings(self, call: CheckedCall) -> Iterator[DriftFinding]:
        exchange = call.exchange
        if not exchange.status:
            return
        for side, why in call.unread.items():
            self.unchecked[f"bodies of {side}s: {why}"] += 1
        for each in self._checker.check(exchange, call.path):
            side = "request" if each.is_of_request else "response"
            if not (side in call.unread and each.where == "body"):
                yield drift_of(each, exchange)

    def _add(self, finding: DriftFinding, call: CheckedCall, operation: Operation | None) -> None:
        if self.drift.add(finding, call.number):
            redacted = RedactedExchange(call.number, call.exchange, self._secrets_of(operation))
            finding.curl = [*curl_lines([redacted], "")][-1]
            self._listen(finding)

    def _secrets_of(self, operation: Operation | None) -> Secrets:
        name = operation.id if operation else ""
        if name not in self._secrets:
            document = self.vendor.document
            self._secrets[name] = secrets_of([document], document, operation)
        return self._secrets[name]


def _troubles(call: PassedCall, operation: Operation | None) -> Iterator[DriftFinding]:
    """Yield what is wrong with the bytes of a call."""
    name = operation.id if operation else ""
    if call.trouble:
        document = "HTTP asks for a whole response"
        yield DriftFinding(BROKEN, Party.VENDOR, name, "message", "response", f"breaks off: {call.trouble}", document)
