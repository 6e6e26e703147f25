"""Fault injection: faults strike a call before its handler runs, after it, or while the response is sent."""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any

from understudy.contract.compiled_operations import Response
from understudy.contract.examples import sample_of
from understudy.contract.given_responses import given_body, given_media_type
from understudy.core.refused import Cause, Refused
from understudy.core.status_phrases import phrase_of
from understudy.http.bodies import ClientDisconnected
from understudy.http.request_context import RequestContext, SizeLimits
from understudy.http.request_notes import note_refusal
from understudy.http.responses import (
    RawResponse,
    base_headers,
    build_headers,
    finish,
    refuse_unrouted,
    replace_body,
    send_body,
    send_head,
)
from understudy.http.sleeping import sleep
from understudy.http.vendor_mount import Mount, Receive, Send
from understudy.state.faults import AFTER, BEFORE, DROP, LATENCY, MALFORMED, SLOW, STATUS, THROTTLE, TRUNCATE, Fault

SLOW_PIECES = 20
"""Number of parts in which a slow body is sent."""

INVALID_JSON_START = b'{"'
"""Bytes with which no valid JSON text begins."""

NOTHING_SENT = 0
"""Status in the journal of a response that was not sent."""


async def respond_with_faults(
    context: RequestContext, faults: list[Fault], mount: Mount, send: Send, limits: SizeLimits
) -> None:
    """Respond to a call that faults strike: its latencies add up, of other kinds one at most takes effect."""
    shown = next((fault for fault in faults if fault.kind != LATENCY), None)
    await _delay_before(context, faults)
    if shown is not None and shown.when == BEFORE:
        await context.read_unused_body(limits)
        response = _error_response(context, shown, mount)
    else:
        response = await context.handle(limits)
    await response.collect()
    await sleep(_delay(faults, AFTER))
    response = await context.keep_current(response)
    await response.collect()
    if shown is not None and shown.when == AFTER and shown.kind in (STATUS, THROTTLE):
        outcome = context.outcome
        response = _error_response(context, shown, mount)
        context.outcome = outcome
    finish(response, context.headers, mount)
    changed = RESPONSE_CHANGES.get(shown.kind, _unchanged)(response, shown) if shown else response
    context.record(changed, fault=(shown or faults[0]).id)
    await SENDERS.get(shown.kind if shown else "", _send_whole)(context, shown or faults[0], changed, send)


def _delay(faults: list[Fault], when: str) -> float:
    return sum(fault.draw_delay() for fault in faults if fault.kind == LATENCY and fault.when == when)


async def _delay_before(context: RequestContext, faults: list[Fault]) -> None:
    """Wait as long as the latencies before the handler; raise ``ClientDisconnected`` if the client has gone by then."""
    delay = _delay(faults, BEFORE)
    if not delay:
        return
    await sleep(delay)
    first = await context.receive()
    if first["type"] == "http.disconnect":
        raise ClientDisconnected
    if context.endpoint.has_body:
        context.receive = _replay_first(first, context.receive)
        return
    while first.get("more_body", False):  # read to its end: a client on trio warns of a body that is read in part
        first = await context.receive()


def _replay_first(first: dict[str, Any], receive: Receive) -> Receive:
    """Return an ASGI ``receive`` that returns a message received already, then the following ones."""
    received = [first]

    async def replay() -> dict[str, Any]:
        return received.pop() if received else await receive()

    return replay


def _error_response(context: RequestContext, fault: Fault, mount: Mount) -> RawResponse:
    """Return a fault's error: its canned response, or one in the vendor's shape, checked if the status is declared."""
    status = HTTPStatus.TOO_MANY_REQUESTS if fault.kind == THROTTLE else fault.status or HTTPStatus.SERVICE_UNAVAILABLE
    declared = context.endpoint.operation.response(status)
    headers = {**_required_headers(context, declared), **(fault.headers or {})}
    if fault.kind == THROTTLE:
        headers["Retry-After"] = str(1 if fault.retry_after is None else fault.retry_after)
    if fault.body is not None:
        return _canned(context, fault, status, headers, declared)
    refused = Refused(status, phrase_of(status), headers=headers, cause=Cause.FAULT)
    if declared is not None and not fault.unchecked:
        return context.refuse(refused)
    refused.operation = context.endpoint.operation.id
    context.outcome = refused.cause.value
    note_refusal(context.scope, refused)
    return refuse_unrouted(refused, context.target, mount)


