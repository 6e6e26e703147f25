"""Stand-in beside the real service: it answers each call too, in a world of its own."""

import asyncio
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes

import orjson

from understudy.app import Understudy
from understudy.core.world_names import MAIN, world_prefix
from understudy.http.mounted_vendor import MountedVendor
from understudy.proxy.known_ids import KnownIds
from understudy.state.journal import Exchange, RawHeaders
from understudy.traffic.exchange_check import FoundOperation, by_lower_name

NOT_PASSED = frozenset((b"host", b"content-encoding", b"transfer-encoding", b"content-length", b"expect"))
"""Headers that are about the connection, or about a body as it was sent."""

PARAMETER = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class StandInAnswer:
    """Response of the stand-in; ``refused_by`` is the cause of a refusal, ``breach`` how it breaks the document."""

    status: int
    headers: RawHeaders
    body: bytes
    breach: str = ""
    refused_by: str = ""

    def value(self) -> Any:
        """Return the body's JSON; ``None`` for any other."""
        return json_value(self.body)


def json_value(body: bytes) -> Any:
    """Return the JSON of a body; ``None`` for any other."""
    try:
        return orjson.loads(body) if body else None
    except orjson.JSONDecodeError:
        return None


class StandIn:
    """Stand-in that is called in this process, on the thread that made it."""

    def __init__(self, understudy: Understudy, vendor: MountedVendor, world: str = MAIN) -> None:
        self._base = world_prefix(world) + vendor.base_path
        self._app = understudy.asgi
        self._loop = asyncio.new_event_loop()
        understudy.worlds.get_or_create(world)
        self.ids = KnownIds(understudy.worlds.start_world.credentials[vendor.vendor.name])

    def answer(self, exchange: Exchange, path: str, found: FoundOperation | None) -> StandInAnswer:
        """Return the answer to the same request, in which ids of the real service are the stand-in's."""
        if found is not None:
            self.ids.take_path(found.path_values)
        path, query, body = self.ids.translated(path, exchange.query, exchange.request_body)
        headers = [(name, value) for name, value in exchange.request_headers if name not in NOT_PASSED]
        headers += [(b"host", b"127.0.0.1")]
        if body or exchange.method in ("POST", "PUT", "PATCH"):
            headers.append((b"content-length", b"%d" % len(body)))
        raw_path = f"{self._base}{path}".encode("latin-1")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "scheme": "http",
            "method": exchange.method,
            "path": unquote_to_bytes(raw_path).decode(errors="replace"),
            "raw_path": raw_path,
            "query_string": query,
            "root_path": "",
            "headers": headers,
            "server": ("127.0.0.1", 80),
            "client": ("127.0.0.1", 1),
        }
        return self._loop.run_until_complete(_call(self._app, scope, body))

    def close(self) -> None:
        """Close the loop on which the stand-in answers."""
        self._loop.close()


async def _call(app: Any, scope: dict[str, Any], body: bytes) -> StandInAnswer:
    sent: list[dict[str, Any]] = []
    pending = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict[str, Any]:
        return pending.pop() if pending else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    headers = by_lower_name(sent[0]["headers"])
    text = b"".join(message.get("body", b"") for message in sent[1:])
    value = json_value(text) if b"understudy-breach" in headers else {}
    refused_by = headers.get(b"understudy-refused-by", b"").decode()
    return StandInAnswer(sent[0]["status"], sent[0]["headers"], text, str((value or {}).get("breach", "")), refused_by)
