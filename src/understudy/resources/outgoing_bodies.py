"""Bodies of the requests that a vendor sends: made of a record and the declared schema, and checked by it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import orjson

from understudy.contract.document import Document
from understudy.core.media_types import FORM, JSON, is_json
from understudy.resources.event_names import EventName, read_event_names
from understudy.resources.file_samples import file_sample
from understudy.resources.record_forms import RecordForms
from understudy.resources.resource import Place, plain
from understudy.samples.sample_maker import NoValue, SampleMaker
from understudy.state.outbox import is_header_name

WRAPS = ("data", "object", "payload", "resource", "record", "entity", "item", "content", "body", "after", "new")
"""Members of a body that hold a record, whatever its kind."""

EVENT_FIELDS = ("event", "eventtype", "type", "eventname", "topic", "action", "name", "notificationtype")
"""Plain names of the properties that hold the name of an event."""

CALLBACK_FIELDS = ("event", "eventtype", "eventname")
"""Plain names of the properties that hold the name of a callback."""

MAX_DEPTH = 3
FREE = 0.01
"""Likeness of a record to an object of which nothing is declared."""


@dataclass(frozen=True, slots=True)
class OutgoingRequest:
    """Request that a document says its server sends: a callback of an operation, or a webhook.

    ``url`` is a text with runtime expressions, empty for a webhook. ``event`` is the name of the event in the body.
    """

    name: str
    method: str
    node: Mapping[str, Any]
    url: str = ""
    event: str = ""

    @property
    def media(self) -> str:
        """Media type of the body: JSON, if it is declared; empty for a request without a body."""
        content = self.node.get("requestBody", {}).get("content", {})
        return min(content, key=lambda each: (each != JSON, not is_json(each), each != FORM), default="")


def requests_of(name: str, item: Mapping[str, Any], url: str = "") -> Iterator[OutgoingRequest]:
    """Yield the requests of a callback or webhook, one a method."""
    for method, node in item.items():
        if not method.startswith("x-"):
            yield OutgoingRequest(name, method.upper(), node, url)


class OutgoingBodies:
    """Maker of the bodies and headers of one document's outgoing requests."""

    def __init__(self, document: Document, forms: RecordForms, maker: SampleMaker) -> None:
        self._document = document
        self._forms = forms
        self._maker = maker
        self._places: dict[tuple[int, frozenset[str], str], Place | None] = {}

    def body(self, request: OutgoingRequest, record: Mapping[str, Any], noun: str, key: str, now: datetime) -> Any:
        """Return the body of a request about a record: JSON, or a text of another type.

        What cannot be made of the record is a sample; raise ``NoValue`` if there is none either. ``noun`` is the name
        of the record's kind, ``key`` makes one sample unlike another.
        """
        media = request.media
        if not media:
            return ""
        part = request.node["requestBody"]["content"][media]
        if not is_json(media) and media != FORM:
            found = file_sample(media, part, self._maker, key)
            return found if isinstance(found, str) else found.decode("latin-1")
        schema = part.get("schema", {})
        place = self._place(schema, record, noun)
        if request.url and place is not None:
            record = self._forms.declared_part(schema, place, record)
        made = self._filled(schema, part, record, place, key)
        made = self._named(schema, made, request, {*record} if place == () else set())
        made = self._forms.timed(schema, made, now, is_envelope=bool(place))
        if not is_json(media):
            return urlencode(_pairs(made))
        return orjson.dumps(made).decode() if isinstance(made, str) else made

    def headers(self, request: OutgoingRequest) -> dict[str, str]:
        """Return the headers of a request: the type of its body, and the declared ones that have a known value."""
        made = {"Content-Type": request.media} if request.media else {}
        for header in request.node.get("parameters", ()):
            schema = header.get("schema", {})
            shown = [each for each in self._maker.examples(header) if self._maker.is_valid(schema, each)]
            try:
                value = shown[0] if shown else self._maker.value(schema, header["name"], name=header["name"])
            except NoValue:
                continue
            is_stated = (shown or header.get("required")) and is_header_name(header["name"])
            if is_stated and isinstance(value, str | int | float) and str(value).isprintable():
                made[header["name"]] = str(value)
        return made

    def event_values(self, request: OutgoingRequest) -> list[str]:
        """Return the names of events that a webhook's body may have."""
        part = request.node.get("requestBody", {}).get("content", {}).get(request.media, {})
        found = (self._enumerated(schema) for _, schema in self._event_fields(part.get("schema", {})))
        return [value for values in found for value in values]

    def _filled(
        self, schema: Any, part: Mapping[str, Any], record: Mapping[str, Any], place: Place | None, key: str
    ) -> Any:
        if place is not None:
            try:
                return self._forms.fitted(schema, place, dict(record), key)
            except NoValue:
                pass
        return self._maker.media_value(part, key)

    def _place(self, schema: Any, record: Mapping[str, Any], noun: str) -> Place | None:
        """Return where in a body a record belongs: where the most of its properties are declared."""
        cached = (id(schema), frozenset(record), noun)
        if cached not in self._places:
            found = [*self._likenesses(schema, {plain(name) for name in record}, noun, ())] if record else []
            best = max(found, key=lambda each: (each[0], -len(each[1])), default=(0.0, ()))
            self._places[cached] = best[1] if best[0] > 0 else None
        return self._places[cached]

    def _likenesses(self, schema: Any, wanted: set[str], noun: str, place: Place) -> Iterator[tuple[float, Place]]:
        properties = self._forms.properties(schema)
        shared = wanted & {plain(name) for name in properties}
        is_wrap = not place or plain(place[-1]) in {*map(plain, WRAPS), plain(noun)}
        if shared:
            yield len(shared) + (0.5 if place and is_wrap else 0.0), place
        elif place and is_wrap and not properties and self._maker.type_of(schema) in ("object", ""):
            yield FREE, place
        for name, part in properties.items() if len(place) < MAX_DEPTH else ():
            yield from self._likenesses(part, wanted, noun, (*place, name))

    def _named(self, schema: Any, body: Any, request: OutgoingRequest, taken: set[str]) -> Any:
        """Return a body with the name of its event, where it has a property for that which is not ``taken``."""
        if not isinstance(body, Mapping):
            return body
        for name, part in self._event_fields(schema):
            if request.url and plain(name) not in CALLBACK_FIELDS:
                continue
            for value in () if name in taken else self._names(request, part):
                changed = {**body, name: value}
                if self._maker.is_valid(schema, changed):
                    return changed
        return body

    def _names(self, request: OutgoingRequest, part: Any) -> list[str]:
        if request.event:
            return [request.event]
        allowed = self._enumerated(part)
        meant = {each.happened for each in read_event_names(request.name)[:1]}
        alike = [each for each in allowed if {found.happened for found in _readings(each)} & meant]
        return [request.name, *alike]

    def _event_fields(self, schema: Any) -> list[tuple[str, Any]]:
        """Return the properties of a body that hold an event's name, the likeliest first."""
        found = [(name, part) for name, part in self._forms.properties(schema).items() if plain(name) in EVENT_FIELDS]
        return sorted(found, key=lambda each: EVENT_FIELDS.index(plain(each[0])))

    def _enumerated(self, schema: Any) -> list[str]:
        node = self._document.resolve(schema)
        found = node.get("enum", ()) if isinstance(node, Mapping) else ()
        return [each for each in found if isinstance(each, str)]


def _readings(name: str) -> list[EventName]:
    """Return the readings of an event's name; one of a single word, such as ``created``, has that as its verb."""
    return read_event_names(name) or read_event_names(f"it {name}")


def _pairs(value: Any) -> list[tuple[str, str]]:
    """Return the fields of a form; a value that is no object has the name ``payload``."""
    fields = value if isinstance(value, Mapping) else {"payload": value}
    return [(name, str(each)) for name, each in fields.items() if not isinstance(each, Mapping | list)]
