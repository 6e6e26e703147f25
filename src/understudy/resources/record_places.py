"""Places of records in bodies: in the answer about one record, in that of a list, and in a request."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from understudy.contract.compiled_operations import Operation
from understudy.contract.text_values import TextTyper
from understudy.core.media_types import FORM, MULTIPART, is_json
from understudy.resources.resource import FIRST, IDS, Place, plain, singular

TEMPLATE = re.compile(r"\{([^{}]*)\}")
SUFFIX = re.compile(r"\.[a-z]+$")

ID_NAMES = ("id", "uuid", "sid", "gid", "guid", "key", "slug", "code", "name", "number", "username", "login")
ID_ENDINGS = ("id", "uuid", "key", "slug", "name", "code")
"""Ends of the names of properties that may identify a record."""

WRAPS = frozenset({"data", "result", "item"})
"""Members that hold the record of an answer, or another member that does."""

ENVELOPE = frozenset({"links", "meta", "metadata", "pagination", "paging", "errors", "error"})
"""Members beside a record that describe the answer."""

MIN_NAME = 2
"""Length of the shortest ending of a parameter's name that says more than that it is an id."""

MAX_DEPTH = 3
"""Levels of a body at which a record or a list of records is looked for."""

MAX_BESIDE = 4
"""Number of members beside a record in an answer that wraps it."""

MIN_SHARED = 0.5
"""Share of a record's properties that a list's items have if they are the same kind of record."""


def last_word(path: str) -> str:
    """Return the last segment of a path that is no template, without a suffix such as ``.json``."""
    segments = [each for each in path.split("/") if each and not TEMPLATE.search(each)]
    return SUFFIX.sub("", segments[-1]) if segments else ""


def noun_of_path(path: str) -> str:
    """Return the noun of the records at a collection's path."""
    return singular(last_word(path))


class RecordPlaces:
    """Finder of the records in the bodies of one document."""

    def __init__(self, typer: TextTyper) -> None:
        self._typer = typer

    def record_place(self, body: Any, noun: str, parameter: str, alike: Any = None) -> Place | None:
        """Return where the record is in an item's answer: the body itself, or a member named like it or ``data``.

        Records like ``alike`` may also be shown as a list of one.
        """
        properties = self._typer.properties(body)
        if properties and self.has_id(properties):
            is_beside = len(properties) <= MAX_BESIDE + 1 and self.is_object(properties.get("result", {}))
            return ("result",) if is_beside else ()
        listed = self._list_of_one(body, noun, alike)
        if listed is not None or not properties:
            return () if listed is None and self.is_open(body) else listed
        wrapped = [name for name, part in properties.items() if self.is_object(part) and plain(name) not in ENVELOPE]
        for name in wrapped:
            if plain(name) in (plain(noun), *WRAPS) and len(properties) <= len(wrapped) + MAX_BESIDE:
                return (name, *self._place_within(properties[name], name, noun, parameter))
        if self.named_by(properties, parameter):
            return ()
        if len(wrapped) == 1 and self._is_wrap(wrapped[0], properties):
            return (wrapped[0],)
        return ()

    def _is_wrap(self, wrap: str, properties: Mapping[str, Any]) -> bool:
        """Return whether the only object in a body is its record: the body itself has little else, and no name."""
        is_named = any(plain(each) in ID_NAMES for each in properties)
        is_small = len(properties) <= MAX_BESIDE + 1
        return is_small and not is_named and self._may_have_id(self._typer.properties(properties[wrap]))

    def _list_of_one(self, body: Any, noun: str, alike: Any) -> Place | None:
        """Return the place of the first of the records in a body that is a list of them, or has one."""
        for place, items in self.arrays(body, (), 0):
            name = plain(singular(place[-1])) if place else plain(noun)
            is_near = all(plain(each) in WRAPS for each in place[:-1])
            if is_near and self.same_reference(items, alike) and name in (plain(noun), *WRAPS):
                return (*place, FIRST)
        return None

    def _place_within(self, body: Any, wrap: str, noun: str, parameter: str) -> Place:
        """Return where the record is within a member such as ``data``: there, or in a member of it, named like it."""
        properties = self._typer.properties(body)
        if plain(wrap) not in WRAPS or self.has_id(properties) or self.named_by(properties, parameter):
            return ()
        named = (name for name, part in properties.items() if plain(name) == plain(noun) and self.is_object(part))
        return tuple([*named][:1])

    @staticmethod
    def has_id(properties: Mapping[str, Any]) -> bool:
        """Return whether an object has an id whose name says nothing of the record."""
        return any(plain(name) in IDS for name in properties)

    def named_by(self, properties: Mapping[str, Any], parameter: str) -> str:
        """Return the property that a path's parameter is named after: ``sink_id`` of ``logsink_id``; empty for none."""
        wanted = plain(parameter)
        found = [
            name
            for name, part in properties.items()
            if len(plain(name)) > MIN_NAME
            and wanted.endswith(plain(name))
            and plain(name).endswith(ID_ENDINGS)
            and self._typer.kind(part) == "text"
        ]
        return max(found, key=len, default="")

    @staticmethod
    def _may_have_id(properties: Mapping[str, Any]) -> bool:
        return any(plain(name).endswith(ID_ENDINGS) for name in properties)

    def is_object(self, schema: Any) -> bool:
        """Return whether a schema is that of an object with named properties."""
        return bool(self._typer.properties(schema)) and self._typer.kind(schema) != "array"

    def is_open(self, schema: Any) -> bool:
        """Return whether a schema is that of any object: it names no property and forbids none."""
        node = self._typer.first(schema)
        is_free = node.get("additionalProperties", True) in (True, {}) and not node.get("patternProperties")
        return self._typer.kind(schema) == "object" and is_free and not self._typer.properties(schema)

    def at(self, schema: Any, place: Place) -> Any:
        """Return the schema of the value at a place of a body."""
        for name in place:
            properties = self._typer.properties
            schema = (self._typer.items(schema) or {}) if name == FIRST else properties(schema).get(name, {})
        return schema

    def arrays(self, schema: Any, place: Place, depth: int) -> Iterator[tuple[Place, Any]]:
        """Yield the place and the items' schema of each array in a body, the outermost first."""
        if schema is None or depth > MAX_DEPTH:
            return
        items = self._typer.items(schema)
        if items is not None:
            yield place, items
            return
        properties = self._typer.properties(schema)
        for name, part in properties.items():
            if self._typer.items(part) is not None:
                yield (*place, name), self._typer.items(part)
        for name, part in properties.items():
            if self._typer.items(part) is None and self.is_object(part):
                yield from self.arrays(part, (*place, name), depth + 1)

    def list_place(self, body: Any, record: Any, noun: str) -> Place | None:
        """Return where the records are in a list's answer: the array whose items look like one."""
        wanted = self._typer.properties(record).keys()
        best: tuple[float, Place] | None = None
        for place, items in self.arrays(body, (), 0):
            found = self._typer.properties(items).keys()
            share = len(wanted & found) / max(min(len(wanted), len(found)), 1)
            if place and plain(singular(place[-1])) in (plain(noun), "data", "item", "result"):
                share += 0.25
            if self.same_reference(items, record):
                share += 1
            if self.is_open(items) and self.is_open(record):
                share += MIN_SHARED
            if share >= MIN_SHARED and (best is None or share > best[0]):
                best = share, place
        return None if best is None else best[1]

    @staticmethod
    def same_reference(one: Any, other: Any) -> bool:
        """Return whether two schemas refer to the same named one."""
        return isinstance(one, Mapping) and isinstance(other, Mapping) and "$ref" in one and one == other

    @staticmethod
    def sent_schema(operation: Operation) -> Any:
        """Return the schema of a request's body, of the first media type; an empty one without a body."""
        parts = operation.body.node["content"].values() if operation.body else ()
        return next((part.get("schema", {}) for part in parts), {})

    def sent_place(self, operation: Operation, record: Any, noun: str, shown: Place | None) -> Place:
        """Return where the record is in a request's body: in a member named like it or ``data``, or the body itself.

        Beside that member may be others, such as a key of the request, if the answer shows the record under its name.
        """
        if operation.body is None:
            return ()
        for media, part in operation.body.node["content"].items():
            if not is_json(media) and media not in (FORM, MULTIPART):
                continue
            properties = self._typer.properties(part.get("schema", {}))
            known = self._typer.properties(record)
            listed = self._list_of_one(part.get("schema", {}), noun, record)
            if listed is not None and len(properties) <= 1:
                return listed
            for name in properties if len(properties) == 1 else ():
                if name not in known and (plain(name) in (plain(noun), "data") or self.is_object(properties[name])):
                    return (name,)
            for name in (each for each in properties if each not in known):
                is_named = name in (shown or ())[-1:] or plain(name) == plain(noun)
                if is_named and self._typer.properties(properties[name]).keys() & known.keys():
                    return (name,)
            return self._other_wrap(properties, known)
        return ()

    def _other_wrap(self, properties: Mapping[str, Any], known: Mapping[str, Any]) -> Place:
        """Return the member of a request's body that has a record's properties, where the body itself has none."""
        if properties.keys() & known.keys():
            return ()
        parts = {name: self._typer.properties(part).keys() for name, part in properties.items()}
        return next(((name,) for name, own in parts.items() if own and len(own & known.keys()) >= len(own) / 2), ())
