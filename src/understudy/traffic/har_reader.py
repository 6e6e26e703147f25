"""Reader of HTTP archives (HAR 1.2), as browsers, proxies and ``understudy journal --har`` write them."""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import orjson

from understudy.core.json_types import Json
from understudy.core.media_types import FORM
from understudy.core.misconfigured import Misconfigured
from understudy.state.journal import ACCEPTED, Exchange

MAX_BYTES = 512 * 1024 * 1024
URL_CHARACTERS = "/:?#[]@!$&'()*+,;=%~"
BASE64 = "base64"


class InvalidEntry(ValueError):  # noqa: N818 - caught, and turned into a line
    """Entry of an archive that is no exchange, with the member that is wrong."""


def read_har(path: Path) -> tuple[list[Exchange], list[str]]:
    """Return the exchanges of an archive, and a line for each entry that was left out: no answer, no HTTP.

    Raise ``Misconfigured`` for a file that is no HTTP archive.
    """
    entries = _entries(path)
    found, left_out = [], []
    for number, entry in enumerate(entries):
        try:
            found.append(_exchange(entry))
        except InvalidEntry as error:
            left_out.append(f"{path}: entry {number}: {error}")
    return found, left_out


def _entries(path: Path) -> Sequence[Any]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Misconfigured(f"{path}: over {MAX_BYTES} bytes")
        text = path.read_bytes()
    except OSError as error:
        raise Misconfigured(f"{path}: cannot be read ({error.strerror})") from None
    try:
        found = orjson.loads(text.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        line = text.count(b"\n", 0, error.pos) + 1
        raise Misconfigured(f"{path}:{line}: not JSON, which an HTTP archive is") from None
    log = found.get("log") if isinstance(found, dict) else None
    entries = log.get("entries") if isinstance(log, dict) else None
    if not isinstance(entries, list):
        raise Misconfigured(f"{path}: no HTTP archive: it has no log.entries")
    return entries


def _exchange(entry: Any) -> Exchange:
    request, response = _object(entry, "request"), _object(entry, "response")
    url = _text(request, "url")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https"):
        raise InvalidEntry(f"request.url is {url[:80]!r}, no HTTP")
    status = response.get("status")
    if type(status) is not int or not 100 <= status < 600:
        raise InvalidEntry("it was not answered")
    own = entry.get("_understudy") if isinstance(entry.get("_understudy"), dict) else {}
    return Exchange(
        at=_started(entry.get("startedDateTime")),
        vendor=str(own.get("vendor", "")),
        operation=str(own.get("operation", "")),
        method=_text(request, "method").upper(),
        path=quote(parts.path or "/", safe=URL_CHARACTERS).encode("latin-1"),
        query=quote(parts.query, safe=URL_CHARACTERS).encode("latin-1"),
        status=status,
        fidelity="",
        outcome=str(own.get("outcome", ACCEPTED)),
        request_headers=_headers(request),
        response_headers=_headers(response),
        seconds=_seconds(entry.get("time")),
        scheme=parts.scheme,
        server=parts.netloc,
        request_body=_sent(request.get("postData")),
        response_body=_body(response.get("content"), "encoding"),
    )


def _object(holder: Any, name: str) -> Json:
    found = holder.get(name) if isinstance(holder, dict) else None
    if not isinstance(found, dict):
        raise InvalidEntry(f"it has no {name}")
    return found


def _text(holder: Mapping[str, Any], name: str) -> str:
    found = holder.get(name)
    if not isinstance(found, str) or not found:
        raise InvalidEntry(f"{name} is no text")
    return found


def _headers(holder: Mapping[str, Any]) -> list[tuple[bytes, bytes]]:
    """Return the headers but for those of HTTP/2 that are none, such as ``:path``, in Latin-1 as they were sent."""
    found = []
    for each in holder.get("headers") or ():
        name = each.get("name") if isinstance(each, dict) else None
        if not isinstance(name, str) or not isinstance(each.get("value"), str):
            raise InvalidEntry("a header has no name or no value")
        if name and not name.startswith(":"):
            found.append((name.encode("latin-1", "replace"), each["value"].encode("latin-1", "replace")))
    return found


def _sent(post: Any) -> bytes:
    """Return the body of a request: its text, or of a form that has none its parameters."""
    if not isinstance(post, dict):
        return b""
    if not post.get("text") and str(post.get("mimeType", "")).startswith(FORM):
        pairs = [(str(each.get("name", "")), str(each.get("value", ""))) for each in post.get("params") or ()]
        return urlencode(pairs).encode()
    return _body(post, "_encoding")


def _body(content: Any, encoding: str) -> bytes:
    if not isinstance(content, dict) or not isinstance(content.get("text"), str):
        return b""
    text: str = content["text"]
    if content.get(encoding) != BASE64:
        return text.encode("utf-8", "surrogatepass")
    try:
        return b64decode(text, validate=True)
    except NotBase64:
        raise InvalidEntry("a body is said to be Base64, and is not") from None


def _started(text: Any) -> float:
    try:
        return datetime.fromisoformat(str(text)).timestamp()
    except (ValueError, OverflowError):
        return 0.0


def _seconds(milliseconds: Any) -> float:
    is_number = isinstance(milliseconds, int | float) and not isinstance(milliseconds, bool)
    return max(float(milliseconds), 0.0) / 1000 if is_number else 0.0
