"""Request context: one request to an operation, from its credentials to its entry in the journal."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from understudy.core.refused import Cause, Refused
from understudy.http.authentication import Headers
from understudy.http.bodies import body_pieces, check_declared_size, read_body
from understudy.http.content_coding import decoded
from understudy.http.endpoint import Endpoint, HandlerSteps
from understudy.http.own_urls import url_builder
from understudy.http.request_notes import EXCHANGE, note_refusal
from understudy.http.responses import RawResponse
from understudy.http.uploads import MultipartForm, is_form, read_form
from understudy.http.vendor_mount import Receive, Scope
from understudy.state.journal import ACCEPTED, ExchangeMeta
from understudy.state.vendor_state import VendorState
from understudy.state.world import World

OpenWorld = Callable[[str], World]
"""Function that returns a world by its name, and creates a missing one."""

CREDENTIAL_STATUSES = (401, 403)
"""Statuses of missing, unknown and insufficient credentials."""


class SizeLimits(NamedTuple):
    """Limits in bytes: of a body, of a multipart form with its files, and of a body that is read while it arrives."""

    body: int
    upload: int
    streamed: int


@dataclass(slots=True)
class RequestContext:
    """Request in a world: its parts, the body read so far, its outcome, and the remaining steps of a long handler."""

    world_name: str
    world: World
    open_world: OpenWorld
    endpoint: Endpoint
    path: str
    path_values: dict[str, str]
    scope: Scope
    receive: Receive
    headers: Headers
    started: float
    body: bytes = b""
    outcome: str = ACCEPTED
    steps: HandlerSteps | None = None

    @property
    def target(self) -> str:
        """Path below the vendor's prefix."""
        return self.path.removeprefix(f"/{self.endpoint.operation.vendor}")

    async def handle(self, limits: SizeLimits) -> RawResponse:
        """Return the response, or the refusal; raise ``ClientDisconnected`` if the request is not complete."""
        endpoint, form, pieces = self.endpoint, None, None
        arguments: dict[str, object] = {}
        try:
            endpoint.authenticate(self.state, self.headers, arguments)
            endpoint.read_parameters(self.path_values, self.scope["query_string"], self.headers, arguments)
            if endpoint.has_body:
                self.receive = decoded(self.receive, self.headers)
            if endpoint.has_streamed_body:
                check_declared_size(self.headers, limits.streamed)
                endpoint.stream_body(self.headers.get(b"content-type", b""), arguments)
                pieces = body_pieces(self.receive, limits.streamed)
            elif endpoint.has_body:
                content_type = self.headers.get(b"content-type", b"")
                if endpoint.form_fields is not None and is_form(content_type):
                    form = await self._read_form(endpoint.form_fields, limits)
                    endpoint.read_body(form.values, content_type, arguments)
                else:
                    self.body = await read_body(self.receive, self.headers, limits.body)
                    endpoint.read_body(self.body, content_type, arguments)
            self._follow_world(arguments)
            if endpoint.wants_urls:
                arguments["url_for"] = url_builder(endpoint.document, self.path, self.scope, self.headers)
            result = endpoint.call_handler(self.state, arguments)
            if isinstance(result, RawResponse):
                return result
            self.steps = result
            return await endpoint.run_to_reply(result, pieces)
        except Refused as refused:
            return self.refuse(refused)
        finally:
            if form is not None:
                form.close()

    async def read_unused_body(self, limits: SizeLimits) -> None:
        """Read the body of a request that no handler gets, for the journal; without forms and bodies over the limit."""
        if not self.endpoint.has_body or self.endpoint.has_streamed_body:
            return
        if is_form(self.headers.get(b"content-type", b"")):
            return
        with suppress(Refused):
            self.body = await read_body(decoded(self.receive, self.headers), self.headers, limits.body)

    @property
    def state(self) -> VendorState:
        """State of the operation's vendor in the world."""
        return self.world.vendors[self.endpoint.operation.vendor]

    def _follow_world(self, arguments: dict[str, object]) -> None:
        """Take the world as it is now: it may have been reset, restored or deleted while the body arrived."""
        world = self.open_world(self.world_name)
        if world is not self.world:
            self.world = world
            self.endpoint.authenticate(self.state, self.headers, arguments)

    async def _read_form(self, fields: frozenset[str], limits: SizeLimits) -> MultipartForm:
        form = await read_form(self.receive, self.headers, fields, limits.body, limits.upload)
        self.body = form.head
        return form

    def refuse(self, refused: Refused) -> RawResponse:
        """Return the response to a refused request, in the vendor's error shape."""
        refused.target = self.target
        note_refusal(self.scope, refused)
        self.outcome = refused.cause.value
        response = self.endpoint.refuse(refused)
        if response.status in CREDENTIAL_STATUSES and refused.cause is not Cause.FAULT:
            response.hint = self.endpoint.credentials_hint.format(world=self.world.name)
        return response

    async def finish(self) -> None:
        """Run the steps of a long handler after its reply; record a failure in the journal."""
        failed = None if self.steps is None else await self.endpoint.finish(self.steps)
        if failed is not None:
            self.body = b""
            self.record(failed)

    def record(self, response: RawResponse, fault: str = "") -> None:
        """Record the exchange in the world's journal, with the id of the fault that struck it."""
        endpoint = self.endpoint
        vendor, operation = endpoint.operation.vendor, endpoint.operation.id
        _record(
            self.world,
            self.scope,
            response,
            vendor,
            operation,
            endpoint.fidelity,
            self.outcome,
            self.body,
            fault,
            self.started,
        )


def record_unrouted(world: World | None, scope: Scope, vendor: str, response: RawResponse, cause: Cause) -> None:
    """Record a call that reaches no operation, if its world is in use; its body was not read."""
    if world is not None:
        _record(world, scope, response, vendor, "", "behaviour", cause.value, b"", "", time.perf_counter())


@lru_cache(maxsize=16)
def _server_address(host: str, port: int | None) -> str:
    """Return the address of a server as in a URL; empty without a port."""
    if port is None:
        return ""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _record(
    world: World,
    scope: Scope,
    response: RawResponse,
    vendor: str,
    operation: str,
    fidelity: str,
    outcome: str,
    body: bytes,
    fault: str,
    started: float,
) -> None:
    meta: ExchangeMeta = (
        time.time(),
        vendor,
        operation,
        scope["method"],
        scope["raw_path"],
        scope["query_string"],
        int(response.status),  # the journal takes no enumeration
        fidelity,
        response.breach,
        outcome,
        fault,
        scope["headers"],
        response.headers,
        world.clock.timestamp(),
        time.perf_counter() - started,
        scope.get("scheme", "http"),
        _server_address(*(scope.get("server") or ("", None))),
    )
    scope[EXCHANGE] = meta
    world.journal.record(meta, body, b"" if scope["method"] == "HEAD" else response.body)
