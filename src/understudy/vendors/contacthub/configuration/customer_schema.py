"""JSON schema of a workspace's customers: without disabled base properties, with its extended properties."""

from functools import lru_cache
from typing import Any

import orjson

from understudy.core.json_types import Json
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.configuration.extended_properties import values_schema
from understudy.vendors.contacthub.configuration.stored_settings import disabled_base_properties, extended_definitions
from understudy.vendors.contacthub.schemas.customer_limits import MAX_LONG_TEXT, MAX_TEXT
from understudy.vendors.contacthub.schemas.event_models import SCHEMAS

TEXT = {"type": ["string", "null"]}
TEXTS = {"type": "array", "items": {"type": "string"}}


def customer_schema(state: VendorState, workspace_id: str) -> Json:
    """Return the JSON schema of a workspace's customers."""
    disabled = disabled_base_properties(state, workspace_id)
    extended = extended_definitions(state, workspace_id, "customers")
    return {
        "type": "object",
        "properties": {
            "externalId": TEXT,
            "base": _enabled_schema(disabled, "", _load_schema("base")),
            "consents": _load_schema("consents"),
            "extended": values_schema(extended),
            "extra": TEXT,
            "tags": {"type": ["object", "null"], "properties": {"auto": TEXTS, "manual": TEXTS}},
            "enabled": {"type": "boolean"},
        },
    }


@lru_cache
def _schema_text(name: str) -> str:
    return (SCHEMAS / "customer" / f"{name}.json").read_text(encoding="utf-8")


def _load_schema(name: str) -> Json:
    found: Json = orjson.loads(_schema_text(name))
    return found


def _enabled_schema(disabled: frozenset[str], prefix: str, schema: Any, name: str = "") -> Any:
    """Return a property's schema with the lengths of its texts and without disabled properties."""
    if isinstance(schema, list):
        return [_enabled_schema(disabled, prefix, part, name) for part in schema]
    if not isinstance(schema, dict):
        return schema
    result = {
        key: _enabled_schema(disabled, prefix, part, name) if key in {"items", "oneOf", "anyOf"} else part
        for key, part in schema.items()
    }
    if "properties" in schema:
        result["properties"] = {
            inner: _enabled_schema(disabled, f"{prefix}{inner}.", part, inner)
            for inner, part in schema["properties"].items()
            if f"{prefix}{inner}" not in disabled
        }
    if "string" in schema.get("type", ()) and not {"enum", "format", "pattern"} & schema.keys():
        result["maxLength"] = MAX_LONG_TEXT.get(name, MAX_TEXT)
    return result
