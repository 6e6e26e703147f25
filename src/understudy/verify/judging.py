"""Judge of refusals: separates a rule of the business, which no schema states, from a breach.

A refusal of a valid request is a rule's if ``x-rules`` lists its status, if the status is one of state, or if a test
shows that it depends on more than the form of the request: the request is accepted at another time, with two of its
values exchanged, with a value replaced that was accepted before, or each of its values is accepted elsewhere.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import combinations, islice
from threading import Lock
from typing import Any
from urllib.parse import parse_qsl, urlencode

import orjson

from understudy.contract.compiled_operations import Operation
from understudy.contract.parameters import InvalidParameter
from understudy.http.bodies import parse_pairs
from understudy.state.journal import Exchange
from understudy.verify.changed_bodies import changed_bodies
from understudy.verify.combined_values import is_combination
from understudy.verify.credentials import NO_CREDENTIALS
from understudy.verify.findings import FindingKind, VerifyFinding
from understudy.verify.http_sender import NoAnswer
from understudy.verify.late_writes import is_late
from understudy.verify.masked_refusals import MaskedRefusals, Reason
from understudy.verify.observer import SERVER_ERROR, Observer
from understudy.verify.prober import Prober, headers_of
from understudy.verify.request_gate import READS, TOO_MANY

STATE = frozenset({401, 402, 403, 404, 405, 409, 410, 412, 423, 424, 425, 428, 429, 451})
"""Statuses that depend on who asks, on what is stored, or on how often was asked: never on the request's form alone."""

REFUSED_BY = b"understudy-refused-by"
NOT_FOUND = 404
TOO_LARGE = 413
MAX_REASONS = 20
"""Number of different texts of a refusal, of one operation and status, that are judged."""

MAX_PAIRS = 20
LONG_INTEGER = re.compile(rb"(?<![0-9.])-?[0-9]{19,400}(?![0-9])")
VARYING = re.compile(rb"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9]+")
"""Parts of an error's text that differ from request to request."""

ORDERED = re.compile(r"-?[0-9]+(?:\.[0-9]+)?|[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[Tt ].*)?|[0-9]{2}:[0-9]{2}.*")
"""Texts of numbers, dates and times: values that have an order."""


