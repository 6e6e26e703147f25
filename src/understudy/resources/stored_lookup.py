"""Lookup of the stored record that a path names, by its id or its other name, below its parents."""

from collections.abc import Mapping
from typing import Any

from understudy.core.json_types import Json
from understudy.resources.resource import PARENT, Resource, key_text
from understudy.state.collection import Collection


def parent_text(resource: Resource, arguments: Mapping[str, Any]) -> str:
    """Return the texts of the ids of a path's parents, joined with slashes."""
    return "/".join(key_text(arguments.get(name)) for name in resource.parents)


def stored_record(collection: Collection, resource: Resource, arguments: Mapping[str, Any]) -> Json | None:
    """Return the record that a path's values name, or ``None``."""
    parent = parent_text(resource, arguments)
    key = (parent or resource.name) if resource.is_single else key_text(arguments.get(resource.id_parameter))
    found = collection.get(key)
    if found is not None and (resource.is_single or found[PARENT] in ("", parent)):
        return found
    found = collection.get(f"{parent}/{key}") if parent else None
    return _of_alias(collection, resource, key, parent) if found is None and resource.alias else found


def _of_alias(collection: Collection, resource: Resource, key: str, parent: str) -> Json | None:
    """Return the record that has a text as its other name, such as its slug."""
    alike = (each for each in collection.read(collection.keys(), [key]) if each[PARENT] in ("", parent))
    return next((each for each in alike if each.get(resource.alias) == key), None)
