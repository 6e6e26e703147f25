"""Making of one value of a schema, and the way in which its parts are made."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, Protocol

from understudy.contract.schema_compiler import Direction
from understudy.samples.field_values import usual_truth
from understudy.samples.number_values import number_of
from understudy.samples.pattern_texts import text_of_pattern
from understudy.samples.related_values import agree
from understudy.samples.subject import Subject, singular
from understudy.samples.text_values import text_of
from understudy.samples.value_plans import Plan, ValuePlans
from understudy.samples.x_faker import KEYWORD, faker_value

Path = tuple[str, ...]

MAX_DEPTH = 4
"""Depth of nesting down to which values have optional properties and items."""

MAX_VALUES = 400
"""Number of properties and items of one value after which optional ones are left out."""

MAX_ALL_VALUES = 20_000
"""Number of properties and items of one value at which its schema is given up."""

MAX_UNCHANGED = 6
"""Number of times that a value is made again with nothing but other random parts."""

USUAL_ITEMS = 2
MAX_LOCAL_VARIANTS = 8
"""Number of alternatives of one place that are tried before what holds it is given up."""

ANY_VALUES: tuple[Any, ...] = ({}, "text", 1, True, [], None)
"""Values of a schema that names no type, in the order in which they are tried."""

TAX_RATES = {"US": 8, "GB": 20, "DE": 19, "FR": 20, "IT": 22, "PL": 23}


class NoValue(Exception):  # noqa: N818 - a fact about a schema
    """Schema of which no valid value was found."""


class Checks(Protocol):
    """Checks of values by their schemas."""

    def is_valid(self, schema: Any, value: Any, direction: Direction = "response") -> bool:
        """Return whether a schema allows a value."""

    def check(self, schema: Any, direction: Direction) -> Callable[[Any], bool]:
        """Return the check of a schema's values."""

    def shown(self, schema: Any, value: Any) -> Any:
        """Return a value of a schema as an answer shows it."""


@dataclass(slots=True)
class Way:
    """Way to make a value: whether examples and optional parts are used, and by place which alternative is chosen.

    ``left_out`` are places of optional properties, ``generated`` those at which no example is used, ``hidden`` those of
    properties that the direction hides, with whether they are required, ``forced`` those that are shown nevertheless,
    because another part of the schema requires them.
    """

    uses_examples: bool
    is_full: bool
    depth: int
    direction: Direction
    variants: dict[Path, int] = field(default_factory=dict)
    left_out: set[Path] = field(default_factory=set)
    generated: set[Path] = field(default_factory=set)
    widths: dict[Path, int] = field(default_factory=dict)
    optional: set[Path] = field(default_factory=set)
    shown: set[Path] = field(default_factory=set)
    hidden: dict[Path, bool] = field(default_factory=dict)
    forced: set[Path] = field(default_factory=set)
    count: int = 0
    unchanged: int = 0

    def begin(self) -> None:
        """Begin a value anew, with what was found of the last."""
        self.count = 0
        self.widths.clear()
        self.optional.clear()
        self.shown.clear()

    def change(self, places: list[Path]) -> bool:
        """Change the way at the places that are invalid; return whether it is worth another try.

        Where nothing can be changed, the next value has at least other random parts: that is tried a few times.
        """
        changed = [self._change_at(place) for place in dict.fromkeys(places)]
        required = {each for each, is_required in self.hidden.items() if is_required} - self.forced
        if not any(changed) and required:
            self.forced |= required
        elif not any(changed):
            self.unchanged += 1
        return self.unchanged < MAX_UNCHANGED

    def _change_at(self, place: Path) -> bool:
        """Take no example, then another alternative, at a place or the nearest around it; then leave it out."""
        if place in self.hidden and place not in self.forced:
            self.forced.add(place)
            return True
        around = [place[:length] for length in range(len(place), -1, -1)]
        for each in around:
            if each in self.shown:
                self.generated.add(each)
                return True
        for each in around:
            if self.variants.get(each, 0) + 1 < self.widths.get(each, 1):
                self.variants[each] = self.variants.get(each, 0) + 1
                return True
        for each in around:
            if each in self.optional and each not in self.left_out:
                self.left_out.add(each)
                return True
        return False