class Judge:
    """Judge of the refusals of valid requests to one subject."""

    def __init__(self, observer: Observer) -> None:
        self._observer = observer
        self._refused: dict[tuple[str, int], dict[bytes, tuple[str, Exchange]]] = {}
        self._lost: list[VerifyFinding] = []
        self._masked = MaskedRefusals()
        self._suspected: set[str] = set()
        self._lock = Lock()

    def rule_statuses(self, operation: Operation) -> frozenset[int]:
        """Return the statuses with which an operation refuses valid requests by rules, as ``x-rules`` lists them."""
        return STATE | {int(rule["status"]) for rule in operation.rules}

    def consider(self, exchange: Exchange, mode: str, phase: str) -> None:
        """Count the refusal of a valid request by a rule, or store it, to be judged at the end."""
        if phase == "probe" or not 400 <= exchange.status < 500 or not exchange.operation:
            return
        operation = self._observer.counts.by_id[exchange.operation].operation
        if operation.response(exchange.status) is None:
            return  # the status is a finding, or asks for fewer requests
        is_by_contract = (REFUSED_BY, b"contract") in exchange.response_headers
        if not is_by_contract:
            reason = Reason(operation.id, exchange.status, VARYING.sub(b"", exchange.response_body))
            self._masked.add(reason, exchange, is_valid=mode == "positive")
        if mode != "positive":
            return
        if is_by_contract and (exchange.status == TOO_LARGE or has_large_integer(exchange)):
            self._observer.counts.count_refusal(operation.id)  # limits of every stand-in
        elif is_by_contract:
            message = f"valid data is refused by the contract with status {exchange.status}"
            self._observer.add(
                FindingKind.VALID_REQUEST_REFUSED, operation, str(exchange.status), message, phase, exchange
            )
        elif exchange.status in self.rule_statuses(operation):
            self._observer.counts.count_refusal(operation.id)
        else:
            self._keep(exchange, phase)

    def _keep(self, exchange: Exchange, phase: str) -> None:
        """Store a refusal, unless there is a smaller one with the same text."""
        reason = VARYING.sub(b"", exchange.response_body)
        with self._lock:
            kept = self._refused.setdefault((exchange.operation, exchange.status), {})
            if reason not in kept and len(kept) >= MAX_REASONS:
                return
            other = kept.get(reason)
            if other is None or _size(exchange) < _size(other[1]):
                kept[reason] = (phase, exchange)

    def add(self, finding: VerifyFinding) -> None:
        """Add a finding of Schemathesis; the refusal of a valid request is judged at the end."""
        last = finding.exchanges[-1]
        is_unanswered = last.status == NOT_FOUND or last.status >= SERVER_ERROR
        if last.status == TOO_MANY or (finding.kind is FindingKind.IGNORED_CREDENTIALS and is_unanswered):
            return  # the request did not get as far as its credentials
        if finding.kind is FindingKind.VALID_REQUEST_REFUSED:
            self._suspected.add(finding.operation)
        elif finding.kind is FindingKind.INVALID_REQUEST_ACCEPTED and self._is_valid_as_sent(finding):
            return  # a null in a query is sent as the text "null"
        elif finding.kind is FindingKind.LOST_WRITE and last.path == finding.exchanges[0].path:
            return  # a call of the collection itself: its 404 is about what its body names
        elif finding.kind is FindingKind.LOST_WRITE:
            self._lost.append(finding)
        elif finding.kind in (FindingKind.WRONG_METHOD_ACCEPTED, FindingKind.SERVER_ERROR) and not self._is_declared(
            last
        ):
            if last.status < 300 or (last.status >= 500 and last.status != 501):
                self._observer.findings.add(finding)
        else:
            self._observer.findings.add(finding)

    def _is_valid_as_sent(self, finding: VerifyFinding) -> bool:
        """Return whether the document allows the texts of the query parameter that was meant to be invalid."""
        location, _, name = finding.place.partition(" ")
        operation = self._observer.counts.by_id[finding.operation].operation
        parameters = [each for each in operation.parameters if location == each.where == "query" and each.name == name]
        for parameter in parameters:
            try:
                texts = parameter.find(parse_pairs(finding.exchanges[-1].query))
                return texts is not None and parameter.value(texts) is not None
            except (ValueError, InvalidParameter):
                return False
        return False

    def _is_declared(self, exchange: Exchange) -> bool:
        return self._observer.operation_of(exchange) is not None

    def judge_refusals(self, prober: Prober) -> None:
        """Judge the stored refusals; add those that no rule explains, and invalid requests that only a rule refused."""
        for finding in self._lost:
            created, missed = finding.exchanges[0], finding.exchanges[-1]
            if not is_late(prober, self._observer.counts.by_id[finding.operation].operation, created, missed):
                self._observer.findings.add(finding)
        self._masked.probe(prober, {name: each.operation for name, each in self._observer.counts.by_id.items()})
        for (name, status), reasons in self._refused.items():
            operation = self._observer.counts.by_id[name].operation
            if name not in self._suspected:  # Schemathesis knows why: wrong credentials in a body, for one
                continue
            self._look_at_stored(prober, operation)
            for phase, exchange in reasons.values():
                if self._is_by_rule(prober, operation, exchange):
                    self._observer.counts.count_refusal(name)
                    continue
                message = f"a valid request is refused with {status}: {exchange.response_body[:200]!r}"
                self._observer.add(FindingKind.VALID_REQUEST_REFUSED, operation, str(status), message, phase, exchange)

    def _look_at_stored(self, prober: Prober, operation: Operation) -> None:
        """Have the list of a collection observed: what earlier runs have stored there is taken as well."""
        lists = [each for each in self._observer.subject.operations if each.path == operation.path]
        if any(each.method.upper() == "GET" and not _needs_query(each) for each in lists):
            refused = next(iter(self._refused_of(operation)))
            with suppress(NoAnswer):
                prober.send("GET", prober.subject.path_below(refused.path), {})

    def _refused_of(self, operation: Operation) -> Iterator[Exchange]:
        for (name, _), reasons in self._refused.items():
            if name == operation.id:
                yield from (exchange for _, exchange in reasons.values())

    def _is_by_rule(self, prober: Prober, operation: Operation, refused: Exchange) -> bool:
        if prober.gate.is_read_only and refused.method not in READS:
            return False
        try:
            return any(
                prober.send(refused.method, target, headers, body, NO_CREDENTIALS).status < 400
                for target, headers, body in self._variants(prober, operation, refused)
            ) or is_combination(prober, operation, refused)
        except NoAnswer:
            return True  # the silence is a finding, and hides whether it is a rule

    def _variants(
        self, prober: Prober, operation: Operation, refused: Exchange
    ) -> Iterator[tuple[str, dict[str, str], bytes]]:
        """Yield the request again, with values exchanged, and with values replaced that were accepted before."""
        headers = headers_of(refused)
        path, query, body = (
            prober.subject.path_below(refused.path),
            refused.query.decode("latin-1"),
            refused.request_body,
        )
        target = f"{path}?{query}" if query else path
        yield target, headers, body
        yield from ((f"{path}?{each}", headers, body) for each in islice(exchanged_query(query), MAX_PAIRS))
        yield from ((target, headers, each) for each in islice(exchanged_body(body), MAX_PAIRS))
        for change in changed_bodies(operation, body, headers):
            if self._observer.is_known(change.name, change.old):
                yield target, headers, change.body


