"""OpenAPI 3.0 schemas, compiled: one validator a schema and direction, made once and shared."""

import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Literal

import jsonschema_rs
import orjson

from understudy.contract.document import Document
from understudy.core.refused import Violation

Direction = Literal["request", "response"]

INT_BOUNDS = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}
DOCUMENTATION = ("example", "discriminator", "readOnly", "writeOnly", "deprecated", "externalDocs", "nullable", "title")
HIDDEN = {"request": "readOnly", "response": "writeOnly"}
UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def is_date(text: str) -> bool:
    """Tell whether a text is a full-date of RFC 3339."""
    try:
        return len(text) == len("2026-01-31") and text[7] == "-" and bool(date.fromisoformat(text))
    except ValueError:
        return False


def is_base64(text: str) -> bool:
    """Tell whether a text is base64 with its padding (RFC 4648, section 4)."""
    try:
        b64decode(text.encode("ascii"), validate=True)
    except (NotBase64, ValueError):
        return False
    return True


def is_uuid(text: str) -> bool:
    """Tell whether a text is a UUID with its hyphens."""
    return UUID.fullmatch(text) is not None


OWN_FORMATS = {"date": is_date, "byte": is_base64, "uuid": is_uuid}


class Validator:
    """Tells whether a JSON value keeps a schema, and where it does not."""

    __slots__ = ("_compiled", "is_valid")

    def __init__(self, schema: dict[str, Any]) -> None:
        self._compiled = jsonschema_rs.Draft4Validator(
            schema, validate_formats=True, formats=OWN_FORMATS, pattern_options=jsonschema_rs.RegexOptions()
        )
        self.is_valid = self._compiled.is_valid

    def violations(self, value: Any, where: str = "body") -> list[Violation]:
        """Return every place where a value breaks the schema, the outermost first."""
        return [violation for error in self._compiled.iter_errors(value) for violation in _explain(error, where)]


def _explain(error: jsonschema_rs.ValidationError, where: str) -> Iterator[Violation]:
    """Turn a validator's error into violations; a missing or unexpected property's path ends with its name."""
    kind: Any = error.kind
    path = [str(part) for part in error.instance_path]
    extra = getattr(kind, "unexpected", None)
    branches = getattr(kind, "context", None)
    if kind.name == "required":
        yield Violation(where, _pointer([*path, kind.property]), "required", f"{kind.property} is required")
    elif extra:
        for name in extra:
            yield Violation(where, _pointer([*path, name]), kind.name, f"{name} is not allowed here")
    elif branches:
        yield Violation(where, _pointer(path), kind.name, _closest(branches), error.instance)
    else:
        yield Violation(where, _pointer(path), kind.name, _shorten(error.message), error.instance)


def _closest(branches: list[list[jsonschema_rs.ValidationError]]) -> str:
    said = list(dict.fromkeys(_shorten(error.message) for branch in branches for error in branch))
    return "none of the alternatives fits: " + "; or ".join(said[:4])


def _shorten(message: str, most: int = 300) -> str:
    return message if len(message) <= most else f"{message[: most // 2]} … {message[-most // 2 :]}"


def _pointer(parts: list[str]) -> str:
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)


class Schemas:
    """The validators of one document. Equal schemas share one."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._made: dict[tuple[bytes, Direction], Validator] = {}

    def validator(self, schema: Any, direction: Direction) -> Validator:
        """Return the validator of a schema for what comes in (``request``) or goes out (``response``)."""
        key = (orjson.dumps(schema), direction)
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = Validator(self.to_json_schema(schema, direction))
        return found

    def to_json_schema(self, schema: Any, direction: Direction) -> dict[str, Any]:
        """Return a self-contained JSON Schema (draft 4) that means what the OpenAPI schema means in a direction."""
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

    def _convert(self, schema: Any, direction: Direction, todo: list[str]) -> dict[str, Any]:
        if schema is True:
            return {}
        if schema is False:
            return {"not": {}}
        if "$ref" in schema:
            todo.append(schema["$ref"])
            return {"$ref": f"#/definitions/{_slug(schema['$ref'])}"}
        made = {key: value for key, value in schema.items() if key not in DOCUMENTATION and not key.startswith("x-")}
        for key in ("items", "not", "additionalProperties"):
            if isinstance(made.get(key), Mapping):
                made[key] = self._convert(made[key], direction, todo)
        for key in ("allOf", "oneOf", "anyOf"):
            if key in made:
                made[key] = [self._convert(part, direction, todo) for part in made[key]]
        if "properties" in made:
            self._convert_properties(made, direction, todo)
        return _allow_null(_bound(made), schema)

    def _convert_properties(self, made: dict[str, Any], direction: Direction, todo: list[str]) -> None:
        properties = made["properties"]
        hidden = {name for name, part in properties.items() if self.document.resolve(part).get(HIDDEN[direction])}
        made["properties"] = {name: self._convert(part, direction, todo) for name, part in properties.items()}
        required = [name for name in made.pop("required", ()) if name not in hidden]
        if required:
            made["required"] = required


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
    if "type" in made:
        made["type"] = [made["type"], "null"]
        return made
    return {"anyOf": [made, {"enum": [None]}]}
