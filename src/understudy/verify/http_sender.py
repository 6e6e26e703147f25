"""Sender of single requests, which gives each back as an exchange."""

import time
from collections.abc import Mapping
from http.client import CannotSendRequest, HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import urlsplit

from understudy.core.misconfigured import Misconfigured
from understudy.settings import MEBIBYTE
from understudy.state.journal import Exchange, RawHeaders
from understudy.traffic.decoded_bodies import Undecodable, decoded_body
from understudy.verify.request_gate import RequestGate

TIMEOUT = 30.0
"""Seconds to wait for a response."""

MAX_BODY = 16 * MEBIBYTE
"""Bytes of an encoded body up to which it is decoded."""

MAX_IDLE_SECONDS = 2.0
"""Idle seconds after which a connection is opened anew."""


class NoAnswer(Exception):  # noqa: N818 - a fact about the server
    """Lack of a response: the connection was closed, or the time is up. ``exchange`` has status 0."""

    def __init__(self, exchange: Exchange, why: str) -> None:
        super().__init__(why)
        self.exchange = exchange


class HttpSender:
    """Sender of requests below one base URL, through a gate."""

    def __init__(self, vendor: str, url: str, gate: RequestGate) -> None:
        """Prepare the connection, which the first request opens."""
        parts = urlsplit(url)
        self._vendor = vendor
        self._gate = gate
        self._scheme, self._server = parts.scheme, parts.netloc.rpartition("@")[2]
        self._base = parts.path.rstrip("/")
        connect = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._connection = connect(parts.hostname or "", parts.port, timeout=TIMEOUT)
        self._used = 0.0

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> Exchange:
        """Send a request to a target below the base URL; raise ``NoAnswer`` or ``Closed`` if there is no response."""
        while True:
            self._gate.admit(method)
            exchange = self._send(method, target, headers, body)
            retry_after = dict(exchange.response_headers).get(b"retry-after", b"").decode("latin-1")
            if not self._gate.pause_after(exchange.status, retry_after):
                return exchange

    def _send(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Exchange:
        path, _, query = (self._base + target).partition("?")
        sent = {"Host": self._server, "User-Agent": "understudy-verify", **headers}
        if body or method in ("POST", "PUT", "PATCH"):
            sent.setdefault("Content-Length", str(len(body)))
        started, at = time.monotonic(), time.time()
        exchange = Exchange(
            at, self._vendor, "", method, path.encode("latin-1", "replace"), query.encode("latin-1", "replace"), 0, "",
            request_headers=raw_headers(sent), scheme=self._scheme, server=self._server, request_body=body,
        )  # fmt: skip
        try:
            response, content = self._exchange_or_again(method, self._base + target, sent, body)
            response_headers = raw_headers(dict_of_lists(response))
            content = decoded_body(response_headers, content, MAX_BODY)
        except (OSError, HTTPException, Undecodable) as error:
            self.close()
            why = (getattr(error, "strerror", None) or str(error) or type(error).__name__).lower()
            raise NoAnswer(exchange, why) from None
        return exchange._replace(
            status=response.status,
            response_headers=response_headers,
            response_body=content,
            seconds=time.monotonic() - started,
        )

    def _exchange_or_again(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[HTTPResponse, bytes]:
        """Return a response and its body; a connection that the server has closed meanwhile is opened anew."""
        is_reused = self._connection.sock is not None
        try:
            return self._exchange(method, target, headers, body)
        except (ConnectionError, CannotSendRequest):  # the former is also raised for a connection without an answer
            self._connection.close()
            if not is_reused:
                raise
            return self._exchange(method, target, headers, body)

    def _exchange(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[HTTPResponse, bytes]:
        if time.monotonic() - self._used > MAX_IDLE_SECONDS:
            self._connection.close()
        self._connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        for name, value in headers.items():
            self._connection.putheader(name, value.encode("latin-1", "replace"))
        self._connection.endheaders(body or None)
        response = self._connection.getresponse()
        content = response.read()
        self._used = time.monotonic()
        return response, content

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def check_url(url: str) -> str:
    """Return a base URL without a slash at its end; raise ``Misconfigured`` for what is none."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise Misconfigured(f"--url {url!r} is no base URL: give one such as https://api.example.com/v1")
    if parts.username is not None or parts.password is not None:
        raise Misconfigured("--url has credentials in it: give them by the environment (`understudy env`) or --header")
    return url.rstrip("/")


def dict_of_lists(response: HTTPResponse) -> Mapping[str, list[str]]:
    """Return the values of a response's headers by name."""
    found: dict[str, list[str]] = {}
    for name, value in response.getheaders():
        found.setdefault(name, []).append(value)
    return found


def raw_headers(headers: Mapping[str, str | list[str]]) -> RawHeaders:
    """Return headers as pairs of bytes, the names in lower case."""
    return tuple(
        (name.lower().encode("latin-1", "replace"), value.encode("latin-1", "replace"))
        for name, values in headers.items()
        for value in ([values] if isinstance(values, str) else values)
    )