def _needs_query(operation: Operation) -> bool:
    return any(each.where == "query" and each.is_required for each in operation.parameters)


def has_large_integer(exchange: Exchange) -> bool:
    """Return whether a request has an integer of more than 64 bits, which no stand-in takes."""
    texts = (exchange.request_body, exchange.query, exchange.path)
    return any(not -(2**63) <= int(found) < 2**63 for text in texts for found in LONG_INTEGER.findall(text))


def exchanged_query(query: str) -> Iterator[str]:
    """Yield a query with two of its values exchanged, for each two that have an order."""
    pairs = parse_qsl(query, keep_blank_values=True)
    places = [place for place, (_, value) in enumerate(pairs) if ORDERED.fullmatch(value)]
    for first, second in combinations(places, 2):
        changed = list(pairs)
        changed[first] = (pairs[first][0], pairs[second][1])
        changed[second] = (pairs[second][0], pairs[first][1])
        if changed != pairs:
            yield urlencode(changed)


def exchanged_body(body: bytes) -> Iterator[bytes]:
    """Yield a JSON body with two values of one object exchanged, for each two that have an order."""
    try:
        whole = orjson.loads(body)
    except orjson.JSONDecodeError:
        return
    for members in _objects(whole):
        names = [name for name, value in members.items() if _has_order(value)]
        for first, second in combinations(names, 2):
            if type(members[first]) is type(members[second]) and members[first] != members[second]:
                members[first], members[second] = members[second], members[first]
                yield orjson.dumps(whole)
                members[first], members[second] = members[second], members[first]


def _objects(node: Any) -> Iterator[dict[str, Any]]:
    """Yield each object in a JSON value."""
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    for part in node if isinstance(node, list) else ():
        yield from _objects(part)


def _has_order(value: Any) -> bool:
    if isinstance(value, str):
        return ORDERED.fullmatch(value) is not None
    return isinstance(value, int | float) and not isinstance(value, bool)


def _size(exchange: Exchange) -> int:
    return len(exchange.path) + len(exchange.query) + len(exchange.request_body)
