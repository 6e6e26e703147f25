"""A document of a user's own, served in this process from the file of a test."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.asgi import Answer, call
from understudy.app import Understudy, create_app
from understudy.core.world_names import world_prefix
from understudy.settings import Settings

ERROR = {"type": "object", "required": ["message"], "properties": {"message": {"type": "string"}}}
TEXT = {"type": "string"}


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def sent(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def answer(schema: Mapping[str, Any], **headers: Any) -> dict[str, Any]:
    """Return a response with a JSON body; ``X_Name`` stands for the header ``X-Name``."""
    named = {name.replace("_", "-"): {"schema": each} for name, each in headers.items()}
    return {"description": "", "content": {"application/json": {"schema": schema}}, "headers": named}


def empty(**headers: Any) -> dict[str, Any]:
    return {"description": "", "headers": {name.replace("_", "-"): {"schema": each} for name, each in headers.items()}}


def header(name: str, *, required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": required, "schema": TEXT}


def document(paths: Mapping[str, Any], **schemas: Any) -> dict[str, Any]:
    return {
        "openapi": "3.0.3",
        "info": {"title": "Shop", "version": "1"},
        "paths": paths,
        "components": {"schemas": {"Error": ERROR, **schemas}},
    }


@dataclass(frozen=True, slots=True)
class OwnDocument:
    """Server of one document, without socket."""

    app: Understudy

    def call(self, method: str, path: str, body: Any = None, *, world: str = "", **headers: str) -> Answer:
        """Send a request; ``if_match`` stands for the header ``If-Match``."""
        path = f"{world_prefix(world)}/shop{path}" if world else path
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        text = b"" if body is None else json.dumps(body).encode()
        if text:
            given.setdefault("content-type", "application/json")
        return call(self.app.asgi, method.upper(), path, headers=given, body=text)

    @property
    def clock(self) -> Any:
        return self.app.worlds.get_or_create().clock


def serve(folder: Path, raw: Mapping[str, Any], **settings: Any) -> OwnDocument:
    """Serve a document at the root, without a cache."""
    path = folder / "shop.json"
    path.write_text(json.dumps(raw))
    return OwnDocument(create_app(Settings(documents=(("shop", str(path)),), **{"cache": None, **settings})))
