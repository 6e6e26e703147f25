"""Definitions of extended properties: properties of customers, products and events defined by a workspace."""

from collections.abc import Iterator
from typing import Any

from understudy.core.caller import Caller
from understudy.core.json_pointer import join
from understudy.core.json_types import Json, ReadOnlyJson
from understudy.core.refused import Cause, Refused, Violation
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.absent_values import without_nulls
from understudy.vendors.contacthub.configuration.merge_policies import SUPPORTED_TYPES
from understudy.vendors.contacthub.configuration.stored_settings import extended_definitions, write_setting
from understudy.vendors.contacthub.errors import NO_PERMISSION
from understudy.vendors.contacthub.schemas.customer_limits import MAX_EXTENDED_LIST, MAX_EXTENDED_TEXT
from understudy.vendors.contacthub.security import OPERATOR

MAX_INDEXED = 10
DEFAULT_SETTINGS = {"enabled": True, "indexed": False, "flowEnabled": False}
"""Default settings of a property (inferred); the vendor's page only has the default of ``maxLength``."""

PropertyType = tuple[str, str | None, Any]


def define_properties(state: VendorState, caller: Caller, workspace_id: str, kind: str, new: Json) -> Json:
    """Replace a workspace's definitions for ``customers``, ``products`` or ``events/<type>``; return them complete.

    Refused with 400: names with a dot, leaving out or retyping an existing property, too many indexed properties.
    Refused with 403: a change of the indexed properties by a caller who is not the vendor's staff.
    """
    kept = extended_definitions(state, workspace_id, kind)
    new = {name: _with_kept_index(without_nulls(definition), kept.get(name)) for name, definition in new.items()}
    violations = list(_broken_rules(new, kept))
    if violations:
        raise Refused(400, "extended properties are not valid", violations=violations)
    if _indexed(new) != _indexed(kept) and not (caller.is_anyone or OPERATOR in caller.scopes):
        raise Refused(403, NO_PERMISSION, cause=Cause.CREDENTIALS)
    definitions = {name: _with_all_settings(definition) for name, definition in new.items()}
    write_setting(state, workspace_id, f"extended/{kind}", definitions)
    return definitions


def values_schema(definitions: ReadOnlyJson) -> Json:
    """Return the JSON schema of an object with values of extended properties."""
    return {"type": ["object", "null"], "additionalProperties": False, "properties": definitions}


def main_type(definition: Json) -> str:
    """Return the JSON type of a property without ``null``."""
    named = definition["type"]
    return str(next(name for name in named if name != "null") if isinstance(named, list) else named)


def _broken_rules(new: Json, kept: ReadOnlyJson) -> Iterator[Violation]:
    for name, definition in new.items():
        if "." in name:
            yield Violation("body", join([name]), "pattern", "a property's name has no dot", name)
        if name in kept and _property_type(definition) != _property_type(kept[name]):
            yield Violation("body", f"{join([name])}/type", "immutable", "a property that exists keeps its type")
        policy = _settings(definition).get("mergePolicy")
        if policy is not None and main_type(definition) not in SUPPORTED_TYPES[policy]:
            message = f"{policy} does not merge values of type {main_type(definition)}"
            yield Violation("body", f"{join([name])}/contactlabProperties/mergePolicy", "enum", message, policy)
    for name in kept.keys() - new.keys():
        yield Violation("body", join([name]), "required", "a property that exists is not left out")
    for name in sorted(_indexed(new))[MAX_INDEXED:]:
        message = f"at most {MAX_INDEXED} properties are indexed"
        yield Violation("body", f"{join([name])}/contactlabProperties/indexed", "maxItems", message, value=True)


def _property_type(definition: Json) -> PropertyType:
    """Return a property's type: JSON type without ``null``, format, and the type of a list's items."""
    items = _items(definition)
    return main_type(definition), definition.get("format"), _property_type(items) if items else None


def _items(definition: Json) -> Json | None:
    """Return the definition of a list's items; ``None`` without a type, for inner definitions are not checked."""
    items = definition.get("items")
    named = items.get("type") if isinstance(items, dict) else None
    is_named = isinstance(named, str) or (isinstance(named, list) and any(name != "null" for name in named))
    return items if is_named else None


def _indexed(definitions: ReadOnlyJson) -> set[str]:
    return {name for name, definition in definitions.items() if _settings(definition).get("indexed")}


def _with_kept_index(definition: Json, kept: Json | None) -> Json:
    """Return a definition with the ``indexed`` that the property has, unless it is sent."""
    if kept is None or "indexed" in _settings(definition):
        return definition
    settings = _settings(definition) | {"indexed": bool(_settings(kept).get("indexed"))}
    return definition | {"contactlabProperties": settings}


def _settings(definition: Json) -> Json:
    found: Json = definition.get("contactlabProperties", {})
    return found


def _with_all_settings(definition: Json) -> Json:
    """Return a definition with all settings; ``maxLength`` for texts and lists of texts."""
    settings: Json = DEFAULT_SETTINGS | _settings(definition)
    items = _items(definition)
    if main_type(definition) == "string":
        settings.setdefault("maxLength", MAX_EXTENDED_TEXT)
    elif main_type(definition) == "array" and items and main_type(items) == "string":
        settings.setdefault("maxLength", MAX_EXTENDED_LIST)
    return definition | {"contactlabProperties": settings}