class ValueMaking:
    """Making of one value."""

    def __init__(self, checks: Checks, plans: ValuePlans, way: Way) -> None:
        self._checks = checks
        self._plans = plans
        self._way = way

    def value(self, schema: Any, name: str, path: Path, subject: Subject) -> Any:
        """Return a value of a schema, which is likely to be valid; raise ``NoValue`` for none."""
        first = self._way.variants.get(path, 0)
        plan = self._plans.plan(schema, first, name)
        try:
            return self._of_plan(plan, path, subject)
        except NoValue:
            if plan.width == 1:
                raise
        for variant in range(first + 1, first + min(plan.width, MAX_LOCAL_VARIANTS)):
            try:
                return self._of_plan(self._plans.plan(schema, variant, name), path, subject)
            except NoValue:
                continue
        raise NoValue

    def _of_plan(self, plan: Plan, path: Path, subject: Subject) -> Any:
        way = self._way
        way.count += 1
        if len(path) > way.depth or way.count > MAX_ALL_VALUES:
            raise NoValue
        node = plan.node
        is_nullable = bool(node.get("nullable"))
        width = plan.width + is_nullable
        if width > 1 or "enum" in node or not plan.kind:
            way.widths[path] = max(width, len(node.get("enum", ())), 1 if plan.kind else len(ANY_VALUES))
        if is_nullable and way.variants.get(path, 0) == width - 1 and width > 1:
            return None
        found = self._shown(plan, path)
        if found:
            way.shown.add(path)
            return found[0]
        if KEYWORD in node:
            made = self._of_faker(plan, subject)
            if made is not None:
                return made
        if "enum" in node:
            return self._of_enum(node, path, subject)
        if not plan.kind:
            return self._of_any_type(plan, path)
        return getattr(self, f"_{plan.kind}")(plan, path, subject)

    def _shown(self, plan: Plan, path: Path) -> list[Any]:
        """Return what the document shows as the value of a schema, if that is valid."""
        if not self._way.uses_examples or path in self._way.generated:
            return []
        found = plan.examples.get(self._way.direction)
        if found is None:
            shown = (plan.node[word] for word in ("example", "default") if word in plan.node)
            if self._way.direction == "response":
                shown = (self._checks.shown(plan.schema, each) for each in shown)
            found = [each for each in shown if self._checks.is_valid(plan.schema, each, self._way.direction)]
            plan.examples[self._way.direction] = found
        return found

    def _of_faker(self, plan: Plan, subject: Subject) -> Any:
        """Return what a schema's ``x-faker`` makes, in the schema's type; ``None`` if that is not allowed."""
        try:
            made = faker_value(plan.node[KEYWORD], subject)
        except LookupError:
            return None
        for each in (made, *_in_type(made, plan.kind)):
            if self._checks.is_valid(plan.schema, each, self._way.direction):
                return each
        return None

    def _of_enum(self, node: Mapping[str, Any], path: Path, subject: Subject) -> Any:
        values = [each for each in node["enum"] if each is not None] or node["enum"]
        if not values:
            raise NoValue
        return values[(subject.random.randrange(len(values)) + self._way.variants.get(path, 0)) % len(values)]

    def _of_any_type(self, plan: Plan, path: Path) -> Any:
        variant = self._way.variants.get(path, 0)
        if plan.node.get("nullable") and not variant:
            return None
        return ANY_VALUES[variant % len(ANY_VALUES)]

    def _object(self, plan: Plan, path: Path, subject: Subject) -> dict[str, Any]:
        way, node = self._way, plan.node
        own = subject.part(plan.noun, plan.siblings)
        hidden = attrgetter("is_write_only" if way.direction == "response" else "is_read_only")
        refused = {each["required"][0] for each in node.get("x-refused", ()) if _is_only_required(each)}
        made: dict[str, Any] = {}
        spare = []
        for each in plan.properties:
            inner = (*path, each.name)
            if hidden(each) and inner not in way.forced:
                way.hidden[inner] = each.is_required
                continue
            if not each.is_required:
                way.optional.add(inner)
                if each.name in refused or inner in way.left_out:
                    continue
                if not self._has_room(path):
                    spare.append(each)
                    continue
            try:
                made[each.name] = self.value(each.schema, each.name, inner, own)
            except NoValue:
                if each.is_required:
                    raise
        self._add_undeclared(plan, made, path, own)
        for each in spare:
            if len(made) >= node.get("minProperties", 0):
                break
            made[each.name] = self.value(each.schema, each.name, (*path, each.name), own)
        self._add_extra(node, made, path, own)
        if plan.relations is not None and not any((*path, name) in way.shown for name in plan.relations.names):
            agree(made, plan.relations, TAX_RATES.get(own.country.code, 20))
        return made

    def _has_room(self, path: Path) -> bool:
        return self._way.is_full and len(path) < MAX_DEPTH and self._way.count < MAX_VALUES

    def _add_undeclared(self, plan: Plan, made: dict[str, Any], path: Path, subject: Subject) -> None:
        """Add the properties that are required and not declared."""
        node = plan.node
        declared = {each.name for each in plan.properties}
        for name in node.get("required", ()):
            if name not in made and name not in declared:
                extra = node.get("additionalProperties")
                schema = self._pattern_part(node, name) or (extra if isinstance(extra, Mapping) and extra else ANY_TEXT)
                made[name] = self.value(schema, name, (*path, name), subject)

    def _pattern_part(self, node: Mapping[str, Any], name: str) -> Any:
        for pattern, part in node.get("patternProperties", {}).items():
            if self._checks.is_valid({"type": "string", "pattern": pattern}, name):
                return part
        return None

    def _add_extra(self, node: Mapping[str, Any], made: dict[str, Any], path: Path, subject: Subject) -> None:
        extra, patterns = node.get("additionalProperties"), node.get("patternProperties", {})
        most = node.get("maxProperties")
        usual = 1 if (patterns or (isinstance(extra, Mapping) and extra)) and not made and self._has_room(path) else 0
        wanted = max(node.get("minProperties", 0), usual if most is None else min(usual, most))
        for number in range(1, 4 * wanted + 1):
            if len(made) >= wanted:
                break
            if patterns:
                pattern, part = next(iter(patterns.items()))
                name = self._name(pattern, subject)
            else:
                name, part = f"key{number}", extra if isinstance(extra, Mapping) else ANY_TEXT
            if name is not None and name not in made and (extra is not False or patterns):
                made[name] = self.value(part, "", (*path, name), subject)
        if most is not None:
            required = set(node.get("required", ()))
            for name in [name for name in reversed(made) if name not in required][: max(len(made) - most, 0)]:
                del made[name]

    def _name(self, pattern: str, subject: Subject) -> str | None:
        schema = {"type": "string", "pattern": pattern}
        return text_of_pattern(pattern, lambda text: self._checks.is_valid(schema, text), subject.random)

    def _array(self, plan: Plan, path: Path, subject: Subject) -> list[Any]:
        node = plan.node
        least, most = node.get("minItems", 0), node.get("maxItems")
        usual = max(least, USUAL_ITEMS if len(path) < 3 else 1) if self._has_room(path) else least
        count = usual if most is None else min(usual, most)
        if count < least:
            raise NoValue
        items = [node.get("items", ANY_TEXT)] * count
        for number, part in enumerate(_contained(node)):
            items[number : number + 1] = [{"allOf": [node["items"], part]} if "items" in node else part]
        made: list[Any] = []
        for schema in items:
            if not self._add_item(schema, made, plan, path, subject) and len(made) < least:
                raise NoValue
        return made

    def _add_item(self, schema: Any, made: list[Any], plan: Plan, path: Path, subject: Subject) -> bool:
        """Add an item, another one if items must be different; return whether one was found."""
        is_unique = bool(plan.node.get("uniqueItems"))
        name = singular(plan.words)
        place = (*path, f"{len(made)}")
        tries = 40 if is_unique else 3
        for number in range(tries):
            own = subject.item(plan.noun, len(made))
            if number and self._plans.plan(schema, 0, name).node.get("enum"):
                self._way.variants[place] = self._way.variants.get(place, 0) + 1
            try:
                item = self.value(schema, name, place, own)
            except NoValue:
                return False
            is_last = not is_unique and (number == tries - 1 or isinstance(item, dict | list))
            if is_last and len(made) >= plan.node.get("minItems", 0) and item in made:
                return True  # one is enough where all would be the same
            if is_last or not any(_is_same(item, each) for each in made):
                made.append(item)
                return True
        return False

    def _string(self, plan: Plan, _path: Path, subject: Subject) -> str:
        if plan.is_allowed is None:
            plan.is_allowed = self._text_check(plan)
        made = text_of(plan, plan.is_allowed, subject)
        if made is None:
            raise NoValue
        return made

    def _text_check(self, plan: Plan) -> Callable[[str], bool]:
        """Return the check of a schema's texts; it is compiled only where there is more than limits of the length."""
        node = plan.node
        limits: dict[str, Any] = {
            key: node[key] for key in ("pattern", "minLength", "maxLength", "format") if key in node
        }
        others = [{"pattern": each} for each in node.get("x-patterns", ())]
        refused = [{"not": each} for each in node.get("x-refused", ())]
        if limits.keys() <= {"minLength", "maxLength"} and not others and not refused:
            low, high = node.get("minLength", 0), node.get("maxLength", sys.maxsize)
            return lambda text: low <= len(text) <= high
        schema: dict[str, Any] = {"type": "string", **limits}
        if others or refused:
            schema["allOf"] = [*others, *refused]
        return self._checks.check(schema, self._way.direction)

    def _boolean(self, plan: Plan, _path: Path, subject: Subject) -> bool:
        found = usual_truth(plan.words)
        return subject.random.random() < 0.5 if found is None else found

    def _integer(self, plan: Plan, _path: Path, subject: Subject) -> float:
        return self._numeric(plan, subject, is_integer=True)

    def _number(self, plan: Plan, _path: Path, subject: Subject) -> float:
        return self._numeric(plan, subject, is_integer=False)

    def _numeric(self, plan: Plan, subject: Subject, *, is_integer: bool) -> float:
        made = number_of(plan, subject, is_integer=is_integer)
        if made is None:
            raise NoValue
        return made


ANY_TEXT: dict[str, Any] = {"type": "string"}


def _in_type(value: Any, kind: str) -> list[Any]:
    """Return a value in a schema's type, if it can be read as such."""
    if kind == "string":
        return [str(value)]
    try:
        return [int(float(value))] if kind == "integer" else [float(value)] if kind == "number" else []
    except (TypeError, ValueError):
        return []


def _is_only_required(schema: Any) -> bool:
    return isinstance(schema, Mapping) and set(schema) == {"required"} and len(schema["required"]) >= 1


def _contained(node: Mapping[str, Any]) -> list[Any]:
    """Return the schemas of which an array must contain an item: a ``contains`` is rewritten as a ``not``."""
    refused = [each for each in node.get("x-refused", ()) if isinstance(each, Mapping)]
    items = [each["items"] for each in refused if isinstance(each.get("items"), Mapping)]
    return [each["not"] for each in items if set(each) == {"not"}]


def _is_same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)
