"""Schemas with their combinations resolved: ``allOf`` merged, and one alternative chosen of ``oneOf`` and ``anyOf``."""

from collections.abc import Mapping
from typing import Any

from understudy.contract.document import Document

Node = Mapping[str, Any]

MAX_DEPTH = 40
"""Depth of combinations within combinations at which the rest is left out."""

LOW = ("minimum", "minLength", "minItems", "minProperties")
HIGH = ("maximum", "maxLength", "maxItems", "maxProperties")


class MergedSchemas:
    """Schemas of one document, as a value can be made of them."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def choose(self, schema: Any, variant: int) -> dict[str, Any]:
        """Return a schema without combinations; ``variant`` is the number of the alternative that is chosen first."""
        return self._flat(schema, variant, 0, frozenset())

    def has(self, schema: Any, keyword: str) -> bool:
        """Return whether a schema has a keyword that is true, in itself or in a part of its ``allOf``."""
        node = self._document.resolve(schema)
        if not isinstance(node, Mapping):
            return False
        return bool(node.get(keyword)) or any(
            bool(part.get(keyword)) for part in node.get("allOf", ()) if isinstance(part, Mapping)
        )

    def _flat(self, schema: Any, variant: int, depth: int, seen: frozenset[str]) -> dict[str, Any]:
        if isinstance(schema, Mapping) and "$ref" in schema:
            if schema["$ref"] in seen:
                return {}
            seen |= {schema["$ref"]}
        node = self._document.resolve(schema)
        if not isinstance(node, Mapping) or depth > MAX_DEPTH:
            return {}
        made = {key: value for key, value in node.items() if key not in ("allOf", "oneOf", "anyOf")}
        for part in node.get("allOf", ()):
            made = _merged(made, self._flat(part, variant, depth + 1, seen))
        for key in ("oneOf", "anyOf"):
            if node.get(key):
                made = _merged(made, self._alternative(node, node[key], variant, depth, seen))
        return made

    def _alternative(
        self, node: Node, parts: list[Any], variant: int, depth: int, seen: frozenset[str]
    ) -> dict[str, Any]:
        """Return the chosen alternative; one that refers to what is being made is taken last."""
        order = [*range(variant % len(parts), len(parts)), *range(variant % len(parts))]
        order.sort(key=lambda number: _reference(parts[number]) in seen or self._is_only_null(parts[number]))
        chosen = parts[order[0]]
        made = self._flat(chosen, variant // len(parts), depth + 1, seen)
        discriminator = node.get("discriminator")
        if isinstance(discriminator, Mapping):
            name = discriminator["propertyName"]
            value = _mapped_value(discriminator, _reference(chosen))
            known = made.get("properties", {}).get(name)
            if value and not (isinstance(known, Mapping) and "enum" in known):
                made = {**made, "properties": {**made.get("properties", {}), name: {"type": "string", "enum": [value]}}}
        return made

    def _is_only_null(self, schema: Any) -> bool:
        node = self._document.resolve(schema)
        return isinstance(node, Mapping) and node.get("enum") == [None]


def _reference(schema: Any) -> str:
    return str(schema.get("$ref", "")) if isinstance(schema, Mapping) else ""


def _mapped_value(discriminator: Node, reference: str) -> str:
    """Return the discriminator's value for an alternative: the mapped one, or the name of its schema."""
    name = reference.rsplit("/", 1)[-1]
    for value, target in discriminator.get("mapping", {}).items():
        if str(target).rsplit("/", 1)[-1] == name:
            return str(value)
    return name


def _merged(one: dict[str, Any], other: Node) -> dict[str, Any]:
    """Return a schema that asks for what both ask for."""
    made = dict(one)
    for key, value in other.items():
        if key not in made:
            made[key] = value
        elif key == "properties":
            both = {name: _both(made[key][name], part) if name in made[key] else part for name, part in value.items()}
            made[key] = {**made[key], **both}
        elif key == "required":
            made[key] = [*dict.fromkeys([*made[key], *value])]
        elif key == "enum":
            made[key] = [each for each in made[key] if each in value] or made[key]
        elif key in LOW:
            made[key] = max(made[key], value)
        elif key in HIGH:
            made[key] = min(made[key], value)
        elif key == "items":
            made[key] = _both(made[key], value)
        elif (key == "type" and isinstance(made[key], list)) or (key == "additionalProperties" and value is False):
            made[key] = value
    return made


def _both(one: Any, other: Any) -> Any:
    return one if one == other else {"allOf": [one, other]}
