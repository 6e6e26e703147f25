"""Dispatcher of requests: finds world, vendor and route of each, answers unrouted ones, runs the others."""

import re
import time
from collections.abc import Callable
from difflib import get_close_matches

from understudy.core.misconfigured import Misconfigured
from understudy.core.refused import Cause, Refused
from understudy.core.world_names import MAIN, WORLD_NAME, WORLD_PREFIX
from understudy.http.authentication import Headers
from understudy.http.bodies import ClientDisconnected
from understudy.http.endpoint import Endpoint
from understudy.http.fault_injection import respond_with_faults
from understudy.http.request_context import RequestContext, SizeLimits, record_unrouted
from understudy.http.request_notes import note_refusal
from understudy.http.responses import (
    ANY_ORIGIN,
    RawResponse,
    build_headers,
    finish,
    refuse_unrouted,
    send_body,
    send_head,
)
from understudy.http.router import Route, Router
from understudy.http.vendor_mount import Mount, Receive, Scope, Send
from understudy.state.world import World

MAX_HOSTS = 100
HINT = "Understudy-Hint"
PREFLIGHT = (
    ANY_ORIGIN,
    (b"access-control-max-age", b"600"),
    (b"vary", b"access-control-request-headers"),
)


class Dispatcher:
    """Routes of all vendors, and the worlds in which their operations run."""

    def __init__(
        self,
        open_world: Callable[[str], World],
        find_world: Callable[[str], World | None],
        body_limit: int,
        upload_limit: int,
    ) -> None:
        """Take functions that return a world by name: ``open_world`` creates a missing one, ``find_world`` does not.

        Limits are in bytes; ``upload_limit`` is the limit of a form with its files.
        """
        self._open = open_world
        self._find = find_world
        self._limits = SizeLimits(body_limit, max(body_limit, upload_limit))
        self._router: Router[Endpoint] = Router()
        self._mounts: dict[str, Mount] = {}
        self._hosts: dict[bytes, Mount] = {}
        self._by_vendor: dict[str, Mount] = {}
        self._own_hosts: set[bytes] = set()
        """``Host`` headers seen that are no vendor's, at most ``MAX_HOSTS``: most requests have the same one."""

    def mount(self, mount: Mount) -> None:
        """Add a vendor's prefix and hosts; raise ``Misconfigured`` if another vendor has one of them."""
        for address in (mount.prefix, *sorted(mount.hosts)):
            other = self._mounts.get(address) or self._hosts.get(address.encode())
            if other is not None:
                raise Misconfigured(f"{mount.vendor.name} and {other.vendor.name} are both mounted on {address}")
        self._mounts[mount.prefix] = mount
        self._by_vendor[mount.vendor.name] = mount
        self._hosts.update({host.encode(): mount for host in mount.hosts})

    def add_route(self, path: str, method: str, endpoint: Endpoint) -> None:
        """Add the endpoint for a method of a path, which includes the mount's prefix."""
        self._router.add(path, method, endpoint)

    async def dispatch(self, scope: Scope, receive: Receive, send: Send) -> bool:
        """Respond to a request below a vendor's mount; return whether it was one."""
        headers: Headers = dict(scope["headers"])
        world_name, path = self._address(scope["raw_path"].decode("latin-1"), headers)
        if not world_name:
            return False
        found = self._router.find(path)
        if found is None:
            return await self._unknown_path(world_name, path, scope, headers, send)
        route, values = found
        method = scope["method"]
        endpoint = route.methods.get(method) or (route.methods.get("GET") if method == "HEAD" else None)
        if endpoint is None:
            await self._other_method(world_name, path, route, scope, headers, send)
            return True
        world = self._open(world_name)
        vendor = endpoint.operation.vendor
        mount = self._by_vendor[vendor]
        path_values = dict(zip(route.names, values, strict=True))
        context = RequestContext(world, endpoint, path, path_values, scope, receive, headers, time.perf_counter())
        try:
            if world.faults and (faults := world.faults.strike(vendor, endpoint.operation.id, world.clock.timestamp())):
                await respond_with_faults(context, faults, mount, send, self._limits)
            else:
                response = await context.handle(self._limits)
                finish(response, headers, mount)
                context.record(response)
                await send_head(send, response)
                await send_body(send, response, method)
        except ClientDisconnected:
            return True
        if context.steps is not None:
            await context.finish()
        return True

    def _address(self, path: str, headers: Headers) -> tuple[str, str]:
        """Return the name of a request's world, and its path without the world and with the vendor's prefix.

        The name is empty for a path whose world name is not valid.
        """
        world_name = MAIN
        if path.startswith(WORLD_PREFIX):
            world_name, _, rest = path[len(WORLD_PREFIX) :].partition("/")
            path = f"/{rest}"
            if not WORLD_NAME.fullmatch(world_name):
                return "", path
        host = headers.get(b"host", b"")
        mount = self._hosts.get(host)
        if mount is None and host not in self._own_hosts:
            mount = self._hosts.get(host.lower().partition(b":")[0])
            if mount is None and len(self._own_hosts) < MAX_HOSTS:
                self._own_hosts.add(host)
        return world_name, path if mount is None else mount.prefix + path

    async def _unknown_path(self, world_name: str, path: str, scope: Scope, headers: Headers, send: Send) -> bool:
        mount = self._mount_of(path)
        if mount is None:
            return False
        target = path.removeprefix(mount.prefix) or "/"
        refused = Refused(404, f"no operation at {target}", headers=_hint(mount, target), cause=Cause.ROUTE)
        await self._refuse(refused, target, world_name, mount, scope, headers, send)
        return True

    async def _other_method(
        self, world_name: str, path: str, route: Route[Endpoint], scope: Scope, headers: Headers, send: Send
    ) -> None:
        method = scope["method"]
        mount = self._by_vendor[next(iter(route.methods.values())).operation.vendor]
        if method == "OPTIONS" and mount.allows_cors and b"access-control-request-method" in headers:
            response = _preflight(route, headers)
            finish(response, headers, mount)
            await send_head(send, response)
            await send_body(send, response, method)
            return
        refused = Refused(
            405, f"Request method '{method}' not supported", headers={"Allow": route.allow}, cause=Cause.ROUTE
        )
        await self._refuse(refused, path.removeprefix(mount.prefix), world_name, mount, scope, headers, send)

    async def _refuse(
        self, refused: Refused, target: str, world_name: str, mount: Mount, scope: Scope, headers: Headers, send: Send
    ) -> None:
        note_refusal(scope, refused)
        response = refuse_unrouted(refused, target, mount)
        finish(response, headers, mount)
        record_unrouted(self._find(world_name), scope, mount.vendor.name, response)
        await send_head(send, response)
        await send_body(send, response, scope["method"])

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
