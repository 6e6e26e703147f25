"""Content codings of request bodies (RFC 9110, section 8.4): gzip and deflate are decoded as a body arrives."""

import zlib
from collections.abc import Awaitable, Callable
from typing import Any

from understudy.core.content_codings import MAX_CODINGS, WINDOW_BITS, are_accepted, codings_applied
from understudy.core.refused import Violation
from understudy.http.bodies import Receive, contract_refusal, malformed
from understudy.http.sleeping import sleep

ACCEPTED = "gzip, deflate"
PIECE_BYTES = 256 * 1024
"""Most bytes that are decoded before other requests are served."""

MAX_SHOWN = 100
"""Length of a ``Content-Encoding`` up to which its refusal quotes it whole."""


def decoded(receive: Receive, value: str) -> Receive:
    """Return a ``receive`` that gives the decoded body of a request; itself if the body is not encoded.

    ``value`` is the ``Content-Encoding``: see ``content_codings``. Raise the refusal of a coding that is not accepted,
    415 with ``Accept-Encoding``. A body that is not what its coding says is refused with 400 when it is received.
    """
    codings = codings_applied(value)
    if not are_accepted(codings):
        many = f", {MAX_CODINGS} at most" if len(codings) > MAX_CODINGS else ""
        shown = value if len(value) <= MAX_SHOWN else f"{value[:MAX_SHOWN]}…"
        why = f"content encoding {shown} is not supported: send {ACCEPTED}{many} or none"
        violation = Violation("header", "Content-Encoding", "media_type", why, value)
        raise contract_refusal(violation, 415, {"Accept-Encoding": ACCEPTED})
    for name in reversed(codings):
        receive = _decoder(receive, name)
    return receive


def _decoder(receive: Receive, coding: str) -> Callable[[], Awaitable[dict[str, Any]]]:
    """Return a ``receive`` that decodes one coding, at most ``PIECE_BYTES`` a message."""
    inflater = zlib.decompressobj(WINDOW_BITS[coding])
    has_more, pending, has_started = True, b"", False

    async def receive_decoded() -> dict[str, Any]:
        nonlocal inflater, has_more, pending, has_started
        while not pending and has_more:
            message = await receive()
            if message["type"] != "http.request":
                return message
            pending, has_more = message.get("body", b""), message.get("more_body", False)
        if pending and not has_started:
            has_started = True
            if coding == "deflate" and not _is_zlib(pending):
                inflater = zlib.decompressobj(-zlib.MAX_WBITS)  # some clients send it without zlib's frame
        if pending and inflater.eof:
            if coding == "deflate":
                raise malformed("the body goes on behind its deflate data")
            inflater = zlib.decompressobj(WINDOW_BITS[coding])  # a file of several members (RFC 1952, section 2.2)
        body = _inflate(inflater, pending, coding)
        pending = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
        is_whole = not pending and not has_more
        if is_whole and not inflater.eof and has_started:
            raise malformed(f"the body's {coding} data breaks off")
        await sleep(0)
        return {"type": "http.request", "body": body, "more_body": not is_whole}

    return receive_decoded


def _inflate(inflater: Any, data: bytes, coding: str) -> bytes:
    try:
        return bytes(inflater.decompress(data, PIECE_BYTES))
    except zlib.error:
        raise malformed(f"the body is not {coding} data") from None


def _is_zlib(data: bytes) -> bool:
    """Return whether data begins as RFC 1950 says: deflate, and a header that is a multiple of 31."""
    return data[0] & 0x0F == zlib.DEFLATED and (len(data) < 2 or int.from_bytes(data[:2], "big") % 31 == 0)
