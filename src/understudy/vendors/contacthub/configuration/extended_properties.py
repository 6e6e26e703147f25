"""Extended properties: those of customers, products and events that a workspace defines itself."""

from collections.abc import Iterator
from typing import Any

from understudy.core.caller import Caller
from understudy.core.json_pointer import join
from understudy.core.json_types import Json, ReadOnlyJson
from understudy.core.refused import Cause, Refused, Violation
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.configuration.stored_settings import extended_definitions, write_setting
from understudy.vendors.contacthub.errors import NO_PERMISSION
from understudy.vendors.contacthub.schemas.customer_limits import MOST_IN_EXTENDED_LIST, MOST_IN_EXTENDED_TEXT
from understudy.vendors.contacthub.security import OPERATOR

MOST_INDEXED = 10
USUAL = {"enabled": True, "indexed": False, "flowEnabled": False}
"""The settings of a property that says nothing of them; only the greatest length is on the page."""

Kind = tuple[str, str | None, Any]


def define_properties(state: VendorState, caller: Caller, workspace_id: str, kind: str, sent: Json) -> Json:
    """Put a workspace's definitions for ``customers``, ``products`` or ``events/<type>`` in place of the old ones.

    Refused are names with a dot, leaving out or retyping what exists, too many that are indexed (400), and a change of
    what is indexed by anyone but the vendor's staff (403). Returns the definitions with their settings filled in.
    """
    kept = extended_definitions(state, workspace_id, kind)
    violations = list(_broken_rules(sent, kept))
    if violations:
        raise Refused(400, "extended properties are not valid", violations=violations)
    if _indexed(sent) != _indexed(kept) and not (caller.is_anyone or OPERATOR in caller.scopes):
        raise Refused(403, NO_PERMISSION, cause=Cause.CREDENTIALS)
    definitions = {name: _complete(definition) for name, definition in sent.items()}
    write_setting(state, workspace_id, f"extended/{kind}", definitions)
    return definitions


def values_schema(definitions: ReadOnlyJson) -> Json:
    """Return the JSON schema of an object with the values of extended properties."""
    return {"type": ["object", "null"], "additionalProperties": False, "properties": definitions}


def main_type(definition: Json) -> str:
    """Return the JSON type of a property, whether or not it may be null, too."""
    named = definition["type"]
    return str(next(name for name in named if name != "null") if isinstance(named, list) else named)


def _broken_rules(sent: Json, kept: ReadOnlyJson) -> Iterator[Violation]:
    for name, definition in sent.items():
        if "." in name:
            yield Violation("body", join([name]), "pattern", "a property's name has no dot", name)
        if name in kept and _kind(definition) != _kind(kept[name]):
            yield Violation("body", f"{join([name])}/type", "immutable", "a property that exists keeps its type")
    for name in kept.keys() - sent.keys():
        yield Violation("body", join([name]), "required", "a property that exists is not left out")
    for name in sorted(_indexed(sent))[MOST_INDEXED:]:
        message = f"at most {MOST_INDEXED} properties are indexed"
        yield Violation("body", f"{join([name])}/contactlabProperties/indexed", "maxItems", message, value=True)


def _kind(definition: Json) -> Kind:
    """Return what makes a property's type: a list's is also that of its items; that it may be null is no part of it."""
    items = _items(definition)
    return main_type(definition), definition.get("format"), _kind(items) if items else None


def _items(definition: Json) -> Json | None:
    """Return the definition of a list's items, if it is one: of what lies deep in another, anything may be written."""
    items = definition.get("items")
    named = items.get("type") if isinstance(items, dict) else None
    is_named = isinstance(named, str) or (isinstance(named, list) and any(name != "null" for name in named))
    return items if is_named else None


def _indexed(definitions: ReadOnlyJson) -> set[str]:
    return {name for name, definition in definitions.items() if _settings(definition).get("indexed")}


def _settings(definition: Json) -> Json:
    found: Json = definition.get("contactlabProperties", {})
    return found


def _complete(definition: Json) -> Json:
    """Return a definition with all its settings; texts and lists of texts have a greatest length."""
    settings: Json = USUAL | _settings(definition)
    items = _items(definition)
    if main_type(definition) == "string":
        settings.setdefault("maxLength", MOST_IN_EXTENDED_TEXT)
    elif main_type(definition) == "array" and items and main_type(items) == "string":
        settings.setdefault("maxLength", MOST_IN_EXTENDED_LIST)
    return definition | {"contactlabProperties": settings}
