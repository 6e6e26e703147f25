"""Headers of every page: nothing is loaded from elsewhere, run from the page's text, or shown in a frame."""

from flask import Flask, request
from werkzeug.wrappers import Response

from understudy.console.paths import STATIC, is_page

POLICY = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def add_security_headers(app: Flask) -> None:
    """Add the headers to every answer of the app; pages are not cached."""

    @app.after_request
    def secure(response: Response) -> Response:
        """Add the headers that are not there yet."""
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if is_page(request.path) and not request.path.startswith(f"{STATIC}/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response
