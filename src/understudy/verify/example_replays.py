"""Replays of a document's named examples: each request gets the status that its response shows."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

import orjson

from understudy.contract.compiled_operations import Operation
from understudy.contract.document import Document
from understudy.contract.example_requests import (
    ExampleRequest,
    UnpairedExample,
    example_requests,
    has_request_example,
    valid_request,
)
from understudy.contract.examples import examples_of
from understudy.core.media_types import is_json
from understudy.settings import MEBIBYTE
from understudy.state.journal import Exchange
from understudy.verify.findings import FindingKind
from understudy.verify.http_sender import NoAnswer
from understudy.verify.judging import Judge
from understudy.verify.prober import Prober
from understudy.verify.request_gate import READS
from understudy.verify.subject import VerifySubject

FreshSubject = Callable[[], VerifySubject]
"""Function that returns the subject with its data as at the start."""


def replay_examples(prober: Prober, judge: Judge, operations: Iterable[Operation], fresh: FreshSubject | None) -> None:
    """Send the request of each named example; add those that get another answer.

    With ``fresh`` the data is as at the start, and the status must be the very one; elsewhere the data may be
    other data, and refusals that depend on it are none of the contract's business.
    """
    for operation in operations:
        if prober.gate.is_read_only and operation.method.upper() not in READS:
            continue
        for request in _requests(prober.subject.document, operation, is_own=fresh is not None):
            try:
                subject = fresh() if fresh else prober.subject
                exchange = prober.send_request(request, subject.credentials_of(request.role), subject.url)
            except NoAnswer:
                continue
            why = _difference(request, exchange) if fresh else _breach(request, exchange, judge)
            if why:
                message = f"the example {request.name!r} shows {request.status}, but {why}"
                prober.add(FindingKind.EXAMPLE_NOT_HONOURED, operation, request.name, message, exchange)


def _requests(document: Document, operation: Operation, *, is_own: bool) -> Iterator[ExampleRequest]:
    if is_own and not document.is_foreign:
        yield from example_requests(document, operation, MEBIBYTE)
        return
    for status, response in operation.responses.items():
        media = response.node.get("content", {}).get(response.media_type, {})
        for name in examples_of(document, media) if status.isdigit() else ():
            if has_request_example(document, operation, name):
                with suppress(UnpairedExample):
                    request = valid_request(document, operation, name)
                    yield _with_status(request, name, int(status))


def _with_status(request: ExampleRequest, name: str, status: int) -> ExampleRequest:
    return ExampleRequest(request.operation, name, status, None, request.target, request.headers, request.body)


def _difference(request: ExampleRequest, exchange: Exchange) -> str:
    """Return how a response differs from an example in status, or in the names of its members."""
    if exchange.status != request.status:
        return f"the answer is {exchange.status}"
    if request.shown is None:
        return "the answer has a body" if exchange.response_body else ""
    media = dict(exchange.response_headers).get(b"content-type", b"").decode("latin-1").partition(";")[0]
    if not is_json(media):
        return ""
    found = orjson.loads(exchange.response_body)
    return "" if shape(found) == shape(request.shown) else f"the members are {shape(found)}, not {shape(request.shown)}"


def shape(value: Any) -> Any:
    """Return the part of an example that a reader relies on: an object's names, or the type of any other value."""
    return sorted(value) if isinstance(value, Mapping) else type(value).__name__


def _breach(request: ExampleRequest, exchange: Exchange, judge: Judge) -> str:
    """Return how a response breaks an example, whatever data the server has."""
    got, shown = exchange.status, request.status
    if got == shown or got >= 500:
        return ""
    if shown < 300 and got < 400:
        return f"the answer is {got}"
    if shown < 300 and got not in judge.rule_statuses(request.operation):
        return f"the answer is {got}"
    return ""
