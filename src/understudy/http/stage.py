"""Where requests arrive: route, world, credentials, contract, operation, answer, journal."""

import re
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

import orjson

from understudy.core.misconfigured import Misconfigured
from understudy.core.refused import Cause, Refused
from understudy.core.vendor import Vendor
from understudy.http.bodies import HungUp, read_body
from understudy.http.credentials import Headers
from understudy.http.lane import PROBLEM, Lane, Sent, Turns, plain_headers
from understudy.http.router import Route, Router
from understudy.http.sampling import plain_refusal
from understudy.http.uploads import Form, is_form, read_form
from understudy.state.journal import Exchange
from understudy.state.worlds import MAIN, NAME, Scene, Worlds

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

HINT = "Understudy-Hint"
WORLD_PREFIX = "/@"
MOST_HOSTS = 100
ANY_ORIGIN = (b"access-control-allow-origin", b"*")
PREFLIGHT = (
    ANY_ORIGIN,
    (b"access-control-max-age", b"600"),
    (b"vary", b"access-control-request-headers"),
)


@dataclass(frozen=True, slots=True)
class Mount:
    """A vendor's place: the prefix under which all of its paths lie, and the hosts on which it needs none.

    A vendor ``is_for_browsers`` if pages of any origin may call it. ``guesses`` are the paths (below the prefix) that
    no page of the vendor's gives, with their operationIds.
    """

    prefix: str
    vendor: Vendor
    hosts: frozenset[str] = frozenset()
    is_for_browsers: bool = False
    guesses: Mapping[str, str] = field(default_factory=dict)

    def hint(self, target: str) -> dict[str, str]:
        """Return a header that names the guess which an unknown path is most like, and how to mend it."""
        for guess in get_close_matches(target, self.guesses, n=1, cutoff=0.4):
            return {HINT: f"{self.guesses[guess]} is only guessed to be at {guess}; understudy serve --remap moves it"}
        return {}


class Stage:
    """The routes of every vendor, and the worlds that their operations play in."""

    def __init__(self, worlds: Worlds, body_limit: int, upload_limit: int) -> None:
        """Play in these worlds; limits are in bytes, ``upload_limit`` that of a form with its files."""
        self.worlds = worlds
        self._body_limit = body_limit
        self._upload_limit = max(body_limit, upload_limit)
        self._router: Router[Lane] = Router()
        self._mounts: dict[str, Mount] = {}
        self._hosts: dict[bytes, Mount] = {}
        self._by_vendor: dict[str, Mount] = {}
        self._own_hosts: set[bytes] = set()
        """``Host`` headers seen that are no vendor's: most requests name one and the same."""

    def mount(self, mount: Mount) -> None:
        """Give a vendor its place; raise ``Misconfigured`` if another has it."""
        for place in (mount.prefix, *sorted(mount.hosts)):
            other = self._mounts.get(place) or self._hosts.get(place.encode())
            if other is not None:
                raise Misconfigured(f"{mount.vendor.name} and {other.vendor.name} are both mounted on {place}")
        self._mounts[mount.prefix] = mount
        self._by_vendor[mount.vendor.name] = mount
        self._hosts.update({host.encode(): mount for host in mount.hosts})

    def add(self, path: str, method: str, lane: Lane) -> None:
        """Serve an operation on a method of a whole path, mount included."""
        self._router.add(path, method, lane)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> bool:
        """Answer a request that a vendor claims, and tell whether one does."""
        headers: Headers = dict(scope["headers"])
        world, path = self._address(scope["raw_path"].decode("latin-1"), headers)
        if not world:
            return False
        found = self._router.find(path)
        if found is None:
            return await self._unknown(path, scope, headers, send)
        route, values = found
        method = scope["method"]
        lane = route.methods.get(method) or (route.methods.get("GET") if method == "HEAD" else None)
        if lane is None:
            await self._other_method(path, route, method, headers, send)
            return True
        scene = self.worlds.open(world)
        arguments: dict[str, Any] = {}
        body = b""
        form: Form | None = None
        ran: Sent | Turns | None = None
        try:
            part = scene.worlds[lane.operation.vendor]
            lane.admit(part, headers, arguments)
            lane.read_parameters(dict(zip(route.names, values, strict=True)), scope["query_string"], headers, arguments)
            content_type = headers.get(b"content-type", b"")
            if lane.form_fields is not None and is_form(content_type):
                form = await read_form(receive, headers, lane.form_fields, self._body_limit, self._upload_limit)
                body = form.head
                lane.read_body(form.values, content_type, arguments)
            elif lane.has_body:
                body = await read_body(receive, headers, self._body_limit)
                lane.read_body(body, content_type, arguments)
            ran = lane.run(part, arguments)
            sent = ran if isinstance(ran, Sent) else await lane.answer_in_turns(ran)
        except Refused as refused:
            refused.target = path.removeprefix(f"/{lane.operation.vendor}")
            sent = lane.refuse(refused)
        except HungUp:
            return True
        finally:
            if form is not None:
                form.close()
        _record(scene, lane, scope, body, sent)
        await _send(send, self._by_vendor[lane.operation.vendor], sent, method, headers)
        if ran is not None and not isinstance(ran, Sent):
            await _go_on(ran, scene, lane, scope)
        return True

    def _address(self, path: str, headers: Headers) -> tuple[str, str]:
        """Return the world that a request is for, and its path below no world and with its vendor's prefix."""
        world = MAIN
        if path.startswith(WORLD_PREFIX):
            world, _, rest = path[len(WORLD_PREFIX) :].partition("/")
            path = f"/{rest}"
            if not NAME.fullmatch(world):
                return "", path
        host = headers.get(b"host", b"")
        mount = self._hosts.get(host)
        if mount is None and host not in self._own_hosts:
            mount = self._hosts.get(host.lower().partition(b":")[0])
            if mount is None and len(self._own_hosts) < MOST_HOSTS:
                self._own_hosts.add(host)
        return world, path if mount is None else mount.prefix + path

    async def _unknown(self, path: str, scope: Scope, headers: Headers, send: Send) -> bool:
        mount = self._mount_of(path)
        if mount is None:
            return False
        target = path.removeprefix(mount.prefix) or "/"
        refused = Refused(404, f"no operation at {target}", headers=mount.hint(target), cause=Cause.ROUTE)
        await _send(send, mount, _refuse(mount, refused, target), scope["method"], headers)
        return True

    async def _other_method(self, path: str, route: Route[Lane], method: str, headers: Headers, send: Send) -> None:
        mount = self._by_vendor[next(iter(route.methods.values())).operation.vendor]
        if method == "OPTIONS" and mount.is_for_browsers and b"access-control-request-method" in headers:
            await _send(send, mount, _preflight(route, headers), method, {})
            return
        refused = Refused(
            405, f"Request method '{method}' not supported", headers={"Allow": route.allow}, cause=Cause.ROUTE
        )
        await _send(send, mount, _refuse(mount, refused, path.removeprefix(mount.prefix)), method, headers)

    def _mount_of(self, path: str) -> Mount | None:
        for prefix, mount in self._mounts.items():
            if path == prefix or path.startswith(f"{prefix}/"):
                return mount
        return None


