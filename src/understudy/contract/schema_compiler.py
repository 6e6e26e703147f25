"""Compiler from OpenAPI 3.0 schemas to JSON Schema validators, one for each schema and direction."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Literal

import jsonschema_rs
import orjson

from understudy.contract.document import Document
from understudy.contract.json_schema_validator import SHARED, LazyValidator, SharedDefinitions, Validator
from understudy.contract.marked_schemas import is_marked
from understudy.contract.supported_openapi import LISTED, NESTED
from understudy.core.json_pointer import escape
from understudy.core.misconfigured import Misconfigured

Direction = Literal["request", "response"]

INT_BOUNDS = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}
DOCUMENTATION = ("example", "discriminator", "readOnly", "writeOnly", "deprecated", "externalDocs", "nullable", "title")
MAX_DEPTH = 12
"""Levels of ``allOf`` down to which hidden properties are looked for."""

HIDDEN = {"request": "readOnly", "response": "writeOnly"}


class SchemaCompiler:
    """Compiler of one document's schemas; equal schemas share one validator.

    If it ``is_lazy``, a schema is compiled when the first value is checked: most are never used.
    """

    def __init__(self, document: Document, *, is_lazy: bool = False) -> None:
        self.document = document
        self._is_lazy = is_lazy
        self._shared: dict[Direction, SharedDefinitions] = {}
        self._made: dict[tuple[bytes, Direction], Validator] = {}

    def validator(self, schema: Any, direction: Direction) -> Validator:
        """Return the validator of a schema for requests or for responses."""
        key = (orjson.dumps(schema), direction)
        found = self._made.get(key)
        if found is None and self._is_lazy:
            found = self._made[key] = LazyValidator(partial(self._with_shared, schema, direction))
        elif found is None:
            try:
                found = self._made[key] = Validator(self.to_json_schema(schema, direction))
            except jsonschema_rs.ValidationError as error:
                raise Misconfigured(f"{self.document.path}: a schema is not valid: {error.message}") from None
        return found

    def _with_shared(self, schema: Any, direction: Direction) -> tuple[dict[str, Any], SharedDefinitions | None]:
        """Return a JSON Schema and the document's named schemas, if it refers to any: they make a validator slow."""
        references: list[str] = []
        made = self._convert(schema, direction, references, SHARED)
        return made, self._shared_definitions(direction) if references else None

    def _shared_definitions(self, direction: Direction) -> SharedDefinitions:
        shared = self._shared.get(direction)
        if shared is None:
            named = self.document.raw.get("components", {}).get("schemas", {})
            converted = {
                _slug(f"#/components/schemas/{escape(name)}"): self._convert(part, direction, [], SHARED)
                for name, part in named.items()
            }
            shared = self._shared[direction] = SharedDefinitions(converted)
        return shared

    def to_json_schema(self, schema: Any, direction: Direction) -> dict[str, Any]:
        """Return a self-contained JSON Schema (draft 4), equivalent to the OpenAPI schema in a direction."""
        definitions: dict[str, Any] = {}
        todo: list[str] = []
        whole = self._convert(schema, direction, todo)
        while todo:
            reference = todo.pop()
            if reference not in definitions:
                definitions[reference] = self._convert(self.document.at(reference), direction, todo)
        if definitions:
            whole = {"allOf": [whole], "definitions": {_slug(name): made for name, made in definitions.items()}}
        return whole

    def _convert(self, schema: Any, direction: Direction, todo: list[str], base: str = "") -> dict[str, Any]:
        if schema is True:
            return {}
        if schema is False:
            return {"not": {}}
        if "$ref" in schema:
            todo.append(schema["$ref"])
            return {"$ref": f"{base}#/definitions/{_slug(schema['$ref'])}"}
        made = {key: value for key, value in schema.items() if key not in DOCUMENTATION and not key.startswith("x-")}
        for key in NESTED:
            if isinstance(made.get(key), Mapping):
                made[key] = self._convert(made[key], direction, todo, base)
        for key in LISTED:
            if key in made:
                parts = self._without_hidden(made[key], direction) if key == "allOf" else made[key]
                made[key] = [self._convert(part, direction, todo, base) for part in parts]
        if "patternProperties" in made:
            parts = made["patternProperties"].items()
            made["patternProperties"] = {name: self._convert(part, direction, todo, base) for name, part in parts}
        if "properties" in made or "required" in made:
            self._convert_properties(made, direction, todo, base)
        is_open = self.document.is_foreign and direction == "request" and "format" not in schema
        return _allow_null(made if is_open else _bound(made), schema)

    def _without_hidden(self, parts: list[Any], direction: Direction) -> list[Any]:
        """Return the parts of an ``allOf`` that require nothing that another part of it hides in a direction.

        One that is referred to and does so is put in place of its reference.
        """
        hidden = {name for part in parts for name in self._hidden(part, direction, 0)}
        return [self._requiring_less(part, hidden, 0) for part in parts] if hidden else parts

    def _requiring_less(self, part: Any, hidden: set[str], depth: int) -> Any:
        """Return a part of an ``allOf`` without requirements of hidden properties; itself if it has none."""
        node = self.document.resolve(part)
        if not isinstance(node, Mapping) or depth > MAX_DEPTH:
            return part
        required, own = node.get("required", ()), node.get("properties", {})
        kept = [name for name in required if name not in hidden or name in own]
        inner = node.get("allOf", [])
        less = [self._requiring_less(each, hidden, depth + 1) for each in inner]
        if len(kept) == len(required) and all(one is other for one, other in zip(inner, less, strict=True)):
            return part
        return {**node, "required": kept, **({"allOf": less} if less else {})}

    def _hidden(self, part: Any, direction: Direction, depth: int) -> Iterator[str]:
        """Yield the names of the properties that a schema hides in a direction, by all parts of its ``allOf``."""
        node = self.document.resolve(part)
        if not isinstance(node, Mapping) or depth > MAX_DEPTH:
            return
        for name, each in node.get("properties", {}).items():
            if is_marked(self.document, each, HIDDEN[direction]):
                yield name
        for each in node.get("allOf", ()):
            yield from self._hidden(each, direction, depth + 1)

    def _convert_properties(self, made: dict[str, Any], direction: Direction, todo: list[str], base: str) -> None:
        properties = made.get("properties", {})
        hidden = {name for name, part in properties.items() if is_marked(self.document, part, HIDDEN[direction])}
        if properties:
            parts = properties.items()
            made["properties"] = {name: self._convert(part, direction, todo, base) for name, part in parts}
        required = [name for name in made.pop("required", ()) if name not in hidden]
        if required:
            made["required"] = required


def compiler_of(document: Document, *, is_lazy: bool) -> SchemaCompiler:
    """Return the compiler of a document's schemas, the same at each call: what it has compiled is there for all."""
    found: SchemaCompiler | None = document.compilers.get(is_lazy)
    if found is None:
        found = document.compilers[is_lazy] = SchemaCompiler(document, is_lazy=is_lazy)
    return found


def _slug(reference: str) -> str:
    return reference.removeprefix("#/").replace("/", ".").replace("~", "-")


def _bound(made: dict[str, Any]) -> dict[str, Any]:
    if made.get("type") == "integer":
        low, high = INT_BOUNDS.get(made.pop("format", "int64"), INT_BOUNDS["int64"])
        if "minimum" not in made:
            made["minimum"] = low
        if "maximum" not in made:
            made["maximum"] = high
    if made.get("format") in ("float", "double", "binary", "password"):
        del made["format"]
    return made


def _allow_null(made: dict[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    if not schema.get("nullable"):
        return made
    if "enum" in made and None not in made["enum"]:
        made["enum"] = [*made["enum"], None]
    types = made["type"] if isinstance(made["type"], list) else [made["type"]]
    made["type"] = [*types, "null"]
    return made
