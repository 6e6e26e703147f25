"""Dispatcher of requests: finds world, vendor and route of each, answers unrouted ones, runs the others."""

import re
import time
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from http import HTTPStatus
from typing import Any

from understudy.core.misconfigured import Misconfigured
from understudy.core.refused import Cause, Refused
from understudy.core.world_names import CONTROL_PATH, MAIN, WORLD_NAME, WORLD_PREFIX, world_prefix
from understudy.http.authentication import Headers
from understudy.http.bodies import ClientDisconnected
from understudy.http.endpoint import Endpoint
from understudy.http.fault_injection import respond_with_faults
from understudy.http.head_limits import REFUSED_HEAD, head_refusal
from understudy.http.host_header import INVALID_HOST, has_valid_host, is_valid_host, needs_host
from understudy.http.request_context import RequestContext, SizeLimits, read_unrouted, record_unrouted
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
from understudy.http.route_hints import RouteHints
from understudy.http.router import Route, Router
from understudy.http.vendor_mount import ANY_LABEL, Mount, Receive, Scope, Send
from understudy.state.unrouted_calls import UnroutedCalls, world_in
from understudy.state.world import World
from understudy.state.worlds import TooManyWorlds

MAX_HOSTS = 100
METHOD_OVERRIDE = b"x-http-method-override"
REQUESTED_METHOD = b"access-control-request-method"
TOKEN = re.compile(r"[A-Za-z]+")
OWN_PATHS = b"/_understudy"
"""Start of the paths of the control API and the console, which no page of another site may call."""

PREFLIGHT = (
    ANY_ORIGIN,
    (b"access-control-max-age", b"600"),
    (b"vary", b"access-control-request-headers"),
)


PREFER = b"prefer"


