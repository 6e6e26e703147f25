"""Changes between two schemas: what a value must fulfil in addition, and what it need not fulfil any more."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson

from understudy.contract.document import Document
from understudy.core.json_pointer import escape

MAX_DEPTH = 40
ALL_TYPES = frozenset(("array", "boolean", "integer", "null", "number", "object", "string"))
UPPER, LOWER = max, min
BOUNDS = {
    "minimum": UPPER,
    "exclusiveMinimum": UPPER,
    "minLength": UPPER,
    "minItems": UPPER,
    "minProperties": UPPER,
    "maximum": LOWER,
    "exclusiveMaximum": LOWER,
    "maxLength": LOWER,
    "maxItems": LOWER,
    "maxProperties": LOWER,
}
"""Function that returns the stricter of two bounds, by keyword."""

EXACT = ("pattern", "format", "multipleOf", "uniqueItems", "not")
"""Keywords of which two values are not compared, but for equality."""

DEFAULT = "default"
ALTERNATIVES = ("oneOf", "anyOf")


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """Change of a schema. ``rule`` is the keyword, or ``property`` for a property as a whole.

    If it ``narrows``, values that were valid are not any more; if it ``widens``, values are valid that were not. A
    property that is added or removed does neither: most objects are open. ``was_required`` is true of a removed
    property that every value had, and ``is_removal`` of every removed one.
    """

    place: str
    rule: str
    message: str
    narrows: bool = False
    widens: bool = False
    is_removal: bool = False
    was_required: bool = False


class SchemaView:
    """Schema with its references followed and its ``allOf`` merged, for a direction: ``request`` or ``response``."""

    def __init__(self, document: Document, schema: Any, direction: str) -> None:
        self._document = document
        self._direction = direction
        self._parts = list(self._flat(schema, 0))

    def _flat(self, schema: Any, depth: int) -> Iterator[Mapping[str, Any]]:
        node = self._document.resolve(schema)
        if not isinstance(node, Mapping) or depth > MAX_DEPTH:
            return
        yield node
        for part in node.get("allOf", ()):
            yield from self._flat(part, depth + 1)

    def of(self, schema: Any) -> "SchemaView":
        """Return the view of a schema within this one."""
        return SchemaView(self._document, schema, self._direction)

    def values(self, keyword: str) -> list[Any]:
        """Return the values of a keyword in the schema's parts."""
        return [part[keyword] for part in self._parts if keyword in part]

    @cached_property
    def types(self) -> frozenset[str]:
        """Types of the values that the schema allows."""
        found = ALL_TYPES
        for part in self._parts:
            given = part.get("type")
            if given is not None:
                types = frozenset([given] if isinstance(given, str) else given)
                types |= {"integer"} if "number" in types else frozenset()
                found &= types | ({"null"} if part.get("nullable") else frozenset())
        return found

    @cached_property
    def enum(self) -> dict[bytes, Any] | None:
        """Allowed values by their JSON text, or ``None`` if the schema lists none."""
        found: dict[bytes, Any] | None = None
        for values in [*self.values("enum"), *([each] for each in self.values("const"))]:
            listed = {orjson.dumps(each, option=orjson.OPT_SORT_KEYS): each for each in values}
            found = listed if found is None else {key: each for key, each in found.items() if key in listed}
        return found

    @cached_property
    def required(self) -> frozenset[str]:
        """Names of the properties that a value must have."""
        hidden = frozenset(self._hidden)
        return frozenset(name for names in self.values("required") for name in names if name not in hidden)

    @cached_property
    def _hidden(self) -> list[str]:
        keyword = "readOnly" if self._direction == "request" else "writeOnly"
        return [
            name
            for properties in self.values("properties")
            for name, schema in properties.items()
            if isinstance(node := self._document.resolve(schema), Mapping) and node.get(keyword)
        ]

    @cached_property
    def properties(self) -> dict[str, list[Any]]:
        """Schemas of the properties by name, without those that the direction does not have."""
        hidden = frozenset(self._hidden)
        found: dict[str, list[Any]] = {}
        for properties in self.values("properties"):
            for name, schema in properties.items():
                if name not in hidden:
                    found.setdefault(name, []).append(schema)
        return found

    @property
    def is_closed(self) -> bool:
        """True if the schema refuses properties that it does not name."""
        return any(each is False for each in self.values("additionalProperties"))


