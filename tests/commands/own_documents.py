"""Small documents of users' own, for tests of commands, of the project file and of the plugin."""

import json
from pathlib import Path
from typing import Any


def books(**schema: object) -> dict[str, Any]:
    """Return a document with one resource; more members of its schema may be given."""
    book = {
        "type": "object",
        "required": ["id", "title"],
        "properties": {"id": {"type": "integer", "readOnly": True}, "title": {"type": "string"}},
        **schema,
    }
    one = {"application/json": {"schema": {"$ref": "#/components/schemas/Book"}}}
    many = {"application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/Book"}}}}
    book_id = {"name": "bookId", "in": "path", "required": True, "schema": {"type": "integer"}}
    return {
        "openapi": "3.0.3",
        "info": {"title": "Books", "version": "1"},
        "servers": [{"url": "https://books.example/v1"}],
        "security": [{"key": []}],
        "paths": {
            "/books": {
                "get": {"operationId": "listBooks", "responses": {"200": {"description": "", "content": many}}},
                "post": {
                    "operationId": "addBook",
                    "requestBody": {"required": True, "content": one},
                    "responses": {"201": {"description": "", "content": one}},
                },
            },
            "/books/{bookId}": {
                "parameters": [book_id],
                "get": {
                    "operationId": "getBook",
                    "responses": {"200": {"description": "", "content": one}, "404": {"description": ""}},
                },
            },
        },
        "components": {
            "schemas": {"Book": book},
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}},
        },
    }


def write_books(path: Path, **schema: object) -> Path:
    """Write the document into a file, as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(books(**schema)))
    return path
