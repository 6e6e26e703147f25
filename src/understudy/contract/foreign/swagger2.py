"""Constructs of Swagger 2.0 in the words of OpenAPI 3: servers, security schemes, bodies, responses."""

from collections.abc import Mapping, Sequence
from typing import Any

from understudy.core.media_types import FORM, JSON, MULTIPART

Node = Mapping[str, Any]

SCHEMA_KEYS = frozenset(
    "type format items default enum pattern minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength"
    " maxLength minItems maxItems uniqueItems x-nullable".split()
)
"""Keywords of a schema that stand in a parameter or header itself."""

STYLES = {"ssv": "spaceDelimited", "pipes": "pipeDelimited", "tsv": "tabDelimited", "multi": "form"}
SEPARATED = frozenset({"spaceDelimited", "pipeDelimited", "tabDelimited"})
"""Styles of lists that Swagger has in every place."""
FLOWS = {"accessCode": "authorizationCode", "application": "clientCredentials"}


def servers(raw: Node) -> list[dict[str, Any]]:
    """Return the servers of a document: its schemes, host and base path."""
    host, base = raw.get("host"), str(raw.get("basePath") or "/")
    if not isinstance(host, str) or not host:
        return [{"url": base}]
    listed = raw.get("schemes")
    schemes = [each for each in listed if isinstance(each, str)] if isinstance(listed, list) else []
    path = base if base.startswith("/") else f"/{base}"
    return [{"url": f"{scheme}://{host}{path}"} for scheme in schemes or ["https"]]


def security_scheme(node: Node) -> dict[str, Any]:
    """Return a security scheme in the form of OpenAPI 3."""
    if node.get("type") == "basic":
        return {"type": "http", "scheme": "basic"}
    if node.get("type") == "oauth2":
        flow = str(node.get("flow", "implicit"))
        return {"type": "oauth2", "flows": {FLOWS.get(flow, flow): {"scopes": node.get("scopes") or {}}}}
    return dict(node)


def schema_of(node: Node) -> dict[str, Any]:
    """Return the schema that stands in a parameter or header itself."""
    found = {key: node[key] for key in SCHEMA_KEYS & node.keys()}
    if isinstance(node.get("x-example"), str | int | float | bool):
        found["example"] = node["x-example"]
    return found


def parameter(node: Node) -> dict[str, Any]:
    """Return a parameter with its schema apart, and its list's form as a style."""
    kept = {key: value for key, value in node.items() if key not in SCHEMA_KEYS and key != "collectionFormat"}
    made = {**kept, "schema": schema_of(node)}
    if node.get("type") == "array":
        form = str(node.get("collectionFormat", "csv"))
        made["explode"] = form == "multi"
        style = STYLES.get(form)
        if style in SEPARATED or (style and node.get("in") == "query"):
            made["style"] = style
    return made


def request_body(parameters: Sequence[Node], consumes: Sequence[str]) -> dict[str, Any] | None:
    """Return the body that the parameters in ``body`` and ``formData`` describe, or ``None`` without such."""
    for node in parameters:
        if node.get("in") == "body":
            schema = node.get("schema", {})
            media = [each for each in consumes if each not in (FORM, MULTIPART)] or [JSON]
            return {"required": bool(node.get("required")), "content": {name: {"schema": schema} for name in media}}
    fields = [node for node in parameters if node.get("in") == "formData"]
    if not fields:
        return None
    schema = {
        "type": "object",
        "properties": {str(node.get("name")): _field(node) for node in fields},
        "required": [str(node.get("name")) for node in fields if node.get("required")],
    }
    has_file = any(node.get("type") == "file" for node in fields)
    media = [each for each in consumes if each in (FORM, MULTIPART)] or [MULTIPART if has_file else FORM]
    part = {"schema": schema, "encoding": {str(node.get("name")): _encoding(node) for node in fields}}
    return {"required": bool(schema["required"]), "content": dict.fromkeys(media, part)}


def _encoding(node: Node) -> dict[str, Any]:
    form = str(node.get("collectionFormat", "csv"))
    if node.get("type") != "array" or form == "multi":
        return {}
    return {"style": STYLES.get(form, "form"), "explode": False}


def _field(node: Node) -> dict[str, Any]:
    description = node.get("description")
    return schema_of(node) | ({"description": description} if isinstance(description, str) else {})


def response(node: Node, produces: Sequence[str]) -> dict[str, Any]:
    """Return a response with its schema and examples by media type."""
    made: dict[str, Any] = {"description": node.get("description", "")}
    if isinstance(node.get("headers"), Mapping):
        made["headers"] = {
            name: {"schema": schema_of(header)} if isinstance(header, Mapping) else {}
            for name, header in node["headers"].items()
        }
    if "schema" not in node:
        return made
    shown = node.get("examples")
    examples: Node = shown if isinstance(shown, Mapping) else {}
    made["content"] = {}
    for media in dict.fromkeys([*produces, *examples]) or [JSON]:
        made["content"][media] = {"schema": node["schema"]}
        if media in examples:
            made["content"][media]["example"] = examples[media]
    return made