def schema_changes(old: SchemaView, new: SchemaView) -> Iterator[SchemaChange]:
    """Yield the changes between two schemas and their parts; a schema within itself is compared once."""
    yield from _Comparison().compare(old, new, "", 0)


class _Comparison:
    """Comparison of two schemas, with the pairs of named schemas that are compared already."""

    def __init__(self) -> None:
        self._seen: dict[tuple[Any, ...], tuple[SchemaView, SchemaView]] = {}

    def compare(self, old: SchemaView, new: SchemaView, place: str, depth: int) -> Iterator[SchemaChange]:
        key = (*map(id, old._parts), None, *map(id, new._parts))  # noqa: SLF001 - of the same module
        if depth > MAX_DEPTH or key in self._seen:
            return
        self._seen[key] = old, new  # kept, so that no other schema gets one of these ids
        yield from _types(old, new, place)
        yield from _enums(old, new, place)
        yield from _bounds(old, new, place)
        yield from _exact_keywords(old, new, place)
        yield from _defaults(old, new, place)
        yield from self._objects(old, new, place, depth)
        for first, second in zip(old.values("items")[:1], new.values("items")[:1], strict=False):
            yield from self.compare(old.of(first), new.of(second), f"{place}/*", depth + 1)
        for keyword in ALTERNATIVES:
            yield from self._alternatives(keyword, old, new, place, depth)

    def _objects(self, old: SchemaView, new: SchemaView, place: str, depth: int) -> Iterator[SchemaChange]:
        for name in sorted(old.required - new.required):
            if name in new.properties:
                yield SchemaChange(f"{place}/{escape(name)}", "required", f"{name} is optional now", widens=True)
        for name in sorted(new.required - old.required):
            yield SchemaChange(f"{place}/{escape(name)}", "required", f"{name} is required now", narrows=True)
        for name, schemas in old.properties.items():
            below = f"{place}/{escape(name)}"
            if name in new.properties:
                first, second = (
                    {"allOf": each} if len(each) > 1 else each[0] for each in (schemas, new.properties[name])
                )
                yield from self.compare(old.of(first), new.of(second), below, depth + 1)
            else:
                is_required = name in old.required
                yield SchemaChange(
                    below, "property", f"{name} is removed", new.is_closed, is_removal=True, was_required=is_required
                )
        for name in new.properties:
            if name not in old.properties:
                yield SchemaChange(f"{place}/{escape(name)}", "property", f"{name} is added", widens=old.is_closed)
        if old.is_closed != new.is_closed:
            message = "other properties are refused now" if new.is_closed else "other properties are taken now"
            rule = "additionalProperties"
            yield SchemaChange(place, rule, message, narrows=new.is_closed, widens=old.is_closed)
        first, second = (
            [each for each in view.values("additionalProperties") if isinstance(each, Mapping)] for view in (old, new)
        )
        for one, other in zip(first[:1], second[:1], strict=False):
            yield from self.compare(old.of(one), new.of(other), f"{place}/*", depth + 1)

    def _alternatives(
        self, keyword: str, old: SchemaView, new: SchemaView, place: str, depth: int
    ) -> Iterator[SchemaChange]:
        """Yield the changes of alternatives: equal ones are paired first, then those of one name, then by order."""
        first, second = ([each for part in view.values(keyword) for each in part] for view in (old, new))
        if not first and not second:
            return
        if not first or not second:
            message = f"{keyword} is {'added' if second else 'removed'}"
            yield SchemaChange(place, keyword, message, narrows=bool(second), widens=bool(first))
            return
        pairs, left, added = _pair(first, second)
        for one, other in pairs:
            yield from self.compare(old.of(one), new.of(other), place, depth + 1)
        for each in left:
            yield SchemaChange(place, keyword, f"the alternative {_name(each)} is removed", narrows=True)
        for each in added:
            yield SchemaChange(place, keyword, f"the alternative {_name(each)} is added", widens=True)


