"""The part of a customer that ``fields`` asks for, in the shape of a whole one: the rest is null or empty."""

from typing import Any

from understudy.core.json_types import Json

Tree = dict[str, Any]
"""Wanted names, each with the wanted names below it; none below: all of it."""

CLIENT_MADE = ("externalId", "base", "consents", "extended", "extra", "tags")
"""What a client writes of a customer; what the server makes is always answered."""
WHOLE = ("base.address.geo",)
"""What has no part that can be null."""


def read_fields(text: str | None) -> Tree | None:
    """Return the wanted names of a comma-separated list of dotted paths; nothing if none is asked for."""
    paths = [path.strip() for path in (text or "").split(",") if path.strip()]
    if not paths:
        return None
    tree: Tree = {}
    for path in sorted(map(_widened, paths), key=len):
        _plant(tree, path.split("."))
    return tree


def project(customer: Json, wanted: Tree) -> Json:
    """Return a customer with only the wanted part of what clients write."""
    shown = dict(customer)
    for name in CLIENT_MADE:
        value, below = customer[name], wanted.get(name)
        if name == "base":
            shown[name] = {each: _picked(value[each], _below(below, each)) for each in value}
        elif name == "extended":
            shown[name] = {each: _picked(value[each], _below(below, each)) for each in _listed(value or {}, below)}
        else:
            shown[name] = _picked(value, below)
    return shown


def _widened(path: str) -> str:
    return next((whole for whole in WHOLE if path.startswith(whole)), path)


def _plant(tree: Tree, names: list[str]) -> None:
    for name in names[:-1]:
        if tree.get(name) == {}:  # all of it is wanted already: shorter paths come first
            return
        tree = tree.setdefault(name, {})
    tree[names[-1]] = {}


def _below(wanted: Tree | None, name: str) -> Tree | None:
    return wanted.get(name) if wanted else wanted


def _listed(value: Json, wanted: Tree | None) -> list[str]:
    if wanted is None:
        return []
    return [name for name in value if not wanted or name in wanted]


def _picked(value: Any, wanted: Tree | None) -> Any:
    if wanted == {}:
        return value
    if isinstance(value, list):
        return [_element(each, wanted) for each in value] if wanted else []
    if isinstance(value, dict) and wanted:
        return {name: _picked(each, wanted.get(name)) for name, each in value.items()}
    return None


def _element(value: Any, wanted: Tree) -> Any:
    """An element of a list, with its id: without it nobody could tell which one it is."""
    picked = _picked(value, wanted)
    return {**picked, "id": value["id"]} if isinstance(picked, dict) and "id" in value else picked