def _required_headers(context: RequestContext, declared: Response | None) -> dict[str, str]:
    """Return a valid value of each header that a declared response must have."""
    headers = declared.headers if declared else ()
    return {each.name: str(sample_of(context.endpoint.document, each.node)) for each in headers if each.is_required}


def _canned(
    context: RequestContext, fault: Fault, status: int, headers: Mapping[str, str], declared: Response | None
) -> RawResponse:
    """Return a fault's own response; the control API has checked it when the fault was added."""
    context.outcome = Cause.FAULT.value
    media_type = given_media_type(declared, headers)
    body = given_body(fault.body, media_type)
    others = {name: value for name, value in headers.items() if name.lower() != "content-type"}
    base = base_headers(context.endpoint.fidelity, media_type)
    return RawResponse(status, build_headers(base, body, Cause.FAULT.value, others), body)


def _unchanged(response: RawResponse, _fault: Fault) -> RawResponse:
    return response


def _drop(_response: RawResponse, _fault: Fault) -> RawResponse:
    return RawResponse(NOTHING_SENT, [], b"")


def _truncate(response: RawResponse, fault: Fault) -> RawResponse:
    length = len(response.body) // 2 if fault.bytes is None else fault.bytes
    return RawResponse(response.status, response.headers, response.body[: min(length, max(len(response.body) - 1, 0))])


def _malform(response: RawResponse, _fault: Fault) -> RawResponse:
    if not response.body:
        return response
    return replace_body(response, INVALID_JSON_START + response.body)


RESPONSE_CHANGES: Mapping[str, Callable[[RawResponse, Fault], RawResponse]] = {
    DROP: _drop,
    TRUNCATE: _truncate,
    MALFORMED: _malform,
}
"""Changes of a response, by kind of fault; other kinds leave it unchanged."""


async def _send_whole(context: RequestContext, _fault: Fault, response: RawResponse, send: Send) -> None:
    await send_head(send, response)
    await send_body(send, response, context.scope["method"])


async def _send_slowly(context: RequestContext, fault: Fault, response: RawResponse, send: Send) -> None:
    body = _body(context, response)
    size = max(-(-len(body) // SLOW_PIECES), 1)
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    await send_head(send, response)
    for piece in pieces:
        await sleep(fault.draw_delay() / len(pieces))
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _send_in_part(context: RequestContext, _fault: Fault, response: RawResponse, send: Send) -> None:
    await send_head(send, response)
    await send({"type": "http.response.body", "body": _body(context, response), "more_body": True})
    await _disconnect(context, send)


async def _send_nothing(context: RequestContext, _fault: Fault, _response: RawResponse, send: Send) -> None:
    await _disconnect(context, send)


SENDERS: Mapping[str, Callable[[RequestContext, Fault, RawResponse, Send], Awaitable[None]]] = {
    DROP: _send_nothing,
    TRUNCATE: _send_in_part,
    SLOW: _send_slowly,
}
"""Functions that send a response, by kind of fault; for other kinds it is sent whole."""


def _body(context: RequestContext, response: RawResponse) -> bytes:
    return b"" if context.scope["method"] == "HEAD" else response.body


async def _disconnect(context: RequestContext, send: Send) -> None:
    """Close the connection, through uvicorn: its ``send`` is a method of the object with the transport.

    ASGI has no message for it. In process there is no transport: raise ``ConnectionResetError`` instead.
    """
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is None:
        raise ConnectionResetError("a fault dropped the connection")
    transport.close()
    while (await context.receive())["type"] != "http.disconnect":
        pass
