"""Raw responses: headers are built by ``build_headers``, completed by ``finish`` and sent by ``send_head`` alone."""

from collections.abc import AsyncIterator, Awaitable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import orjson

from understudy.core.media_types import JSON
from understudy.core.refused import Refused, plain_reply
from understudy.core.reply import NO_HEADERS, Reply
from understudy.core.steps import Turn
from understudy.http.authentication import Headers
from understudy.http.sleeping import sleep
from understudy.http.vendor_mount import Mount, Send

HeaderList = list[tuple[bytes, bytes]]

MAX_PIECE_BYTES = 256 * 1024
"""Size at which the pieces of a body are sent: as much as the connection takes before it asks to wait."""
HINT = b"understudy-hint"
OWN_PREFIX = b"understudy-"
"""Prefix of this server's own headers."""

ANY_ORIGIN = (b"access-control-allow-origin", b"*")


@dataclass(slots=True)  # not frozen: that would cost each request a microsecond
class RawResponse:
    """Response as it is sent and stored in the journal: status, header bytes and body bytes.

    ``breach`` is the text of a breach of the vendor's document, and empty for a response without one. ``hint`` is sent
    as a header: a remedy for a refused request. ``pieces`` are the parts of a body that is made while it is sent.
    ``fidelity`` is its own, if it is not the operation's.
    """

    status: int
    headers: HeaderList
    body: bytes
    breach: str = ""
    hint: str = ""
    pieces: Iterator[bytes] | None = None
    fidelity: str = ""

    async def collect(self) -> None:
        """Make a body that is sent in pieces, whole."""
        if self.pieces is not None:
            self.body = b"".join([piece async for piece in in_turns(self.pieces)])
            self.pieces = None


def base_headers(fidelity: str, media_type: str) -> HeaderList:
    """Return the headers that depend on neither request nor body; no ``Content-Type`` for an empty media type."""
    headers = [(b"understudy-fidelity", fidelity.encode())]
    if media_type:
        headers.append((b"content-type", media_type.encode()))
    return headers


def build_headers(
    base: Iterable[tuple[bytes, bytes]],
    body: bytes | None,
    cause: str = "",
    given: Mapping[str, str] = NO_HEADERS,
) -> HeaderList:
    """Return the headers of a response: the base, the body's length, the cause of a refusal, and those given.

    A body that is ``None`` has no ``Content-Length``.
    """
    headers = [*base] if body is None else [*base, (b"content-length", b"%d" % len(body))]
    if cause:
        headers.append((b"understudy-refused-by", cause.encode()))
    if given:
        headers.extend([(name.lower().encode(), value.encode()) for name, value in given.items()])
    return headers


def recorded_response(reply: Reply) -> RawResponse:
    """Return a recorded reply as it was sent."""
    body = reply.text or b""
    headers = build_headers(base_headers(reply.fidelity, reply.media_type), body, given=reply.headers)
    return RawResponse(reply.status, headers, body, fidelity=reply.fidelity)


def refuse_unrouted(refused: Refused, target: str, mount: Mount) -> RawResponse:
    """Return a refusal outside any operation (unknown path or method, no access), in the vendor's error shape.

    Headers of the refusal are added unless the vendor's reply has them.
    """
    refused.target = target
    reply = (mount.vendor.render or plain_reply)(refused)
    body = b"" if reply.body is None else orjson.dumps(reply.body)
    names = {name.lower() for name in reply.headers}
    others = {name: value for name, value in refused.headers.items() if name.lower() not in names}
    base = base_headers("behaviour", reply.media_type or JSON)
    return RawResponse(reply.status, build_headers(base, body, refused.cause.value, {**reply.headers, **others}), body)


def replace_body(response: RawResponse, body: bytes) -> RawResponse:
    """Return a response with another body and its length."""
    headers = [header for header in response.headers if header[0] != b"content-length"]
    return RawResponse(response.status, build_headers(headers, body), body)


def finish(response: RawResponse, request_headers: Headers, mount: Mount) -> None:
    """Add the headers that depend on the request, such as CORS; a header for every response belongs here.

    Each response of a vendor and of the control API passes here once, before the journal records it.
    """
    if response.hint:
        response.headers.append((HINT, response.hint.encode("ascii", "replace")))
    if mount.allows_cors and b"origin" in request_headers:
        own = [name for name, _ in response.headers if name.startswith(OWN_PREFIX)]
        if own:
            response.headers.append((b"access-control-expose-headers", b", ".join(own)))
        if ANY_ORIGIN not in response.headers:
            response.headers.append(ANY_ORIGIN)


def send_head(send: Send, response: RawResponse) -> Awaitable[None]:
    """Send the status and the headers of a response."""
    return send({"type": "http.response.start", "status": response.status, "headers": response.headers})


async def send_body(send: Send, response: RawResponse, method: str) -> None:
    """Send the body of a response: whole, or while it is made; it is empty for ``HEAD``."""
    if response.pieces is not None and method != "HEAD":
        async for piece in in_turns(response.pieces):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else response.body})


async def in_turns(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Yield the pieces joined, as many as are made in a turn; others run after each turn."""
    turn, made, size = Turn(), [], 0
    for piece in pieces:
        made.append(piece)
        size += len(piece)
        if size >= MAX_PIECE_BYTES or turn.is_over():
            if size:
                yield b"".join(made)
            made, size = [], 0
            await sleep(0)
            turn.begin()
    yield b"".join(made)
