"""Changes to records as they are made: values that are set, and the only fields that are kept."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from understudy.core.json_types import Json as Record
from understudy.core.misconfigured import Misconfigured, nearest

Edit = Callable[[Record], Record]


def set_value(path: str, value: Any) -> Edit:
    """Return what sets the value at a dotted path, making the objects on the way that a record lacks.

    A function is called with the record, and its answer is set. What was there before is left as it is: only the
    objects on the way are new.
    """
    names = tuple(path.split("."))

    def edit(record: Record) -> Record:
        return _grafted(record, names, value(record) if callable(value) else value, path)

    return edit


def keep_only(paths: Iterable[str]) -> Edit:
    """Return what keeps only the values at these dotted paths, in the record's own order."""
    tree: dict[str, Any] = {}
    for path in sorted(paths, key=len, reverse=True):  # a shorter one takes in what lies under it
        branch = tree
        *ways, last = path.split(".")
        for name in ways:
            branch = branch.setdefault(name, {})
        branch[last] = None
    return lambda record: _pruned(record, tree)


def known_paths(records: Iterable[Record]) -> list[str]:
    """Return every dotted path that any of the records has, objects on the way included."""
    found: dict[str, None] = {}
    for record in records:
        _walk(record, "", found)
    return list(found)


def check_paths(asked: Iterable[str], records: Iterable[Record]) -> None:
    """Refuse a path that none of the records has; say the nearest one."""
    known = known_paths(records)
    for path in asked:
        if path not in known:
            raise Misconfigured(f"no record of this kind has the field {path!r}{nearest(path, known)}")


def _grafted(record: Record, names: tuple[str, ...], value: Any, path: str) -> Record:
    first, *rest = names
    if not rest:
        return {**record, first: value}
    inner = record.get(first)
    if inner is not None and not isinstance(inner, dict):
        raise Misconfigured(f"{path!r} cannot be set: {first!r} is no object; set it as a whole")
    return {**record, first: _grafted(inner or {}, tuple(rest), value, path)}


def _pruned(record: Record, tree: Mapping[str, Any]) -> Record:
    kept: Record = {}
    for name, value in record.items():
        if name in tree:
            branch = tree[name]
            if branch is None:
                kept[name] = value
            elif isinstance(value, dict) and (inner := _pruned(value, branch)):
                kept[name] = inner
    return kept


def _walk(record: Record, before: str, found: dict[str, None]) -> None:
    for name, value in record.items():
        path = f"{before}{name}"
        found.setdefault(path)
        if isinstance(value, dict):
            _walk(value, f"{path}.", found)
