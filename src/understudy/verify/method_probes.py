"""Probes of methods that a path does not declare: they are refused, with the declared ones in ``Allow``."""

from collections.abc import Iterable, Iterator

from understudy.contract.compiled_operations import Operation
from understudy.state.journal import Exchange
from understudy.verify.findings import FindingKind
from understudy.verify.http_sender import NoAnswer
from understudy.verify.prober import Prober, usual_request
from understudy.verify.request_gate import READS

METHODS = ("GET", "PUT", "POST", "DELETE", "PATCH")
NOT_ALLOWED = 405
ALLOW = b"allow"


def probe_methods(prober: Prober, operations: Iterable[Operation]) -> None:
    """Send, to each path, the methods that it does not declare; add what is wrong."""
    for first, declared in _by_path(operations, prober.observer.subject.operations):
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
    if exchange.status < 300:
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
