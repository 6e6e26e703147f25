"""Where requests arrive: route, world, credentials, contract, operation, answer, journal."""

import re
import time
from collections.abc import Callable
from difflib import get_close_matches

from understudy.core.misconfigured import Misconfigured
from understudy.core.refused import Cause, Refused
from understudy.http.authentication import Headers
from understudy.http.bodies import ClientDisconnected
from understudy.http.endpoint import Endpoint
from understudy.http.fault_injection import respond_with_faults
from understudy.http.request_context import RequestContext, SizeLimits, record_unrouted
from understudy.http.responses import (
    ANY_ORIGIN,
    RawResponse,
    build_headers,
    finish,
    refuse_unrouted,
    send_response,
)
from understudy.http.router import Route, Router
from understudy.http.vendor_mount import Mount, Receive, Scope, Send
from understudy.state.world import World
from understudy.state.worlds import MAIN, WORLD_NAME

WORLD_PREFIX = "/@"
MAX_HOSTS = 100
HINT = "Understudy-Hint"
PREFLIGHT = (
    ANY_ORIGIN,
    (b"access-control-max-age", b"600"),
    (b"vary", b"access-control-request-headers"),
)


class Dispatcher:
    """The routes of every vendor, and the worlds that their operations play in."""

    def __init__(
        self,
        open_scene: Callable[[str], World],
        find_scene: Callable[[str], World | None],
        body_limit: int,
        upload_limit: int,
    ) -> None:
        """Play in the worlds that ``open_scene`` gives; ``find_scene`` gives only those that are in use.

        Limits are in bytes, ``upload_limit`` is that of a form with its files.
        """
        self._open = open_scene
        self._find = find_scene
        self._limits = SizeLimits(body_limit, max(body_limit, upload_limit))
        self._router: Router[Endpoint] = Router()
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

    def add_route(self, path: str, method: str, lane: Endpoint) -> None:
        """Serve an operation on a method of a whole path, mount included."""
        self._router.add(path, method, lane)

    async def dispatch(self, scope: Scope, receive: Receive, send: Send) -> bool:
        """Answer a request that a vendor claims, and tell whether one does."""
        headers: Headers = dict(scope["headers"])
        world, path = self._address(scope["raw_path"].decode("latin-1"), headers)
        if not world:
            return False
        found = self._router.find(path)
        if found is None:
            return await self._unknown(world, path, scope, headers, send)
        route, values = found
        method = scope["method"]
        lane = route.methods.get(method) or (route.methods.get("GET") if method == "HEAD" else None)
        if lane is None:
            await self._other_method(world, path, route, scope, headers, send)
            return True
        scene = self._open(world)
        vendor = lane.operation.vendor
        mount = self._by_vendor[vendor]
        named = dict(zip(route.names, values, strict=True))
        play = RequestContext(scene, lane, path, named, scope, receive, headers, time.perf_counter())
        try:
            if scene.faults and (struck := scene.faults.strike(vendor, lane.operation.id, scene.clock.timestamp())):
                await respond_with_faults(play, struck, mount, send, self._limits)
            else:
                sent = await play.handle(self._limits)
                finish(sent, headers, mount)
                play.record(sent)
                await send_response(send, sent, method)
        except ClientDisconnected:
            return True
        if play.steps is not None:
            await play.finish()
        return True

    def _address(self, path: str, headers: Headers) -> tuple[str, str]:
        """Return the world that a request is for, and its path below no world and with its vendor's prefix."""
        world = MAIN
        if path.startswith(WORLD_PREFIX):
            world, _, rest = path[len(WORLD_PREFIX) :].partition("/")
            path = f"/{rest}"
            if not WORLD_NAME.fullmatch(world):
                return "", path
        host = headers.get(b"host", b"")
        mount = self._hosts.get(host)
        if mount is None and host not in self._own_hosts:
            mount = self._hosts.get(host.lower().partition(b":")[0])
            if mount is None and len(self._own_hosts) < MAX_HOSTS:
                self._own_hosts.add(host)
        return world, path if mount is None else mount.prefix + path

    async def _unknown(self, world: str, path: str, scope: Scope, headers: Headers, send: Send) -> bool:
        mount = self._mount_of(path)
        if mount is None:
            return False
        target = path.removeprefix(mount.prefix) or "/"
        refused = Refused(404, f"no operation at {target}", headers=_hint(mount, target), cause=Cause.ROUTE)
        await self._refuse(refused, target, world, mount, scope, headers, send)
        return True

    async def _other_method(
        self, world: str, path: str, route: Route[Endpoint], scope: Scope, headers: Headers, send: Send
    ) -> None:
        method = scope["method"]
        mount = self._by_vendor[next(iter(route.methods.values())).operation.vendor]
        if method == "OPTIONS" and mount.allows_cors and b"access-control-request-method" in headers:
            response = _preflight(route, headers)
            finish(response, headers, mount)
            await send_response(send, response, method)
            return
        refused = Refused(
            405, f"Request method '{method}' not supported", headers={"Allow": route.allow}, cause=Cause.ROUTE
        )
        await self._refuse(refused, path.removeprefix(mount.prefix), world, mount, scope, headers, send)

    async def _refuse(
        self, refused: Refused, target: str, world: str, mount: Mount, scope: Scope, headers: Headers, send: Send
    ) -> None:
        response = refuse_unrouted(refused, target, mount)
        finish(response, headers, mount)
        record_unrouted(self._find(world), scope, mount.vendor.name, response)
        await send_response(send, response, scope["method"])

    def _mount_of(self, path: str) -> Mount | None:
        for prefix, mount in self._mounts.items():
            if path == prefix or path.startswith(f"{prefix}/"):
                return mount
        return None


def _hint(mount: Mount, target: str) -> dict[str, str]:
    """Return a header that names the inferred path most like an unknown one, and how to move its operation."""
    for path in get_close_matches(target, mount.inferred_paths, n=1, cutoff=0.4):
        operation = mount.inferred_paths[path]
        return {HINT: f"{operation} is only guessed to be at {path}; understudy serve --remap moves it"}
    return {}


def _preflight(route: Route[Endpoint], headers: Headers) -> RawResponse:
    """Return the response to a CORS preflight: any origin, the methods of the route, the requested headers."""
    requested = headers.get(b"access-control-request-headers", b"")
    given = {"Access-Control-Allow-Methods": route.allow}
    if re.fullmatch(rb"[\w\-, ]+", requested):
        given["Access-Control-Allow-Headers"] = requested.decode()
    return RawResponse(204, build_headers(PREFLIGHT, None, given=given), b"")