def _pair(first: list[Any], second: list[Any]) -> tuple[list[tuple[Any, Any]], list[Any], list[Any]]:
    """Return pairs of alternatives, and those of both lists that are left."""
    pairs: list[tuple[Any, Any]] = []
    left, right = [*first], [*second]
    for key in (_text, _name):
        for one in [*left]:
            other = next((each for each in right if key(each) and key(each) == key(one)), None)
            if other is not None:
                left.remove(one)
                right.remove(other)
                pairs.append((one, other))
    if len(left) == len(right):
        pairs.extend(zip(left, right, strict=True))
        return pairs, [], []
    return pairs, left, right


def _text(schema: Any) -> bytes:
    return orjson.dumps(schema, option=orjson.OPT_SORT_KEYS)


def _name(schema: Any) -> str:
    """Return the name by which an alternative is known: of its reference, or its title or type."""
    if not isinstance(schema, Mapping):
        return ""
    return str(schema.get("$ref", "")).rsplit("/", 1)[-1] or str(schema.get("title") or schema.get("type") or "")


def _types(old: SchemaView, new: SchemaView, place: str) -> Iterator[SchemaChange]:
    lost, gained = old.types - new.types, new.types - old.types
    if lost == {"null"}:
        yield SchemaChange(place, "nullable", "null is refused now", narrows=True)
    elif gained == {"null"}:
        yield SchemaChange(place, "nullable", "null is allowed now", widens=True)
    elif lost or gained:
        message = f"the type was {_listed(old.types)}, and is {_listed(new.types)}"
        yield SchemaChange(place, "type", message, narrows=bool(lost), widens=bool(gained))


def _listed(types: frozenset[str]) -> str:
    shown = types - {"integer"} if "number" in types else types
    return "any" if types == ALL_TYPES else " or ".join(sorted(shown)) or "none"


def _enums(old: SchemaView, new: SchemaView, place: str) -> Iterator[SchemaChange]:
    if old.enum is None and new.enum is None:
        return
    if old.enum is None or new.enum is None:
        message = (
            "only some values are allowed now" if old.enum is None else "values are not limited to a list any more"
        )
        yield SchemaChange(place, "enum", message, narrows=old.enum is None, widens=new.enum is None)
        return
    for text in old.enum.keys() - new.enum.keys():
        yield SchemaChange(place, "enum", f"{text.decode()} is not allowed any more", narrows=True)
    for text in new.enum.keys() - old.enum.keys():
        yield SchemaChange(place, "enum", f"{text.decode()} is allowed now", widens=True)


def _bounds(old: SchemaView, new: SchemaView, place: str) -> Iterator[SchemaChange]:
    for keyword, stricter in BOUNDS.items():
        first, second = (_bound(view, keyword, stricter) for view in (old, new))
        if first == second:
            continue
        if first is None or second is None:
            message = f"{keyword} is {f'{second} now' if first is None else f'not {first} any more'}"
            yield SchemaChange(place, keyword, message, narrows=first is None, widens=second is None)
            continue
        narrows = stricter(first, second) == second
        yield SchemaChange(
            place, keyword, f"{keyword} was {first}, and is {second}", narrows=narrows, widens=not narrows
        )


def _bound(view: SchemaView, keyword: str, stricter: Any) -> Any:
    found = [each for each in view.values(keyword) if isinstance(each, int | float) and not isinstance(each, bool)]
    return stricter(found) if found else None


def _exact_keywords(old: SchemaView, new: SchemaView, place: str) -> Iterator[SchemaChange]:
    for keyword in EXACT:
        first, second = old.values(keyword), new.values(keyword)
        if _text(first) == _text(second):
            continue
        if not first or not second:
            message = f"{keyword} is {'added' if second else 'removed'}: {(second or first)[0]!r}"
            yield SchemaChange(place, keyword, message, narrows=not first, widens=not second)
            continue
        message = f"{keyword} was {first[0]!r}, and is {second[0]!r}"
        yield SchemaChange(place, keyword, message, narrows=True, widens=True)


def _defaults(old: SchemaView, new: SchemaView, place: str) -> Iterator[SchemaChange]:
    """Yield the change of a default: no value is refused, but a request that leaves it out has another meaning."""
    first, second = old.values(DEFAULT)[:1], new.values(DEFAULT)[:1]
    if _text(first) != _text(second):
        was, now = (f"{each[0]!r}" if each else "none" for each in (first, second))
        yield SchemaChange(place, DEFAULT, f"the default was {was}, and is {now}")
