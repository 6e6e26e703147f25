"""Maker of the values of one document's schemas: each is checked by its schema when it is made."""

from collections.abc import Mapping
from typing import Any

from understudy.contract.document import Document
from understudy.contract.examples import examples_of, sample_schema
from understudy.contract.schema_compiler import Direction, SchemaCompiler


class NoValue(Exception):  # noqa: N818 - a fact about a schema
    """Schema of which no valid value was found."""


class SampleMaker:
    """Maker of the values of one document's schemas."""

    def __init__(self, document: Document, schemas: SchemaCompiler) -> None:
        self._document = document
        self._schemas = schemas

    def is_valid(self, schema: Any, value: Any, direction: Direction = "response") -> bool:
        """Return whether a schema allows a value."""
        return self._schemas.validator(schema, direction).is_valid(value)

    def examples(self, node: Mapping[str, Any]) -> list[Any]:
        """Return the values of the examples of a media type."""
        return [each["value"] for each in examples_of(self._document, node).values() if "value" in each]

    def value(self, schema: Any, key: str, direction: Direction = "response") -> Any:
        """Return a valid value of a schema, the same for the same key; raise ``NoValue`` if none is found."""
        del key
        made = sample_schema(self._document, schema)
        if not self._schemas.validator(schema, direction).is_valid(made):
            raise NoValue
        return made

    def media_value(self, node: Mapping[str, Any], key: str, name: str = "") -> Any:
        """Return a media type's example (that of a name, if given), or else a value of its schema.

        An example that breaks the schema is passed over; raise ``NoValue`` if no value is found.
        """
        schema = node.get("schema", {})
        examples = examples_of(self._document, node)
        chosen = [examples[name]] if name in examples else [*examples.values()]
        validator = self._schemas.validator(schema, "response")
        for each in chosen:
            if "value" in each and validator.is_valid(each["value"]):
                return each["value"]
        return self.value(schema, key)
