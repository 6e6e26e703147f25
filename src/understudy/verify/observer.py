"""Observer of a verification: counts every exchange, and checks its response against the document."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

import orjson

from understudy.contract.compiled_operations import Operation
from understudy.state.journal import Exchange
from understudy.traffic.exchange_check import Difference, ExchangeChecker, ExchangeFinding
from understudy.verify.findings import FindingKind, VerifyFinding, VerifyFindings
from understudy.verify.operation_counts import OperationCounts
from understudy.verify.request_gate import TOO_MANY
from understudy.verify.response_headers import undocumented_headers
from understudy.verify.subject import VerifySubject

KINDS = {
    Difference.UNDOCUMENTED_STATUS: FindingKind.UNDOCUMENTED_STATUS,
    Difference.UNDOCUMENTED_MEDIA_TYPE: FindingKind.UNDOCUMENTED_MEDIA_TYPE,
    Difference.INVALID_HEADER: FindingKind.INVALID_HEADER,
    Difference.INVALID_RESPONSE_BODY: FindingKind.INVALID_RESPONSE_BODY,
}
UNDOCUMENTED = frozenset({FindingKind.UNDOCUMENTED_STATUS, FindingKind.UNDOCUMENTED_MEDIA_TYPE})
SERVER_ERROR = 500
NOT_IMPLEMENTED = 501
MAX_ACCEPTED = 8
"""Number of different accepted requests of an operation that are stored."""

MAX_VALUES = 50_000
"""Number of accepted members of bodies that are stored."""


class Observer:
    """Observer of all exchanges with one subject.

    ``accepted`` has, by operation, the smallest request that succeeded, ``accepted_requests`` some different ones.
    """

    def __init__(self, subject: VerifySubject, findings: VerifyFindings, counts: OperationCounts) -> None:
        self.subject = subject
        self.findings = findings
        self.counts = counts
        self.checker: ExchangeChecker = subject.checker()
        self.accepted: dict[str, Exchange] = {}
        self.accepted_requests: dict[str, list[Exchange]] = {}
        self._accepted_values: set[tuple[str, str, str]] = set()
        self._known_values: set[tuple[str, str]] = set()

    def operation_of(self, exchange: Exchange) -> Operation | None:
        """Return the operation of a request, if the document has one."""
        found = self.checker.find(exchange.method, self.subject.path_below(exchange.path))
        return None if found is None else found.operation

    def observe(self, exchange: Exchange, mode: str, phase: str, *, is_well_formed: bool = True) -> Exchange:
        """Count an exchange and add what its response breaks; return it with its operation.

        A request that is not well-formed, with a method or media type that the operation lacks, is answered by the
        server as such: of its response only a server error is a finding.
        """
        operation = self.operation_of(exchange)
        if operation is None:
            return exchange
        exchange = exchange._replace(operation=operation.id)
        found = list(self.breaches(exchange, operation, phase))
        is_documented = not any(each.kind in UNDOCUMENTED for each in found)
        column = "stateful" if phase == "stateful" else mode
        self.counts.count(operation.id, exchange.status, column, is_documented=is_documented)
        if exchange.status < 300:
            self._keep_accepted(operation.id, exchange)
        for each in found:
            if is_well_formed or (each.kind is FindingKind.SERVER_ERROR and exchange.status != NOT_IMPLEMENTED):
                self.findings.add(each)
        return exchange

    def breaches(self, exchange: Exchange, operation: Operation, phase: str) -> Iterator[VerifyFinding]:
        """Yield what a response breaks; of a server error nothing else."""
        response = operation.response(exchange.status)
        if exchange.status == SERVER_ERROR or (exchange.status > SERVER_ERROR and response is None):
            message = f"the server fails with status {exchange.status}"
            yield self.finding(FindingKind.SERVER_ERROR, operation, str(exchange.status), message, phase, exchange)
            return
        if exchange.status == TOO_MANY and response is None:
            return  # the server asks for fewer requests, which says nothing about its contract
        for each in self.checker.check_response(exchange, operation):
            if each.is_breach:
                place = each.place
                if each.kind is Difference.INVALID_RESPONSE_BODY:
                    place = f"{exchange.status}{each.place}"
                yield self.finding(KINDS[each.kind], operation, place, each.message, phase, exchange)
        for name in undocumented_headers(exchange, operation) if response else ():
            message = f"the header {name} is not listed for status {exchange.status}"
            yield self.finding(FindingKind.UNDOCUMENTED_HEADER, operation, name, message, phase, exchange)

    def body_violation(self, exchange: Exchange) -> ExchangeFinding | None:
        """Return what the document forbids first in the body of a request; ``None`` if it is allowed."""
        found = self.checker.find(exchange.method, self.subject.path_below(exchange.path))
        differences = self.checker.check_request(exchange, found) if found else ()
        bodies = [each for each in differences if each.kind is Difference.INVALID_REQUEST_BODY]
        return min(bodies, key=lambda each: each.place, default=None)

    def accepted_body(self, exchange: Exchange) -> tuple[str, str]:
        """Return place and message of a body that is accepted, though the document forbids it: of its first part."""
        violation = self.body_violation(exchange)
        place = violation.place if violation else ""
        why = f"{place or 'body'}: {violation.message}" if violation else "its body is invalid"
        return f"body {place}".rstrip(), f"an invalid request is accepted with {exchange.status}: {why}"

    def finding(
        self, kind: FindingKind, operation: Operation, place: str, message: str, phase: str, *exchanges: Exchange
    ) -> VerifyFinding:
        """Return a finding of this subject."""
        return VerifyFinding(kind, self.subject.name, operation.id, place, _one_line(message), phase, exchanges)

    def add(
        self, kind: FindingKind, operation: Operation, place: str, message: str, phase: str, *exchanges: Exchange
    ) -> None:
        """Add a finding of this subject."""
        self.findings.add(self.finding(kind, operation, place, message, phase, *exchanges))

    def was_accepted(self, operation: str, name: str, value: object) -> bool:
        """Return whether a request with this member of its body has succeeded."""
        return (operation, name, repr(value)) in self._accepted_values

    def is_known(self, name: str, value: object) -> bool:
        """Return whether a member of this value, in whatever case, has been accepted, or shown in a response."""
        return (name, _folded(value)) in self._known_values

    def _keep_accepted(self, operation: str, exchange: Exchange) -> None:
        if len(self._accepted_values) < MAX_VALUES:
            for name, value in json_of(exchange.request_body).items():
                self._accepted_values.add((operation, name, repr(value)))
                self._known_values.add((name, _folded(value)))
        if len(self._known_values) < MAX_VALUES:
            self._known_values.update((name, _folded(value)) for name, value in _members_of(exchange.response_body))
        pairs = parse_qsl(exchange.query.decode("latin-1"), keep_blank_values=True)
        self._accepted_values.update((operation, name, repr(value)) for name, value in pairs[:MAX_ACCEPTED])
        several = self.accepted_requests.setdefault(operation, [])
        sent = (exchange.request_body, exchange.query)
        if len(several) < MAX_ACCEPTED and sent not in [(each.request_body, each.query) for each in several]:
            several.append(exchange)
        other = self.accepted.get(operation)
        if other is None or len(exchange.request_body) <= len(other.request_body):
            self.accepted[operation] = exchange


def json_of(body: bytes) -> dict[str, Any]:
    """Return the members of a JSON object; none for any other body."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def _members_of(body: bytes) -> Iterator[tuple[str, Any]]:
    """Yield the members of all objects in a JSON body."""
    try:
        nodes = [orjson.loads(body)]
    except orjson.JSONDecodeError:
        return
    while nodes:
        node = nodes.pop()
        if isinstance(node, dict):
            yield from node.items()
            nodes.extend(node.values())
        elif isinstance(node, list):
            nodes.extend(node)


def _folded(value: object) -> str:
    """Return the text of a value without case and outer spaces: values of one text may be one to a server."""
    return value.strip().casefold() if isinstance(value, str) else repr(value)


def _one_line(message: str) -> str:
    return " ".join(message.split())
