"""Maker of the values of one document's schemas: realistic, seeded, and each checked by its schema when it is made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from random import Random
from typing import Any

import orjson

from understudy.contract.document import Document
from understudy.contract.examples import examples_of
from understudy.contract.schema_compiler import Direction, SchemaCompiler
from understudy.core.json_pointer import unescape
from understudy.core.refused import Violation
from understudy.samples.answered_values import AnsweredValues
from understudy.samples.discriminators import Discriminators
from understudy.samples.field_values import words_of
from understudy.samples.places import USUAL_LOCALE
from understudy.samples.subject import NamePool, Subject, name_pool, noun_of
from understudy.samples.value_making import NoValue, ValueMaking, Way
from understudy.samples.value_plans import ValuePlans

__all__ = ["NoValue", "SampleMaker"]

MAX_REPAIRS = 16
"""Number of times that a value is made again, its invalid parts in another way, before a schema is given up."""


@dataclass(frozen=True, slots=True)
class _Start:
    """Way to begin: whether examples and optional parts are used, and how deeply what is required may nest."""

    uses_examples: bool
    is_full: bool
    depth: int = 8


STARTS = (
    _Start(uses_examples=True, is_full=True),
    _Start(uses_examples=False, is_full=True),
    _Start(uses_examples=True, is_full=False),
    _Start(uses_examples=False, is_full=False),
    _Start(uses_examples=False, is_full=False, depth=24),
)


class SampleMaker:
    """Maker of the values of one document's schemas. Equal keys give equal values, in every process."""

    def __init__(
        self, document: Document, schemas: SchemaCompiler, seed: int = 0, locale: str = USUAL_LOCALE, like: Any = None
    ) -> None:
        """Make a maker; with the maker that it is ``like``, of another seed or locale, it shares what was found."""
        self._document = document
        self._schemas = schemas
        self._plans: ValuePlans = like._plans if like is not None else ValuePlans(document)  # noqa: SLF001 - its own kind
        self._answered: AnsweredValues = like._answered if like is not None else AnsweredValues(document)  # noqa: SLF001 - the same
        self._discriminators: Discriminators = like._discriminators if like is not None else Discriminators(document)  # noqa: SLF001 - the same
        self._seed = seed
        self.locale = locale
        self._pool: NamePool = name_pool(locale)

    def of(self, seed: int, locale: str) -> "SampleMaker":
        """Return the maker of another seed and locale."""
        return SampleMaker(self._document, self._schemas, seed, locale, like=self)

    def is_valid(self, schema: Any, value: Any, direction: Direction = "response") -> bool:
        """Return whether a schema allows a value."""
        return self._schemas.validator(schema, direction).is_valid(value)

    def shown(self, schema: Any, value: Any) -> Any:
        """Return a value of a schema as an answer shows it: without the properties that are only sent."""
        return self._answered.shown(schema, value)

    def alternative(self, schema: Any, value: Any) -> Any:
        """Return the schema to which the discriminator in an object leads, or else the schema itself."""
        return self._discriminators.chosen(schema, value) or schema

    def heirs(self, schema: Any) -> list[Any]:
        """Return the schemas of which a value of a schema may be one, if its discriminator names them."""
        return [*self._discriminators.heirs_of(schema)]

    def violations(self, schema: Any, value: Any) -> list[Violation]:
        """Return what in a value a schema of an answer does not allow."""
        return self._schemas.validator(schema, "response").violations(value, "")

    def check(self, schema: Any, direction: Direction) -> Callable[[Any], bool]:
        """Return the check of a schema's values."""
        validator = self._schemas.validator(schema, direction)
        return lambda value: validator.is_valid(value)  # noqa: PLW0108 - the first call replaces the validator's method

    def examples(self, node: Mapping[str, Any]) -> list[Any]:
        """Return the values of the examples of a media type, parameter or schema."""
        return [each["value"] for each in examples_of(self._document, node).values() if "value" in each]

    def example_names(self, node: Mapping[str, Any]) -> list[str]:
        """Return the names of the examples of a media type."""
        return [name for name, each in examples_of(self._document, node).items() if "value" in each]

    def value(self, schema: Any, key: str, direction: Direction = "response", name: str = "") -> Any:
        """Return a valid value of a schema, the same for the same key; raise ``NoValue`` if none is found.

        ``name`` is that of the field, if it is the value of one.
        """
        return self._first_valid(schema, key, STARTS, direction, name)

    def generated(self, schema: Any, key: str, name: str = "", direction: Direction = "response") -> Any:
        """Return a valid value of a field that is no example; raise ``NoValue`` if none is found."""
        starts = tuple(each for each in STARTS if not each.uses_examples)
        return self._first_valid(schema, key, starts, direction, name)

    def of_number(self, schema: Any, key: str, number: int) -> Any:
        """Return the value of a record: the first is as the document's examples show it, the others are generated.

        Raise ``NoValue`` if none is found.
        """
        if number == 0:
            return self.value(schema, key)
        try:
            return self.generated(schema, key)
        except NoValue:
            return self.value(schema, key)

    def generated_or_none(self, schema: Any, key: str) -> Any:
        """Return a valid value that is no example, or ``None`` if none is found."""
        try:
            return self.generated(schema, key)
        except NoValue:
            return None

    def type_of(self, schema: Any) -> str:
        """Return the type of a schema's values; empty if it may be any."""
        return self._plans.plan(schema, 0, "").kind

    def media_value(self, node: Mapping[str, Any], key: str, name: str = "") -> Any:
        """Return a media type's example (that of a name, if given), or else a value of its schema.

        An example that breaks the schema is passed over; raise ``NoValue`` if no value is found, or if the one that is
        named breaks the schema.
        """
        examples = examples_of(self._document, node)
        chosen = [examples[name]] if name in examples else [*examples.values()]
        schema = node.get("schema", {})
        for each in chosen:
            value = self.shown(schema, self._parsed(schema, each.get("value")))
            if "value" in each and self.is_valid(schema, value):
                return value
        if name in examples:
            raise NoValue
        return self.value(schema, key)

    def _parsed(self, schema: Any, value: Any) -> Any:
        """Return the value of an example that is the JSON text of an object or a list, unless a text is meant."""
        if not isinstance(value, str) or value.lstrip()[:1] not in ("{", "[") or self.type_of(schema) == "string":
            return value
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError:
            return value

    def _first_valid(self, schema: Any, key: str, starts: tuple[_Start, ...], direction: Direction, name: str) -> Any:
        validator = self._schemas.validator(schema, direction)
        for start in starts:
            way = Way(start.uses_examples, start.is_full, start.depth, direction)
            for number in range(MAX_REPAIRS):
                try:
                    made = self._made(schema, f"{key}#{number}" if number else key, way, name)
                except (NoValue, RecursionError):
                    break
                if validator.is_valid(made):
                    return made
                places = [each.path for each in validator.violations(made)]
                if not way.change([tuple(map(unescape, path.split("/")[1:])) for path in places]):
                    break
        raise NoValue

    def _made(self, schema: Any, key: str, way: Way, name: str) -> Any:
        seed = blake2b(f"{self._seed}/{self._document.name}/{key}".encode(), digest_size=8).digest()
        random = Random(int.from_bytes(seed, "big"))  # noqa: S311 - repeatable on purpose
        way.begin()
        subject = Subject(self._pool, random, noun_of(words_of(key.partition("#")[0].partition(" ")[0])))
        return ValueMaking(self, self._plans, way).value(schema, name, (), subject)
