"""OpenAPI documents as files, and the reference that a viewer draws of each."""

from collections.abc import Mapping
from typing import Any

import yaml
from flask import Flask, Response, abort, g, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from understudy.console.json_markup import json_bytes
from understudy.console.paths import CONSOLE, DOCUMENT_JSON, DOCUMENT_YAML
from understudy.console.services import Services
from understudy.core.world_names import CONTROL_PATH, world_prefix
from understudy.http.mounted_vendor import MountedVendor
from understudy.http.own_urls import own_root

MEDIA_TYPES = {DOCUMENT_JSON: "application/json", DOCUMENT_YAML: "application/yaml"}
CONTROL_NAME = "_understudy"
"""Name of the control API's document on the pages; no vendor has one that begins so."""

WIDTH = 120


class DocumentDumper(yaml.CSafeDumper):
    """Writer of YAML without anchors: a part that is used twice is written twice."""

    def ignore_aliases(self, _data: Any) -> bool:
        """Return that no part has an alias."""
        return True


def document_bytes(raw: Mapping[str, Any], name: str) -> bytes:
    """Return a document as ``openapi.json``, or as ``openapi.yaml``."""
    if name == DOCUMENT_YAML:
        text = str(yaml.dump(raw, Dumper=DocumentDumper, sort_keys=False, allow_unicode=True, width=WIDTH))
        return text.encode("utf-8", "replace")
    return json_bytes(raw)


def add_documents(app: Flask, services: Services) -> None:
    """Add the documents, at the vendors' paths and at the console's, and the pages of the reference."""

    def find(name: str) -> MountedVendor:
        found = services.control_api if name == CONTROL_NAME else services.vendors.get(name)
        if found is None:
            abort(404, f"there is no document {name!r}")
        return found

    @app.get("/<vendor>/<any('openapi.json', 'openapi.yaml'):file>")
    def vendor_document(vendor: str, file: str) -> BaseResponse:
        """Return the document of a vendor, which has no operation at this path."""
        if vendor not in services.vendors:
            abort(404)
        response = _sent(services.vendors[vendor].document.raw, file)
        if services.vendors[vendor].mount.allows_cors and "Origin" in request.headers:
            response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    @app.get(f"{CONTROL_PATH}/<any('openapi.json', 'openapi.yaml'):file>")
    def control_document(file: str) -> BaseResponse:
        """Return the document of the control API."""
        return _sent(services.control_api.document.raw, file)

    @app.get(f"{CONSOLE}/documents/<name>/<any('openapi.json', 'openapi.yaml'):file>")
    def console_document(name: str, file: str) -> BaseResponse:
        """Return a document with this server as its only one, in the chosen world."""
        found = find(name)
        scope = request.environ["asgi.scope"]
        prefix = "" if name == CONTROL_NAME else world_prefix(g.world)
        url = own_root(scope, dict(scope["headers"])) + prefix + found.base_path
        return _sent(here(found.document.raw, url), file)

    @app.get(f"{CONSOLE}/reference")
    def reference() -> str:
        """List the documents."""
        return render_template(
            "reference.html",
            documents=[*services.vendors.values(), services.control_api],
            control=services.control_api,
            control_name=CONTROL_NAME,
            control_path=CONTROL_PATH,
        )

    @app.get(f"{CONSOLE}/reference/<name>")
    def document_reference(name: str) -> str:
        """Show the reference of a document."""
        found = find(name)
        return render_template(
            "document_reference.html",
            name="control API" if name == CONTROL_NAME else name,
            address=url_for("console_document", name=name, file=DOCUMENT_JSON, world=request.args.get("world")),
            prefix=CONTROL_PATH if name == CONTROL_NAME else f"/{name}",
            count=len(found.operations),
        )


def here(raw: Mapping[str, Any], url: str) -> dict[str, Any]:
    """Return a document with another server, at which its operations are tried."""
    paths = {
        path: {
            key: {name: each for name, each in part.items() if name != "servers"} if isinstance(part, Mapping) else part
            for key, part in item.items()
            if key != "servers"
        }
        for path, item in raw.get("paths", {}).items()
    }
    return {**raw, "servers": [{"url": url, "description": "This server."}], "paths": paths}


def _sent(raw: Mapping[str, Any], file: str) -> BaseResponse:
    response = Response(document_bytes(raw, file), content_type=MEDIA_TYPES[file])
    response.add_etag()
    return response.make_conditional(request.environ)
