"""Functions and filters of the console's templates."""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask, g, request, url_for

from understudy.console.access import Access
from understudy.console.json_markup import json_line, json_markup, json_text, text_markup
from understudy.console.paths import is_page, page_address, page_path
from understudy.console.prose import prose
from understudy.console.services import Services
from understudy.core.world_names import MAIN, WORLD_NAME, world_prefix
from understudy.http.own_urls import own_root

STATIC_FOLDER = Path(__file__).with_name("static")
NAVIGATION = (
    ("overview", "Overview"),
    ("operations", "Operations"),
    ("journal", "Journal"),
    ("state", "State"),
    ("worlds", "Worlds"),
    ("faults", "Faults"),
    ("clock", "Clock"),
    ("deliveries", "Deliveries"),
    ("data", "Data"),
    ("reference", "Reference"),
)
"""Pages in the header: the name of the function that answers, and the text of the link."""


@cache
def asset_version(name: str) -> str:
    """Return a version of a file in ``static/`` for its address: it changes with the content."""
    return sha256((STATIC_FOLDER / name).read_bytes()).hexdigest()[:12]


def asset(name: str) -> str:
    """Return the address of a file in ``static/``."""
    return url_for("static", filename=name, v=asset_version(name))


def page_url(endpoint: str, **values: Any) -> str:
    """Return the address of a page, in the world that this page is about."""
    if g.get("world", MAIN) != MAIN:
        values.setdefault("world", g.world)
    return url_for(endpoint, **values)


def with_query(**changes: Any) -> str:
    """Return the address of this page with other query parameters; those that are ``None`` or empty are left out."""
    query = {**request.args.to_dict(), **changes}
    kept = {name: value for name, value in query.items() if value not in {None, ""}}
    return f"{page_path()}?{urlencode(kept)}" if kept else page_path()


def add_templating(app: Flask, services: Services, access: Access) -> None:
    """Add the functions of templates, and the choice of the world by ``?world=``."""

    @app.before_request
    def choose_world() -> None:
        """Set the world that a page is about."""
        given = request.args.get("world", MAIN) if is_page(request.path) else MAIN
        g.world = given if WORLD_NAME.fullmatch(given) else MAIN

    def shared() -> Mapping[str, Any]:
        scope = request.environ["asgi.scope"]
        links = [(name, text) for name, text in NAVIGATION if name in app.view_functions]
        return {
            "root": own_root(scope, dict(scope["headers"])),
            "world": g.get("world", MAIN),
            "world_prefix": world_prefix(g.get("world", MAIN)),
            "navigation": links,
            "version": services.version,
            "has_sign_out": access.takes_token and g.get("is_signed_in", False),
        }

    app.context_processor(lambda: dict(shared()))
    app.jinja_env.globals.update(
        asset=asset, page_url=page_url, page_path=page_path, page_address=page_address, with_query=with_query
    )
    app.jinja_env.filters.update(
        json_markup=json_markup, json_text=json_text, text_markup=text_markup, tojson_text=json_line, prose=prose
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
