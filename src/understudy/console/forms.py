"""Protection of forms against other sites: a cookie, and its signature in the form or in a header of htmx."""

import hmac
from hashlib import sha256
from secrets import token_bytes, token_urlsafe

from flask import Flask, g, request
from werkzeug.wrappers import Response

from understudy.console.access import cookie_name
from understudy.console.control import ControlRefused
from understudy.console.paths import is_page

FIELD, HEADER = "csrf_token", "X-CSRF-Token"
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
NOT_OURS = "the form was not made by this server, or before its last start: load the page again"
MAX_FORM_BYTES = 512 * 1024
MAX_FORM_FIELDS = 1000


def add_form_protection(app: Flask) -> None:
    """Add the check of every request that changes something, and the function ``csrf_token`` of templates."""
    key = token_bytes(32)

    def signature(text: str) -> str:
        return hmac.new(key, text.encode(), sha256).hexdigest()

    def csrf_token() -> str:
        if "csrf_cookie" not in g:
            g.csrf_cookie = request.cookies.get(cookie_name("csrf")) or token_urlsafe()
        return signature(g.csrf_cookie)

    @app.before_request
    def check_form() -> None:
        """Refuse a request that changes something without the token of a page of this server."""
        if request.method in SAFE_METHODS or request.routing_exception or not is_page(request.path):
            return
        cookie = request.cookies.get(cookie_name("csrf"), "")
        given = request.headers.get(HEADER) or request.form.get(FIELD, "")
        if not cookie or not hmac.compare_digest(given.encode(), signature(cookie).encode()):
            raise ControlRefused(403, NOT_OURS)

    @app.after_request
    def keep_cookie(response: Response) -> Response:
        """Give the client the cookie whose signature its page has."""
        if "csrf_cookie" in g and request.cookies.get(cookie_name("csrf")) != g.csrf_cookie:
            response.set_cookie(
                cookie_name("csrf"), g.csrf_cookie, httponly=True, samesite="Strict", secure=request.is_secure
            )
        return response

    app.jinja_env.globals["csrf_token"] = csrf_token
