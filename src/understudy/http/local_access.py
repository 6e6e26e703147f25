"""Access to the control API: from this machine or with the token, and from no page of another site."""

from collections.abc import Collection
from ipaddress import ip_address
from urllib.parse import urlsplit

from understudy.core.refused import Cause, Refused
from understudy.http.request_notes import note_refusal
from understudy.http.responses import finish, refuse_unrouted, send_body, send_head
from understudy.http.vendor_mount import App, Mount, Receive, Scope, Send

OWN_SITE = (b"same-origin", b"none")
"""Values of ``Sec-Fetch-Site`` for a page of this server, and for an address typed in."""

LOCAL = "localhost"


class LocalAccessMiddleware:
    """Middleware before the control API: refuses other machines, foreign ``Host`` names and other sites' pages.

    If a token is required of every call, peer and ``Host`` are not checked.
    """

    def __init__(self, app: App, mount: Mount, is_open: Collection[str], *, has_token: bool) -> None:
        """Check calls of the mount's paths before they reach ``app``, except the paths in ``is_open``."""
        self._app = app
        self._mount = mount
        self._is_open = frozenset(is_open)
        self._has_token = has_token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a call on to the app, or refuse it."""
        path = scope.get("path", "")
        if self._mount.prefix in path and path not in self._is_open:
            headers = dict(scope["headers"])
            reason = _cross_site(headers) or ("" if self._has_token else _not_local(scope, headers))
            if reason:
                refused = Refused(403, reason, cause=Cause.CREDENTIALS)
                note_refusal(scope, refused)
                response = refuse_unrouted(refused, path, self._mount)
                finish(response, headers, self._mount)
                await send_head(send, response)
                await send_body(send, response, scope["method"])
                return
        await self._app(scope, receive, send)


def _cross_site(headers: dict[bytes, bytes]) -> str:
    """Return the reason to refuse the call of a page of another site, or an empty text."""
    site = headers.get(b"sec-fetch-site")
    if site is not None:
        return "" if site in OWN_SITE else "called for a page of another site"
    origin = headers.get(b"origin")
    if origin is None or urlsplit(origin.decode("latin-1")).netloc == headers.get(b"host", b"").decode("latin-1"):
        return ""
    return "called for a page of another site"


def _not_local(scope: Scope, headers: dict[bytes, bytes]) -> str:
    """Return the reason to refuse a call without token (foreign peer or ``Host``), or an empty text."""
    client = scope.get("client")
    if client is not None and not _is_loopback(client[0]):
        return "only this machine may steer; start the server with a token (UNDERSTUDY_TOKEN) to steer from elsewhere"
    host = _host_name(headers.get(b"host", b"").decode("latin-1"))
    if host and not (host == LOCAL or host.endswith(f".{LOCAL}") or _is_address(host)):
        return f"called as {host!r}, which is no name of this machine; say localhost"
    return ""


def _host_name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return host


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
