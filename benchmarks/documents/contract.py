"""Contracts read by another library than this project's: what a document declares, and whether an answer keeps it."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import yaml
from openapi_schema_validator import OAS30ReadValidator, OAS31Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from benchmarks.documents.judged_document import BASE, JudgedDocument
from understudy.contract.document import SpecLoader

METHODS = ("get", "put", "post", "delete", "patch")
MAX_DEPTH = 6
"""Levels of a schema down to which its properties' names are collected."""

CONTRADICTION = "no value is valid by the document"
"""Breach of which the document alone is guilty: no answer could be right."""


class Contract:
    """Document in one file, as it is written: its operations, and the check of an answer."""

    def __init__(self, path: Path) -> None:
        text = path.read_text()
        self.raw: dict[str, Any] = (
            json.loads(text) if text.lstrip().startswith("{") else yaml.load(text, SpecLoader)  # noqa: S506 - a safe one
        )
        self.path = path
        self._is_swagger = "swagger" in self.raw
        self._judged = JudgedDocument(self.raw)
        self.raw = self._judged.content
        self._registry: Any = Registry().with_resource(BASE, DRAFT202012.create_resource(self.raw))
        self._validator: Any = (
            OAS31Validator if str(self.raw.get("openapi", "")).startswith("3.1") else OAS30ReadValidator
        )

    @property
    def base_path(self) -> str:
        """Path of the first server."""
        if self._is_swagger:
            return str(self.raw.get("basePath", "")).rstrip("/")
        servers = self.raw.get("servers") or [{"url": ""}]
        url = servers[0]["url"]
        for name, variable in servers[0].get("variables", {}).items():
            url = url.replace(f"{{{name}}}", str(variable["default"]))
        return str(urlsplit(url).path).rstrip("/")

    def operations(self) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        """Yield method, path and node of each operation."""
        for path, found in (self.raw.get("paths") or {}).items():
            item = self.resolve(found)
            for method in METHODS:
                if method in item:
                    yield method, path, self.resolve(item[method])

    def resolve(self, node: Any) -> Any:
        """Return a node with its references followed."""
        while isinstance(node, Mapping) and isinstance(node.get("$ref"), str):
            found: Any = self.raw
            for part in node["$ref"].removeprefix(BASE).removeprefix("#/").split("/"):
                found = found[unquote(part).replace("~1", "/").replace("~0", "~")]
            node = found
        return node

    def breach(self, operation: Mapping[str, Any], status: int, media: str, body: bytes) -> str:
        """Return how an answer breaks the document; empty if it keeps it."""
        declared = {str(key).upper(): node for key, node in operation.get("responses", {}).items()}
        found = declared.get(str(status)) or declared.get(f"{status // 100}XX") or declared.get("DEFAULT")
        if found is None:
            return f"status {status} is not declared"
        response = self.resolve(found)
        schema = self._schema(response, media.partition(";")[0].strip().lower())
        if schema is None or not media.partition(";")[0].strip().endswith("json"):
            return ""
        return CONTRADICTION if self._judged.allows_nothing(schema) else self._schema_breach(schema, body)

    def success(self, operation: Mapping[str, Any]) -> Any:
        """Return the schema of the JSON body of an operation's first declared success; ``None`` without one."""
        declared = {str(key).upper(): node for key, node in operation.get("responses", {}).items()}
        keys = sorted(key for key in declared if key.startswith("2")) or [key for key in declared if key == "DEFAULT"]
        for key in keys:
            response = self.resolve(declared[key])
            medias = [str(name).partition(";")[0].strip().lower() for name in response.get("content") or {}]
            named = next((each for each in medias if each.endswith(("json", "/*"))), "")
            found = self._schema(response, named)
            if found is not None:
                return found
        return None

    def property_names(self, schema: Any) -> set[str] | None:
        """Return the names of all properties that an object may have at any depth; ``None`` if it may be any object."""
        found: set[str] = set()
        return found if self._collect(schema, found, 0) else None

    def _collect(self, schema: Any, found: set[str], depth: int) -> bool:
        """Add the names of a schema's properties; return whether it names any."""
        node = self.resolve(schema)
        if not isinstance(node, Mapping) or depth > MAX_DEPTH:
            return True
        properties = node.get("properties") or {}
        found.update(properties)
        parts = [part for key in ("allOf", "oneOf", "anyOf") for part in node.get(key, ())]
        inner = [*properties.values(), *parts, *([node["items"]] if "items" in node else [])]
        names_any = [self._collect(part, found, depth + 1) for part in inner]
        return bool(properties) or bool(names_any) or node.get("type", "object") != "object"

    def _schema(self, response: Mapping[str, Any], media: str) -> Any:
        if self._is_swagger:
            return response.get("schema")
        content = {
            name.partition(";")[0].strip().lower(): node for name, node in (response.get("content") or {}).items()
        }
        node = content.get(media) or content.get(f"{media.partition('/')[0]}/*") or content.get("*/*")
        return None if node is None else self.resolve(node).get("schema")

    def _schema_breach(self, schema: Any, body: bytes) -> str:
        try:
            value = json.loads(body)
        except ValueError:
            return "the body is no JSON"
        validator = self._validator(schema, registry=self._registry)
        try:
            error = next(validator.iter_errors(value), None)
        except Exception:  # noqa: BLE001 - the document's own mistake, such as a pattern that Python does not know
            return ""
        return "" if error is None else f"{error.json_path}: {error.message[:120]}"
