"""Request context: one request to an operation, from its credentials to its entry in the journal."""

import time
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from understudy.core.content_codings import are_accepted, codings_applied, content_codings, has_codings
from understudy.core.own_code import OwnCodeFailed
from understudy.core.refused import Cause, Refused, Violation
from understudy.core.request_facts import RequestFacts
from understudy.core.steps import Turn
from understudy.http.authentication import Headers
from understudy.http.bodies import (
    ClientDisconnected,
    asks_for_something,
    body_pieces,
    check_declared_size,
    contract_refusal,
    read_body,
)
from understudy.http.content_coding import decoded
from understudy.http.endpoint import Endpoint, HandlerSteps
from understudy.http.own_urls import url_builder
from understudy.http.request_notes import EXCHANGE, REFUSAL, forget_refusal, note_refusal
from understudy.http.responses import RawResponse
from understudy.http.sleeping import sleep, within
from understudy.http.uploads import MultipartForm, is_form, read_form
from understudy.http.vendor_mount import Receive, Scope
from understudy.state.journal import ACCEPTED, NO_REFUSAL, ExchangeMeta
from understudy.state.vendor_state import VendorState
from understudy.state.world import World

OpenWorld = Callable[[str], World]
"""Function that returns a world by its name, and creates a missing one."""

REFUSED_BODY_SECONDS = 2.0
"""Time for the body of a request that is refused by its head; one that takes longer is not in the journal."""

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
"""Methods of requests that write no records."""

CREDENTIAL_STATUSES = (401, 403)
"""Statuses of missing, unknown and insufficient credentials."""


class SizeLimits(NamedTuple):
    """Limits in bytes: of a body, of a multipart form with its files, and of a body that is read while it arrives."""

    body: int
    upload: int
    streamed: int


