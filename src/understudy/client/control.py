"""Calls to a server's control API."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Self
from urllib.parse import quote, urlencode

from understudy.client.http_client import TIMEOUT, HttpClient
from understudy.core.json_types import Json
from understudy.core.media_types import JSON
from understudy.core.misconfigured import Misconfigured
from understudy.core.world_names import CONTROL_PATH


class Declined(Misconfigured):
    """The server will not do it; ``status`` is that of its answer."""

    def __init__(self, status: int, title: str) -> None:
        super().__init__(title)
        self.status = status


class Control:
    """A server's control API."""

    def __init__(self, root: str, token: str = "", timeout: float = TIMEOUT) -> None:
        """Steer the server at ``root``, such as ``http://127.0.0.1:8080``, with the token that it was started with."""
        self._wire = HttpClient(root, timeout)
        self.root = self._wire.base
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

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
        self._wire.close()

    def _ask(self, method: str, path: Sequence[str], query: Mapping[str, Any], body: Any = None) -> str:
        asked = {name: _text(value) for name, value in query.items() if value is not None}
        suffix = f"?{urlencode(asked)}" if asked else ""
        target = "/".join((CONTROL_PATH, *(quote(part, safe="") for part in path))) + suffix
        headers = self._headers if body is None else {**self._headers, "Content-Type": JSON}
        status, said = self._wire.send(method, target, headers, b"" if body is None else json.dumps(body).encode())
        if status >= 400:
            raise Declined(status, _why(said) or f"{self.root} answers {status} to {method} {target}")
        return said.decode()


def _why(said: bytes) -> str:
    """Return the server's words for a refusal, after the place if there is one; nothing if they are not its own."""
    try:
        problem = json.loads(said)
        places = [each["path"] for each in problem["violations"] if each["path"]]
        return ": ".join([*places[:1], problem["title"]])
    except (ValueError, LookupError, TypeError):
        return ""


def _text(value: Any) -> str:
    """Return a value of a query as text: times and JSON as they are written."""
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, str) else json.dumps(value)
