"""How a world's faults strike a request: before the operation takes effect, after it, or on the answer's way out."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any

from understudy.contract.examples import sample_of
from understudy.core.refused import Cause, Refused
from understudy.http.bodies import ClientDisconnected
from understudy.http.request_context import RequestContext, SizeLimits
from understudy.http.responses import (
    RawResponse,
    finish,
    refuse_unrouted,
    replace_body,
    send_head,
    send_response,
)
from understudy.http.vendor_mount import Mount, Receive, Send
from understudy.state.faults import AFTER, BEFORE, DROP, LATENCY, MALFORMED, SLOW, STATUS, THROTTLE, TRUNCATE, Fault

PIECES = 20
"""Into how many parts a slow body is cut."""

BROKEN = b'{"'
"""What no JSON text begins with."""

NOTHING_SENT = 0
"""The journal's status of an answer that never came."""


async def respond_with_faults(
    play: RequestContext, struck: list[Fault], mount: Mount, send: Send, limits: SizeLimits
) -> None:
    """Answer a request as the faults that strike it would have it."""
    shown = next((fault for fault in struck if fault.kind != LATENCY), None)
    await _hold_up(play, struck)
    if shown is not None and shown.when == BEFORE:
        sent = _error(play, shown, mount)
    else:
        sent = await play.handle(limits)
        if shown is not None and shown.kind in (STATUS, THROTTLE):
            outcome = play.outcome
            sent = _error(play, shown, mount)
            play.outcome = outcome
    await asyncio.sleep(_delay(struck, AFTER))
    finish(sent, play.headers, mount)
    seen = RESPONSE_CHANGES.get(shown.kind, _leave)(sent, shown) if shown else sent
    play.record(seen, fault=(shown or struck[0]).id)
    await SENDERS.get(shown.kind if shown else "", _deliver)(play, shown or struck[0], seen, send)


def _delay(struck: list[Fault], when: str) -> float:
    return sum(fault.draw_delay() for fault in struck if fault.kind == LATENCY and fault.when == when)


async def _hold_up(play: RequestContext, struck: list[Fault]) -> None:
    """Wait before the operation; raise ``HungUp`` if the client is gone by then: its request never came."""
    delay = _delay(struck, BEFORE)
    if not delay:
        return
    await asyncio.sleep(delay)
    first = await play.receive()
    if first["type"] == "http.disconnect":
        raise ClientDisconnected
    play.receive = _after(first, play.receive)


def _after(first: dict[str, Any], receive: Receive) -> Receive:
    """Return what gives a message that was taken already, then the others."""
    taken = [first]

    async def replay() -> dict[str, Any]:
        return taken.pop() if taken else await receive()

    return replay


def _error(play: RequestContext, fault: Fault, mount: Mount) -> RawResponse:
    """Return an error in the vendor's shape: held to the spec if the operation declares the status."""
    status = HTTPStatus.TOO_MANY_REQUESTS if fault.kind == THROTTLE else fault.status or HTTPStatus.SERVICE_UNAVAILABLE
    declared = play.endpoint.operation.response(status)
    headers = {
        header.name: str(sample_of(play.endpoint.document, header.node))
        for header in (declared.headers if declared else ())
        if header.is_required
    }
    if fault.kind == THROTTLE:
        headers["Retry-After"] = str(1 if fault.retry_after is None else fault.retry_after)
    refused = Refused(status, _phrase(status), headers=headers, cause=Cause.FAULT)
    if declared is not None:
        return play.refuse(refused)
    play.outcome = refused.cause.value
    return refuse_unrouted(refused, play.target, mount)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"Status {status}"


def _leave(sent: RawResponse, _fault: Fault) -> RawResponse:
    return sent


def _drop(_sent: RawResponse, _fault: Fault) -> RawResponse:
    return RawResponse(NOTHING_SENT, [], b"")


def _cut(sent: RawResponse, fault: Fault) -> RawResponse:
    kept = len(sent.body) // 2 if fault.bytes is None else fault.bytes
    return RawResponse(sent.status, sent.headers, sent.body[: min(kept, max(len(sent.body) - 1, 0))])


def _break_json(sent: RawResponse, _fault: Fault) -> RawResponse:
    if not sent.body:
        return sent
    return replace_body(sent, BROKEN + sent.body)


RESPONSE_CHANGES: Mapping[str, Callable[[RawResponse, Fault], RawResponse]] = {
    DROP: _drop,
    TRUNCATE: _cut,
    MALFORMED: _break_json,
}
"""What becomes of an answer, by the fault's kind."""


async def _deliver(play: RequestContext, _fault: Fault, sent: RawResponse, send: Send) -> None:
    await send_response(send, sent, play.scope["method"])


async def _deliver_slowly(play: RequestContext, fault: Fault, sent: RawResponse, send: Send) -> None:
    body = _body(play, sent)
    size = max(-(-len(body) // PIECES), 1)
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    await send_head(send, sent)
    for piece in pieces:
        await asyncio.sleep(fault.draw_delay() / len(pieces))
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _deliver_in_part(play: RequestContext, _fault: Fault, sent: RawResponse, send: Send) -> None:
    await send_head(send, sent)
    await send({"type": "http.response.body", "body": _body(play, sent), "more_body": True})
    await _hang_up(play, send)


async def _deliver_nothing(play: RequestContext, _fault: Fault, _sent: RawResponse, send: Send) -> None:
    await _hang_up(play, send)


SENDERS: Mapping[str, Callable[[RequestContext, Fault, RawResponse, Send], Awaitable[None]]] = {
    DROP: _deliver_nothing,
    TRUNCATE: _deliver_in_part,
    SLOW: _deliver_slowly,
}
"""How an answer leaves, by the fault's kind."""


def _body(play: RequestContext, sent: RawResponse) -> bytes:
    return b"" if play.scope["method"] == "HEAD" else sent.body


async def _hang_up(play: RequestContext, send: Send) -> None:
    """Close the connection. ASGI has no message for that; uvicorn's ``send`` belongs to what holds the transport.

    In process there is no connection: the caller gets the error that a broken one gives.
    """
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is None:
        raise ConnectionResetError("a fault dropped the connection")
    transport.close()
    while (await play.receive())["type"] != "http.disconnect":
        pass
