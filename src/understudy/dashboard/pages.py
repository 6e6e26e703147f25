"""HTML page with the served operations, and the error for paths outside all vendors."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from flask import Flask, Response, jsonify, render_template, request
from werkzeug.exceptions import HTTPException

HINT = "Understudy-Hint"
OWN_PATHS = "/_understudy"
PATH_CHARACTERS = "/@:!$&'()*+,;=~"


@dataclass(frozen=True, slots=True)
class OperationRow:
    """Row of the page's table: one operation, as texts."""

    vendor: str
    tag: str
    id: str
    method: str
    path: str
    summary: str
    fidelity: str
    provenance: str


def create_dashboard(
    version: str,
    rows: Sequence[OperationRow],
    base_paths: Mapping[str, str],
    nearest: Callable[[str], str],
    *,
    allows_cors: bool,
) -> Flask:
    """Return the Flask app for all paths outside the vendors; ``base_paths`` are the vendors' base paths, by name.

    ``nearest`` returns the known path that is most like another, for the hint of a 404; if it ``allows_cors``, pages of
    any origin may read that.
    """
    pages = Flask("understudy.dashboard", static_folder=None)
    vendors = sorted(base_paths)

    @pages.get("/")
    def index() -> str:
        """List the vendors and their operations."""
        root = request.host_url.rstrip("/")
        return render_template("index.html", version=version, rows=rows, root=root, base_paths=base_paths)

    @pages.errorhandler(HTTPException)
    def refuse(error: HTTPException) -> tuple[Response, int, dict[str, str]]:
        """Return an error for a path outside all vendors, with the vendors' URLs."""
        body = {
            "error": f"no vendor is mounted at {request.path}",
            "vendors": {vendor: f"{request.host_url}{vendor}" for vendor in vendors},
        }
        found = nearest(quote(request.path, safe=PATH_CHARACTERS))
        headers = {HINT: f"did you mean {found}?"} if found else {}
        if allows_cors and "Origin" in request.headers and not request.path.startswith(OWN_PATHS):
            headers |= {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": HINT}
        return jsonify(body), error.code or 500, headers

    return pages
