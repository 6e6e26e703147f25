"""JSON Patch (RFC 6902) and JSON Merge Patch (RFC 7396): changes of a JSON document."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from understudy.core.json_pointer import join, unescape
from understudy.core.misconfigured import nearest

MAX_OPERATIONS = 500
"""Number of operations of one patch."""

MAX_SIZE = 20_000
"""Number of values in a document that is patched: copies of copies grow fast."""

MAX_DEPTH = 200
"""Levels of nesting of a patched document."""

Names = list[str]


class PatchRefused(Exception):  # noqa: N818 - a fact about a patch
    """Patch that cannot be applied, with an HTTP status for the reason: 400 no patch, 409 a failed test, else 422."""

    def __init__(self, message: str, status: int = 422) -> None:
        super().__init__(message)
        self.status = status


def is_patch(body: Any) -> bool:
    """Return whether a value is a list of operations of JSON Patch."""
    return isinstance(body, list) and bool(body) and all(isinstance(each, Mapping) and _is_named(each) for each in body)


def _is_named(operation: Mapping[str, Any]) -> bool:
    return isinstance(operation.get("op"), str) and isinstance(operation.get("path"), str)


def patched(document: Any, operations: Any) -> Any:
    """Return a document with all operations of a JSON Patch applied; raise ``PatchRefused`` if one cannot be."""
    if not isinstance(operations, list):
        raise PatchRefused("a JSON Patch is a list of operations", 400)
    if len(operations) > MAX_OPERATIONS:
        raise PatchRefused(f"a patch has at most {MAX_OPERATIONS:,} operations")
    made = deepcopy(document)
    for number, each in enumerate(operations):
        try:
            made = _applied(made, each)
        except PatchRefused as refused:
            raise PatchRefused(f"operation {number}: {refused}", refused.status) from None
    return made


def merge_patched(document: Any, patch: Any) -> Any:
    """Return a document with a JSON Merge Patch applied: ``null`` removes a member, objects are merged."""
    if not isinstance(patch, Mapping):
        return patch
    made = dict(document) if isinstance(document, Mapping) else {}
    for name, value in patch.items():
        if value is None:
            made.pop(name, None)
        else:
            made[name] = merge_patched(made.get(name), value)
    return made


def _applied(document: Any, operation: Any) -> Any:
    if not isinstance(operation, Mapping) or not _is_named(operation):
        raise PatchRefused("an operation is an object with an 'op' and a 'path'", 400)
    name = operation["op"]
    if name not in OPERATIONS:
        raise PatchRefused(f"there is no operation {name[:40]!r}{nearest(name, OPERATIONS)}", 400)
    return OPERATIONS[name](document, _names(operation["path"]), operation)


def _names(pointer: Any) -> Names:
    if not isinstance(pointer, str) or (pointer and not pointer.startswith("/")):
        raise PatchRefused(f"{str(pointer)[:60]!r} is no JSON pointer: it begins with /", 400)
    return [unescape(part) for part in pointer.split("/")[1:]]


def _member(operation: Mapping[str, Any], name: str) -> Any:
    if name not in operation:
        raise PatchRefused(f"{operation['op']} needs {name!r}", 400)
    return operation[name]


def _at(document: Any, names: Names) -> Any:
    value = document
    for number, name in enumerate(names):
        if isinstance(value, dict) and name in value:
            value = value[name]
        elif isinstance(value, list):
            value = value[_index(value, name, len(value) - 1)]
        else:
            raise PatchRefused(f"there is nothing at {join(names[: number + 1])}")
    return value


def _index(items: list[Any], name: str, last: int) -> int:
    """Return the index that a part of a pointer names; raise ``PatchRefused`` for none up to the ``last``."""
    is_number = name.isascii() and name.isdigit() and (name == "0" or not name.startswith("0")) and len(name) < 10
    if not is_number or int(name) > last:
        raise PatchRefused(f"there is no item {name[:40]!r} in a list of {len(items)}")
    return int(name)


def _add(document: Any, names: Names, operation: Mapping[str, Any]) -> Any:
    return _put(document, names, deepcopy(_member(operation, "value")))


def _put(document: Any, names: Names, value: Any) -> Any:
    _refuse_growth(value, len(names))
    if not names:
        return value
    *above, name = names
    owner = _at(document, above)
    if isinstance(owner, dict):
        owner[name] = value
    elif isinstance(owner, list):
        owner.insert(len(owner) if name == "-" else _index(owner, name, len(owner)), value)
    else:
        raise PatchRefused(f"there is no object and no list at {join(above)}")
    return document


def _remove(document: Any, names: Names, _operation: Mapping[str, Any]) -> Any:
    _at(document, names)
    if not names:
        return None
    owner = _at(document, names[:-1])
    if isinstance(owner, list):
        del owner[int(names[-1])]
    else:
        del owner[names[-1]]
    return document


def _replace(document: Any, names: Names, operation: Mapping[str, Any]) -> Any:
    value = deepcopy(_member(operation, "value"))
    _at(document, names)
    if not names:
        return value
    owner = _at(document, names[:-1])
    owner[int(names[-1]) if isinstance(owner, list) else names[-1]] = value
    return document


def _move(document: Any, names: Names, operation: Mapping[str, Any]) -> Any:
    source = _names(_member(operation, "from"))
    if names[: len(source)] == source and len(names) > len(source):
        raise PatchRefused("a value cannot be moved into itself")
    value = _at(document, source)
    return _put(_remove(document, source, operation), names, value)


def _copy(document: Any, names: Names, operation: Mapping[str, Any]) -> Any:
    value = deepcopy(_at(document, _names(_member(operation, "from"))))
    made = _put(document, names, value)
    _refuse_growth(made, 0)
    return made


def _test(document: Any, names: Names, operation: Mapping[str, Any]) -> Any:
    wanted = _member(operation, "value")
    if not _is_equal(_at(document, names), wanted):
        raise PatchRefused(f"the value at {join(names) or 'the root'} is another one", 409)
    return document


def _is_equal(one: Any, other: Any) -> bool:
    """Return whether two JSON values are equal: ``true`` is no number."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_is_equal(value, other[name]) for name, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_is_equal, one, other))
    return bool(one == other)


def _refuse_growth(value: Any, depth: int) -> None:
    """Raise ``PatchRefused`` for a value with too many values or levels, at this depth of a document."""
    todo, size = [(value, depth + 1)], 0
    while todo:
        value, level = todo.pop()
        size += 1
        if size > MAX_SIZE or level > MAX_DEPTH:
            raise PatchRefused("the patched value is too large")
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        todo += [(each, level + 1) for each in inner]


OPERATIONS: dict[str, Callable[[Any, Names, Mapping[str, Any]], Any]] = {
    "add": _add,
    "remove": _remove,
    "replace": _replace,
    "move": _move,
    "copy": _copy,
    "test": _test,
}
