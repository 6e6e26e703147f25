"""Pages for people: what is served here, and how to call it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Flask, Response, jsonify, render_template, request
from werkzeug.exceptions import HTTPException


@dataclass(frozen=True, slots=True)
class OperationRow:
    """One operation as the page shows it."""

    vendor: str
    tag: str
    id: str
    method: str
    path: str
    summary: str
    fidelity: str
    provenance: str


def create_dashboard(version: str, rows: Sequence[OperationRow], base_paths: Mapping[str, str]) -> Flask:
    """Return the Flask app that has every path no vendor claims; ``base_paths`` are the vendors' own, by name."""
    pages = Flask("understudy.dashboard", static_folder=None)
    vendors = sorted(base_paths)

    @pages.get("/")
    def index() -> str:
        """List the vendors and their operations."""
        root = request.host_url.rstrip("/")
        return render_template("index.html", version=version, rows=rows, root=root, base_paths=base_paths)

    @pages.errorhandler(HTTPException)
    def refuse(error: HTTPException) -> tuple[Response, int]:
        """Say that no vendor has this path, and which there are."""
        body = {
            "error": f"no vendor is mounted at {request.path}",
            "vendors": {vendor: f"{request.host_url}{vendor}" for vendor in vendors},
        }
        return jsonify(body), error.code or 500

    return pages
