"""The property schemas that a customer's ``base``, ``consents`` and ``extended`` are checked against."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson

from understudy.contract.json_schema_validator import Validator
from understudy.core.json_types import Json, ReadOnlyJson
from understudy.core.refused import Violation
from understudy.vendors.contacthub.schemas.customer_limits import (
    MOST_IN_LONG_TEXT,
    MOST_IN_TEXT,
    list_violations,
    max_length,
)

FOLDER = Path(__file__).parent / "customer"
TIME_FORMS = [
    {"type": "null"},
    {"type": "string", "format": "date-time"},
    {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?[+-]\d{4}$"},
]
"""What is taken for a time: libraries of the vendor write the offset without its colon."""

INT64 = {"minimum": -(2**63), "maximum": 2**63 - 1}
ELEMENT = "element"
"""What the schema of a list's elements is called here, where properties have their own names."""

NEVER_NULL = (ELEMENT, "id", "lat", "lon")
CONTEXT_TEXTS = {
    "subscribeContext": ("ip", "userAgent"),
    "unsubscribeContext": ("ip", "userAgent", "campaignId", "campaignMessageId"),
}
"""What the current page adds to a subscription; the published schema is older."""

EXTENDED_FORMATS = frozenset({"date", "date-time", "email", "hostname", "uri", "ipv4", "ipv6"})
EXTENDED_TYPES = frozenset({"string", "number", "integer", "boolean", "array", "object", "null"})


@lru_cache(maxsize=1)
def profile_validator() -> Validator:
    """Return what ``base`` and ``consents`` of a body keep. Null unsets; half a position may complete a stored one."""
    base, consents = _read("base"), _read("consents")
    subscription = base["properties"]["subscriptions"]["items"]["properties"]
    for name, texts in CONTEXT_TEXTS.items():
        subscription[name] = {"type": "object", "properties": {text: {"type": "string"} for text in texts}}
    del base["properties"]["address"]["properties"]["geo"]["required"]
    parts = {"base": _sendable("base", base, MOST_IN_TEXT), "consents": _sendable("consents", consents, None)}
    return Validator({"type": "object", "properties": parts})


def extended_violations(extended: Json, definitions: ReadOnlyJson) -> Iterator[Violation]:
    """Yield each value of ``extended`` that its definition does not take, and each name that has none."""
    validator = _extended_validator(orjson.dumps(definitions, option=orjson.OPT_SORT_KEYS))
    if not validator.is_valid({"extended": extended}):
        yield from validator.violations({"extended": extended})
    for name, value in extended.items():
        definition = definitions.get(name)
        if definition is None or value is None:
            continue
        if (definition.get("contactlabProperties") or {}).get("enabled") is False:
            yield Violation("body", f"/extended/{name}", "disabled", "the property is disabled", value)
        yield from list_violations(f"/extended/{name}", definition, value)


@lru_cache(maxsize=64)
def _extended_validator(definitions: bytes) -> Validator:
    properties = {name: _nullable(_value_schema(part)) for name, part in orjson.loads(definitions).items()}
    extended = {"type": "object", "additionalProperties": False, "properties": properties}
    return Validator({"properties": {"extended": extended}})


def _value_schema(definition: Any) -> Json:
    """Return the JSON schema of a definition: of what lies deep in one, anything may be written there."""
    if not isinstance(definition, dict):
        return {}
    types = [name for name in _types(definition) if name in EXTENDED_TYPES]
    made: Json = {"type": types} if types else {}
    if definition.get("nullable") is True:
        made = _nullable(made)
    if definition.get("format") in EXTENDED_FORMATS:
        made["format"] = definition["format"]
    if "string" in types:
        made["maxLength"] = max_length(definition)
    if isinstance(definition.get("items"), dict):
        made["items"] = _value_schema(definition["items"])
    if isinstance(definition.get("properties"), dict):
        made["properties"] = {name: _value_schema(part) for name, part in definition["properties"].items()}
    return made


def _nullable(schema: Json) -> Json:
    types = schema.get("type")
    return {**schema, "type": sorted({*types, "null"})} if types else schema


def _read(name: str) -> Json:
    return dict(orjson.loads((FOLDER / f"{name}.json").read_bytes()))


def _sendable(name: str, schema: Json, longest: int | None) -> Json:
    """Return a published schema as it is applied to what is sent: null unsets, texts and numbers have limits."""
    if schema.get("format") == "date-time":
        return {"anyOf": TIME_FORMS}
    made = _with_limits(name, schema, longest)
    if name not in NEVER_NULL:
        made = _nullable(made)
        if "enum" in made and None not in made["enum"]:
            made["enum"] = [*made["enum"], None]
    if "items" in schema:
        made["items"] = _sendable(ELEMENT, schema["items"], longest)
    if "properties" in schema:
        made["properties"] = {key: _sendable(key, part, longest) for key, part in schema["properties"].items()}
    return made


def _with_limits(name: str, schema: Json, longest: int | None) -> Json:
    made = {key: value for key, value in schema.items() if key != "contactlabProperties"}
    types = _types(schema)
    if types:
        made["type"] = types
    if "string" in types and longest is not None:
        made["maxLength"] = MOST_IN_LONG_TEXT.get(name, longest)
    if name == "id":
        made["minLength"] = 1
    if "integer" in types:
        made |= INT64
    return made


def _types(schema: Json) -> list[str]:
    named = schema.get("type", [])
    return [named] if isinstance(named, str) else list(named)
