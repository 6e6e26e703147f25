"""Validators of a customer's ``base``, ``consents`` and ``extended``, made from the published schemas."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson

from understudy.contract.json_schema_validator import Validator
from understudy.core.json_types import Json, ReadOnlyJson
from understudy.core.refused import Violation
from understudy.vendors.contacthub.schemas.customer_limits import (
    MAX_LONG_TEXT,
    MAX_TEXT,
    list_violations,
    max_length,
)

FOLDER = Path(__file__).parent / "customer"
TIME_FORMS = [
    {"type": "null"},
    {"type": "string", "format": "date-time"},
    {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?[+-]\d{4}$"},
]
"""Schemas of an accepted time; the vendor's libraries send the offset without its colon."""

INT64 = {"minimum": -(2**63), "maximum": 2**63 - 1}
ELEMENT = "element"
"""Name that stands for a list's element, which has no property name."""

NEVER_NULL = (ELEMENT, "id", "lat", "lon")
CONTEXT_TEXTS = {
    "subscribeContext": ("ip", "userAgent"),
    "unsubscribeContext": ("ip", "userAgent", "campaignId", "campaignMessageId"),
}
"""Properties of a subscription that the vendor's page documents and the older published schema lacks."""

EXTENDED_FORMATS = frozenset({"date", "date-time", "email", "hostname", "uri", "ipv4", "ipv6"})
EXTENDED_TYPES = frozenset({"string", "number", "integer", "boolean", "array", "object", "null"})


@lru_cache(maxsize=1)
def profile_validator() -> Validator:
    """Return the validator of ``base`` and ``consents`` of a request body.

    Null is valid, because it unsets. Half a geographic position is valid, because it may complete a stored one.
    """
    base, consents = published_schema("base"), published_schema("consents")
    subscription = base["properties"]["subscriptions"]["items"]["properties"]
    for name, texts in CONTEXT_TEXTS.items():
        subscription[name] = {"type": "object", "properties": {text: {"type": "string"} for text in texts}}
    del base["properties"]["address"]["properties"]["geo"]["required"]
    parts = {"base": _body_schema("base", base, MAX_TEXT), "consents": _body_schema("consents", consents, None)}
    return Validator({"type": "object", "properties": parts})


@lru_cache(maxsize=1)
def time_zones() -> frozenset[str]:
    """Return the names of time zones that the published schema lists."""
    named, _null = published_schema("base")["properties"]["timezone"]["oneOf"]
    return frozenset(named["enum"])


def extended_violations(extended: Json, definitions: ReadOnlyJson) -> Iterator[Violation]:
    """Yield a violation for each value of ``extended`` that breaks its definition or has none.

    The path of a violation starts with ``/extended``.
    """
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
    """Return the JSON schema of a definition; parts of it that are not understood accept any value."""
    if not isinstance(definition, dict):
        return {}
    types = [name for name in _types(definition) if name in EXTENDED_TYPES]
    result: Json = {"type": types} if types else {}
    if definition.get("nullable") is True:
        result = _nullable(result)
    if definition.get("format") == "date-time":
        result["anyOf"] = TIME_FORMS
    elif definition.get("format") in EXTENDED_FORMATS:
        result["format"] = definition["format"]
    if "string" in types:
        result["maxLength"] = max_length(definition)
    if isinstance(definition.get("items"), dict):
        result["items"] = _item_schema(definition["items"])
    if isinstance(definition.get("properties"), dict):
        result["properties"] = {name: _value_schema(part) for name, part in definition["properties"].items()}
    return result


def _item_schema(definition: Json) -> Json:
    """Return the JSON schema of a list's items: a text in a list has no limit of its own unless it is given one."""
    schema = _value_schema(definition)
    if "maxLength" not in (definition.get("contactlabProperties") or {}):
        schema.pop("maxLength", None)
    return schema


def _nullable(schema: Json) -> Json:
    types = schema.get("type")
    return {**schema, "type": sorted({*types, "null"})} if types else schema


def published_schema(name: str) -> Json:
    """Return the published schema of a customer's ``base`` or ``consents``."""
    return dict(orjson.loads((FOLDER / f"{name}.json").read_bytes()))


def _body_schema(name: str, schema: Json, max_text: int | None) -> Json:
    """Return a published schema as it applies to a request body: with null, and with limits of texts and numbers."""
    if schema.get("format") == "date-time":
        return {"anyOf": TIME_FORMS}
    result = _with_limits(name, schema, max_text)
    if name not in NEVER_NULL:
        result = _nullable(result)
        if "enum" in result and None not in result["enum"]:
            result["enum"] = [*result["enum"], None]
    if "items" in schema:
        result["items"] = _body_schema(ELEMENT, schema["items"], max_text)
    if "properties" in schema:
        result["properties"] = {key: _body_schema(key, part, max_text) for key, part in schema["properties"].items()}
    return result


def _with_limits(name: str, schema: Json, max_text: int | None) -> Json:
    result = {key: value for key, value in schema.items() if key != "contactlabProperties"}
    types = _types(schema)
    if types:
        result["type"] = types
    if "string" in types and max_text is not None:
        result["maxLength"] = MAX_LONG_TEXT.get(name, max_text)
    if name == "id":
        result["minLength"] = 1
    if "integer" in types:
        result |= INT64
    return result


def _types(schema: Json) -> list[str]:
    named = schema.get("type", [])
    return [named] if isinstance(named, str) else list(named)
