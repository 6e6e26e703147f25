"""Maker of the values of one document's schemas: realistic, seeded, and each checked by its schema when it is made."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from random import Random
from typing import Any

import rstr
from faker import Faker

from understudy.contract.document import Document
from understudy.contract.examples import examples_of
from understudy.contract.schema_compiler import Direction, SchemaCompiler
from understudy.samples.field_values import Subject, maker_of_number, maker_of_text, time_of, truth_of, words_of
from understudy.samples.merged_schemas import MergedSchemas

MAX_DEPTH = 4
"""Depth of nesting down to which values have optional properties and items."""

MAX_REQUIRED_DEPTH = 24
"""Depth of nesting at which a schema that requires itself is given up."""

MAX_VALUES = 400
"""Number of properties and items of one value after which optional ones are left out."""

VARIANTS = 6
"""Number of ways in which alternatives are chosen before a schema is given up."""

USUAL_ITEMS = 2


class NoValue(Exception):  # noqa: N818 - a fact about a schema
    """Schema of which no valid value was found."""


@dataclass(slots=True)
class _Attempt:
    """Way to make one value: which alternatives are chosen, and whether examples and optional parts are used."""

    variant: int
    uses_examples: bool
    is_full: bool
    direction: Direction
    count: int = 0


ATTEMPTS = (
    _Attempt(0, uses_examples=True, is_full=True, direction="response"),
    _Attempt(0, uses_examples=False, is_full=True, direction="response"),
    _Attempt(0, uses_examples=True, is_full=False, direction="response"),
    *(_Attempt(n, uses_examples=False, is_full=False, direction="response") for n in range(VARIANTS)),
    *(_Attempt(n, uses_examples=False, is_full=True, direction="response") for n in range(1, VARIANTS)),
)


class SampleMaker:
    """Maker of the values of one document's schemas. Equal keys give equal values, in every process."""

    def __init__(self, document: Document, schemas: SchemaCompiler, seed: int = 0, locale: str = "en_US") -> None:
        self._document = document
        self._schemas = schemas
        self._merged = MergedSchemas(document)
        self._seed = seed
        self._faker = Faker(locale)
        self._made: dict[tuple[str, str], Any] = {}

    def is_valid(self, schema: Any, value: Any, direction: Direction = "response") -> bool:
        """Return whether a schema allows a value."""
        return self._schemas.validator(schema, direction).is_valid(value)

    def examples(self, node: Mapping[str, Any]) -> list[Any]:
        """Return the values of the examples of a media type, parameter or schema."""
        return [each["value"] for each in examples_of(self._document, node).values() if "value" in each]

    def value(self, schema: Any, key: str, direction: Direction = "response") -> Any:
        """Return a valid value of a schema, the same for the same key; raise ``NoValue`` if none is found."""
        is_valid = self._schemas.validator(schema, direction).is_valid
        for attempt in ATTEMPTS:
            try:
                made = self._make(
                    schema, f"{self._document.name}/{key}", replace(attempt, direction=direction, count=0)
                )
            except (NoValue, RecursionError):
                continue
            if is_valid(made):
                return made
        raise NoValue

    def generated(self, schema: Any, key: str, name: str = "") -> Any:
        """Return a valid value of a field that is no example; raise ``NoValue`` if none is found."""
        for attempt in ATTEMPTS[1:]:
            if not attempt.uses_examples:
                made = self._make(schema, f"{self._document.name}/{key}", replace(attempt, count=0), name)
                if self.is_valid(schema, made):
                    return made
        raise NoValue

    def media_value(self, node: Mapping[str, Any], key: str, name: str = "") -> Any:
        """Return a media type's example (that of a name, if given), or else a value of its schema.

        An example that breaks the schema is passed over; raise ``NoValue`` if no value is found.
        """
        examples = examples_of(self._document, node)
        chosen = [examples[name]] if name in examples else [*examples.values()]
        for each in chosen:
            if "value" in each and self.is_valid(node.get("schema", {}), each["value"]):
                return each["value"]
        return self.value(node.get("schema", {}), key)

    def _make(self, schema: Any, key: str, attempt: _Attempt, name: str = "") -> Any:
        random = Random(int.from_bytes(blake2b(f"{self._seed}/{key}".encode(), digest_size=8).digest(), "big"))  # noqa: S311
        self._faker.seed_instance(random.getrandbits(64))
        return _Making(self, self._merged, self._faker, random, attempt).value(schema, name, 0, None)


