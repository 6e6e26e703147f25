"""Schemas with their combinations resolved: ``allOf`` merged, and one alternative chosen of ``oneOf`` and ``anyOf``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import lcm
from typing import Any

from understudy.contract.document import Document
from understudy.contract.marked_schemas import is_marked
from understudy.samples.discriminators import Discriminators

Node = Mapping[str, Any]

MAX_DEPTH = 40
"""Depth of combinations within combinations at which the rest is left out."""

MAX_WIDTH = 24
"""Number of ways to choose alternatives that are counted for one schema."""

LOW = {"minimum": "exclusiveMinimum", "minLength": "", "minItems": "", "minProperties": ""}
HIGH = {"maximum": "exclusiveMaximum", "maxLength": "", "maxItems": "", "maxProperties": ""}
EXCLUSIVE = ("exclusiveMinimum", "exclusiveMaximum")
COMBINED = ("allOf", "oneOf", "anyOf")
PATTERNS = "x-patterns"
"""Patterns of a merged schema beside its ``pattern``."""

REFUSED = "x-refused"
"""Schemas that a merged schema must not fit: those of its ``not``."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Schema without combinations; ``width`` is the number of ways in which its alternatives can be chosen."""

    schema: Any
    node: dict[str, Any]
    width: int


class MergedSchemas:
    """Schemas of one document, as a value can be made of them."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._discriminators = Discriminators(document)
        self._chosen: dict[tuple[int, int], Choice] = {}
        self._width = 1

    def choose(self, schema: Any, variant: int) -> Choice:
        """Return a schema without combinations; ``variant`` is the number of the alternative that is chosen first."""
        found = self._chosen.get((id(schema), variant))
        if found is None:
            self._width = 1
            node = self._flat(schema, variant, 0, frozenset())
            types = node.get("type")
            width = self._width * (len(types) if isinstance(types, list) else 1)
            if isinstance(types, list):
                node = {**node, "type": types[variant // self._width % len(types)]}
            found = self._chosen[id(schema), variant] = Choice(schema, node, min(width, MAX_WIDTH))
        return found

    def has(self, schema: Any, keyword: str) -> bool:
        """Return whether a schema has a keyword that is true, in itself or in a part of its ``allOf``."""
        return is_marked(self._document, schema, keyword)

    def _flat(self, schema: Any, variant: int, depth: int, seen: frozenset[str], heir: str = "") -> dict[str, Any]:
        """Return a schema without combinations; ``heir`` refers to the schema that has this one in its ``allOf``."""
        reference = _reference(schema)
        if reference:
            if reference in seen:
                return {}
            seen |= {reference}
        node = self._document.resolve(schema)
        if not isinstance(node, Mapping) or depth > MAX_DEPTH:
            return {}
        made = {key: value for key, value in node.items() if key not in COMBINED and key != "not"}
        if "not" in node:
            made[REFUSED] = [node["not"]]
        for part in node.get("allOf", ()):
            made = _merged(made, self._flat(part, variant, depth + 1, seen, heir or reference))
        for key in ("oneOf", "anyOf"):
            if node.get(key):
                made = _merged(made, self._alternative(node, node[key], variant, depth, seen))
                variant //= len(node[key])
        return self._inherited(node, made, variant, depth, seen, heir or reference, is_heir=bool(heir))

    def _inherited(
        self,
        node: Node,
        made: dict[str, Any],
        variant: int,
        depth: int,
        seen: frozenset[str],
        reference: str,
        *,
        is_heir: bool,
    ) -> dict[str, Any]:
        """Return an object's schema with the value of its discriminator, of one of the schemas that inherit from it."""
        if not reference or not isinstance(node.get("discriminator"), Mapping) or "oneOf" in node or "anyOf" in node:
            return made
        heirs = (
            []
            if is_heir
            else [each for each in self._discriminators.heirs(reference, node) if each["$ref"] not in seen]
        )
        if heirs:
            return _merged(made, self._alternative(node, heirs, variant, depth, seen))
        return self._discriminators.marked(node["discriminator"], reference, made)

    def _alternative(
        self, node: Node, parts: list[Any], variant: int, depth: int, seen: frozenset[str]
    ) -> dict[str, Any]:
        """Return the chosen alternative; one that refers to what is being made is taken last, as is ``null``."""
        self._width = min(self._width * len(parts), MAX_WIDTH)
        order = sorted(range(len(parts)), key=lambda n: _reference(parts[n]) in seen or self._is_only_null(parts[n]))
        chosen = parts[order[variant % len(parts)]]
        made = self._flat(chosen, variant // len(parts), depth + 1, seen)
        discriminator = node.get("discriminator")
        if isinstance(discriminator, Mapping) and _reference(chosen):
            return self._discriminators.marked(discriminator, _reference(chosen), made)
        return made

    def _is_only_null(self, schema: Any) -> bool:
        node = self._document.resolve(schema)
        return isinstance(node, Mapping) and node.get("enum") == [None]


def _reference(schema: Any) -> str:
    return str(schema.get("$ref", "")) if isinstance(schema, Mapping) else ""


def _merged(one: dict[str, Any], other: Node) -> dict[str, Any]:
    """Return a schema that asks for what both ask for."""
    made = dict(one)
    _close(made, one, other)
    for key, value in other.items():
        if key in EXCLUSIVE:
            continue
        if key not in one:
            if key not in ("properties", "additionalProperties") or key not in made:
                made[key] = value
        elif key in LOW or key in HIGH:
            _limit(made, other, key)
        elif key not in ("properties", "additionalProperties"):
            made[key] = _joined(key, one[key], value)
    for key in (*LOW, *HIGH):
        exclusive = LOW.get(key) or HIGH.get(key)
        if exclusive and key in other and made.get(key) == other[key] and other.get(exclusive):
            made[exclusive] = True
    return made


def _limit(made: dict[str, Any], other: Node, key: str) -> None:
    """Put the tighter of two limits into a schema, with whether it is exclusive."""
    exclusive = LOW.get(key) or HIGH.get(key)
    is_tighter = other[key] > made[key] if key in LOW else other[key] < made[key]
    if is_tighter:
        made[key] = other[key]
        if exclusive:
            made.pop(exclusive, None)


def _joined(key: str, one: Any, other: Any) -> Any:
    """Return the value of a keyword that asks for what both of its values ask for."""
    join = JOINED.get(key)
    return one if join is None else join(one, other)


def _common_step(one: Any, other: Any) -> Any:
    return lcm(one, other) if isinstance(one, int) and isinstance(other, int) else max(one, other)


def _common_patterns(one: Node, other: Node) -> Node:
    return {**one, **{name: _both(one[name], part) if name in one else part for name, part in other.items()}}


def _close(made: dict[str, Any], one: Node, other: Node) -> None:
    """Put the properties of two schemas together: an object that is closed has none of the other's."""
    if "pattern" in one and "pattern" in other and one["pattern"] != other["pattern"]:
        made[PATTERNS] = [*made.get(PATTERNS, ()), other["pattern"]]
    first, second = one.get("properties", {}), other.get("properties", {})
    if first or second:
        joined = {name: _both(first[name], part) if name in first else part for name, part in second.items()}
        both = {**first, **joined}
        for node in (one, other):
            if node.get("additionalProperties") is False and "patternProperties" not in node:
                both = {name: part for name, part in both.items() if name in node.get("properties", {})}
        made["properties"] = both
    extras = [node["additionalProperties"] for node in (one, other) if "additionalProperties" in node]
    if extras:
        schemas = [each for each in extras if isinstance(each, Mapping)]
        made["additionalProperties"] = False if False in extras else _all(schemas) if schemas else True


def _common_types(one: Any, other: Any) -> Any:
    first, second = ([each] if isinstance(each, str) else each for each in (one, other))
    both = [each for each in first if each in second]
    if "integer" not in both and {"integer", "number"} <= {*first, *second}:
        both.append("integer")
    return both[0] if len(both) == 1 else both or one


def _all(schemas: list[Any]) -> Any:
    return schemas[0] if len(schemas) == 1 or schemas[0] == schemas[1] else {"allOf": schemas}


def _both(one: Any, other: Any) -> Any:
    return one if one == other else {"allOf": [one, other]}


JOINED: dict[str, Callable[[Any, Any], Any]] = {
    "required": lambda one, other: [*dict.fromkeys([*one, *other])],
    "enum": lambda one, other: [each for each in one if each in other],
    "items": _both,
    "type": _common_types,
    "multipleOf": _common_step,
    PATTERNS: lambda one, other: [*one, *other],
    REFUSED: lambda one, other: [*one, *other],
    "uniqueItems": lambda one, other: one or other,
    "nullable": lambda one, other: one and other,
    "patternProperties": _common_patterns,
}
"""Joins of two values of a keyword, by the keyword; of any other the first counts."""