@dataclass(slots=True)
class RequestContext:
    """Request in a world: its parts, the body read so far, its outcome, and the remaining steps of a long handler.

    It ``is_received`` once its handler can run; a body that the handler reads while it arrives never is.
    """

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
    form: MultipartForm | None = None
    is_received: bool = False

    @property
    def target(self) -> str:
        """Path below the vendor's prefix."""
        return self.path.removeprefix(f"/{self.endpoint.operation.vendor}")

    @property
    def address(self) -> str:
        """IP address of the client; that of this machine if the server does not know it."""
        client = self.scope.get("client")
        return str(client[0]) if client else "127.0.0.1"

    async def handle(self, limits: SizeLimits) -> RawResponse:
        """Return the response, or the refusal; raise ``ClientDisconnected`` if the request is not complete."""
        endpoint = self.endpoint
        arguments: dict[str, object] = {}
        try:
            self._read_head(arguments)
            if endpoint.has_body:
                self.receive = decoded(self.receive, self.content_coding)
        except Refused as refused:
            return await self._refuse_unread(refused, limits)
        except OwnCodeFailed as error:
            return endpoint.failed(error)
        try:
            if endpoint.has_streamed_body:
                check_declared_size(self.headers, limits.streamed)
                endpoint.stream_body(self.headers.get(b"content-type", b""), arguments)
                return await self._run(arguments, body_pieces(self.receive, limits.streamed))
            if endpoint.has_body:
                await self._receive_body(limits)
                self._read_body(arguments)
            if endpoint.refuses_body:
                await self._refuse_body()
            if self.state.has_large_copies and self.scope["method"] not in SAFE_METHODS:
                await self._separate()
            self._follow_world(arguments)
            self.is_received = True
            response = await self._run(arguments)
        except Refused as refused:
            response = self.refuse(refused)
        return response if self.steps is None else await self.keep_current(response)

    async def keep_current(self, response: RawResponse) -> RawResponse:
        """Return the response, made again in the world as it is now if that was replaced while nothing was sent.

        A reset, a restore or a deletion of the world would else take away what the response reports.
        """
        while self.is_received and self.open_world(self.world_name) is not self.world:
            self.world = self.open_world(self.world_name)
            self.outcome, self.steps = ACCEPTED, None
            forget_refusal(self.scope)
            arguments: dict[str, object] = {}
            try:
                self._read_head(arguments)
                if self.endpoint.has_body:
                    self._read_body(arguments)
                response = await self._run(arguments)
            except Refused as refused:
                response = self.refuse(refused)
            except OwnCodeFailed as error:
                response = self.endpoint.failed(error)
        return response

    async def _separate(self) -> None:
        """Copy in turns the records that the state shares with another world's, so that the write itself does not."""
        turn = Turn()
        for _ in self.state.separate():
            if turn.is_over():
                await sleep(0)
                turn.begin()

    async def _refuse_body(self) -> None:
        """Refuse a body that asks for something, of an operation that takes none."""
        if await asks_for_something(self.receive):
            raise contract_refusal(Violation("body", "", "unknown", f"{self.endpoint.operation.id} takes no body"))

    def _read_head(self, arguments: dict[str, object]) -> None:
        """Check the credentials and the parameters, and add the arguments."""
        self.endpoint.authenticate(self.state, self.headers, self.scope["query_string"], arguments, self.address)
        self.endpoint.read_parameters(self.path_values, self.scope["query_string"], self.headers, arguments)

    async def _receive_body(self, limits: SizeLimits) -> None:
        fields = self.endpoint.form_fields
        if fields is not None and is_form(self.headers.get(b"content-type", b"")):
            self.form = await read_form(self.receive, self.headers, fields, limits.body, limits.upload)
            self.body = self.form.head
        else:
            self.body = await read_body(self.receive, self.headers, limits.body)

    def _read_body(self, arguments: dict[str, object]) -> None:
        """Parse and check the body that was received, and add the argument."""
        raw = self.body if self.form is None else self.form.rewound_values()
        self.endpoint.read_body(raw, self.headers.get(b"content-type", b""), arguments)

    async def _run(
        self, arguments: dict[str, object], pieces: AsyncGenerator[bytes, None] | None = None
    ) -> RawResponse:
        """Run the handler up to its reply."""
        if self.endpoint.wants_urls or self.endpoint.wants_request:
            self._add_urls(arguments)
        result = self.endpoint.call_handler(self.state, arguments)
        if isinstance(result, RawResponse):
            return result
        self.steps = result
        return await self.endpoint.run_to_reply(self.state, result, pieces)

    def _add_urls(self, arguments: dict[str, object]) -> None:
        """Add the function that returns an operation's URL, as an argument and to the facts of the request."""
        url_for = url_builder(self.endpoint.document, self.path, self.scope, self.headers)
        if self.endpoint.wants_urls:
            arguments["url_for"] = url_for
        facts = arguments.get("request")
        if isinstance(facts, RequestFacts):
            arguments["request"] = replace(facts, url_for=url_for)

    def close(self) -> None:
        """Close the files of a form."""
        if self.form is not None:
            self.form.close()

    async def read_unused_body(self, limits: SizeLimits) -> None:
        """Read the body of a request that no handler gets, for the journal, unless it is over the limit."""
        if self.endpoint.has_body and not self.endpoint.has_streamed_body:
            self.body = await read_unused(self.receive, self.scope, self.headers, limits.body)

    async def _refuse_unread(self, refused: Refused, limits: SizeLimits) -> RawResponse:
        """Return the response to a request that is refused by its head; its body goes to the journal."""
        if not waits_for_continue(self.headers):
            with suppress(ClientDisconnected):
                await within(REFUSED_BODY_SECONDS, self.read_unused_body(limits))
            self.world = self.open_world(self.world_name)  # it may have been replaced while the body arrived
        return self.refuse(refused)

    @property
    def content_coding(self) -> str:
        """Codings of the body, of all its header lines; empty for none."""
        return content_codings(self.scope["headers"]) if has_codings(self.headers) else ""

    @property
    def state(self) -> VendorState:
        """State of the operation's vendor in the world."""
        return self.world.vendors[self.endpoint.operation.vendor]

    def _follow_world(self, arguments: dict[str, object]) -> None:
        """Take the world as it is now: it may have been reset, restored or deleted while the body arrived."""
        world = self.open_world(self.world_name)
        if world is not self.world:
            self.world = world
            self.endpoint.authenticate(self.state, self.headers, self.scope["query_string"], arguments, self.address)

    def refuse(self, refused: Refused) -> RawResponse:
        """Return the response to a refused request, in the vendor's error shape."""
        refused.target = self.target
        refused.operation = self.endpoint.operation.id
        note_refusal(self.scope, refused)
        self.outcome = refused.cause.value
        response = self.endpoint.refuse(refused)
        lacks_credentials = response.status in CREDENTIAL_STATUSES or refused.status in CREDENTIAL_STATUSES
        if lacks_credentials and refused.cause is not Cause.FAULT:
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
            response.fidelity or endpoint.fidelity,
            self.outcome,
            self.body,
            fault,
            self.started,
        )


async def read_unused(receive: Receive, scope: Scope, headers: Headers, limit: int) -> bytes:
    """Return the body of a request that is refused without it, or is answered by a fault.

    It is decoded, unless its content coding is one that is refused; it is empty if it is over the limit, or is not what
    its coding says.
    """
    with suppress(Refused):
        coding = content_codings(scope["headers"])
        source = decoded(receive, coding) if are_accepted(codings_applied(coding)) else receive
        return await read_body(source, headers, limit)
    return b""


async def read_unrouted(receive: Receive, scope: Scope, headers: Headers, limit: int) -> bytes:
    """Return the body of a call that reaches no operation: see ``read_unused``."""
    if waits_for_continue(headers) or not (b"content-length" in headers or b"transfer-encoding" in headers):
        return b""
    with suppress(ClientDisconnected):
        return await within(REFUSED_BODY_SECONDS, read_unused(receive, scope, headers, limit)) or b""
    return b""


def waits_for_continue(headers: Headers) -> bool:
    """Return whether the client sends its body only when it is asked for it, as after a refusal it is not."""
    return headers.get(b"expect", b"").lower() == b"100-continue"


def record_unrouted(
    world: World | None, scope: Scope, vendor: str, response: RawResponse, cause: Cause, body: bytes
) -> None:
    """Record a call that reaches no operation, if its world is in use."""
    if world is not None:
        _record(world, scope, response, vendor, "", "behaviour", cause.value, body, "", time.perf_counter())


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
        scope.get(REFUSAL, NO_REFUSAL),
    )
    scope[EXCHANGE] = meta
    world.journal.record(meta, body, b"" if scope["method"] == "HEAD" else response.body)
