"""Discriminators of one document: the property that names which of several schemas an object keeps."""

from collections.abc import Iterator, Mapping
from typing import Any

from understudy.contract.document import Document
from understudy.core.json_pointer import unescape

Node = Mapping[str, Any]

PREFIX = "#/components/schemas/"
ALLOWED = "x-allowed"
"""Values that a discriminator's property may have by the document, beside the one that was chosen."""


class Discriminators:
    """Values of discriminators, and the schemas to which they lead."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._heirs: dict[str, list[str]] | None = None

    def heirs(self, reference: str, node: Node) -> list[Node]:
        """Return references to the schemas that an object of a schema with a discriminator may be rather than itself.

        They are the mapped ones, or those that have it in their ``allOf``; none if its own combination names them.
        """
        discriminator = node.get("discriminator")
        if not isinstance(discriminator, Mapping) or "oneOf" in node or "anyOf" in node:
            return []
        mapped = dict.fromkeys(str(each) for each in discriminator.get("mapping", {}).values())
        found = [*mapped] if mapped else self._inheriting().get(reference, [])
        return [] if reference in mapped else [{"$ref": each} for each in found if each != reference]

    def marked(self, discriminator: Node, reference: str, made: dict[str, Any]) -> dict[str, Any]:
        """Return an object's schema that requires the discriminator's value for the schema at a reference.

        If the property allows other values alone, it is the one of the same words, or any of those.
        """
        name = discriminator["propertyName"]
        properties = made.get("properties", {})
        if name not in properties and made.get("additionalProperties") is False:
            return made
        inner = self._document.resolve(properties[name]) if name in properties else {}
        allowed = inner.get(ALLOWED, inner.get("enum")) if isinstance(inner, Mapping) else None
        value: Any = mapped_value(discriminator, reference)
        if allowed is not None and value not in allowed:
            value = next((each for each in allowed if _is_like(each, value)), None)
        required = [*dict.fromkeys([*made.get("required", ()), name])]
        part = properties[name] if value is None else {"type": "string", "enum": [value], ALLOWED: allowed}
        return {**made, "required": required, "properties": {**properties, name: part}}

    def heirs_of(self, schema: Any) -> list[Node]:
        """Return references to the schemas that inherit from one, if a discriminator names them."""
        node, reference = (
            self._document.resolve(schema),
            str(schema.get("$ref", "")) if isinstance(schema, Mapping) else "",
        )
        return self.heirs(reference, node) if isinstance(node, Mapping) else []

    def chosen(self, schema: Any, value: Any) -> Any:
        """Return the schema to which an object's discriminator leads; ``None`` for none, or if it leads nowhere."""
        node = self._document.resolve(schema)
        if not isinstance(node, Mapping) or not isinstance(value, Mapping):
            return None
        discriminator = node.get("discriminator")
        if not isinstance(discriminator, Mapping):
            return None
        given = value.get(discriminator["propertyName"])
        if not isinstance(given, str):
            return None
        listed = [part for key in ("oneOf", "anyOf") for part in node.get(key, ()) if "$ref" in part]
        parts = listed or self.heirs(str(schema.get("$ref", "")), node)
        for is_same in (str.__eq__, _is_like):
            for part in parts:
                if is_same(given, mapped_value(discriminator, part["$ref"])):
                    return part
        return None

    def _inheriting(self) -> dict[str, list[str]]:
        """Return references to the named schemas that have one in their ``allOf``, at any depth, by its reference."""
        if self._heirs is None:
            named = self._document.raw.get("components", {}).get("schemas", {})
            direct: dict[str, list[str]] = {}
            for name, node in named.items():
                for part in node.get("allOf", ()) if isinstance(node, Mapping) else ():
                    if "$ref" in part:
                        direct.setdefault(part["$ref"], []).append(PREFIX + name)
            self._heirs = {reference: [*dict.fromkeys(_below(reference, direct, set()))] for reference in direct}
        return self._heirs


def mapped_value(discriminator: Node, reference: str) -> str:
    """Return the discriminator's value for an alternative: the mapped one, or the name of its schema."""
    name = reference.rsplit("/", 1)[-1]
    for value, target in discriminator.get("mapping", {}).items():
        if str(target).rsplit("/", 1)[-1] == name:
            return str(value)
    return unescape(name)


def _below(reference: str, direct: Mapping[str, list[str]], seen: set[str]) -> Iterator[str]:
    seen.add(reference)
    for each in direct.get(reference, ()):
        if each not in seen:
            yield each
            yield from _below(each, direct, seen)


def _is_like(one: Any, other: str) -> bool:
    """Return whether a name begins or ends with another, but for case and punctuation: ``Track``, ``track``."""
    first, second = ("".join(char for char in str(each).lower() if char.isalnum()) for each in (one, other))
    return bool(first) and bool(second) and (second.startswith(first) or second.endswith(first) or first == second)
