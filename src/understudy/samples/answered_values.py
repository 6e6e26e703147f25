"""Values as answers show them: without the properties that are only ever sent (``writeOnly``)."""

from collections.abc import Mapping
from typing import Any

from understudy.contract.document import Document
from understudy.contract.marked_schemas import is_marked
from understudy.contract.text_values import TextTyper

MAX_LEVELS = 4
"""Depth down to which such properties are looked for."""


class AnsweredValues:
    """Forms of the values of one document's schemas that its answers show."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._typer = TextTyper(document)
        self._known: dict[int, tuple[Any, dict[str, Any], bool]] = {}
        """Of each schema by its identity: itself, its properties, and whether one at any depth is only sent."""

    def shown(self, schema: Any, value: Any) -> Any:
        """Return a value without the properties that are only sent, at any depth."""
        if not isinstance(value, Mapping | list):
            return value
        _, properties, has_hidden = self._known.get(id(schema)) or self._learn(schema)
        if not has_hidden:
            return value
        if isinstance(value, list):
            items = self._typer.items(schema)
            return value if items is None else [self.shown(items, each) for each in value]
        return {
            name: self.shown(properties[name], part) if name in properties else part
            for name, part in value.items()
            if name not in properties or not self._is_hidden(properties[name])
        }

    def _learn(self, schema: Any) -> tuple[Any, dict[str, Any], bool]:
        found = schema, self._typer.properties(schema), self._has_hidden(schema, MAX_LEVELS)
        self._known[id(schema)] = found
        return found

    def _has_hidden(self, schema: Any, levels: int) -> bool:
        if levels == 0:
            return False
        parts = [*self._typer.properties(schema).values()]
        items = self._typer.items(schema)
        if any(self._is_hidden(part) for part in parts):
            return True
        return any(self._has_hidden(part, levels - 1) for part in (*parts, *([] if items is None else [items])))

    def _is_hidden(self, part: Any) -> bool:
        return is_marked(self._document, part, "writeOnly")
