"""Access to the console: as to the control API, or with a cookie that a form gives for the server's token."""

import hmac
import re
from collections.abc import Mapping
from hashlib import sha256
from secrets import token_bytes

from flask import Flask, Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from understudy.console.control import ControlRefused
from understudy.console.paths import CONSOLE, OWN_PATHS, STATIC, page_address
from understudy.http.local_access import access_refusal

UNSAFE_TARGET = re.compile(r"[\x00-\x20\\]|^//|^[^/]|^$")
"""Part of an address to which a form must not lead: one of another site."""

BEARER = "Bearer "


class Access:
    """Check of each request for the console's pages. Without a token, it is that of the control API alone."""

    def __init__(self, token: str | None) -> None:
        self._token = token
        self._session = hmac.new(token_bytes(32), (token or "").encode(), sha256).hexdigest()
        """Value of the cookie of those who have signed in to this process."""

    @property
    def takes_token(self) -> bool:
        """True if the server was started with a token."""
        return self._token is not None

    def is_signed_in(self) -> bool:
        """Return whether the request has the token, or the cookie that stands for it."""
        return self.admits(request.headers.get("Authorization", ""), request.cookies, request.host)

    def admits(self, authorization: str, cookies: Mapping[str, str], host: str) -> bool:
        """Return whether a request with this header and these cookies has the token, or the cookie for it."""
        if self._token is None:
            return True
        cookie = cookies.get(cookie_name("session", host), "")
        given = authorization.removeprefix(BEARER)
        return self.is_token(given) or hmac.compare_digest(cookie.encode(), self._session.encode())

    def is_token(self, text: str) -> bool:
        """Return whether a text is the server's token."""
        return self._token is not None and hmac.compare_digest(text.encode(), self._token.encode())

    def sign_in(self, response: BaseResponse) -> None:
        """Give the client the cookie."""
        response.set_cookie(
            cookie_name("session"), self._session, httponly=True, samesite="Strict", secure=request.is_secure
        )


def cookie_name(purpose: str, host: str = "") -> str:
    """Return the name of a cookie of this server: cookies of all ports of a host are in one jar."""
    port = (host or request.host).rpartition(":")[2]
    return f"understudy_{purpose}_{port}" if port.isdecimal() else f"understudy_{purpose}"


def add_access(app: Flask, access: Access) -> None:
    """Add the check of each request, and the pages by which a client signs in and out."""

    @app.before_request
    def check_access() -> BaseResponse | None:
        """Refuse a request from elsewhere, and lead one without the token to the form for it."""
        g.is_signed_in = access.is_signed_in()
        path = request.path
        if not path.startswith(OWN_PATHS) or path.startswith(f"{STATIC}/"):
            return None
        scope = request.environ["asgi.scope"]
        refused = access_refusal(scope, scope["headers"], has_token=access.takes_token)
        if refused is not None:
            raise ControlRefused(refused.status, refused.message)
        if not path.startswith(f"{CONSOLE}/") or path == f"{CONSOLE}/sign-in" or g.is_signed_in:
            return None
        if request.method != "GET":
            raise ControlRefused(401, "sign in with the token that the server was started with")
        target = url_for("sign_in", next=page_address())
        if "HX-Request" in request.headers:
            return Response(status=204, headers={"HX-Redirect": target})
        return redirect(target, 303)

    @app.get(f"{CONSOLE}/sign-in")
    def sign_in() -> str | BaseResponse:
        """Show the form for the token."""
        if access.is_signed_in():
            return redirect(_next_target(), 303)
        return render_template("sign_in.html", target=_next_target(), is_wrong=False)

    @app.post(f"{CONSOLE}/sign-in")
    def take_token() -> tuple[str, int] | BaseResponse:
        """Take the token, and lead back to the page that was asked for."""
        if not access.is_token(request.form.get("token", "")):
            return render_template("sign_in.html", target=_next_target(), is_wrong=True), 403
        response = redirect(_next_target(), 303)
        access.sign_in(response)
        return response

    @app.post(f"{CONSOLE}/sign-out")
    def sign_out() -> BaseResponse:
        """Remove the cookie."""
        response = redirect("/", 303)
        response.delete_cookie(cookie_name("session"), httponly=True, samesite="Strict", secure=request.is_secure)
        return response


def _next_target() -> str:
    target = request.values.get("next", "/")
    return "/" if UNSAFE_TARGET.search(target) else target
