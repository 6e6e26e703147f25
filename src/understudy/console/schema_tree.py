"""Schemas of a document as trees of rows, for pages that unfold them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from understudy.contract.document import Document

MAX_DEPTH = 6
MAX_MEMBERS = 200
MAX_NODES = 3000
"""Rows of a page's trees; what is over that is cut, and the document has it."""

FACTS = (
    "format", "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength",
    "maxLength", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "default", "const",
)  # fmt: skip
"""Keywords that a row shows as they are."""

FLAGS = {"nullable": "or null", "readOnly": "only answered", "writeOnly": "only sent", "deprecated": "deprecated"}
COMBINATIONS = {"oneOf": "one of", "anyOf": "any of", "allOf": "all of", "not": "not"}


@dataclass(slots=True)
class SchemaNode:
    """Row of a tree: a property, an item or an alternative, with what its schema says and the rows below."""

    name: str
    type: str
    is_required: bool = False
    text: str = ""
    facts: list[tuple[str, Any]] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    children: list["SchemaNode"] = field(default_factory=list)
    reference: str = ""
    is_cut: bool = False


class SchemaTree:
    """Maker of the trees of one page."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._left = MAX_NODES

    def of(self, schema: Any, name: str = "") -> SchemaNode:
        """Return the root of a schema's tree."""
        return self._node(name, schema, is_required=False, seen=())

    def _node(self, name: str, schema: Any, *, is_required: bool, seen: tuple[str, ...]) -> SchemaNode:
        self._left -= 1
        reference = schema.get("$ref", "") if isinstance(schema, Mapping) else ""
        found = self._document.resolve(schema)
        if not isinstance(found, Mapping):
            return SchemaNode(name, "anything" if found is not False else "nothing", is_required=is_required)
        node = SchemaNode(
            name,
            type_text(self._document, found),
            is_required,
            str(found.get("description", "")).strip(),
            [(key, found[key]) for key in FACTS if key in found],
            list(found["enum"]) if isinstance(found.get("enum"), list | tuple) else [],
            reference=reference.rpartition("/")[2],
        )
        node.facts += [(text, "") for key, text in FLAGS.items() if found.get(key) is True]
        if reference in seen or len(seen) > MAX_DEPTH or self._left < 0:
            node.is_cut = _has_parts(found)
            return node
        node.children = list(self._children(found, (*seen, reference or name)))
        return node

    def _children(self, found: Mapping[str, Any], seen: tuple[str, ...]) -> Iterator[SchemaNode]:
        required = found.get("required", ())
        required = required if isinstance(required, list | tuple) else ()
        properties = found.get("properties", {})
        for name, part in islice(properties.items() if isinstance(properties, Mapping) else (), MAX_MEMBERS):
            yield self._node(str(name), part, is_required=name in required, seen=seen)
        if isinstance(found.get("additionalProperties"), Mapping):
            yield self._node("(any other name)", found["additionalProperties"], is_required=False, seen=seen)
        if isinstance(found.get("items"), Mapping):
            yield self._node("(each item)", found["items"], is_required=False, seen=seen)
        for key, text in COMBINATIONS.items():
            parts = found.get(key, ())
            for part in [parts] if isinstance(parts, Mapping) else parts if isinstance(parts, list | tuple) else ():
                yield self._node(f"({text})", part, is_required=False, seen=seen)


def _has_parts(found: Mapping[str, Any]) -> bool:
    return any(key in found for key in ("properties", "items", *COMBINATIONS))


def type_text(document: Document, found: Mapping[str, Any]) -> str:
    """Return the type of a schema in words."""
    kind = found.get("type")
    if isinstance(kind, list):
        return " or ".join(map(str, kind))
    if kind == "array":
        items = document.resolve(found.get("items", {}))
        return f"array of {items.get('type', 'anything')}s" if isinstance(items, Mapping) and items else "array"
    if kind:
        return str(kind)
    if "properties" in found:
        return "object"
    return next((text for key, text in COMBINATIONS.items() if key in found), "anything")
