"""Edits of generated records: setting values at dotted paths, and selecting fields."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from understudy.core.json_types import Json as Record
from understudy.core.misconfigured import Misconfigured, nearest

Edit = Callable[[Record], Record]


def set_value(path: str, value: Any) -> Edit:
    """Return an edit that sets the value at a dotted path, and adds the objects on the path that a record lacks.

    A function as ``value`` is called with the record and returns the value. The given record is not changed: the edit
    copies the objects on the path.
    """
    names = tuple(path.split("."))

    def edit(record: Record) -> Record:
        return _with_value(record, names, value(record) if callable(value) else value, path)

    return edit


def keep_only(paths: Iterable[str]) -> Edit:
    """Return an edit that selects the values at these dotted paths, in the record's order."""
    tree: dict[str, Any] = {}
    for path in sorted(paths, key=len, reverse=True):  # a shorter path, which comes later, includes the longer ones
        branch = tree
        *parents, last = path.split(".")
        for name in parents:
            branch = branch.setdefault(name, {})
        branch[last] = None
    return lambda record: _with_only(record, tree)


def known_paths(records: Iterable[Record]) -> list[str]:
    """Return all dotted paths of the records, with those of inner objects, in order of appearance."""
    found: dict[str, None] = {}
    for record in records:
        _walk(record, "", found)
    return list(found)


def check_paths(paths: Iterable[str], records: Iterable[Record]) -> None:
    """Raise ``Misconfigured`` with the nearest path if none of the records has one of ``paths``."""
    known = known_paths(records)
    for path in paths:
        if path not in known:
            raise Misconfigured(f"no record of this kind has the field {path!r}{nearest(str(path), known)}")


def _with_value(record: Record, names: tuple[str, ...], value: Any, path: str) -> Record:
    first, *rest = names
    if not rest:
        return {**record, first: value}
    inner = record.get(first)
    if inner is not None and not isinstance(inner, dict):
        raise Misconfigured(f"{path!r} cannot be set: {first!r} is no object; set it as a whole")
    return {**record, first: _with_value(inner or {}, tuple(rest), value, path)}


def _with_only(record: Record, tree: Mapping[str, Any]) -> Record:
    kept: Record = {}
    for name, value in record.items():
        if name in tree:
            branch = tree[name]
            if branch is None:
                kept[name] = value
            elif isinstance(value, dict) and (inner := _with_only(value, branch)):
                kept[name] = inner
    return kept


def _walk(record: Record, before: str, found: dict[str, None]) -> None:
    for name, value in record.items():
        path = f"{before}{name}"
        found.setdefault(path)
        if isinstance(value, dict):
            _walk(value, f"{path}.", found)
