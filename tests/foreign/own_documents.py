"""Small documents for tests, one of each version, that use as many constructs as they can; and how they are served."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.asgi import Answer, call
from understudy.app import Understudy, create_app
from understudy.contract.compiled_operations import Operation, compile_operations
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


def _parameter(name: str, where: str, schema: Json, **more: Any) -> Json:
    return {"name": name, "in": where, "schema": schema, **more}


NEST = {
    "type": "object",
    "required": ["id", "eggs"],
    "properties": {
        "id": {"type": "string", "format": "nest-number", "readOnly": True},
        "eggs": {"type": "integer", "minimum": 0, "exclusiveMinimum": False, "maximum": 12, "example": 3},
        "tree": {"$ref": "#/components/schemas/Tree"},
        "state": {"type": "string", "enum": ["new", "old"], "default": "new"},
        "note": {"nullable": True, "example": None},
        "seen": {"type": "string", "format": "date-time", "nullable": True},
        "code": {"type": "string", "pattern": "^[A-Z]{3}$", "maxLength": 3, "xml": {"attribute": True}},
        "odd": {"type": "string", "pattern": "(?<=x)y(?<n>"},
        "sizes": {"type": "array", "items": {"type": "number", "multipleOf": 0.5}, "minItems": 1, "uniqueItems": True},
    },
    "additionalProperties": {"type": "string"},
    "x-own": {"any": [1, "thing"]},
}
TREE = {
    "allOf": [
        {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}}},
        {"type": "object", "properties": {"nests": {"type": "array", "items": {"$ref": "#/components/schemas/Nest"}}}},
    ],
    "discriminator": {"propertyName": "kind", "mapping": {"oak": "#/components/schemas/Tree"}},
}
PROBLEM = {"type": "object", "properties": {"error": {"type": "object", "properties": {"message": {"type": "string"}}}}}


def _json(name: str, **more: Any) -> Json:
    return {
        "description": name,
        "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}, **more}},
    }


VERSION_30: Json = {
    "openapi": "3.0.3",
    "info": {"title": "Nests", "version": "2"},
    "servers": [
        {
            "url": "https://{place}.acme.example/{version}",
            "variables": {"place": {"default": "eu"}, "version": {"default": "v2"}},
        },
        {"url": "/other"},
    ],
    "tags": [{"name": "nests"}],
    "security": [{"key": []}, {"token": ["read"]}],
    "paths": {
        "/nests": {
            "parameters": [_parameter("X-Trace", "header", {"type": "string", "format": "uuid"})],
            "get": {
                "operationId": "listNests",
                "tags": ["nests"],
                "parameters": [
                    _parameter(
                        "filter",
                        "query",
                        {"type": "object", "properties": {"eggs": {"type": "integer"}}},
                        style="deepObject",
                        explode=True,
                    ),
                    _parameter(
                        "ids",
                        "query",
                        {"type": "array", "items": {"type": "string"}},
                        style="pipeDelimited",
                        explode=False,
                    ),
                    {"name": "where", "in": "query", "content": {"application/json": {"schema": {"type": "object"}}}},
                    {"$ref": "#/components/parameters/Limit"},
                    _parameter("session", "cookie", {"type": "string"}),
                ],
                "responses": {
                    "2XX": {
                        "description": "Nests.",
                        "headers": {"X-Count": {"schema": {"type": "integer"}, "required": True}},
                        "content": {
                            "application/json": {
                                "schema": {
                                    "type": "object",
                                    "required": ["data"],
                                    "properties": {
                                        "data": {"type": "array", "items": {"$ref": "#/components/schemas/Nest"}}
                                    },
                                }
                            },
                            "text/csv": {"schema": {"type": "string"}, "example": "id,eggs\n1,2\n"},
                        },
                    },
                    "default": {"$ref": "#/components/responses/Failed"},
                },
            },
            "post": {
                "operationId": "makeNest",
                "requestBody": {"$ref": "#/components/requestBodies/Nest"},
                "responses": {
                    "201": _json("Nest", examples={"one": {"value": {"id": "n1", "eggs": "many"}}}),
                    "4XX": _json("Problem"),
                },
                "callbacks": {"made": {"{$request.body#/url}": {"post": {"responses": OK}}}},
            },
        },
        "/nests/{nestId}": {
            "get": {"operationId": "readNest", "responses": {"200": _json("Nest"), "404": _json("Problem")}},
            "put": {
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Nest"}}}},
                "responses": {"200": _json("Nest")},
            },
            "delete": {"operationId": "makeNest", "responses": {"204": {"description": "Gone."}}},
        },
        "/nests/{nestId}/picture.{kind}": {
            "parameters": [
                _parameter("nestId", "path", {"type": "string"}, required=True),
                _parameter("kind", "path", {"enum": ["png", "jpg"], "type": "string"}, required=True),
            ],
            "servers": [{"url": "https://files.acme.example/f"}],
            "get": {
                "responses": {
                    "200": {
                        "description": "",
                        "content": {"image/*": {"schema": {"type": "string", "format": "binary"}}},
                    }
                }
            },
            "put": {
                "requestBody": {"content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}},
                "responses": {
                    "202": {"description": "", "content": {"application/xml": {"schema": {"type": "object"}}}}
                },
            },
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {
                        "multipart/form-data": {
                            "schema": {
                                "type": "object",
                                "required": ["file"],
                                "properties": {
                                    "file": {"type": "string", "format": "binary"},
                                    "tags": {"type": "array", "items": {"type": "string"}},
                                },
                            },
                            "encoding": {
                                "file": {"contentType": "image/png"},
                                "tags": {"style": "form", "explode": False},
                            },
                        },
                        "application/x-www-form-urlencoded": {
                            "schema": {"type": "object", "properties": {"url": {"type": "string"}}}
                        },
                    },
                },
                "responses": {
                    "303": {"description": "", "headers": {"Location": {"schema": {"type": "string", "format": "uri"}}}}
                },
            },
        },
    },
    "components": {
        "schemas": {"Nest": NEST, "Tree": TREE, "Problem": PROBLEM},
        "parameters": {
            "Limit": _parameter("limit", "query", {"type": "integer", "minimum": 1, "maximum": 50, "default": 10})
        },
        "requestBodies": {
            "Nest": {
                "required": True,
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Nest"}}},
            }
        },
        "responses": {
            "Failed": {
                "description": "No.",
                "content": {"application/vnd.acme+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
            }
        },
        "securitySchemes": {
            "key": {"type": "apiKey", "in": "query", "name": "key"},
            "token": {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "/token", "scopes": {"read": ""}}}},
        },
    },
}

VERSION_31: Json = {
    "openapi": "3.1.0",
    "info": {"title": "Boats", "version": "1"},
    "paths": {
        "/boats": {
            "get": {
                "parameters": [_parameter("size", "query", {"type": ["integer", "null"], "exclusiveMinimum": 1})],
                "responses": {"200": _json("Boats")},
            },
            "post": {
                "requestBody": {
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Boat", "required": ["name"]}}
                    }
                },
                "responses": {"201": _json("Boat"), "422": _json("Boat")},
            },
        },
        "/boats/{boat_id}": {"get": {"responses": {"200": _json("Boat")}}, "delete": {"responses": {"204": {}}}},
    },
    "webhooks": {"sunk": {"post": {"responses": OK}}},
    "components": {
        "schemas": {
            "Boats": {"type": "array", "items": {"$ref": "#/components/schemas/Boat"}, "contains": {"type": "object"}},
            "Boat": {
                "type": "object",
                "$defs": {
                    "Sail": {"type": "object", "properties": {"area": {"type": "number", "exclusiveMinimum": 0}}}
                },
                "properties": {
                    "id": {"type": "integer"},
                    "name": {"type": ["string", "null"], "examples": ["Ada", None]},
                    "kind": {"const": "boat"},
                    "sail": {"$ref": "#/components/schemas/Boat/$defs/Sail", "description": "The main one."},
                    "place": {"type": "array", "prefixItems": [{"type": "number"}, {"type": "number"}], "items": False},
                    "photo": {"type": "string", "contentEncoding": "base64", "contentMediaType": "image/png"},
                },
                "patternProperties": {"^x_": {"type": "string"}},
                "if": {"required": ["sail"]},
                "then": {"required": ["name"]},
                "dependentRequired": {"photo": ["name"]},
                "unevaluatedProperties": True,
            },
        }
    },
}

VERSION_20: Json = {
    "swagger": "2.0",
    "info": {"title": "Carts", "version": "1"},
    "host": "carts.example",
    "basePath": "/api",
    "schemes": ["https", "http"],
    "consumes": ["application/json"],
    "produces": ["application/json", "application/xml"],
    "securityDefinitions": {
        "basic": {"type": "basic"},
        "flow": {"type": "oauth2", "flow": "accessCode", "scopes": {"a": ""}},
    },
    "security": [{"basic": []}],
    "parameters": {"Page": {"name": "page", "in": "query", "type": "integer", "default": 1}},
    "responses": {"Missing": {"description": "No.", "schema": {"$ref": "#/definitions/Problem"}}},
    "paths": {
        "/carts": {
            "get": {
                "operationId": "carts",
                "parameters": [
                    {"$ref": "#/parameters/Page"},
                    {
                        "name": "tags",
                        "in": "query",
                        "type": "array",
                        "items": {"type": "string"},
                        "collectionFormat": "pipes",
                    },
                    {
                        "name": "ids",
                        "in": "query",
                        "type": "array",
                        "items": {"type": "integer"},
                        "collectionFormat": "multi",
                    },
                ],
                "responses": {
                    "200": {
                        "description": "",
                        "schema": {"type": "array", "items": {"$ref": "#/definitions/Cart"}},
                        "headers": {"X-Page": {"type": "integer"}},
                    }
                },
            },
            "post": {
                "parameters": [
                    {"name": "cart", "in": "body", "required": True, "schema": {"$ref": "#/definitions/Cart"}}
                ],
                "responses": {
                    "201": {
                        "description": "",
                        "schema": {"$ref": "#/definitions/Cart"},
                        "examples": {"application/json": {"id": 1}},
                    }
                },
            },
        },
        "/carts/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "type": "integer", "format": "int64"}],
            "get": {
                "responses": {
                    "200": {"description": "", "schema": {"$ref": "#/definitions/Cart"}},
                    "404": {"$ref": "#/responses/Missing"},
                }
            },
            "delete": {"responses": {"default": {"description": ""}}},
        },
        "/carts/{id}/file": {
            "post": {
                "consumes": ["multipart/form-data"],
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "type": "integer"},
                    {"name": "file", "in": "formData", "type": "file", "required": True},
                    {"name": "name", "in": "formData", "type": "string"},
                ],
                "responses": {"200": {"description": "", "schema": {"type": "file"}}},
            }
        },
    },
    "definitions": {
        "Cart": {
            "type": "object",
            "required": ["id"],
            "properties": {
                "id": {"type": "integer"},
                "lines": {"type": "array", "items": {"$ref": "#/definitions/Line"}},
                "of": {"$ref": "#/definitions/Cart"},
            },
        },
        "Line": {"type": "object", "properties": {"price": {"type": "number", "format": "double", "x-nullable": True}}},
        "Problem": {"type": "object", "properties": {"message": {"type": "string"}}},
    },
}
DOCUMENTS: Mapping[str, Json] = {"3.0": VERSION_30, "3.1": VERSION_31, "2.0": VERSION_20}
Change = Callable[[Json], None]
