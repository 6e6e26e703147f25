"""Small documents for tests, one of each version, that use as many constructs as they can; and how they are served."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.asgi import Answer, call
from understudy.app import Understudy, create_app
from understudy.contract.compiled_operations import Operation, compile_operations
from understudy.contract.foreign.document_files import parse_text
from understudy.contract.foreign.loading import ForeignDocument, load_foreign
from understudy.core.reply import Reply
from understudy.core.request_facts import RequestFacts
from understudy.core.vendor import Vendor
from understudy.http.endpoint import Endpoint
from understudy.settings import Settings

Json = dict[str, Any]
OK = {"200": {"description": "Done."}}


def document(paths: Json | None = None, **more: Any) -> Json:
    """Return a document of OpenAPI 3.0 with these paths; ``more`` replaces its other members."""
    whole = {"openapi": "3.0.3", "info": {"title": "Acme", "version": "1"}, "paths": paths or {}, **more}
    return {key: value for key, value in whole.items() if value is not None}


def with_schema(schema: Any, **more: Any) -> Json:
    """Return a document that has one schema, of the body of ``POST /things`` and of its answer."""
    content = {"application/json": {"schema": schema}}
    operation = {
        "operationId": "make",
        "requestBody": {"required": True, "content": content},
        "responses": {"200": {"description": "", "content": content}},
    }
    return document({"/things": {"post": operation}}, **more)


def with_parameters(*parameters: Json, path: str = "/things", **more: Any) -> Json:
    """Return a document that has one operation, ``get``, with these parameters."""
    return document({path: {"get": {"operationId": "get", "parameters": [*parameters], "responses": OK}}}, **more)


def write(folder: Path, content: Any, name: str = "acme.json") -> str:
    """Write a file, as JSON unless it is a text, and return its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content))
    return str(path)


def load(folder: Path, content: Any, name: str = "acme.json") -> ForeignDocument:
    """Return a document as it is read from a file."""
    return load_foreign("acme", write(folder, content, name))


def findings(found: ForeignDocument) -> list[tuple[str, str]]:
    """Return kind and place of each part that is not obeyed."""
    return [(each.kind, each.place) for each in found.findings]


@dataclass(slots=True)
class Served:
    """Own document that is served in this process."""

    app: Understudy

    def __call__(
        self, method: str, target: str, body: Any = None, headers: Mapping[str, str] | None = None, media: str = ""
    ) -> Answer:
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        kind = {"content-type": media or "application/json"} if raw else {}
        return call(self.app.asgi, method, target, headers={**kind, **(headers or {})}, body=raw)

    @property
    def operations(self) -> dict[str, Operation]:
        """Operations by operationId."""
        return {each.id: each for each in self.app.vendors["acme"].operations}


def serve(folder: Path, content: Any, name: str = "acme.json", **settings: Any) -> Served:
    """Return an own document served alone, as ``acme``."""
    documents = (("acme", write(folder, content, name)),)
    return Served(create_app(Settings(documents=documents, cache=None, **settings)))


@dataclass(slots=True)
class Reader:
    """Endpoint of one operation, which shows as what a request is read."""

    endpoint: Endpoint
    path: dict[str, str] = field(default_factory=dict)

    def parameters(
        self, query: str = "", headers: Mapping[str, str] | None = None, path: Mapping[str, str] | None = None
    ) -> Json:
        """Return the values of the parameters by name; raise ``Refused`` for violations."""
        arguments: Json = {}
        sent = {name.lower().encode(): text.encode() for name, text in (headers or {}).items()}
        self.endpoint.read_parameters(path or {}, query.encode(), sent, arguments)
        names = {each.argument: each.name for each in self.endpoint.operation.parameters}
        return {names[key]: value for key, value in arguments.items() if key in names and value is not None}

    def body(self, raw: bytes | Json, media: str) -> Any:
        """Return the value of a body; raise ``Refused`` for violations."""
        arguments: Json = {}
        self.endpoint.read_body(raw, media.encode(), arguments)
        return arguments["body"]


def reader(folder: Path, content: Any) -> Reader:
    """Return the endpoint of the first operation of an own document."""
    found = load(folder, content)
    operation = compile_operations(found)[0]
    vendor = Vendor("acme", operations={operation.id: _echo})
    return Reader(Endpoint(found, operation, vendor))


def _echo(_state: object, **_values: RequestFacts) -> Reply:
    return Reply(None)


def _shipped(name: str) -> Json:
    text = (Path(__file__).with_name("documents") / name).read_text()
    found: Json = parse_text(name, text.encode())
    return found


DOCUMENTS = {"3.0": _shipped("nests.yaml"), "3.1": _shipped("boats.yaml"), "2.0": _shipped("carts.yaml")}
"""Documents with as many constructs as they can hold, by their versions."""
