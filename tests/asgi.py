"""Client of an ASGI app in this process, without socket, thread or client library."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote


@dataclass(frozen=True, slots=True)
class Answer:
    """Response of the app; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """Body parsed as JSON."""
        return json.loads(self.body)


def call(
    app: Any,
    method: str,
    target: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    client: str = "127.0.0.1",
) -> Answer:
    """Send one request and return the answer; ``client`` is the peer's address."""
    path, _, query = target.partition("?")
    given = {"host": "127.0.0.1", **(headers or {})}
    if body:
        given.setdefault("content-length", str(len(body)))
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http",
        "method": method, "path": unquote(path), "raw_path": path.encode(), "query_string": query.encode("latin-1"),
        "root_path": "", "server": ("127.0.0.1", 80), "client": (client, 1),
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in given.items()],
    }  # fmt: skip
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    start, *rest = sent
    headers_sent = {name.decode(): value.decode() for name, value in start["headers"]}
    return Answer(start["status"], headers_sent, b"".join(message.get("body", b"") for message in rest))
