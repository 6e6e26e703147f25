"""Examples of a document by name, and sample values made from schemas without examples."""

from collections.abc import Iterator, Mapping
from typing import Any

from understudy.contract.compiled_operations import Operation
from understudy.contract.document import Document

MAX_OPTIONAL_DEPTH = 4
"""Depth of nesting up to which sample values have optional properties and items."""
TEXT_BY_FORMAT = {
    "date": "2026-01-31",
    "date-time": "2026-01-31T12:00:00Z",
    "uuid": "3f2b8c1e-5d47-4a9b-8e21-7c6d5f4a3b2c",
    "email": "someone@example.com",
    "uri": "https://example.com/",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "hostname": "example.com",
    "byte": "e30=",
}


def examples_of(document: Document, node: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the named examples of a parameter, media type or header; a lone ``example`` is named ``example``."""
    if "examples" in node:
        return {name: document.resolve(found) for name, found in node["examples"].items()}
    if "example" in node:
        return {"example": {"value": node["example"]}}
    return {}


def request_examples(document: Document, operation: Operation) -> Iterator[tuple[str, dict[str, Mapping[str, Any]]]]:
    """Yield the handler's argument and the named examples of each parameter, and of the body."""
    for parameter in operation.parameters:
        yield parameter.argument, examples_of(document, parameter.node)
    if operation.body is not None:
        for part in operation.body.node["content"].values():
            yield "body", examples_of(document, part)


def sample_of(document: Document, node: Mapping[str, Any]) -> Any:
    """Return a value for a media type or parameter: its first example, or one made from its schema."""
    for example in examples_of(document, node).values():
        return example["value"]
    return sample_schema(document, node.get("schema", {}))


def sample_schema(document: Document, schema: Any, depth: int = 0) -> Any:
    """Return a small value that a schema allows, with optional properties down to ``MAX_OPTIONAL_DEPTH``."""
    node = document.resolve(schema)
    for key in ("example", "default"):
        if key in node:
            return node[key]
    if "enum" in node:
        return node["enum"][0]
    if depth > 2 * MAX_OPTIONAL_DEPTH:
        return None
    if "allOf" in node:
        return _sample_all(document, node, depth)
    for key in ("oneOf", "anyOf"):
        if key in node and "properties" not in node:
            return sample_schema(document, node[key][0], depth)
    return _sample_type(document, node, depth)


def _sample_all(document: Document, node: Mapping[str, Any], depth: int) -> Any:
    whole: Any = None
    for part in [*node["allOf"], {key: value for key, value in node.items() if key != "allOf"}]:
        made = sample_schema(document, part, depth + 1)
        whole = {**whole, **made} if isinstance(whole, dict) and isinstance(made, dict) else whole or made
    return whole


def _sample_type(document: Document, node: Mapping[str, Any], depth: int) -> Any:
    match node.get("type", "object" if "properties" in node else None):
        case "object":
            required = node.get("required", ())
            shown = {
                name: sample_schema(document, part, depth + 1)
                for name, part in node.get("properties", {}).items()
                if (depth < MAX_OPTIONAL_DEPTH or name in required) and not document.resolve(part).get("writeOnly")
            }
            return {name: value for name, value in shown.items() if value is not None or name in required}
        case "array":
            count = max(node.get("minItems", 0), 1) if depth < MAX_OPTIONAL_DEPTH else node.get("minItems", 0)
            return [sample_schema(document, node.get("items", {}), depth + 1) for _ in range(count)]
        case "integer" | "number":
            return _sample_number(node)
        case "boolean":
            return True
        case "string":
            return _sample_text(node)
    return None


def _sample_number(node: Mapping[str, Any]) -> Any:
    low = node.get("minimum", min(0, node.get("maximum", 0)))
    return low + 1 if node.get("exclusiveMinimum") else low


def _sample_text(node: Mapping[str, Any]) -> str:
    text = TEXT_BY_FORMAT.get(node.get("format", ""), "text")
    return text.ljust(node.get("minLength", 0), "x")[: node.get("maxLength", None)]
