"""Flask app of the console, and the error for paths outside all vendors."""

from typing import Any
from urllib.parse import quote

from flask import Flask, Response, jsonify, redirect, render_template, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from understudy.console.access import Access, add_access
from understudy.console.clock import add_clock
from understudy.console.comparison import add_comparison
from understudy.console.control import ControlRefused
from understudy.console.data import add_data
from understudy.console.deliveries import add_deliveries
from understudy.console.documents import add_documents
from understudy.console.faults import add_faults
from understudy.console.forms import MAX_FORM_BYTES, MAX_FORM_FIELDS, add_form_protection
from understudy.console.journal import add_journal
from understudy.console.operation_page import add_operation_page
from understudy.console.operations import add_operations
from understudy.console.overview import add_overview
from understudy.console.paths import CONSOLE, OWN_PATHS, STATIC, is_page
from understudy.console.security_headers import add_security_headers
from understudy.console.services import Services
from understudy.console.state import add_state
from understudy.console.templating import add_templating
from understudy.console.worlds import add_worlds

HINT = "Understudy-Hint"
PATH_CHARACTERS = "/@:!$&'()*+,;=~"
YEAR = 31_536_000
GROUPS = (
    add_overview,
    add_operations,
    add_operation_page,
    add_journal,
    add_state,
    add_worlds,
    add_comparison,
    add_faults,
    add_clock,
    add_data,
    add_documents,
    add_deliveries,
)
"""Functions that add the pages, a module each."""


def create_console(services: Services, access: Access) -> Flask:
    """Return the Flask app for all paths outside the vendors and the control API."""
    app = Flask("understudy.console", static_folder="static", static_url_path=STATIC)
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_FORM_BYTES,
        MAX_FORM_PARTS=MAX_FORM_FIELDS,
        SEND_FILE_MAX_AGE_DEFAULT=YEAR,  # an asset's address changes with its content
    )
    add_templating(app, services, access)
    add_access(app, access)
    add_form_protection(app)
    add_security_headers(app)
    for add_group in GROUPS:
        add_group(app, services)
    _add_errors(app, services)
    return app


def _add_errors(app: Flask, services: Services) -> None:
    @app.errorhandler(ControlRefused)
    def show_refusal(refused: ControlRefused) -> tuple[str, int]:
        """Show a refusal of the control API, or of the console itself."""
        return render_template("refused.html", refused=refused), refused.status

    @app.errorhandler(MethodNotAllowed)
    def lead_to_page(error: MethodNotAllowed) -> Any:
        """Lead from the address of a form, which a browser shows after it is sent, to the page of the form."""
        page = _page_above(app, request.path) if request.method in {"GET", "HEAD"} else None
        query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
        return redirect(f"{quote(page)}{query}", 303) if page else refuse(error)

    @app.errorhandler(HTTPException)
    def refuse(error: HTTPException) -> tuple[str | Response, int] | tuple[Response, int, dict[str, str]]:
        """Return an error: a page for the console's own paths, else JSON with the vendors' URLs."""
        if is_page(request.path):
            reason = str(error.description) if error.code == 404 else f"{error.name}: {error.description}"
            refused = ControlRefused(error.code or 500, reason)
            return render_template("refused.html", refused=refused), refused.status
        return jsonify(_no_vendor(services)), error.code or 500, _hint_headers(services)


def _page_above(app: Flask, path: str) -> str | None:
    """Return the nearest page of the console above a path."""
    routes = app.url_map.bind("")
    while path.startswith(f"{CONSOLE}/"):
        path = path.rpartition("/")[0]
        if path != CONSOLE and routes.test(path, "GET"):
            return path
    return None


def _no_vendor(services: Services) -> dict[str, object]:
    return {
        "error": f"no vendor is mounted at {request.path}",
        "vendors": {vendor: f"{request.host_url}{vendor}" for vendor in sorted(services.vendors)},
    }


def _hint_headers(services: Services) -> dict[str, str]:
    found = services.nearest(quote(request.path, safe=PATH_CHARACTERS))
    headers = {HINT: f"did you mean {found}?"} if found else {}
    if services.allows_cors and "Origin" in request.headers and not request.path.startswith(OWN_PATHS):
        headers |= {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": HINT}
    return headers
