"""Forms of a record: completed when it is created, fitted into an operation's answer, and merged with changes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from understudy.contract.document import Document
from understudy.contract.text_values import TextTyper
from understudy.core.json_types import Json
from understudy.core.refused import Violation
from understudy.resources.resource import FIRST, KEY, PARENT, Place, plain
from understudy.samples.field_values import words_of
from understudy.samples.sample_maker import NoValue, SampleMaker

CREATED = (
    "created",
    "created at",
    "added at",
    "created on",
    "create time",
    "created time",
    "creation date",
    "creation time",
    "date created",
    "date added",
    "inserted at",
    "creation timestamp",
    "created date",
)
UPDATED = (
    "updated",
    "updated at",
    "updated on",
    "update time",
    "updated time",
    "modified",
    "modified at",
    "last modified",
    "last updated",
    "date updated",
    "date modified",
    "last update",
    "modification date",
    "updated date",
    "last modified at",
    "modified on",
    "updated timestamp",
)

MAX_DEPTH = 4
"""Levels of a record down to which what is sent is taken member by member, if it is not allowed as a whole."""
OCCURRED = (
    "timestamp", "occurred at", "event time", "event timestamp", "event date", "sent at", "triggered at", "fired at",
    "delivered at", "time", "emitted at", "at",
)  # fmt: skip
"""Names of the times of an event, as words."""


def without_marks(record: Mapping[str, Any]) -> Json:
    """Return a stored record without the properties by which it is stored."""
    return {name: value for name, value in record.items() if name not in (KEY, PARENT)}


def at(value: Any, place: Place) -> Any:
    """Return the value at a place of a body, or ``None`` if there is none."""
    for name in place:
        if name == FIRST:
            value = value[0] if isinstance(value, list) and value else None
        else:
            value = value.get(name) if isinstance(value, Mapping) else None
    return value


def put_at(body: Any, place: Place, value: Any) -> Any:
    """Return a body with a value at a place."""
    if not place:
        return value
    name, *rest = place
    if name == FIRST:
        return [put_at(at(body, (FIRST,)), tuple(rest), value)]
    inner = body.get(name) if isinstance(body, Mapping) else None
    return {**(body if isinstance(body, Mapping) else {}), name: put_at(inner, tuple(rest), value)}


class RecordForms:
    """Forms of the records of one document."""

    def __init__(self, document: Document, maker: SampleMaker) -> None:
        self.typer = TextTyper(document)
        self._document = document
        self._maker = maker
        self._properties: dict[int, dict[str, Any]] = {}

    def properties(self, schema: Any) -> dict[str, Any]:
        """Return the schemas of a record's properties."""
        found = self._properties.get(id(schema))
        if found is None:
            found = self.typer.properties(schema)
            for heir in self._maker.heirs(schema):
                found = {**self.typer.properties(heir), **found}
            self._properties[id(schema)] = found
        return found

    def items_at(self, schema: Any, place: Place) -> Any:
        """Return the schema of the items of the array at a place of a body."""
        return self.typer.items(self._part_at(schema, place)) or {}

    def _part_at(self, schema: Any, place: Place) -> Any:
        """Return the schema of the value at a place of a body."""
        for name in place:
            schema = (self.typer.items(schema) or {}) if name == FIRST else self.properties(schema).get(name, {})
        return schema

    def typed(self, schema: Any, text: str) -> Any:
        """Return a text with the type that a schema gives it."""
        return self.typer.typed(schema, text)

    def known_part(self, schema: Any, sent: Any) -> Json:
        """Return what was sent under the names of a record's properties, whatever their style: ``FriendlyName`` too."""
        if not isinstance(sent, Mapping):
            return {}
        properties = self.properties(schema)
        by_plain = {plain(name): name for name in reversed([*properties])}
        made = {}
        for name, value in sent.items():
            known = name if name in properties else by_plain.get(plain(name))
            if known is not None:
                made[known] = value
            elif not properties or self.takes_others(schema):
                made[name] = value
        return made

    def takes_others(self, schema: Any) -> bool:
        """Return whether an object has other properties than the named ones, by any part that it is combined of."""
        return self.typer.takes_others(schema)

    def new_record(self, schema: Any, sent: Any, key: str, now: datetime) -> Json:
        """Return a new record: what was sent, completed with what the schema requires or generates by itself.

        Raise ``NoValue`` if no valid record is found.
        """
        schema = self._maker.alternative(schema, sent)
        base = self._maker.value(schema, key)
        if not isinstance(base, Mapping):
            raise NoValue
        known = self.known_part(schema, sent)
        node_names = self.properties(schema)
        required = self.required(schema)
        made = {
            name: value
            for name, value in base.items()
            if name in required or name in known or self._is_generated(node_names.get(name, {}))
        }
        made = self._completed(schema, made, base)
        self._put_time(made, node_names, now, CREATED + UPDATED)
        sent = self._maker.shown(schema, known)
        whole = {**made, **sent}
        if self._maker.is_valid(schema, whole):
            return whole
        for name, value in sent.items():
            alone = {**made, name: value}
            made = alone if self._maker.is_valid(schema, alone) else self.overlaid(schema, made, {name: value})
        return made

    def _completed(self, schema: Any, made: Json, base: Mapping[str, Any]) -> Json:
        """Return a part of a valid record with what one of its schema's alternatives requires, or else all of it."""
        if self._maker.is_valid(schema, made):
            return made
        required = self.required_by_any(schema)
        made = {name: value for name, value in base.items() if name in made or name in required}
        return made if self._maker.is_valid(schema, made) else dict(base)

    def required(self, schema: Any) -> frozenset[str]:
        """Return the names of the properties that a record must have."""
        return frozenset(self.typer.required(schema))

    def required_by_any(self, schema: Any) -> frozenset[str]:
        """Return the names of the properties that a record must have by any alternative of its schema."""
        return frozenset(name for part in self.typer.parts(schema) for name in part.get("required", ()))

    def _is_generated(self, part: Any) -> bool:
        node = self._document.resolve(part)
        return isinstance(node, Mapping) and (bool(node.get("readOnly")) or "default" in node)

    def _put_time(self, record: Json, properties: Mapping[str, Any], now: datetime, names: tuple[str, ...]) -> None:
        """Put the world's time into the properties that hold a record's creation or change."""
        for name in properties:
            if words_of(name) in names:
                value = self._time(properties[name], now)
                if value is not None:
                    record[name] = value

    def _time(self, schema: Any, now: datetime) -> Any:
        """Return the world's time in the form of a property: a number of seconds or milliseconds, a date, a text."""
        node = self.typer.first(schema)
        if node.get("type") in ("integer", "number"):
            example = node.get("example", 0)
            is_milliseconds = isinstance(example, int) and example > 10**11
            return int(now.timestamp() * (1000 if is_milliseconds else 1))
        candidates = [
            now.strftime("%Y-%m-%dT%H:%M:%SZ"),
            now.date().isoformat(),
            now.strftime("%a, %d %b %Y %H:%M:%S +0000"),
        ]
        if node.get("format") == "date":
            candidates = [now.date().isoformat()]
        return next((each for each in candidates if self._maker.is_valid(schema, each)), None)

    def overlaid(self, schema: Any, record: Json, changes: Mapping[str, Any]) -> Json:
        """Return a record with the changes that its schema allows, each by itself if not all at once."""
        changes = self._maker.shown(schema, changes)
        whole = merged(record, changes)
        if self._maker.is_valid(schema, whole):
            return whole
        made = record
        for name, value in changes.items():
            made = self._with_member(schema, made, (name,), value)
        return made

    def _with_member(self, schema: Any, record: Json, place: Place, value: Any) -> Json:
        """Return a record with a member at a place, or of an object with those of its members that are allowed."""
        *outer, name = place
        old = at(record, place)
        for each in (value, self._converted(self._part_at(schema, tuple(outer)), name, value, old)):
            changed = merged(record, put_at({}, place, each))
            if self._maker.is_valid(schema, changed):
                return changed
        if value is None:
            lacking = _without(record, place)
            return lacking if self._maker.is_valid(schema, lacking) else record
        if isinstance(value, Mapping) and len(place) < MAX_DEPTH:
            for inner, part in value.items():
                record = self._with_member(schema, record, (*place, inner), part)
        return record

    def _converted(self, schema: Any, name: str, value: Any, old: Any) -> Any:
        """Return a value in the type of a record's property: a request may have it as a text, or as a number.

        Where the record shows an object with an id, a request may have its id alone.
        """
        part = self.properties(schema).get(name, {})
        if isinstance(old, Mapping) and "id" in old and isinstance(value, str | int) and not isinstance(value, bool):
            return {**old, "id": value}
        if isinstance(value, str):
            return self.typer.typed(part, value)
        return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value

    def violations(self, schema: Any, record: Json) -> list[Violation]:
        """Return what in a record its schema does not allow."""
        return self._maker.violations(schema, record)

    def touched(self, schema: Any, record: Json, now: datetime) -> Json:
        """Return a changed record with the world's time as that of its change."""
        made = dict(record)
        properties = {name: part for name, part in self.properties(schema).items() if name in record}
        self._put_time(made, properties, now, UPDATED)
        return made

    def declared_part(self, schema: Any, place: Place, record: Mapping[str, Any]) -> Json:
        """Return the properties of a record that a body declares at a place; all of them if it declares none."""
        declared = {plain(name) for name in self.properties(self._part_at(schema, place))}
        return {name: value for name, value in record.items() if not declared or plain(name) in declared}

    def timed(self, schema: Any, body: Any, now: datetime, *, is_envelope: bool) -> Any:
        """Return the body of an event with the world's time as that of the event, where it has properties for that.

        An envelope has the record within it: its own creation is the event's time, too.
        """
        if not isinstance(body, Mapping):
            return body
        made = dict(body)
        properties = {name: part for name, part in self.properties(schema).items() if name in body}
        self._put_time(made, properties, now, OCCURRED + CREATED if is_envelope else OCCURRED)
        return made if self._maker.is_valid(schema, made) else body

    def fitted(self, schema: Any, place: Place, record: Json, key: str) -> Any:
        """Return an answer's body with a record at its place; raise ``NoValue`` if the schema allows none."""
        part = self._part_at(schema, place)
        record = self._maker.shown(part, record)
        if not place and self._maker.is_valid(schema, record):
            return record
        try:
            base = self._maker.value(schema, key)
        except NoValue:
            base = {}
        shown = at(base, place)
        for candidate in self._candidates(schema, place, record, shown):
            body = put_at(base, place, candidate)
            if self._maker.is_valid(schema, body):
                return body
        raise NoValue

    def _candidates(self, schema: Any, place: Place, record: Json, shown: Any) -> list[Any]:
        """Return the record in the forms that an answer may show: as it is, with the answer's own properties, less."""
        part = self._part_at(schema, place)
        known = self.known_part(part, record)
        if not isinstance(shown, Mapping):
            return [record, known]
        missing = {name: value for name, value in shown.items() if name in self.required(part)}
        return [record, known, {**missing, **known}, {**shown, **known}, self.overlaid(part, dict(shown), known)]


def _without(record: Any, place: Place) -> Any:
    """Return a record without the member at a place."""
    name, *rest = place
    if not isinstance(record, Mapping) or name not in record:
        return record
    inner = {name: _without(record[name], tuple(rest))} if rest else {}
    return {**{each: value for each, value in record.items() if each != name}, **inner}


def merged(record: Mapping[str, Any], changes: Mapping[str, Any]) -> Json:
    """Return a record with changes: objects are merged, all other values replaced."""
    made = dict(record)
    for name, value in changes.items():
        old = made.get(name)
        made[name] = merged(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return made