class Dispatcher:
    """Routes of all vendors, and the worlds in which their operations run."""

    def __init__(
        self,
        open_world: Callable[[str], World],
        find_world: Callable[[str], World | None],
        limits: SizeLimits,
        hints: RouteHints,
        unrouted: UnroutedCalls | None = None,
    ) -> None:
        """Take functions that return a world by name: ``open_world`` creates a missing one, ``find_world`` does not.

        ``hints`` has the known paths; ``unrouted`` gets the calls that no world's journal has.
        """
        self._open = open_world
        self._find = find_world
        self._limits = limits
        self._hints = hints
        self._unrouted = unrouted
        self._router: Router[Endpoint] = Router()
        self._mounts: dict[str, Mount] = {}
        self._hosts: dict[bytes, Mount] = {}
        self._by_vendor: dict[str, Mount] = {}
        self._root_prefixes: tuple[str, ...] = ()
        self._passed_on: frozenset[str] = frozenset()
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

    def serve_at_root(self, *prefixes: str) -> None:
        """Serve a path that no vendor has as if the first of these prefixes that fits stood before it."""
        self._root_prefixes = prefixes

    def pass_on(self, paths: Iterable[str]) -> None:
        """Leave GET requests for these paths below a mount to the inner app, unless an operation is there."""
        self._passed_on = frozenset(paths)

    def add_route(self, path: str, method: str, endpoint: Endpoint) -> None:
        """Add the endpoint for a method of a path, which includes the mount's prefix."""
        self._router.add(path, method, endpoint)
        twin = path.rstrip("/") if path.endswith("/") else f"{path}/"
        mount = self._by_vendor[endpoint.operation.vendor]
        if mount.takes_trailing_slash and twin != mount.prefix and not self._router.has(twin, method):
            self._router.add(twin, method, endpoint)

    async def dispatch(self, scope: Scope, receive: Receive, send: Send) -> bool:
        """Respond to a request below a vendor's mount; return whether it was one."""
        headers = _headers_of(scope)
        world_name, path = self._address(scope["raw_path"].decode("latin-1"), headers)
        if not world_name:
            return False
        refused_early = self._refused_early(scope, headers)
        if refused_early is not None:
            return await self._refuse_early(refused_early, world_name, path, scope, headers, send)
        path, found = self._find_route(path)
        if found is None:
            return await self._unknown_path(world_name, path, scope, headers, receive, send)
        route, values = found
        method = scope["method"]
        if method == "POST" and METHOD_OVERRIDE in headers:
            method = scope["method"] = self._overridden(headers, route)
        endpoint = route.methods.get(method) or (route.methods.get("GET") if method == "HEAD" else None)
        if endpoint is None:
            await self._other_method(world_name, path, route, scope, headers, receive, send)
            return True
        vendor = endpoint.operation.vendor
        mount = self._by_vendor[vendor]
        path_values = dict(zip(route.names, values, strict=True))
        started = time.perf_counter()
        context = None
        try:
            world = self._open(world_name)
            context = RequestContext(
                world_name, world, self._open, endpoint, path, path_values, scope, receive, headers, started
            )
            if world.faults and (faults := world.faults.strike(vendor, endpoint.operation.id, world.clock.timestamp())):
                await respond_with_faults(context, faults, mount, send, self._limits)
            else:
                response = await context.handle(self._limits)
                finish(response, headers, mount)
                context.record(response)
                await send_head(send, response)
                await send_body(send, response, method)
            if context.steps is not None:
                await context.finish()
        except ClientDisconnected:
            pass
        except TooManyWorlds as limit:
            refused = Refused(HTTPStatus.INSUFFICIENT_STORAGE, str(limit), cause=Cause.LIMIT)
            refused.operation = endpoint.operation.id
            await self._refuse(refused, path.removeprefix(mount.prefix), world_name, mount, scope, headers, send)
        finally:
            if context is not None:
                context.close()
        return True

    def _is_passed_on(self, scope: Scope) -> bool:
        return scope["method"] in ("GET", "HEAD") and scope["raw_path"].decode("latin-1") in self._passed_on

    def _find_route(self, path: str) -> tuple[str, tuple[Route[Endpoint], list[str]] | None]:
        """Return the path of a request with its vendor's prefix, which it may lack at the root, and its route."""
        found = self._router.find(path)
        if found is not None or not self._root_prefixes or f"{path}/".startswith(f"{OWN_PATHS.decode()}/"):
            return path, found
        for prefix in self._root_prefixes:
            found = self._router.find(prefix + path)
            if found is not None:
                return prefix + path, found
        if self._mount_of(path) is not None or path == "/":
            return path, None
        base = self._root_prefixes[-1]
        whole = (prefix + path for prefix in self._root_prefixes)
        return next((each for each in whole if each == base or each.startswith(f"{base}/")), base + path), None

    def _refused_early(self, scope: Scope, headers: Headers) -> Refused | None:
        """Return the refusal of a head over its limits, or of one with an invalid host."""
        if REFUSED_HEAD in scope:
            return head_refusal(scope[REFUSED_HEAD])
        if self._has_valid_host(headers, scope):
            return None
        return Refused(HTTPStatus.BAD_REQUEST, INVALID_HOST, cause=Cause.CONTRACT)

    def _overridden(self, headers: Headers, route: Route[Endpoint]) -> str:
        """Return the method that a POST asks for in its header, if its vendor takes that; else POST."""
        if not self._by_vendor[next(iter(route.methods.values())).operation.vendor].takes_method_override:
            return "POST"
        method = headers[METHOD_OVERRIDE].decode("latin-1").strip().upper()
        return "GET" if method == "HEAD" else method  # the client of a POST reads a body

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
            mount = self._mount_of_host(host.lower().partition(b":")[0])
            if mount is None and len(self._own_hosts) < MAX_HOSTS and is_valid_host(host):
                self._own_hosts.add(host)
        return world_name, path if mount is None else mount.prefix + path

    def _mount_of_host(self, host: bytes) -> Mount | None:
        label, _, rest = host.partition(b".")
        return self._hosts.get(host) or (self._hosts.get(ANY_LABEL.encode() + b"." + rest) if label else None)

    async def _unknown_path(
        self, world_name: str, path: str, scope: Scope, headers: Headers, receive: Receive, send: Send
    ) -> bool:
        mount = self._mount_of(path)
        if mount is None:
            return await self._preflight_elsewhere(headers, scope, send)
        if self._is_passed_on(scope):
            return False
        if mount.allows_cors and _is_preflight(scope, headers):
            await _answer_preflight("", mount, headers, send)
            return True
        target = path.removeprefix(mount.prefix) or "/"
        found = self._hints.nearest(path, mount.prefix)
        nearest = found and _as_sent(found, world_name, path, mount, scope)
        meant = f"; did you mean {nearest}?" if nearest and mount.prefix == CONTROL_PATH else ""
        refused = Refused(404, f"no operation at {target}{meant}", cause=Cause.ROUTE)
        hint = "; ".join(filter(None, (nearest and f"did you mean {nearest}?", _inferred(mount, target))))
        body = await self._unrouted_body(world_name, scope, headers, receive)
        await self._refuse(refused, target, world_name, mount, scope, headers, send, hint, body)
        return True

    async def _preflight_elsewhere(self, headers: Headers, scope: Scope, send: Send) -> bool:
        """Answer a preflight on a path of no vendor, so that a page can read the 404; return whether it was one."""
        mount = next((each for each in self._mounts.values() if each.allows_cors), None)
        if mount is None or not _is_preflight(scope, headers) or scope["raw_path"].startswith(OWN_PATHS):
            return False
        await _answer_preflight("", mount, headers, send)
        return True

    def _has_valid_host(self, headers: Headers, scope: Scope) -> bool:
        if len(headers) == len(scope["headers"]):  # no header is repeated
            host = headers.get(b"host")
            if host is None:
                return not needs_host(scope.get("http_version", ""))
            return host in self._own_hosts or host in self._hosts or is_valid_host(host)
        return has_valid_host(scope["headers"], scope.get("http_version", ""))

    async def _refuse_early(
        self, refused: Refused, world_name: str, path: str, scope: Scope, headers: Headers, send: Send
    ) -> bool:
        """Refuse a request by its head alone; return whether it is for a vendor."""
        mount = self._mount_of(path)
        if mount is None:
            return False
        await self._refuse(refused, path.removeprefix(mount.prefix), world_name, mount, scope, headers, send)
        return True

    async def _other_method(
        self,
        world_name: str,
        path: str,
        route: Route[Endpoint],
        scope: Scope,
        headers: Headers,
        receive: Receive,
        send: Send,
    ) -> None:
        method = scope["method"]
        mount = self._by_vendor[next(iter(route.methods.values())).operation.vendor]
        if mount.allows_cors and _is_preflight(scope, headers):
            await _answer_preflight(route.allow, mount, headers, send)
            return
        refused = Refused(
            405, f"Request method '{method}' not supported", headers={"Allow": route.allow}, cause=Cause.ROUTE
        )
        hint = self._other_method_hint(world_name, path, route, method, mount, scope)
        body = await self._unrouted_body(world_name, scope, headers, receive)
        target = path.removeprefix(mount.prefix)
        await self._refuse(refused, target, world_name, mount, scope, headers, send, hint, body)

    def _other_method_hint(
        self, world_name: str, path: str, route: Route[Endpoint], method: str, mount: Mount, scope: Scope
    ) -> str:
        if method.upper() in route.methods:
            return f"methods are in capitals: did you mean {method.upper()}?"
        nearest = self._hints.nearest_for(path, method, mount.prefix)
        if not nearest:
            return f"taken here: {route.allow}"
        return f"taken here: {route.allow}; {method} is taken at {_as_sent(nearest, world_name, path, mount, scope)}"

    async def _unrouted_body(self, world_name: str, scope: Scope, headers: Headers, receive: Receive) -> bytes:
        """Return the body of a call that reaches no operation, for the journal of its world."""
        if self._find(world_name) is None:
            return b""
        return await read_unrouted(receive, scope, headers, self._limits.body)

    async def _refuse(
        self,
        refused: Refused,
        target: str,
        world_name: str,
        mount: Mount,
        scope: Scope,
        headers: Headers,
        send: Send,
        hint: str = "",
        body: bytes = b"",
    ) -> None:
        note_refusal(scope, refused)
        response = refuse_unrouted(refused, target, mount)
        response.hint = hint
        finish(response, headers, mount)
        world = self._find(world_name)
        if world is None or world_in(scope["raw_path"]) not in ("", world_name):  # named, but where it is not read
            self._add_unrouted(scope, response.status)
        record_unrouted(world, scope, mount.vendor.name, response, refused.cause, body)
        await send_head(send, response)
        await send_body(send, response, scope["method"])

    def watch(self, scope: Scope, send: Send) -> Send:
        """Return the ``send`` of a request of no vendor, which adds it to the unrouted calls if it is refused."""
        if self._unrouted is None or OWN_PATHS in scope["raw_path"]:
            return send

        async def watched(message: dict[str, Any]) -> None:
            if message.get("status", 0) >= HTTPStatus.BAD_REQUEST:  # of its head
                self._add_unrouted(scope, message["status"])
            await send(message)

        return watched

    def _add_unrouted(self, scope: Scope, status: int) -> None:
        if self._unrouted is not None:
            self._unrouted.add(scope["method"], scope["raw_path"], scope["query_string"], status)

    def _mount_of(self, path: str) -> Mount | None:
        for prefix, mount in self._mounts.items():
            if path == prefix or path.startswith(f"{prefix}/"):
                return mount
        return None


