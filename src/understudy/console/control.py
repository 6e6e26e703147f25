"""Calls of the control API by the pages, in process: the same guard, checks and turns as for its other clients."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

import orjson
from flask import g, request

from understudy.console.asgi_client import AsgiRequest, AsgiResponse, send_from_thread
from understudy.contract.compiled_operations import Operation
from understudy.contract.example_requests import build_request
from understudy.core.json_types import Json
from understudy.core.world_names import CONTROL_PATH
from understudy.http.connexion_adapter import LOOP
from understudy.http.vendor_mount import App, Receive, Scope, Send

FORWARDED = (b"host", b"origin", b"sec-fetch-site")
"""Headers of the page's request by which the guard of the control API judges its calls."""

JSON = "application/json"


class ControlRefused(Exception):  # noqa: N818 - a reply for the reader of the page
    """Refusal by the control API: its status, its text, and the places that break its document."""

    def __init__(self, status: int, title: str, violations: tuple[Json, ...] = ()) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.violations = violations


class ControlClient:
    """Client of the control API for the pages. A call has the peer and the host of the request that a page answers."""

    def __init__(self, target: App, operations: Mapping[str, Operation], token: str | None) -> None:
        """``target`` takes the requests of the control API; ``token`` is the one that it requires, if any."""
        self._target = target
        self._operations = operations
        self._token = token

    def call(self, operation: str, /, body: Any = None, **parameters: Any) -> Any:
        """Return the JSON that an operation answers, or ``None`` for an empty answer; raise ``ControlRefused``.

        Parameters are those of the operation in ``control.yaml``; one that is ``None`` is left out.
        """
        answer = self.answer(operation, body, **parameters)
        return orjson.loads(answer.body) if answer.body else None

    def answer(self, operation: str, /, body: Any = None, *, media: str = JSON, **parameters: Any) -> AsgiResponse:
        """Return the answer as it was sent, with its headers; raise ``ControlRefused``.

        A ``body`` of bytes is sent as it is.
        """
        found = self._operations[operation]
        unknown = parameters.keys() - {each.name for each in found.parameters}
        if unknown:
            raise TypeError(f"{operation} has no parameter {min(unknown)!r}")
        content = body if isinstance(body, bytes) else b"" if body is None else _json_bytes(body)
        made = build_request(found, parameters, content, media if content else "")
        path, _, query = made.target.partition("?")
        scope = request.environ["asgi.scope"]
        headers = [*made.headers.items(), *self._own_headers(scope["headers"])]
        if content:
            headers.append(("content-length", str(len(content))))
        sent = AsgiRequest(found.method.upper(), CONTROL_PATH + path, query, tuple(headers), content)
        answer = send_from_thread(scope[LOOP], self._target, scope, sent)
        if answer.status >= 400:
            raise _refusal(answer)
        return answer

    async def pass_on(self, scope: Scope, receive: Receive, send: Send, path: str) -> None:
        """Have the control API answer a request to a page by one of its own paths, in the client's name."""
        kept = [(name, value) for name, value in scope["headers"] if name in FORWARDED]
        if self._token is not None:
            kept.append((b"authorization", f"Bearer {self._token}".encode()))
        target = CONTROL_PATH + path
        own = {**scope, "path": unquote(target), "raw_path": target.encode("ascii"), "headers": kept}
        await self._target(own, receive, send)

    def _own_headers(self, headers: list[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
        kept = [(name.decode(), value.decode("latin-1")) for name, value in headers if name in FORWARDED]
        if self._token is None or not g.is_signed_in:
            return kept
        return [*kept, ("authorization", f"Bearer {self._token}")]


def _json_bytes(value: Any) -> bytes:
    try:
        return orjson.dumps(value)
    except TypeError:  # a number of more than 64 bits, or half of a character
        return json.dumps(value).encode()


def _refusal(answer: AsgiResponse) -> ControlRefused:
    try:
        problem = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        problem = {}
    if not isinstance(problem, dict):
        problem = {}
    return ControlRefused(answer.status, str(problem.get("title", "refused")), tuple(problem.get("violations", ())))
