"""A vendor's place, and what is said there where no operation speaks."""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

import orjson

from understudy.core.refused import Refused
from understudy.core.vendor import Vendor
from understudy.http.authentication import Headers
from understudy.http.endpoint import PROBLEM, Endpoint, RawResponse, build_headers
from understudy.http.example_replies import plain_refusal
from understudy.vendors.served_vendor import ServedVendor

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

HINT = "Understudy-Hint"
ANY_ORIGIN = (b"access-control-allow-origin", b"*")


@dataclass(frozen=True, slots=True)
class Mount:
    """A vendor's place: the prefix under which all of its paths lie, and the hosts on which it needs none.

    A vendor ``is_for_browsers`` if pages of any origin may call it. ``guesses`` are the paths (below the prefix) that
    no page of the vendor's gives, with their operationIds.
    """

    prefix: str
    vendor: Vendor
    hosts: frozenset[str] = frozenset()
    allows_cors: bool = False
    inferred_paths: Mapping[str, str] = field(default_factory=dict)

    def hint(self, target: str) -> dict[str, str]:
        """Return a header that names the guess which an unknown path is most like, and how to mend it."""
        for guess in get_close_matches(target, self.inferred_paths, n=1, cutoff=0.4):
            operation = self.inferred_paths[guess]
            return {HINT: f"{operation} is only guessed to be at {guess}; understudy serve --remap moves it"}
        return {}

    def refuse(self, refused: Refused, target: str) -> RawResponse:
        """Say no where there is no operation, in the vendor's words."""
        refused.target = target
        reply = (self.vendor.render or plain_refusal)(refused)
        body = b"" if reply.body is None else orjson.dumps(reply.body)
        headers = build_headers(reply, body, PROBLEM, "behaviour", refused.cause.value)
        given = {name.lower() for name in reply.headers}
        headers += [
            (name.lower().encode(), value.encode())
            for name, value in refused.headers.items()
            if name.lower() not in given
        ]
        return RawResponse(reply.status, headers, body)

    def open_to_browsers(self, sent: RawResponse, headers: Headers) -> None:
        """Let a page of any origin read the answer to its call, if the vendor does."""
        if self.allows_cors and b"origin" in headers:
            sent.headers.append(ANY_ORIGIN)

    async def send(self, send: Send, sent: RawResponse, method: str, headers: Headers) -> None:
        """Send an answer."""
        self.open_to_browsers(sent, headers)
        await send({"type": "http.response.start", "status": sent.status, "headers": sent.headers})
        await send({"type": "http.response.body", "body": b"" if method == "HEAD" else sent.body})


@dataclass(frozen=True, slots=True)
class MountedVendor(ServedVendor):
    """Served vendor with its endpoints by operationId, and its mount."""

    endpoints: Mapping[str, Endpoint]
    mount: Mount
