"""Who may knock at the control API: this machine or whoever has the token, and no page of another site."""

from collections.abc import Collection
from ipaddress import ip_address
from urllib.parse import urlsplit

from understudy.core.refused import Cause, Refused
from understudy.http.responses import finish, refuse_unrouted, send_response
from understudy.http.vendor_mount import App, Mount, Receive, Scope, Send

OWN_SITE = (b"same-origin", b"none")
"""What browsers say of a page of the stand-in's own, and of an address typed in."""

LOCAL = "localhost"


class LocalAccessMiddleware:
    """Stands before the control API: refuses calls from elsewhere, under a foreign name, or for another site's page.

    With a token asked of every call, where it comes from and under which name no longer matters.
    """

    def __init__(self, app: App, mount: Mount, is_open: Collection[str], *, has_token: bool) -> None:
        """Guard the mount's paths on their way to ``app``, but for those that are open to all."""
        self._app = app
        self._mount = mount
        self._is_open = frozenset(is_open)
        self._has_token = has_token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a call through, or refuse it."""
        path = scope.get("path", "")
        if self._mount.prefix in path and path not in self._is_open:
            headers = dict(scope["headers"])
            why = _cross_site(headers) or ("" if self._has_token else _from_elsewhere(scope, headers))
            if why:
                refused = Refused(403, why, cause=Cause.CREDENTIALS)
                response = refuse_unrouted(refused, path, self._mount)
                finish(response, headers, self._mount)
                await send_response(send, response, scope["method"])
                return
        await self._app(scope, receive, send)


def _cross_site(headers: dict[bytes, bytes]) -> str:
    """Return why a browser's call for a page is refused: the page is of another site."""
    site = headers.get(b"sec-fetch-site")
    if site is not None:
        return "" if site in OWN_SITE else "called for a page of another site"
    origin = headers.get(b"origin")
    if origin is None or urlsplit(origin.decode("latin-1")).netloc == headers.get(b"host", b"").decode("latin-1"):
        return ""
    return "called for a page of another site"


def _from_elsewhere(scope: Scope, headers: dict[bytes, bytes]) -> str:
    """Return why a call without a token is refused: not from this machine, or not under a name of it."""
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
    """Tell whether a peer is this machine; one that is no address came through a socket file or in process."""
    if not _is_address(text):
        return True
    address = ip_address(text)
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback
