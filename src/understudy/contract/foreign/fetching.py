"""Fetching of documents from web servers."""

from http.client import HTTPException
from urllib.request import Request, urlopen

from understudy.core.misconfigured import Misconfigured

FETCH_SECONDS = 20


def fetch(url: str, limit: int) -> bytes:
    """Return the content of a URL, up to one byte over the limit; raise ``Misconfigured`` if it cannot be fetched."""
    request = Request(url, headers={"Accept": "application/json, application/yaml, */*"})  # noqa: S310 - http only
    try:
        with urlopen(request, timeout=FETCH_SECONDS) as response:  # noqa: S310 - a URL that the user gave
            found: bytes = response.read(limit + 1)
    except (HTTPException, OSError, ValueError) as error:
        raise Misconfigured(f"{url}: cannot be fetched ({getattr(error, 'reason', None) or error})") from None
    return found
