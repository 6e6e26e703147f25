"""Limits of a request's head, and the refusal of a request that is over one."""

from http import HTTPStatus

from understudy.core.refused import Cause, Refused

MAX_URL_BYTES = 64 * 1024 - 1
"""Longest URL of a request, the parser's own limit; a longer one is refused with 414."""

MAX_HEAD_BYTES = 64 * 1024
"""Most bytes of a request's header lines, and of a chunked body's trailers; more are refused with 431."""

REFUSED_HEAD = "understudy.refused_head"
"""Key in the ASGI scope of a request whose head is over a bound: the status to refuse it with, 414 or 431."""


def head_refusal(status: int) -> Refused:
    """Return the refusal of a request by its head: 414 for its URL, 431 for its headers."""
    what, limit = (
        ("URL is", MAX_URL_BYTES) if status == HTTPStatus.REQUEST_URI_TOO_LONG else ("headers are", MAX_HEAD_BYTES)
    )
    return Refused(status, f"the request's {what} over {limit} bytes", cause=Cause.CONTRACT)