def _headers_of(scope: Scope) -> dict[bytes, bytes]:
    """Return the headers by name. ``Prefer`` is a list: several such headers are one."""
    headers = dict(scope["headers"])
    if PREFER in headers:
        headers[PREFER] = b", ".join(value for name, value in scope["headers"] if name == PREFER)
    return headers


def _as_sent(found: str, world_name: str, path: str, mount: Mount, scope: Scope) -> str:
    """Return a known path as the client of a request to ``path`` has to write it: with its world, on its host."""
    world = "" if found.startswith(WORLD_PREFIX) else world_prefix(world_name)
    if scope["raw_path"].decode("latin-1").endswith(path):  # not by the vendor's own host
        return world + found
    own_world, prefix, rest = found.partition(f"{mount.prefix}/")
    if prefix and (not own_world or own_world.startswith(WORLD_PREFIX)):
        return f"{world}{own_world}/{rest}"
    return f"{world}{found} at the server's own address"


def _inferred(mount: Mount, target: str) -> str:
    """Return a text that names the inferred path most like an unknown one, and how to move its operation."""
    for path in get_close_matches(target, mount.inferred_paths, n=1, cutoff=0.4):
        operation = mount.inferred_paths[path]
        return f"{operation} is only guessed to be at {path}; understudy serve --remap moves it"
    return ""


def _is_preflight(scope: Scope, headers: Headers) -> bool:
    return scope["method"] == "OPTIONS" and REQUESTED_METHOD in headers


async def _answer_preflight(allow: str, mount: Mount, headers: Headers, send: Send) -> None:
    """Answer a CORS preflight; the page may then send its request, and read that it is refused."""
    response = _preflight(allow, headers)
    finish(response, headers, mount)
    await send_head(send, response)
    await send_body(send, response, "OPTIONS")


def _preflight(allow: str, headers: Headers) -> RawResponse:
    """Return the response to a CORS preflight: any origin, the path's methods and the requested one and its headers."""
    requested = headers.get(b"access-control-request-headers", b"")
    method = headers[REQUESTED_METHOD].decode("latin-1")
    methods = [each for each in allow.split(", ") if each]
    if TOKEN.fullmatch(method) and method not in methods:
        methods.append(method)
    given = {"Access-Control-Allow-Methods": ", ".join(methods)}
    if re.fullmatch(rb"[\w\-, ]+", requested):
        given["Access-Control-Allow-Headers"] = requested.decode()
    return RawResponse(204, build_headers(PREFLIGHT, None, given=given), b"")