class _Making:
    """Making of one value, by one attempt."""

    def __init__(self, maker: SampleMaker, merged: MergedSchemas, faker: Faker, random: Random, how: _Attempt) -> None:
        self._maker = maker
        self._merged = merged
        self._faker = faker
        self._random = random
        self._how = how

    def value(self, schema: Any, name: str, depth: int, subject: Subject | None) -> Any:
        if depth > MAX_REQUIRED_DEPTH:
            raise NoValue
        self._how.count += 1
        node = self._merged.choose(schema, self._how.variant)
        if self._how.uses_examples:
            for word in ("example", "default"):
                if word in node and self._maker.is_valid(schema, node[word], self._how.direction):
                    return node[word]
        if "enum" in node:
            values = [each for each in node["enum"] if each is not None] or node["enum"]
            return self._random.choice(values)
        kind = self._type(node)
        if not kind:
            return None if node.get("nullable") else {}
        made: Any = getattr(self, f"_{kind}")(node, name, depth, subject or Subject(self._faker, self._random))
        return made

    @staticmethod
    def _type(node: Mapping[str, Any]) -> str:
        found = node.get("type")
        if isinstance(found, list):
            return str(found[0])
        if found is not None:
            return str(found)
        if "properties" in node or "additionalProperties" in node or "required" in node:
            return "object"
        if "items" in node:
            return "array"
        if node.keys() & {"minimum", "maximum", "multipleOf"}:
            return "number"
        return "string" if node.keys() & {"pattern", "minLength", "maxLength", "format", "x-format"} else ""

    def _object(self, node: Mapping[str, Any], _name: str, depth: int, subject: Subject) -> dict[str, Any]:
        required = frozenset(node.get("required", ()))
        hidden = "writeOnly" if self._how.direction == "response" else "readOnly"
        own = Subject(self._faker, self._random) if depth <= 1 else subject
        made: dict[str, Any] = {}
        for name, part in node.get("properties", {}).items():
            is_required = name in required
            if self._merged.has(part, hidden) or not (is_required or self._has_room(depth)):
                continue
            try:
                made[name] = self.value(part, name, depth + 1, own)
            except NoValue:
                if is_required:
                    raise
        for name in sorted(required - made.keys()):
            if name not in node.get("properties", {}):
                extra = node.get("additionalProperties")
                made[name] = self.value(
                    extra if isinstance(extra, Mapping) else {"type": "string"}, name, depth + 1, own
                )
        self._add_extra(node, made, depth, own)
        return made

    def _has_room(self, depth: int) -> bool:
        return self._how.is_full and depth < MAX_DEPTH and self._how.count < MAX_VALUES

    def _add_extra(self, node: Mapping[str, Any], made: dict[str, Any], depth: int, subject: Subject) -> None:
        extra = node.get("additionalProperties")
        least = node.get("minProperties", 0)
        wanted = max(least, 1 if isinstance(extra, Mapping) and extra and not made and self._has_room(depth) else 0)
        number = 0
        while len(made) < wanted and extra is not False and number < wanted + 5:
            number += 1
            made[f"key{number}"] = self.value(extra if isinstance(extra, Mapping) else {}, "", depth + 1, subject)
        most = node.get("maxProperties")
        if most is not None:
            required = set(node.get("required", ()))
            for name in [name for name in reversed(made) if name not in required][: max(len(made) - most, 0)]:
                del made[name]

    def _array(self, node: Mapping[str, Any], name: str, depth: int, subject: Subject) -> list[Any]:
        least = node.get("minItems", 0)
        usual = max(least, USUAL_ITEMS if depth < 2 else 1) if self._has_room(depth) else least
        count = min(usual, node.get("maxItems", usual))
        items = node.get("items", {})
        made: list[Any] = []
        for _ in range(count * 4):
            if len(made) >= count:
                break
            try:
                item = self.value(items, name.removesuffix("s"), depth + 1, None if depth < 2 else subject)
            except NoValue:
                if len(made) < least:
                    raise
                break
            if not node.get("uniqueItems") or item not in made:
                made.append(item)
        return made

    def _string(self, node: Mapping[str, Any], name: str, _depth: int, subject: Subject) -> str:
        form = str(node.get("format") or node.get("x-format") or "")
        pattern = node.get("pattern") or node.get("x-pattern")
        words = words_of(name)
        if form in ("date-time", "date"):
            return _time_text(time_of(words, subject), form)
        make = maker_of_text(words, form, str(node.get("description", "")))
        found = str(make(subject)) if make else self._plain_text(words, subject)
        if pattern is not None and not self._maker.is_valid({"type": "string", "pattern": pattern}, found):
            found = _text_of_pattern(str(pattern), self._random)
        return _fitted(found, node, self._random)

    def _plain_text(self, words: str, subject: Subject) -> str:
        if words.endswith(("id", "key", "number", "code", "reference", "ref")):
            return f"{self._random.getrandbits(64):016x}"
        if words.endswith((" at", " time", " on")) or words in ("created", "updated", "timestamp"):
            return _time_text(time_of(words, subject), "date-time")
        return str(self._faker.word())

    def _boolean(self, _node: Mapping[str, Any], name: str, _depth: int, _subject: Subject) -> bool:
        return truth_of(words_of(name), self._random)

    def _integer(self, node: Mapping[str, Any], name: str, _depth: int, subject: Subject) -> int:
        words, form = words_of(name), str(node.get("format") or node.get("x-format") or "")
        make = maker_of_number(words, form, str(node.get("description", "")))
        if (make is None and words.endswith((" at", "timestamp"))) or words in ("created", "updated"):
            found: float = int(time_of(words, subject).timestamp())
        else:
            found = make(subject) if make else self._random.randrange(1, 100)
        return int(_within(int(found), node, step=node.get("multipleOf", 1), is_integer=True))

    def _number(self, node: Mapping[str, Any], name: str, _depth: int, subject: Subject) -> float:
        words, form = words_of(name), str(node.get("format") or node.get("x-format") or "")
        make = maker_of_number(words, form, str(node.get("description", "")))
        found = make(subject) if make else self._random.randrange(1, 10_000) / 100
        return _within(found, node, step=node.get("multipleOf"), is_integer=False)


