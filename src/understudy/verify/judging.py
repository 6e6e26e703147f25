"""Judge of refusals: separates a rule of the business, which no schema states, from a breach."""

from collections import Counter
from typing import Any

from understudy.contract.compiled_operations import Operation
from understudy.state.journal import Exchange
from understudy.verify.findings import Finding, Kind
from understudy.verify.observer import Observer

STATE = frozenset({401, 402, 403, 404, 405, 409, 410, 412, 423, 424, 425, 428, 429, 451})
"""Statuses that depend on who asks, on what is stored, or on how often was asked: never on the request's form alone."""

REFUSED_BY = b"understudy-refused-by"
TOO_LARGE = 413


class Judge:
    """Judge of the refusals of valid requests to one subject."""

    def __init__(self, observer: Observer) -> None:
        self._observer = observer
        self.lost: Counter[str] = Counter()

    def rule_statuses(self, operation: Operation) -> frozenset[int]:
        """Return the statuses with which an operation refuses valid requests by rules, as ``x-rules`` lists them."""
        return STATE | {int(rule["status"]) for rule in operation.rules}

    def consider(self, exchange: Exchange, mode: str, phase: str) -> None:
        """Count a refusal by a rule; add a finding for a stand-in that refuses valid data by its contract."""
        if mode != "positive" or not 400 <= exchange.status < 500 or not exchange.operation:
            return
        operation = self._observer.counts.by_id[exchange.operation].operation
        if exchange.status != TOO_LARGE and (REFUSED_BY, b"contract") in exchange.response_headers:
            message = f"valid data is refused by the contract with status {exchange.status}"
            self._observer.findings.add(
                self._observer.finding(
                    Kind.VALID_REQUEST_REFUSED, operation, str(exchange.status), message, phase, exchange
                )
            )
        elif exchange.status in self.rule_statuses(operation):
            self._observer.counts.count_refusal(operation.id)

    def count_lost(self, operation: str, _error: Any) -> None:
        """Count a request without a response."""
        self.lost[operation] += 1

    def add(self, finding: Finding) -> None:
        """Add a finding, unless it is the refusal of a valid request by a rule."""
        self._observer.findings.add(finding)
