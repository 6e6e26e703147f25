"""Check that a document uses only supported constructs of OpenAPI 3.0; any other stops the start-up."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from understudy.core.json_pointer import escape
from understudy.core.misconfigured import Misconfigured, nearest

SCHEMA = frozenset(
    "type format enum pattern minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength items"
    " minItems maxItems uniqueItems properties required minProperties maxProperties additionalProperties allOf oneOf"
    " anyOf not nullable default discriminator readOnly writeOnly deprecated title description example"
    " externalDocs".split()
)
FORMATS = frozenset(
    "date date-time uuid email uri ipv4 ipv6 hostname byte int32 int64 float double binary password".split()
)
TYPES = frozenset(("string", "integer", "number", "boolean", "array", "object"))
KNOWN = {
    "document": frozenset("openapi info servers tags paths components security externalDocs".split()),
    "components": frozenset(
        "schemas responses parameters examples requestBodies headers securitySchemes links".split()
    ),
    "path": frozenset("summary description servers parameters get put post delete options head patch trace".split()),
    "operation": frozenset(
        "tags summary description externalDocs operationId parameters requestBody responses deprecated security"
        " servers".split()
    ),
    "parameter": frozenset(
        "name in description required deprecated schema example examples style explode allowEmptyValue".split()
    ),
    "header": frozenset("description required deprecated schema example examples style explode".split()),
    "body": frozenset("description content required".split()),
    "media": frozenset("schema example examples encoding".split()),
    "response": frozenset("description headers content links".split()),
}
ANY_CASE, ANY_FORM, TRAILING_SLASH = "x-any-case", "x-any-form", "x-trailing-slash"
METHOD_OVERRIDE = "x-method-override"
"""Extensions: a boolean of the query in any case; a list of the query in any form; paths with a slash at the end."""

STYLES = {"query": "form", "path": "simple", "header": "simple"}
NESTED = ("items", "not", "additionalProperties")
"""Keywords of a schema whose value may be a schema."""

LISTED = ("allOf", "oneOf", "anyOf")
"""Keywords of a schema whose value is a list of schemas."""


def check_document(path: Path, raw: Mapping[str, Any]) -> None:
    """Raise ``Misconfigured``, with file and place, at the first unsupported construct."""
    _Check(path).document(raw)


class _Check:
    def __init__(self, path: Path) -> None:
        self.path = path

    def refuse(self, place: str, why: str) -> None:
        raise Misconfigured(f"{self.path}: {place}: {why}")

    def keys(self, kind: str, node: Any, place: str) -> None:
        if not isinstance(node, Mapping):
            self.refuse(place, f"expected a mapping, found {node!r}")
        known = KNOWN[kind]
        for key in node:
            if key not in known and not key.startswith("x-"):
                self.refuse(place, f"{key!r} is not understood here{nearest(key, known)}")

    def document(self, raw: Mapping[str, Any]) -> None:
        version = str(raw.get("openapi", ""))
        if not version.startswith("3.0."):
            self.refuse("#/openapi", f"version {version!r} is not understood: write 3.0.3")
        self.keys("document", raw, "#")
        self.flag(raw, TRAILING_SLASH, "#")
        self.flag(raw, METHOD_OVERRIDE, "#")
        for needed in ("info", "paths"):
            if not isinstance(raw.get(needed), Mapping):
                self.refuse(f"#/{needed}", "is missing")
        components = raw.get("components", {})
        self.keys("components", components, "#/components")
        for kind, check in (
            ("schemas", self.schema),
            ("parameters", self.parameter),
            ("responses", self.response),
            ("requestBodies", self.body),
            ("headers", self.header),
        ):
            for name, node in components.get(kind, {}).items():
                check(node, f"#/components/{kind}/{name}")
        for url, item in raw["paths"].items():
            self.path_item(item, f"#/paths/{escape(url)}")

    def path_item(self, item: Any, place: str) -> None:
        self.keys("path", item, place)
        self.parameters(item, place)
        for method in KNOWN["path"] & item.keys() - {"summary", "description", "servers", "parameters"}:
            self.operation(item[method], f"{place}/{method}")

    def operation(self, node: Any, place: str) -> None:
        self.keys("operation", node, place)
        for needed in ("operationId", "responses"):
            if not node.get(needed):
                self.refuse(place, f"{needed} is missing")
        self.parameters(node, place)
        if "requestBody" in node:
            self.body(node["requestBody"], f"{place}/requestBody")
        for status, response in node["responses"].items():
            self.response(response, f"{place}/responses/{status}")

    def parameters(self, node: Mapping[str, Any], place: str) -> None:
        for number, parameter in enumerate(node.get("parameters", [])):
            self.parameter(parameter, f"{place}/parameters/{number}")

    def parameter(self, node: Any, place: str) -> None:
        if "$ref" in node:
            return
        self.keys("parameter", node, place)
        found = STYLES.get(node.get("in"))
        if found is None:
            self.refuse(
                place, f"a parameter in {node.get('in')!r} is not understood{nearest(str(node.get('in')), STYLES)}"
            )
        if node.get("style", found) != found:
            self.refuse(place, f"style {node['style']!r} is not understood in {node['in']}: write {found!r}")
        if "schema" not in node:
            self.refuse(place, "a parameter without a schema is not understood")
        self.schema(node["schema"], f"{place}/schema")
        for key, wanted in ((ANY_CASE, "boolean"), (ANY_FORM, "array")):
            self.flag(node, key, place)
            if node.get(key) and (node["in"] != "query" or node["schema"].get("type") != wanted):
                self.refuse(place, f"{key} is only understood for a parameter in query of type {wanted!r}")
        if node.get("allowEmptyValue") and node["in"] != "query":
            self.refuse(place, "allowEmptyValue is only understood for a parameter in query")

    def flag(self, node: Mapping[str, Any], key: str, place: str) -> None:
        if not isinstance(node.get(key, False), bool):
            self.refuse(f"{place}/{key}", f"{node[key]!r} is not understood: write true or false")

    def header(self, node: Any, place: str) -> None:
        if "$ref" in node:
            return
        self.keys("header", node, place)
        self.schema(node.get("schema", {}), f"{place}/schema")

    def body(self, node: Any, place: str) -> None:
        if "$ref" in node:
            return
        self.keys("body", node, place)
        self.content(node, place)

    def response(self, node: Any, place: str) -> None:
        if "$ref" in node:
            return
        self.keys("response", node, place)
        self.content(node, place)
        for name, header in node.get("headers", {}).items():
            self.header(header, f"{place}/headers/{name}")

    def content(self, node: Mapping[str, Any], place: str) -> None:
        for media, part in node.get("content", {}).items():
            self.keys("media", part, f"{place}/content/{media}")
            self.schema(part.get("schema", {}), f"{place}/content/{media}/schema")

    def schema(self, node: Any, place: str) -> None:
        if isinstance(node, bool) or "$ref" in node:
            return
        for key in node:
            if key not in SCHEMA and not key.startswith("x-"):
                self.refuse(place, f"{key!r} is not understood in a schema{nearest(key, SCHEMA)}")
        if node.get("nullable") and "type" not in node:
            self.refuse(place, "nullable means nothing without a type: write the type beside it")
        for key, known, usual in (("type", TYPES, "string"), ("format", FORMATS, "date")):
            value = node.get(key, usual)
            if not isinstance(value, str) or value not in known:
                self.refuse(place, f"{key} {value!r} is not understood{nearest(str(value), known)}")
        for key in NESTED:
            if key in node:
                self.schema(node[key], f"{place}/{key}")
        for key in LISTED:
            for number, part in enumerate(node.get(key, ())):
                self.schema(part, f"{place}/{key}/{number}")
        for name, part in node.get("properties", {}).items():
            self.schema(part, f"{place}/properties/{name}")
