"""Projection of a customer to the properties in ``fields``; the other properties are null or empty."""

from typing import Any

from understudy.core.json_types import Json

Tree = dict[str, Any]
"""Wanted property names, each with the wanted names below it; an empty tree means the whole value."""

CLIENT_PROPERTIES = ("externalId", "base", "consents", "extended", "extra", "tags")
"""Properties that ``fields`` can leave out; the ones that the server sets are always in the response."""
INDIVISIBLE = ("base.address.geo",)
"""Objects that are projected as a whole, because their properties cannot be null."""


def read_fields(fields: list[str] | None) -> Tree | None:
    """Return the wanted names of a list of dotted paths; ``None`` for an empty list."""
    paths = [path.strip() for path in fields or () if path.strip()]
    if not paths:
        return None
    tree: Tree = {}
    for path in sorted(map(_indivisible, paths), key=len):
        _add_path(tree, path.split("."))
    return tree


def project(customer: Json, wanted: Tree) -> Json:
    """Return a customer with only the wanted ones of the properties in ``CLIENT_PROPERTIES``."""
    projected = dict(customer)
    for name in CLIENT_PROPERTIES:
        value, below = customer[name], wanted.get(name)
        if name == "base":
            projected[name] = {each: _projected(value[each], _subtree(below, each)) for each in value}
        elif name == "extended":
            projected[name] = {
                each: _projected(value[each], _subtree(below, each)) for each in _wanted_names(value or {}, below)
            } or None
        else:
            projected[name] = _projected(value, below)
    return projected


def _indivisible(path: str) -> str:
    return next((whole for whole in INDIVISIBLE if path.startswith(whole)), path)


def _add_path(tree: Tree, names: list[str]) -> None:
    for name in names[:-1]:
        if tree.get(name) == {}:  # the whole value is wanted already: shorter paths come first
            return
        tree = tree.setdefault(name, {})
    tree[names[-1]] = {}


def _subtree(wanted: Tree | None, name: str) -> Tree | None:
    return wanted.get(name) if wanted else wanted


def _wanted_names(value: Json, wanted: Tree | None) -> list[str]:
    if wanted is None:
        return []
    return [name for name in value if not wanted or name in wanted]


def _projected(value: Any, wanted: Tree | None) -> Any:
    if wanted == {}:
        return value
    if isinstance(value, list):
        return [_element(each, wanted) for each in value] if wanted else []
    if isinstance(value, dict) and wanted:
        return {name: _projected(each, wanted.get(name)) for name, each in value.items()}
    return None


def _element(value: Any, wanted: Tree) -> Any:
    """Return the projection of a list's element, always with its id, which identifies it."""
    projected = _projected(value, wanted)
    return {**projected, "id": value["id"]} if isinstance(projected, dict) and "id" in value else projected
