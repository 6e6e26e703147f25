"""Access to the control API: from this machine or with the token, and from no page of another site."""

import re
from collections.abc import Collection, Iterable
from ipaddress import ip_address

from understudy.core.refused import Cause, Refused
from understudy.http.host_header import INVALID_HOST, has_valid_host
from understudy.http.request_notes import note_refusal
from understudy.http.responses import finish, refuse_unrouted, send_body, send_head
from understudy.http.vendor_mount import App, Mount, Receive, Scope, Send

OWN_SITE = ("same-origin", "none")
"""Values of ``Sec-Fetch-Site`` for a page of this server, and for an address typed in."""

OTHER_SITE = "called for a page of another site"
LOCAL = "localhost"
HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))(?::[0-9]{0,5})?")
"""``Host`` header: an address in brackets or a name, and a port."""


class LocalAccessMiddleware:
    """Middleware before the control API: refuses other machines, foreign ``Host`` names and other sites' pages.

    If a token is required of every call, peer and ``Host`` are not checked.
    """

    def __init__(self, app: App, mount: Mount, open_paths: Collection[str], *, has_token: bool) -> None:
        """Check calls of the mount's paths before they reach ``app``, except ``open_paths``."""
        self._app = app
        self._mount = mount
        self._open_paths = frozenset(open_paths)
        self._has_token = has_token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a call on to the app, or refuse it."""
        path = scope.get("path", "")
        if self._mount.prefix in path and path not in self._open_paths:
            headers = scope["headers"]
            refused = access_refusal(scope, headers, has_token=self._has_token)
            if refused is not None:
                note_refusal(scope, refused)
                response = refuse_unrouted(refused, path, self._mount)
                finish(response, dict(headers), self._mount)
                await send_head(send, response)
                await send_body(send, response, scope["method"])
                return
        await self._app(scope, receive, send)


def access_refusal(scope: Scope, headers: Iterable[tuple[bytes, bytes]], *, has_token: bool) -> Refused | None:
    """Return the refusal of a request from elsewhere, or ``None``.

    If a token is required of every call (``has_token``), peer and ``Host`` are not checked.
    """
    reason = _cross_site(headers) or ("" if has_token else _not_local(scope, headers))
    if reason:
        return Refused(403, reason, cause=Cause.CREDENTIALS)
    if has_valid_host(headers, scope.get("http_version", "")):
        return None
    return Refused(400, INVALID_HOST, cause=Cause.CONTRACT)


def _cross_site(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """Return the reason to refuse the call of a page of another site, or an empty text."""
    sites = _values(headers, b"sec-fetch-site")
    if sites:
        return "" if all(site in OWN_SITE for site in sites) else OTHER_SITE
    own = {f"{scheme}://{host}".lower() for scheme in ("http", "https") for host in _values(headers, b"host")}
    return "" if all(origin.lower() in own for origin in _values(headers, b"origin")) else OTHER_SITE


def _not_local(scope: Scope, headers: Iterable[tuple[bytes, bytes]]) -> str:
    """Return the reason to refuse a call without token (foreign peer or ``Host``), or an empty text."""
    client = scope.get("client")
    if client is not None and not _is_loopback(client[0]):
        return "only this machine may steer; start the server with a token (UNDERSTUDY_TOKEN) to steer from elsewhere"
    for host in _values(headers, b"host"):
        if host and not _is_local_name(host):
            return f"called as {host!r}, which is no name of this machine; use localhost"
    return ""


def _values(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> list[str]:
    """Return the values of a header, one for each occurrence."""
    return [value.decode("latin-1") for each, value in headers if each == name]


def _is_local_name(host: str) -> bool:
    """Return whether a ``Host`` header is an address, ``localhost``, or a name below ``localhost``."""
    found = HOST.fullmatch(host)
    if found is None:
        return False
    address, name = found.groups()
    if address is not None:
        return _is_address(address)
    labels = name.lower().removesuffix(".").split(".")
    return (labels[-1] == LOCAL and all(labels)) or _is_address(name)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_loopback(text: str) -> bool:
    """Return whether a peer is this machine; a peer without an address is a socket file or in process."""
    if not _is_address(text):
        return True
    address = ip_address(text)
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback
