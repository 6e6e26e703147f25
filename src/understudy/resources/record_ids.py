"""Ids of records: the property that has a record's id, and the schema of new ones."""

import re
from collections.abc import Mapping
from typing import Any

from understudy.contract.compiled_operations import Operation
from understudy.contract.text_values import TextTyper
from understudy.resources.record_places import ID_NAMES, MIN_NAME, RecordPlaces
from understudy.resources.resource import plain, singular

WORDS = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z0-9]+")
ALTERNATIVES = re.compile(r"^(?P<id>.+?)(?:[_-]or[_-]|Or(?=[A-Z]))(?P<alias>.+)$")

NUMBERS = frozenset({"integer", "number"})
TEXTS = frozenset({"slug", "code", "name", "username", "login"})
"""Names of properties that identify a record unless its path asks for a number."""

BOUNDS = frozenset({"pattern", "format", "enum", "maxLength", "minLength"})
DIGITS = {"type": "string", "pattern": "^[1-9][0-9]{5}$"}
"""Schema of an id that is a text in the record, and a number in the path."""

LAST_NUMBER = re.compile(r"(?:(?<=\D)|^)[0-9]{1,9}$")


def numbered(key: Any, number: int) -> Any:
    """Return an id with a number at its end, in place of the one that it has: ``item-1`` becomes ``item-7``."""
    if not isinstance(key, str) or not key:
        return key
    return LAST_NUMBER.sub(str(number), key) if LAST_NUMBER.search(key) else f"{key}-{number}"


class RecordIds:
    """Finder of the ids of one document's records."""

    def __init__(self, typer: TextTyper, places: RecordPlaces) -> None:
        self._typer = typer
        self._places = places

    def id_property(self, schema: Any, parameter: str, name: str, asked: Any) -> str:
        """Return the record's property with its id; empty for none. A name is none where the path asks for a number."""
        is_open = self._places.is_open(schema)
        shown = schema.get("example", {}) if is_open else {}
        properties = {key: {} for key in shown} if is_open else self._typer.properties(schema)
        by_plain = {plain(each): each for each in reversed([*properties])}
        noun = plain(singular(name))
        wanted = [plain(parameter), plain(parameter).removeprefix(noun), "id", f"{noun}id"]
        if plain(parameter) in (noun, plain(name), "id"):
            wanted = ["id", f"{noun}id", plain(parameter)]
        if plain(parameter) == "username":  # of GitHub's users it is the login, and their name another one
            wanted = ["username", "login", *wanted[1:]]
        last = plain(WORDS.findall(parameter)[-1]) if WORDS.search(parameter) else ""
        if last in ID_NAMES and last != "id":  # {flagKey} is the key, although there is an id
            wanted.insert(2, last)
        begun = [each for each in by_plain if len(each) >= MIN_NAME and last.startswith(each)]
        is_number = self._typer.first(asked).get("type") in NUMBERS
        for each in [*wanted, plain(self._places.named_by(properties, parameter)), last, *ID_NAMES, *begun]:
            part = properties.get(by_plain.get(each, ""))
            if part is None or self._typer.kind(part) != "text":
                continue
            if not is_number or each not in TEXTS or self._typer.first(part).get("type") in NUMBERS:
                return by_plain[each]
        if not is_open:
            return ""
        return "id" if plain(parameter).endswith("id") else parameter

    def alias(self, schema: Any, words: str) -> str:
        """Return the property with a record's other name, as ``slug`` of ``id_or_slug``; empty for none."""
        return next((name for name in self._typer.properties(schema) if plain(name) == plain(words)), "")

    @staticmethod
    def asked_schema(item: Mapping[str, Operation], id_parameter: str) -> Any:
        """Return the schema of the path's parameter with the id."""
        for operation in item.values():
            for parameter in operation.parameters:
                if parameter.where == "path" and parameter.argument == id_parameter:
                    return parameter.node.get("schema", {})
        return {}

    def id_schema(self, schema: Any, id_property: str, asked: Any) -> Any:
        """Return the schema of a new id: what the record's property and the path's parameter both ask for."""
        part = self._typer.properties(schema).get(id_property, {})
        own, other = self._typer.first(part), self._typer.first(asked)
        if not part:
            return asked or {"type": "string"}
        if other.get("type") in (own.get("type"), None) or {own.get("type"), other.get("type")} == NUMBERS:
            return {"allOf": [part, asked]}
        if own.get("type") == "string" and other.get("type") in NUMBERS and not own.keys() & BOUNDS:
            return {"allOf": [part, DIGITS]}
        return part
