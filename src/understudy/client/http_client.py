"""HTTP connection to one base URL, kept open from request to request."""

import re
import threading
import time
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlencode, urlsplit

from understudy.core.misconfigured import Misconfigured

TIMEOUT = 120.0
"""Seconds to wait for a response: a world of 100,000 customers is built, or restored, in less."""

MAX_TIMEOUT = 1_000_000.0
NETLOC = re.compile(r"[^\s\x00-\x1f\x7f]+")
MAX_IDLE_SECONDS = 2.0
"""Idle seconds after which a connection is opened anew: servers close idle ones, a vendor's after a few seconds."""


class Unreachable(Misconfigured):
    """Error of a request that no server answers."""


class HttpClient:
    """Sender of requests below a base URL, one after another."""

    def __init__(self, base: str, timeout: float = TIMEOUT) -> None:
        """Prepare the connection, which the first request opens; raise ``Misconfigured`` for an invalid URL."""
        try:
            parts = urlsplit(str(base))
            port = parts.port
        except ValueError:
            parts, port = urlsplit(""), None
        if parts.scheme not in {"http", "https"} or not parts.hostname or not NETLOC.fullmatch(parts.netloc):
            raise Misconfigured(f"{base!r} is no server's URL: give one such as http://127.0.0.1:8080")
        if type(timeout) not in {int, float} or not 0 < timeout <= MAX_TIMEOUT:
            raise Misconfigured(f"{timeout!r} is no number of seconds to wait: give one over 0, such as {TIMEOUT}")
        self.base = base.rstrip("/")
        self._path = parts.path.rstrip("/")
        connect = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._connection = connect(parts.hostname, port, timeout=timeout)
        self._used = 0.0
        self._turn = threading.Lock()
        """Held during a request: threads that share the client send one after another."""

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> tuple[int, bytes]:
        """Send a request and return the status and body of its response; raise ``Unreachable`` if no server answers."""
        status, _, content = self.exchange(method, target, headers, body)
        return status, content

    def exchange(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes = b""
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Send a request and return the response's status, headers (names in lower case) and body; see ``send``."""
        with self._turn:
            return self._exchange(method, target, headers, body)

    def _exchange(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        if time.monotonic() - self._used > MAX_IDLE_SECONDS:
            self._connection.close()
        self._used = 0.0  # if this request is cut off, the next one opens a new connection
        try:
            self._connection.request(method, self._path + target, body or None, dict(headers))
            response = self._connection.getresponse()
            content = response.read()
        except (OSError, HTTPException) as error:
            self._connection.close()
            why = (getattr(error, "strerror", None) or str(error) or type(error).__name__).lower()
            raise Unreachable(f"no server answers at {self.base} ({why}); start one: understudy serve") from None
        except ValueError as error:  # a host or a header, such as the token's, that HTTP cannot carry
            self._connection.close()
            raise Misconfigured(f"{self.base}: its host, or a header, cannot be sent: {error}") from None
        self._used = time.monotonic()
        return response.status, {name.lower(): value for name, value in response.headers.items()}, content

    def send_form(self, target: str, form: Mapping[str, str], media: str) -> tuple[int, bytes]:
        """Post a form with the given media type."""
        return self.send("POST", target, {"Content-Type": media}, urlencode(form).encode())

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
