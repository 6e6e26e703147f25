"""Invalid requests that were refused for another reason than their fault, such as a taken name: sent once more."""

from collections.abc import Iterator, Mapping
from itertools import islice
from threading import Lock
from typing import Any, NamedTuple

import orjson

from understudy.contract.compiled_operations import Operation
from understudy.contract.json_schema_validator import Validator
from understudy.state.journal import Exchange
from understudy.verify.changed_bodies import body_validator, numbered
from understudy.verify.credentials import NO_CREDENTIALS
from understudy.verify.findings import FindingKind
from understudy.verify.http_sender import NoAnswer
from understudy.verify.observer import json_of
from understudy.verify.prober import Prober, headers_of
from understudy.verify.request_gate import READS

CHECK = "negative_data_rejection"
"""Name of the check, with which ``x-checks`` excludes an operation."""

MAX_STORED = 60
MAX_TRIES = 3
"""Number of requests that are sent for one fault: the first ones may be refused for what is taken."""


class Reason(NamedTuple):
    """Reason of a refusal: operation, status, and the text without the parts that differ from request to request."""

    operation: str
    status: int
    text: bytes


class MaskedRefusals:
    """Refusals of invalid requests, by their reason; those of which a valid request is refused too are masked."""

    def __init__(self) -> None:
        self._of_valid: set[Reason] = set()
        self._of_invalid: dict[Reason, list[Exchange]] = {}
        self._lock = Lock()

    def add(self, reason: Reason, exchange: Exchange, *, is_valid: bool) -> None:
        """Store the refusal of a valid or an invalid request."""
        with self._lock:
            if is_valid:
                self._of_valid.add(reason)
            elif len(stored := self._of_invalid.setdefault(reason, [])) < MAX_STORED:
                stored.append(exchange)

    def probe(self, prober: Prober, operations: Mapping[str, Operation]) -> None:
        """Send each masked request again with other values beside its fault; add those that are accepted."""
        tried: set[tuple[str, frozenset[tuple[str, str]]]] = set()
        for reason in [each for each in self._of_invalid if each in self._of_valid]:
            operation = operations[reason.operation]
            if CHECK in operation.node.get("x-checks", {}) or (
                prober.gate.is_read_only and operation.method.upper() not in READS
            ):
                continue
            for exchange in self._of_invalid[reason]:
                validator = body_validator(operation, headers_of(exchange))
                faults = _faults(validator, json_of(exchange.request_body))
                if validator is not None and faults and (operation.id, faults) not in tried:
                    tried.add((operation.id, faults))
                    self._send_again(prober, operation, exchange, validator, faults)

    def _send_again(
        self,
        prober: Prober,
        operation: Operation,
        exchange: Exchange,
        validator: Validator,
        faults: frozenset[tuple[str, str]],
    ) -> None:
        headers, query = headers_of(exchange), exchange.query.decode("latin-1")
        target = prober.subject.path_below(exchange.path) + (f"?{query}" if query else "")
        whole = json_of(exchange.request_body)
        for body in islice(self._changed(whole, validator, faults, prober.numbers), MAX_TRIES):
            try:
                again = prober.send(exchange.method, target, headers, orjson.dumps(body), NO_CREDENTIALS)
            except NoAnswer:
                continue
            if again.status < 300:
                place, message = prober.observer.accepted_body(again)
                prober.add(FindingKind.INVALID_REQUEST_ACCEPTED, operation, place, message, again)
                return

    def _changed(
        self,
        body: Mapping[str, Any],
        validator: Validator,
        faults: frozenset[tuple[str, str]],
        numbers: Iterator[int],
    ) -> Iterator[dict[str, Any]]:
        """Yield bodies with the same faults whose other texts and numbers are new."""
        while True:
            changed = dict(body)
            number = next(numbers)
            for name, value in body.items():
                for other in _others(value, number):
                    if _faults(validator, {**changed, name: other}) == faults:
                        changed[name] = other
                        break
            if changed == body:
                return
            yield changed


def _faults(validator: Validator | None, body: Any) -> frozenset[tuple[str, str]]:
    """Return the places and rules that a body breaks."""
    if validator is None or not body or validator.is_valid(body):
        return frozenset()
    return frozenset((each.path, each.rule) for each in validator.violations(body))


def _others(value: Any, number: int) -> Iterator[Any]:
    if isinstance(value, str):
        yield from numbered(value, number)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield from (value + number, value - number)
