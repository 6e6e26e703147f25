"""HTML page with the served operations, and the error for paths outside all vendors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Flask, Response, jsonify, render_template, request
from werkzeug.exceptions import HTTPException


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


def create_dashboard(version: str, rows: Sequence[OperationRow], base_paths: Mapping[str, str]) -> Flask:
    """Return the Flask app for all paths outside the vendors; ``base_paths`` are the vendors' base paths, by name."""
    pages = Flask("understudy.dashboard", static_folder=None)
    vendors = sorted(base_paths)

    @pages.get("/")
    def index() -> str:
        """List the vendors and their operations."""
        root = request.host_url.rstrip("/")
        return render_template("index.html", version=version, rows=rows, root=root, base_paths=base_paths)

    @pages.errorhandler(HTTPException)
    def refuse(error: HTTPException) -> tuple[Response, int]:
        """Return an error for a path outside all vendors, with the vendors' URLs."""
        body = {
            "error": f"no vendor is mounted at {request.path}",
            "vendors": {vendor: f"{request.host_url}{vendor}" for vendor in vendors},
        }
        return jsonify(body), error.code or 500

    return pages
