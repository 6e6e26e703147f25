"""Probes of methods and of media types that are not declared: they are refused, with 405 and ``Allow``, or 415."""

from collections.abc import Iterable, Iterator
from contextlib import suppress

from understudy.contract.compiled_operations import Operation
from understudy.state.journal import Exchange
from understudy.verify.changed_bodies import new_texts
from understudy.verify.credentials import NO_CREDENTIALS
from understudy.verify.findings import FindingKind
from understudy.verify.http_sender import NoAnswer
from understudy.verify.prober import Prober, headers_of, usual_request
from understudy.verify.request_gate import READS

METHODS = ("GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS")
NOT_ALLOWED = 405
UNSUPPORTED = "415"
UNKNOWN_MEDIA = "application/x-understudy"
ALLOW = b"allow"


def probe_methods(prober: Prober, operations: Iterable[Operation]) -> None:
    """Send, to each path, the methods that it does not declare; add what is wrong.

    If only reads may be sent, a path of which no read was chosen gets nothing.
    """
    chosen = [each for each in operations if not prober.gate.is_read_only or each.method.upper() in READS]
    for first, declared in _by_path(chosen, prober.observer.subject.operations):
        accepted = prober.observer.accepted.get(first.id)
        target = usual_request(prober.subject.document, first).target.partition("?")[0]
        if accepted is not None:
            target = prober.subject.path_below(accepted.path)
        for method in METHODS:
            if method in declared or (prober.gate.is_read_only and method not in READS):
                continue
            try:
                exchange = prober.send(method, target, {}, is_well_formed=False)
            except NoAnswer:
                continue
            if prober.observer.operation_of(exchange) is None:  # else another path's operation has answered
                _judge(prober, first, declared, exchange)


def probe_media_types(prober: Prober, operations: Iterable[Operation]) -> None:
    """Repeat accepted bodies as ones of an unknown media type, where the document declares 415 for it."""
    for operation in operations:
        is_barred = prober.gate.is_read_only and operation.method.upper() not in READS
        if UNSUPPORTED not in operation.responses or is_barred:
            continue
        for accepted in prober.observer.accepted_requests.get(operation.id, ()):
            with suppress(NoAnswer):
                exchange = _as_unknown_media(prober, operation, accepted)
                if exchange.status < 300:
                    message = f"a body of type {UNKNOWN_MEDIA} is accepted with {exchange.status}, not refused with 415"
                    prober.add(
                        FindingKind.INVALID_REQUEST_ACCEPTED, operation, "header Content-Type", message, exchange
                    )
                if exchange.status < 300 or exchange.status == int(UNSUPPORTED):
                    break


def _as_unknown_media(prober: Prober, operation: Operation, accepted: Exchange) -> Exchange:
    headers, query = headers_of(accepted), accepted.query.decode("latin-1")
    target = prober.subject.path_below(accepted.path) + (f"?{query}" if query else "")
    body = new_texts(operation, accepted.request_body, headers, next(prober.numbers)) or b"understudy"
    headers = {**headers, "content-type": UNKNOWN_MEDIA}
    return prober.send(accepted.method, target, headers, body, NO_CREDENTIALS, is_well_formed=False)


def _by_path(chosen: Iterable[Operation], every: Iterable[Operation]) -> Iterator[tuple[Operation, set[str]]]:
    """Yield, for each path, its first operation and its declared methods."""
    methods: dict[str, set[str]] = {}
    for operation in every:
        methods.setdefault(operation.path, set()).add(operation.method.upper())
    first: dict[str, Operation] = {}
    for operation in chosen:
        first.setdefault(operation.path, operation)
    for path, operation in first.items():
        yield operation, methods[path]


def _judge(prober: Prober, operation: Operation, declared: set[str], exchange: Exchange) -> None:
    if exchange.status < 300 and exchange.method not in ("HEAD", "OPTIONS"):
        message = f"{exchange.method} {operation.path} is accepted with {exchange.status}; the document has no such"
        prober.add(FindingKind.WRONG_METHOD_ACCEPTED, operation, exchange.method, message, exchange)
    if exchange.status >= 500 and exchange.status != 501:
        message = f"{exchange.method} {operation.path}, which is not declared, fails with {exchange.status}"
        prober.add(FindingKind.SERVER_ERROR, operation, exchange.method, message, exchange)
    if exchange.status != NOT_ALLOWED:
        return
    given = b",".join(value for name, value in exchange.response_headers if name == ALLOW).decode("latin-1")
    allowed = {each.strip().upper() for each in given.split(",")}
    if missing := sorted(declared - allowed):
        shown = f"Allow: {given}" if given else "no Allow header"
        message = f"405 with {shown}, though {', '.join(missing)} is declared"
        prober.add(FindingKind.WRONG_ALLOW, operation, "Allow", message, exchange)