def _time_text(time: datetime, form: str) -> str:
    return time.date().isoformat() if form == "date" else time.strftime("%Y-%m-%dT%H:%M:%SZ")


def _text_of_pattern(pattern: str, random: Random) -> str:
    """Return a text that a regular expression matches; raise ``NoValue`` for one that is not understood."""
    try:
        return str(rstr.Rstr(random).xeger(pattern.replace("\\p{L}", "[A-Za-z]").replace("\\d", "[0-9]")))
    except Exception as error:
        raise NoValue from error


def _fitted(text: str, node: Mapping[str, Any], random: Random) -> str:
    """Return a text of the length that a schema wants; one with a pattern or a format is not changed."""
    low, high = node.get("minLength", 0), node.get("maxLength")
    if "pattern" in node or "x-pattern" in node:
        return text
    if len(text) < low:
        text += "".join(random.choice("abcdefghijklmnopqrstuvwxyz0123456789") for _ in range(low - len(text)))
    return text if high is None or len(text) <= high else text[:high].strip().ljust(low, "x")


def _within(value: float, node: Mapping[str, Any], step: float | None, *, is_integer: bool) -> float:
    """Return the number nearest to a value that a schema's limits allow."""
    low, high = node.get("minimum"), node.get("maximum")
    unit = step or (1 if is_integer else 0.01)
    if low is not None and node.get("exclusiveMinimum"):
        low += unit
    if high is not None and node.get("exclusiveMaximum"):
        high -= unit
    if low is not None and high is not None and not low <= value <= high:
        value = low + (abs(value) % (high - low) if high > low else 0)
    elif low is not None and value < low:
        value = low
    elif high is not None and value > high:
        value = high
    if not step:
        return round(value) if is_integer else value
    count = -(-value // step)
    if high is not None and count * step > high:
        count = high // step
    found = count * step
    return int(found) if float(found).is_integer() else found
