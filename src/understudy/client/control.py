"""Calls to a server's control API, over one connection that stays open."""

import json
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any, Self
from urllib.parse import quote, urlencode, urlsplit

from understudy.core.misconfigured import Misconfigured

Json = dict[str, Any]
API = "/_understudy/api"
LONGEST_IDLE = 2.0
"""Seconds after which a connection is opened anew: the server closes one after five."""


class Unreachable(Misconfigured):
    """No server answers."""


class Declined(Misconfigured):
    """The server will not do it; ``status`` is that of its answer."""

    def __init__(self, status: int, title: str) -> None:
        super().__init__(title)
        self.status = status


class Control:
    """A server's control API."""

    def __init__(self, root: str, token: str = "", timeout: float = 30.0) -> None:
        """Steer the server at ``root``, such as ``http://127.0.0.1:8080``, with the token that it was started with."""
        self.root = root.rstrip("/")
        parts = urlsplit(self.root)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise Misconfigured(f"{root!r} is no server's URL: give one such as http://127.0.0.1:8080")
        connect = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._connection = connect(parts.hostname, parts.port, timeout=timeout)
        self._base = parts.path + API
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._used = 0.0

    def get(self, *path: str, **query: Any) -> Json:
        """Return the object at a path, given in its parts; values of the query that are None are left out."""
        return self.call("GET", *path, query=query)

    def rows(self, *path: str, **query: Any) -> list[Json]:
        """Return the objects of the list at a path."""
        found: list[Json] = json.loads(self.text(*path, **query))
        return found

    def text(self, *path: str, **query: Any) -> str:
        """Return what is at a path as it is sent."""
        return self._ask("GET", path, query)

    def call(self, method: str, *path: str, query: Mapping[str, Any] | None = None, body: Any = None) -> Json:
        """Call an operation and return the object that it answers; one without properties for none.

        Raises ``Declined`` with the server's words if it refuses, ``Unreachable`` if there is none.
        """
        found: Json = json.loads(self._ask(method, path, query or {}, body) or "{}")
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _ask(self, method: str, path: Sequence[str], query: Mapping[str, Any], body: Any = None) -> str:
        asked = {name: _text(value) for name, value in query.items() if value is not None}
        target = "/".join((self._base, *(quote(part, safe="") for part in path))) + (
            f"?{urlencode(asked)}" if asked else ""
        )
        answer, said = self._exchange(method, target, None if body is None else json.dumps(body).encode())
        if answer.status >= 400:
            raise Declined(answer.status, _why(answer, said) or f"{self.root} answers {answer.status} {answer.reason}")
        return said

    def _exchange(self, method: str, target: str, body: bytes | None) -> tuple[HTTPResponse, str]:
        if time.monotonic() - self._used > LONGEST_IDLE:
            self._connection.close()
        self._used = 0.0  # should this one be cut off, the next begins with a new connection
        headers = self._headers if body is None else {**self._headers, "Content-Type": "application/json"}
        try:
            self._connection.request(method, target, body, headers)
            answer = self._connection.getresponse()
            said = answer.read().decode()
        except (OSError, HTTPException) as error:
            self._connection.close()
            why = (getattr(error, "strerror", None) or str(error) or type(error).__name__).lower()
            raise Unreachable(f"no server answers at {self.root} ({why}); start one: understudy serve") from None
        self._used = time.monotonic()
        return answer, said


def _why(answer: HTTPResponse, said: str) -> str:
    """Return the server's words for a refusal, after the place if there is one; nothing if they are not its own."""
    if not (answer.getheader("content-type") or "").startswith("application/problem+json"):
        return ""
    problem = json.loads(said)
    places = [each["path"] for each in problem["violations"] if each["path"]]
    return ": ".join([*places[:1], problem["title"]])


def _text(value: Any) -> str:
    """Return a value of a query as text: times and JSON as they are written."""
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, str) else json.dumps(value)
