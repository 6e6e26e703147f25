"""Plans of the values of schemas: what the making of one value needs to know of its schema, found once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from understudy.contract.document import Document
from understudy.samples.field_values import words_of
from understudy.samples.merged_schemas import MergedSchemas
from understudy.samples.related_values import Relations, relations_of
from understudy.samples.subject import noun_of


@dataclass(frozen=True, slots=True)
class Property:
    """Property of an object: its name and schema, and whether requests and responses may have it."""

    name: str
    schema: Any
    is_required: bool
    is_read_only: bool
    is_write_only: bool


@dataclass(slots=True)
class Plan:
    """Plan of one schema's values: the schema without combinations, its type, name and noun, and its properties.

    ``examples`` has what the document shows, by direction, as far as the schema allows it.
    """

    schema: Any
    node: dict[str, Any]
    width: int
    kind: str
    words: str
    noun: str
    form: str
    properties: tuple[Property, ...] = ()
    siblings: frozenset[str] = frozenset()
    relations: Relations | None = None
    examples: dict[str, list[Any]] = field(default_factory=dict)
    is_allowed: Any = None


class ValuePlans:
    """Plans of one document's schemas."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._merged = MergedSchemas(document)
        self._plans: dict[tuple[int, int, str], Plan] = {}

    def plan(self, schema: Any, variant: int, name: str) -> Plan:
        """Return the plan of a schema with an alternative chosen, for a property's name."""
        key = (id(schema), variant, name)
        found = self._plans.get(key)
        if found is None:
            found = self._plans[key] = self._made(schema, variant, name)
        return found

    def _made(self, schema: Any, variant: int, name: str) -> Plan:
        choice = self._merged.choose(schema, variant)
        node = choice.node
        words = words_of(name)
        form = str(node.get("format") or node.get("x-format") or "")
        plan = Plan(schema, node, choice.width, type_of(node), words, self._noun(schema, words), form)
        if plan.kind == "object":
            required = frozenset(node.get("required", ()))
            has = self._merged.has
            plan.properties = tuple(
                Property(each, part, each in required, has(part, "readOnly"), has(part, "writeOnly"))
                for each, part in node.get("properties", {}).items()
            )
            plan.siblings = frozenset(words_of(each) for each in node.get("properties", {}))
            plan.relations = relations_of(node.get("properties", {}), partial(self._merged.choose, variant=0))
        return plan

    def _noun(self, schema: Any, words: str) -> str:
        """Return the noun of a schema's objects: that of the property's name, or else of the schema's."""
        named = self._schema_name(schema)
        own = noun_of(words_of(named)) if named else ""
        if own and noun_of(words) and not (set(own.split()) & set(noun_of(words).split())):
            return noun_of(f"{words} {own}") if len(own.split()) == 1 else own
        return own or noun_of(words)

    def _schema_name(self, schema: Any) -> str:
        if not isinstance(schema, Mapping):
            return ""
        if "$ref" in schema:
            return str(schema["$ref"]).rsplit("/", 1)[-1]
        for key in ("allOf", "anyOf", "oneOf"):
            for part in schema.get(key, ()):
                if isinstance(part, Mapping) and "$ref" in part:
                    return str(part["$ref"]).rsplit("/", 1)[-1]
        return str(schema.get("title", "")) if len(str(schema.get("title", ""))) < 40 else ""


def type_of(node: Mapping[str, Any]) -> str:
    """Return the type of a schema's values, by its keywords where it names none; empty if it may be any."""
    found = node.get("type")
    if found is not None:
        return str(found)
    if node.keys() & {"properties", "additionalProperties", "required", "patternProperties", "minProperties"}:
        return "object"
    if node.keys() & {"items", "minItems", "maxItems", "uniqueItems"}:
        return "array"
    if node.keys() & {"minimum", "maximum", "multipleOf"}:
        return "number"
    return "string" if node.keys() & {"pattern", "minLength", "maxLength", "format", "x-format", "x-pattern"} else ""
