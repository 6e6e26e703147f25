"""Content codings of request bodies that are accepted (RFC 9110, section 8.4), and the list in their headers."""

import zlib
from collections.abc import Iterable, Mapping

WINDOW_BITS = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}
"""Parameter of zlib for each coding."""

MAX_CODINGS = 2
CONTENT, TRANSFER, CHUNKED = b"content-encoding", b"transfer-encoding", "chunked"


def content_codings(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """Return the codings of a request, in the order in which they were applied: several lines are one list.

    Transfer codings are applied last, and are decoded alike; ``chunked`` is the server's, which has joined the chunks.
    """
    given = list(headers)
    content = [value.decode("latin-1") for name, value in given if name == CONTENT]
    transfer = [part for name, value in given if name == TRANSFER for part in value.decode("latin-1").split(",")]
    return ", ".join(content + [part.strip() for part in transfer if part.strip().lower() not in ("", CHUNKED)])


def has_codings(headers: Mapping[bytes, bytes]) -> bool:
    """Return whether a request may have codings."""
    return CONTENT in headers or headers.get(TRANSFER, b"chunked") != b"chunked"


def codings_applied(value: str) -> list[str]:
    """Return the names of the codings in a ``Content-Encoding``, in lower case, without those that change nothing."""
    return [name for each in value.split(",") if (name := each.strip().lower()) not in ("", "identity")]


def are_accepted(codings: list[str]) -> bool:
    """Return whether a body with these codings is decoded; any other is refused."""
    return len(codings) <= MAX_CODINGS and all(name in WINDOW_BITS for name in codings)
