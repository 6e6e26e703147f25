"""Fetching of documents from web servers: from known hosts only, within limits of size and time."""

import time
from collections.abc import Collection
from http.client import HTTPException, HTTPMessage, HTTPResponse
from typing import IO
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

from understudy.core.misconfigured import Misconfigured

FETCH_SECONDS = 20
"""Time within which a server has to begin, and then to continue."""

WHOLE_SECONDS = 60
"""Time within which a document has to be there."""

PIECE = 1 << 20


class _OtherHost(OSError):  # noqa: N818 - it becomes a Misconfigured
    """Redirection to a host that is not known."""


class _Redirections(HTTPRedirectHandler):
    """Handler of redirections, which follows them to web servers of known hosts only."""

    def __init__(self, hosts: Collection[str]) -> None:
        self._hosts = hosts

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        """Return the request to follow a redirection with; raise ``_OtherHost`` if it is not followed."""
        parts = urlsplit(newurl)
        if parts.scheme not in ("http", "https") or parts.hostname not in self._hosts:
            fp.close()
            raise _OtherHost(f"it redirects to {newurl[:200]}, on another host")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def fetch(url: str, limit: int, hosts: Collection[str] = ()) -> bytes:
    """Return the content of a URL, up to one byte over the limit; raise ``Misconfigured`` if it cannot be fetched.

    Redirections are followed on the URL's own host and to ``hosts``.
    """
    try:
        own = urlsplit(url).hostname or ""
        request = Request(url, headers={"Accept": "application/json, application/yaml, */*"})  # noqa: S310 - http only
        with _opener({own, *hosts}).open(request, timeout=FETCH_SECONDS) as response:
            return _read(response, limit)
    except (HTTPException, OSError, ValueError) as error:
        if isinstance(error, HTTPError):
            error.close()
        cause = getattr(error, "reason", None) or error
        why = " ".join(str(getattr(cause, "strerror", None) or cause).split())
        raise Misconfigured(f"{url}: cannot be fetched ({why})") from None


def _opener(hosts: Collection[str]) -> OpenerDirector:
    """Return an opener that knows HTTP and HTTPS alone: neither files nor FTP."""
    opener = OpenerDirector()
    for handler in (
        ProxyHandler(),
        HTTPHandler(),
        HTTPSHandler(),
        HTTPDefaultErrorHandler(),
        HTTPErrorProcessor(),
        _Redirections(hosts),
    ):
        opener.add_handler(handler)
    return opener


def _read(response: HTTPResponse, limit: int) -> bytes:
    end = time.monotonic() + WHOLE_SECONDS
    found = bytearray()
    while len(found) <= limit:
        piece = response.read1(min(PIECE, limit + 1 - len(found)))
        if not piece:
            break
        found += piece
        if time.monotonic() > end:
            raise TimeoutError(f"it took over {WHOLE_SECONDS} seconds")
    return bytes(found)
