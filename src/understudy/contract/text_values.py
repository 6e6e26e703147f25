"""Values of texts by their schemas: parameters and forms carry texts, and the schema decides which types they have."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

import orjson

from understudy.contract.document import Document
from understudy.contract.parameter_texts import READERS, read_number

Node = Mapping[str, Any]

MAX_DEPTH = 12
"""Depth of references and combined schemas down to which types are looked for."""


class TextTyper:
    """Reader of the values of texts by one document's schemas, however they are combined."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def typed(self, schema: Any, value: Any) -> Any:
        """Return a text, or a list or object of texts, with the types that a schema gives them.

        What no type fits stays a text, for the schema to refuse. A text where a list is due becomes a list of one.
        """
        parts = list(self._parts(schema, 0))
        if isinstance(value, str):
            return self._typed_text(parts, value)
        if isinstance(value, list):
            items: Any = next((part["items"] for part in parts if "items" in part), {})
            return [self.typed(items, each) for each in value]
        if isinstance(value, Mapping):
            return self._typed_object(parts, value)
        return value

    def kind(self, schema: Any) -> str:
        """Return ``array`` or ``object`` if a schema allows only one of these, else ``text``."""
        types = {each for part in self._parts(schema, 0) for each in _types(part)}
        return types.pop() if types in ({"array"}, {"object"}) else "text"

    def takes_list(self, schema: Any) -> bool:
        """Return whether a schema allows a list, among other values."""
        types = {each for part in self._parts(schema, 0) for each in _types(part)}
        return "array" in types or not types

    def properties(self, schema: Any) -> dict[str, Any]:
        """Return the schemas of an object's properties, of all parts of a combined schema."""
        found: dict[str, Any] = {}
        for part in self._parts(schema, 0):
            for name, node in part.get("properties", {}).items():
                found.setdefault(name, node)
        return found

    def takes_others(self, schema: Any) -> bool:
        """Return whether an object may have properties that are not named, by what a schema says of them."""
        parts = self._parts(schema, 0)
        return any(part.get("additionalProperties") not in (None, False) for part in parts)

    def items(self, schema: Any) -> Any:
        """Return the schema of the items of an array, or ``None`` for a schema of something else."""
        parts = [part for part in self._parts(schema, 0) if "array" in _types(part)]
        return next((part.get("items", {}) for part in parts), None)

    def required(self, schema: Any) -> list[str]:
        """Return the names of the properties that an object must have, by all parts that it is combined of."""
        return [name for part in self._all_of(schema, 0) for name in part.get("required", ())]

    def first(self, schema: Any) -> Node:
        """Return the first part of a schema that has a type; an empty one without such."""
        return next((part for part in self._parts(schema, 0) if "type" in part), {})

    def parts(self, schema: Any) -> Iterator[Node]:
        """Yield a schema, and the schemas of which it is combined."""
        return self._parts(schema, 0)

    def _all_of(self, schema: Any, depth: int) -> Iterator[Node]:
        node = self._document.resolve(schema)
        if not isinstance(node, Mapping) or depth > MAX_DEPTH:
            return
        yield node
        for part in node.get("allOf", ()):
            yield from self._all_of(part, depth + 1)

    def _typed_object(self, parts: list[Node], value: Mapping[str, Any]) -> Any:
        is_list = any("array" in _types(part) for part in parts)
        if is_list and value and all(name.isdigit() for name in value):
            items: Any = next((part["items"] for part in parts if "items" in part), {})
            return [self.typed(items, value[name]) for name in sorted(value, key=int)]
        properties: dict[str, Any] = {}
        extra: Any = {}
        for part in parts:
            for name, node in part.get("properties", {}).items():
                properties.setdefault(name, node)
            extra = part.get("additionalProperties", extra)
        return {
            name: self.typed(properties.get(name, extra if isinstance(extra, Mapping) else {}), each)
            for name, each in value.items()
        }

    def _typed_text(self, parts: list[Node], text: str) -> Any:
        types = {each for part in parts for each in _types(part)}
        if "string" in types or not types:
            is_free = not types or any(
                "string" in _types(part) and "enum" not in part and "pattern" not in part for part in parts
            )
            if is_free or any(text in part.get("enum", ()) for part in parts):
                return text
        value = _read(types, text)
        if value is not text:
            return value
        if types & {"array", "object"} and "string" not in types and text[:1] in ("{", "["):
            try:
                return orjson.loads(text)
            except orjson.JSONDecodeError:
                pass
        if "array" in types and not types & {"string", *READERS}:
            items: Any = next((part["items"] for part in parts if "items" in part), {})
            return [] if text == "" else [self.typed(items, text)]
        if text == "" and any(part.get("nullable") for part in parts):
            return None
        return text

    def _parts(self, schema: Any, depth: int) -> Iterator[Node]:
        """Yield a schema, and the schemas of which it is combined."""
        node = self._document.resolve(schema)
        if not isinstance(node, Mapping) or depth > MAX_DEPTH:
            return
        yield node
        for key in ("allOf", "anyOf", "oneOf"):
            for part in node.get(key, ()):
                yield from self._parts(part, depth + 1)


class CachedTyper(TextTyper):
    """Reader that keeps what it found of each schema, for those who ask for the same ones many times."""

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self._known: dict[tuple[str, int | str], tuple[Any, Any]] = {}

    def kind(self, schema: Any) -> str:
        """Return ``array`` or ``object`` if a schema allows only one of these, else ``text``."""
        return str(self._once("kind", schema, super().kind))

    def properties(self, schema: Any) -> dict[str, Any]:
        """Return the schemas of an object's properties, of all parts of a combined schema."""
        found: dict[str, Any] = self._once("properties", schema, super().properties)
        return found

    def items(self, schema: Any) -> Any:
        """Return the schema of the items of an array, or ``None`` for a schema of something else."""
        return self._once("items", schema, super().items)

    def _once(self, what: str, schema: Any, find: Callable[[Any], Any]) -> Any:
        # a schema that is only a reference is found by it: most are
        reference = schema.get("$ref") if isinstance(schema, Mapping) and len(schema) == 1 else None
        key = (what, id(schema)) if reference is None else (what, reference)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = schema, find(schema)  # the schema stays, and with it its id
        return known[1]


def _read(types: Collection[str], text: str) -> Any:
    """Return the number or boolean of a text, if one of these types is wanted; else the text. ``8.0`` is an integer."""
    for name, read in READERS.items():
        if name in types and (value := read(text)) is not text:
            return value
    number = read_number(text) if "integer" in types else text
    is_whole = isinstance(number, float) and number.is_integer()
    return int(number) if is_whole else text


def _types(part: Node) -> tuple[str, ...]:
    found = part.get("type")
    if found is None:
        return ("object",) if "properties" in part else ("array",) if "items" in part else ()
    return tuple(found) if isinstance(found, list) else (str(found),)
