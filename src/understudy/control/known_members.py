"""Members that no call of an operation can have: names in a call pattern that its document does not know."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from understudy.contract.compiled_operations import Operation
from understudy.contract.document import Document
from understudy.contract.supported_openapi import LISTED
from understudy.core.misconfigured import nearest

Node = Mapping[str, Any]
OWN_CONSTRAINTS = frozenset(("required", "not", "minProperties", "maxProperties", *LISTED))
"""Keywords of a schema that bounds an object whose members another one lists."""


@dataclass(frozen=True, slots=True)
class UnknownMember:
    """Name in a pattern's property that is not known, with its path there, and the nearest known name."""

    path: tuple[str, ...]
    hint: str


@dataclass(slots=True)
class _Object:
    """Members of an object by all alternatives of its schema; any other may occur if it ``is_open``."""

    members: dict[str, list[Node]] = field(default_factory=dict)
    others: list[Node] = field(default_factory=list)
    items: list[Node] = field(default_factory=list)
    is_open: bool = False


def unknown_in_query(document: Document, operation: Operation, given: Mapping[str, Any]) -> UnknownMember | None:
    """Return the first query parameter that the operation does not declare."""
    known = [each.name for each in operation.parameters if each.where == "query"]
    schemes = document.raw.get("components", {}).get("securitySchemes", {}).values()
    known += [each["name"] for each in schemes if each.get("in") == "query"]
    return next((UnknownMember((name,), nearest(name, known)) for name in given if name not in known), None)


def unknown_in_request(document: Document, operation: Operation, given: Any) -> UnknownMember | None:
    """Return the first member, at any depth, that no request body of the operation can have."""
    media = operation.body.node["content"].values() if operation.body else ()
    return _unknown(document, [each.get("schema", {}) for each in media], given, ())


def unknown_in_response(document: Document, operation: Operation, given: Any) -> UnknownMember | None:
    """Return the first member, at any depth, that no declared response of the operation can have.

    Of a user's own document nothing is refused: it need not declare the statuses of its errors.
    """
    if document.is_foreign:
        return None
    declared = [document.resolve(each) for each in operation.node.get("responses", {}).values()]
    media = [each for response in declared for each in response.get("content", {}).values()]
    return _unknown(document, [each.get("schema", {}) for each in media], given, ())


def _unknown(document: Document, schemas: Iterable[Node], given: Any, path: tuple[str, ...]) -> UnknownMember | None:
    if not isinstance(given, dict | list) or not given:
        return None
    found = _Object()
    for node in _alternatives(document, schemas):
        _add(node, found)
    if isinstance(given, list):
        parts: Iterable[tuple[str, Any, list[Node]]] = (
            (str(number), part, found.items) for number, part in enumerate(given)
        )
    else:
        for name in given if found.members and not (found.is_open or found.others) else ():
            if name not in found.members:
                return UnknownMember((*path, name), nearest(name, found.members))
        parts = ((name, part, found.members.get(name, found.others)) for name, part in given.items())
    wrong = (_unknown(document, nodes, part, (*path, name)) for name, part, nodes in parts)
    return next(filter(None, wrong), None)


def _add(node: Node, found: _Object) -> None:
    """Add what a schema says of members and items."""
    for name, part in node.get("properties", {}).items():
        found.members.setdefault(name, []).append(part)
    others = node.get("additionalProperties")
    if isinstance(others, Mapping) and others:
        found.others.append(others)
    is_any = not node.get("properties") and others is None and not OWN_CONSTRAINTS.intersection(node)
    found.is_open = found.is_open or others in (True, {}) or (is_any and node.get("type", "object") == "object")
    if "items" in node:
        found.items.append(node["items"])


def _alternatives(document: Document, schemas: Iterable[Node]) -> Iterator[Node]:
    """Yield schemas with those that they are made of."""
    seen: set[int] = set()
    waiting = list(schemas)
    while waiting:
        node = document.resolve(waiting.pop())
        if not isinstance(node, Mapping) or id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        waiting += [part for key in LISTED for part in node.get(key, ())]
