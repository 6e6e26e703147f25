"""Client of an app in this process, without a socket: one request at a time or several at once."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from benchmarks.contacthub.customers import Place
from benchmarks.servers import ServerFailed
from understudy.app import Understudy
from understudy.http.vendor_mount import App


@dataclass(frozen=True, slots=True)
class Asker:
    """Client of the customers' operations, which returns the bodies of responses."""

    app: App
    place: Place

    @classmethod
    def of(cls, understudy: Understudy) -> "Asker":
        """Return a client with the development credentials."""
        return cls(understudy.asgi, Place.of(understudy))

    async def read(self, number: int) -> bytes:
        """Read the customer with a number."""
        return await self._ask("GET", self.place.address(number), 200)

    async def create(self, body: Mapping[str, Any]) -> bytes:
        """Create a customer, or merge one."""
        return await self._ask("POST", self.place.path, 201, body=json.dumps(body).encode())

    async def search(self, **parameters: str) -> bytes:
        """Search the customers of a node."""
        return await self._ask("GET", self.place.path, 200, query=urlencode(parameters).encode())

    async def _ask(self, method: str, path: str, status: int, *, query: bytes = b"", body: bytes = b"") -> bytes:
        headers = [(name.lower().encode(), value.encode()) for name, value in self.place.headers.items()]
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": query,
            "headers": [(b"host", b"localhost"), (b"content-length", b"%d" % len(body)), *headers],
        }
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await self.app(scope, receive, send)
        answer = b"".join(message["body"] for message in sent[1:])
        if sent[0]["status"] != status:
            raise ServerFailed(f"the app answers {method} {path} with {sent[0]['status']}: {answer[:300]!r}")
        return answer
