"""One request to one operation, from its credentials to its line in the journal."""

import time
from dataclasses import dataclass
from typing import NamedTuple

from understudy.core.refused import Cause, Refused
from understudy.http.authentication import Headers
from understudy.http.bodies import read_body
from understudy.http.endpoint import Endpoint, HandlerSteps
from understudy.http.responses import RawResponse
from understudy.http.uploads import MultipartForm, is_form, read_form
from understudy.http.vendor_mount import Receive, Scope
from understudy.state.journal import ACCEPTED, ExchangeMeta
from understudy.state.world import World


class SizeLimits(NamedTuple):
    """How many bytes a body may have, and a form with its files."""

    body: int
    upload: int


@dataclass(slots=True)
class RequestContext:
    """A request in a world: what was asked, what has been read of it, and how it fares."""

    world: World
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
        """The path as the vendor would see it."""
        return self.path.removeprefix(f"/{self.endpoint.operation.vendor}")

    async def handle(self, limits: SizeLimits) -> RawResponse:
        """Return the operation's answer, or its refusal; raise ``HungUp`` if the client is gone before it begins."""
        lane, form = self.endpoint, None
        part = self.world.vendors[lane.operation.vendor]
        arguments: dict[str, object] = {}
        try:
            lane.authenticate(part, self.headers, arguments)
            lane.read_parameters(self.path_values, self.scope["query_string"], self.headers, arguments)
            if lane.has_body:
                content_type = self.headers.get(b"content-type", b"")
                if lane.form_fields is not None and is_form(content_type):
                    form = await self._read_form(lane.form_fields, limits)
                    lane.read_body(form.values, content_type, arguments)
                else:
                    self.body = await read_body(self.receive, self.headers, limits.body)
                    lane.read_body(self.body, content_type, arguments)
            ran = lane.call_handler(part, arguments)
            if isinstance(ran, RawResponse):
                return ran
            self.steps = ran
            return await lane.run_to_reply(ran)
        except Refused as refused:
            return self.refuse(refused)
        finally:
            if form is not None:
                form.close()

    async def _read_form(self, fields: frozenset[str], limits: SizeLimits) -> MultipartForm:
        form = await read_form(self.receive, self.headers, fields, limits.body, limits.upload)
        self.body = form.head
        return form

    def refuse(self, refused: Refused) -> RawResponse:
        """Return the refusal in the vendor's words."""
        refused.target = self.target
        self.outcome = refused.cause.value
        return self.endpoint.refuse(refused)

    async def finish(self) -> None:
        """Let a long operation do what it does after its answer; the journal keeps how it fails."""
        failed = None if self.steps is None else await self.endpoint.finish(self.steps)
        if failed is not None:
            self.body = b""
            self.record(failed)

    def record(self, sent: RawResponse, fault: str = "") -> None:
        """Keep the exchange in the world's journal."""
        lane = self.endpoint
        vendor, operation = lane.operation.vendor, lane.operation.id
        _keep(
            self.world, self.scope, sent, vendor, operation, lane.fidelity, self.outcome, self.body, fault, self.started
        )


def record_unrouted(scene: World | None, scope: Scope, vendor: str, sent: RawResponse) -> None:
    """Keep a call that was for no operation of a vendor's in the journal of a world in use; its body was not read."""
    if scene is not None:
        _keep(scene, scope, sent, vendor, "", "behaviour", Cause.ROUTE.value, b"", "", time.perf_counter())


def _keep(
    scene: World,
    scope: Scope,
    sent: RawResponse,
    vendor: str,
    operation: str,
    fidelity: str,
    outcome: str,
    body: bytes,
    fault: str,
    started: float,
) -> None:
    said: ExchangeMeta = (
        time.time(),
        vendor,
        operation,
        scope["method"],
        scope["raw_path"],
        scope["query_string"],
        int(sent.status),  # the journal takes no enumeration
        fidelity,
        sent.breach,
        outcome,
        fault,
        scope["headers"],
        sent.headers,
        scene.clock.timestamp(),
        time.perf_counter() - started,
    )
    scene.journal.record(said, body, sent.body)
