"""Fields that a vendor's document declares for a kind of record, whether or not the records that are made have them."""

from collections.abc import Collection, Iterator, Sequence
from itertools import accumulate
from typing import Any

from understudy.casting.kind import Kind
from understudy.contract.document import Document, load_document
from understudy.contract.supported_openapi import LISTED
from understudy.core.data_folder import data_folder
from understudy.core.media_types import JSON
from understudy.vendors.discovery import find_specs


def is_declared(kind: Kind, path: str, known: Collection[str]) -> bool:
    """Return whether the schema of a kind has a field at a dotted path, or an object there that takes any field.

    An object below which records have fields, whose paths are ``known``, takes no others. A kind of no vendor's
    declares no field.
    """
    if not all(path.split(".")):
        return False
    if kind.document is not None:
        names = [(part, index == 0 or f"{path}." in known) for index, part in enumerate(path.split("."))]
        return _has(kind.document, kind.record_schema, names, [])
    specs = data_folder("specs")
    if kind.vendor not in find_specs(specs):
        return False
    document = load_document(find_specs(specs, [kind.vendor])[kind.vendor])
    parents = accumulate(path.split("."), "{}.{}".format)
    filled = [any(each.startswith(f"{parent}.") for each in known) for parent in parents]
    names = [*zip(path.split("."), [True, *filled], strict=False)]
    return any(_has(document, schema, names, []) for schema in _schemas(document, kind))


def _schemas(document: Document, kind: Kind) -> Iterator[Any]:
    if kind.schema:
        yield document.at(f"#/components/schemas/{kind.schema}")
    for _, _, node, _ in document.operations():
        if kind.operation and node["operationId"] == kind.operation:
            body = document.resolve(node.get("requestBody", {}))
            yield body.get("content", {}).get(JSON, {}).get("schema", {})


def _has(document: Document, schema: Any, names: Sequence[tuple[str, bool]], seen: list[int]) -> bool:
    """Return whether a schema has a field, given as names, each with whether records have fields beside it."""
    node = document.resolve(schema)
    if not isinstance(node, dict) or id(node) in seen:
        return False
    (first, has_others), *rest = names
    if first in node.get("properties", {}):
        return not rest or _has(document, node["properties"][first], rest, [])
    if node.get("type") == "object" and _is_open(node) and not has_others:
        return True
    parts = (part for key in LISTED for part in node.get(key, ()))
    return any(_has(document, part, names, [*seen, id(node)]) for part in parts)


def _is_open(node: dict[str, Any]) -> bool:
    """Return whether an object takes fields of any name; one that declares some must say so."""
    others = node.get("additionalProperties")
    return others not in (None, False) or (others is None and not any(key in node for key in ("properties", *LISTED)))