def _refuse(mount: Mount, refused: Refused, target: str) -> Sent:
    """Say no where there is no operation, in the vendor's words."""
    refused.target = target
    reply = (mount.vendor.render or plain_refusal)(refused)
    body = b"" if reply.body is None else orjson.dumps(reply.body)
    headers = plain_headers(reply, body, PROBLEM, "behaviour", refused.cause.value)
    given = {name.lower() for name in reply.headers}
    headers += [
        (name.lower().encode(), value.encode()) for name, value in refused.headers.items() if name.lower() not in given
    ]
    return Sent(reply.status, headers, body)


def _preflight(route: Route[Lane], headers: Headers) -> Sent:
    """Let a browser's page of any origin call what the route serves."""
    asked = headers.get(b"access-control-request-headers", b"")
    allowed = [(b"access-control-allow-methods", route.allow.encode())]
    if re.fullmatch(rb"[\w\-, ]+", asked):
        allowed.append((b"access-control-allow-headers", asked))
    return Sent(204, [*PREFLIGHT, *allowed], b"")


async def _go_on(turns: Turns, scene: Scene, lane: Lane, scope: Scope) -> None:
    """Let a long operation do what it does after its answer; the journal keeps how it fails."""
    failed = await lane.go_on(turns)
    if failed is not None:
        _record(scene, lane, scope, b"", failed)


def _record(scene: Scene, lane: Lane, scope: Scope, body: bytes, sent: Sent) -> None:
    operation = lane.operation
    scene.journal.record(
        Exchange(
            time.time(),
            operation.vendor,
            operation.id,
            scope["method"],
            scope["raw_path"],
            scope["query_string"],
            body,
            sent.status,
            sent.body,
            lane.fidelity,
            sent.breach,
        )
    )


async def _send(send: Send, mount: Mount, sent: Sent, method: str, headers: Headers) -> None:
    if mount.is_for_browsers and b"origin" in headers:
        sent.headers.append(ANY_ORIGIN)
    await send({"type": "http.response.start", "status": sent.status, "headers": sent.headers})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else sent.body})
