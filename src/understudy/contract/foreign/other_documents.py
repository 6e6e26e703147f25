"""Texts that are no OpenAPI document, and the kinds of file that people give by mistake."""

from collections.abc import Mapping
from typing import Any

BINARY = {
    b"PK\x03\x04": "a ZIP archive: unpack it",
    b"\x1f\x8b": "a gzip archive: unpack it",
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
}
"""First bytes of files of other kinds."""

STARTS = {
    (b"#%raml",): "a RAML document: convert it to OpenAPI",
    (b"<!doctype html",): "an HTML page: look for the address of the raw file",
    (b"<",): "an XML document, perhaps WSDL or WADL: convert it to OpenAPI",
    (b"version https://git-lfs",): "a pointer of Git LFS: fetch the file itself (git lfs pull)",
    (b"format: 1a",): "an API Blueprint: convert it to OpenAPI",
    (b"type ", b"schema {", b"scalar ", b"directive @", b'"""', b"input ", b"enum ", b"interface ", b"extend "): (
        "a GraphQL schema, which describes no HTTP operations"
    ),
    (b"syntax =", b"syntax="): "a Protocol Buffers file, which describes no HTTP operations",
}
"""Starts of texts, in lower case, by which other kinds are known."""

MARKS = (
    (("asyncapi",), "an AsyncAPI document, which describes messages and no HTTP operations"),
    (("arazzo",), "an Arazzo document, which describes workflows: name the OpenAPI document that it refers to"),
    (("overlay", "actions"), "an OpenAPI Overlay, which changes another document: name that one"),
    (("swaggerVersion",), "a document of Swagger 1, which is not understood: convert it to OpenAPI 3"),
    (("discoveryVersion",), "a Google API discovery document: convert it to OpenAPI 3"),
    (("openrpc",), "an OpenRPC document, which describes no HTTP operations"),
    (("_postman_id",), "a Postman export: export it as OpenAPI"),
    (("info", "item"), "a Postman collection: export it as OpenAPI"),
    (("_type", "resources"), "an Insomnia export: export it as OpenAPI"),
    (("log",), "an HTTP archive (HAR)"),
    (("__schema",), "a GraphQL schema, which describes no HTTP operations"),
    (("data",), "the answer of an API, or a GraphQL schema"),
    (("apiVersion", "kind"), "a Kubernetes manifest"),
    (("services",), "a Compose file"),
    (("$schema",), "a JSON Schema alone"),
    (("paths",), "a part of an OpenAPI document: its first line has to be 'openapi: 3.1.0' or the like"),
    (("components",), "a part of an OpenAPI document: name the file that refers to it"),
    (("type", "properties"), "a schema alone: name the document that refers to it"),
    (("dependencies",), "a package's manifest"),
)
"""Members by which the kinds of document are known, the surest first."""


def describe_text(text: bytes) -> str:
    """Return the kind of file that a text seems to be, which is no JSON or YAML object; empty if it is not known."""
    start = text.lstrip()[:400]
    if not start:
        return "an empty file"
    for mark, name in BINARY.items():
        if start.startswith(mark):
            return name
    if b"\0" in text[:400]:
        return "a binary file, or a text that is not UTF-8"
    lower = start.lower()
    if b"<html" in lower:
        return "an HTML page: look for the address of the raw file"
    return next((name for marks, name in STARTS.items() if lower.startswith(marks)), "")


def describe_value(raw: Any) -> str:
    """Return the kind of file that a parsed text seems to be, which is no OpenAPI document."""
    if raw is None:
        return "a file of comments alone"
    if isinstance(raw, list):
        return "a list, and no object"
    if not isinstance(raw, Mapping):
        return "a text, and no object"
    if not raw:
        return "an empty object"
    for names, description in MARKS:
        if all(name in raw for name in names):
            return description
    return f"an object with {', '.join(repr(str(name)[:30]) for name in [*raw][:4])}"
