"""Handlers of the operations on a resource: create, list, read, change, delete, and actions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from understudy.core.json_types import Json
from understudy.core.media_types import is_json
from understudy.core.refused import Refused
from understudy.core.reply import NO_HEADERS, Reply
from understudy.core.request_facts import RequestFacts
from understudy.core.steps import Steps, run_to_end
from understudy.core.vendor import Handler
from understudy.resources.event_names import CHANGE, CREATE, DELETE
from understudy.resources.hinted import view_hint
from understudy.resources.locations import located
from understudy.resources.outgoing_requests import OutgoingRequests
from understudy.resources.paging import DescribedPage, Page, Paging, described_forms
from understudy.resources.patches import patch_kind, patched_record
from understudy.resources.record_forms import RecordForms, at, put_at, without_marks
from understudy.resources.record_ids import numbered
from understudy.resources.resource import (
    COUNTERS,
    DELETED,
    FIRST,
    IDS,
    KEY,
    PARENT,
    READING,
    Resource,
    Use,
    key_text,
    plain,
)
from understudy.resources.sampled_replies import any_sampled_reply, sampled_headers, sampled_reply
from understudy.resources.selection import ATTRIBUTES, RecordSelection, selectable
from understudy.resources.stored_lookup import parent_text, stored_record
from understudy.resources.view_parameters import ViewParameters
from understudy.samples.sample_maker import NoValue, SampleMaker
from understudy.state.collection import Collection
from understudy.state.vendor_state import VendorState

MAX_IDS = 50
"""Number of ids that are made until one is free."""

MAX_AT_ONCE = 100
"""Number of records up to which a list is made in one piece."""

ANNOUNCED_AT_ONCE = 5
"""Number of new records whose webhooks are sent in one piece."""

SHOWN_AT_ONCE = 25
"""Number of records that are fitted into a list in one step."""

STATES = ("status", "state")
ACTION_STATES = {
    "cancel": ("canceled", "cancelled"),
    "close": ("closed",),
    "archive": ("archived",),
    "pause": ("paused",),
    "resume": ("active", "running"),
    "approve": ("approved",),
    "reject": ("rejected",),
    "complete": ("completed", "complete"),
    "void": ("void", "voided"),
    "finalize": ("open", "finalized"),
    "capture": ("succeeded", "captured"),
    "confirm": ("succeeded", "confirmed"),
    "pay": ("paid",),
    "activate": ("active",),
    "deactivate": ("inactive",),
    "expire": ("expired",),
    "refund": ("refunded",),
    "publish": ("published",),
    "start": ("started", "running"),
    "stop": ("stopped",),
    "accept": ("accepted",),
    "decline": ("declined",),
    "enable": ("enabled",),
    "disable": ("disabled",),
}
"""States of a record after an action, by the action's name."""


class ResourceHandlers:
    """Handlers of one resource. What an answer's schema does not allow is answered with a sample."""

    def __init__(self, resource: Resource, forms: RecordForms, maker: SampleMaker, outgoing: OutgoingRequests) -> None:
        self._outgoing = outgoing
        self._resource = resource
        self._forms = forms
        self._maker = maker

    def handler(self, use: Use) -> Handler:
        """Return the handler of an operation."""
        made: Handler = getattr(self, f"_{use.role}")(use)
        return made

    def _read(self, use: Use) -> Handler:
        def read(state: VendorState, **arguments: Any) -> Reply:
            record = self._find(state, arguments)
            if record is None:
                return self._unknown(use, arguments)
            return self._show(use, record)

        return read

    def _list(self, use: Use) -> Handler:
        paging = Paging(use.operation)
        shown_by = ViewParameters(use.operation, self._forms.typer, view_hint(use.operation)).names
        properties = self._forms.properties(self._resource.schema)
        attributes = self._forms.properties(properties.get(ATTRIBUTES, {}))
        selection = RecordSelection(use.operation, selectable(properties, attributes), paging.names | shown_by)

        in_path = [each for each in use.operation.parameters if each.where == "path"]

        def list_records(state: VendorState, request: RequestFacts, **arguments: Any) -> Reply | Steps[Reply]:
            def address() -> str:
                values = {each.name: str(arguments.get(each.argument)) for each in in_path}
                return request.url_for(use.operation.id, **values)

            def shown(keys: Sequence[str], page: Page, records: Iterable[Json]) -> Steps[Reply]:
                last = keys[page.stop - 1] if 0 < page.stop <= len(keys) else ""
                described = paging.described_page(page, last, request, address)
                return self._show_list(use, [without_marks(record) for record in records], described)

            def selected(below: Iterable[Json]) -> Steps[Reply]:
                records = yield from selection.chosen(below, request, arguments)
                keys = [record[KEY] for record in records]
                page = paging.page(keys, arguments)
                return (yield from shown(keys, page, records[page.start : page.stop]))

            collection = self._collection(state)
            keys = self._keys_below(collection, arguments)
            if selection.is_asked(request):
                steps, count = selected(collection.read(keys)), len(keys)
            else:  # only the page's records are parsed
                page = paging.page(keys, arguments)
                steps, count = shown(keys, page, collection.read(keys[page.start : page.stop])), page.stop - page.start
            return steps if count > MAX_AT_ONCE else run_to_end(steps)

        return list_records

    def _keys_below(self, collection: Collection, arguments: Mapping[str, Any]) -> list[str]:
        if not self._resource.parents:
            return list(collection.keys())
        return list(collection.keys_of(PARENT, self._parent(arguments)))

    def _show_list(self, use: Use, records: list[Json], page: DescribedPage) -> Steps[Reply]:
        """Return a list of all these records in steps, or a sample if its schema has no form for one of them."""
        place = use.place or ()
        key = f"{use.operation.id} list"
        try:
            base = [] if not place else self._maker.value(use.schema, key)
        except NoValue:
            base = {}
        fitting = []
        for number, record in enumerate(records):
            try:
                fitting.append(self._item(use, record))
            except NoValue:
                return self._sample(use)
            if number % SHOWN_AT_ONCE == SHOWN_AT_ONCE - 1:
                yield
        body = put_at(base, place, fitting)
        for candidate in (*described_forms(body, place, page), body):
            yield
            if self._maker.is_valid(use.schema, candidate):
                return self._reply(use, candidate, headers=page.headers(use.operation, use.status))
        return self._sample(use)

    def _item(self, use: Use, record: Json) -> Any:
        """Return a record in the form of a list's items; raise ``NoValue`` if it has none."""
        items = self._forms.items_at(use.schema, use.place or ())
        record = self._maker.shown(items, record)
        if self._maker.is_valid(items, record):
            return record
        return self._forms.fitted(
            items, (), record, f"{use.operation.id} item {record.get(self._resource.id_property)}"
        )

    def _create(self, use: Use) -> Handler:
        def create(
            state: VendorState, request: RequestFacts, body: Any = None, **arguments: Any
        ) -> Reply | Steps[Reply]:
            made: list[Json] = []
            for sent in self._sent(use, body):
                if "409" in use.operation.responses:
                    self._refuse_taken_id(state, sent, arguments)
                try:
                    record = self.new_record(state, sent, arguments)
                except NoValue:
                    break
                self._collection(state).put(record)
                self._deleted(state).delete(self._deleted_key(record[KEY], record[PARENT]))
                made.append(record)
            reply = self._show_all(use, [without_marks(record) for record in made])
            if made:
                reply = located(self._resource, use, self._maker, reply, made[0], request, arguments)
            return self._announced(state, use, made, reply)

        return create

    def _announced(self, state: VendorState, use: Use, made: list[Json], reply: Reply) -> Reply | Steps[Reply]:
        """Return a reply, after the webhooks about new records: those about many are sent in steps."""
        steps = self._announce_all(state, use, made, reply)
        return run_to_end(steps) if len(made) <= ANNOUNCED_AT_ONCE else steps

    def _announce_all(self, state: VendorState, use: Use, made: list[Json], reply: Reply) -> Steps[Reply]:
        for record in made:
            self._outgoing.announce(state, self._resource, use, CREATE, record)
            yield
        return reply

    @staticmethod
    def _sent(use: Use, body: Any) -> list[Any]:
        """Return the records in a request's body: one, or all of a list."""
        if use.sent_place[-1:] != (FIRST,):
            return [at(body, use.sent_place) if use.sent_place else body]
        found = at(body, use.sent_place[:-1])
        return found if isinstance(found, list) else [found]

    def _show_all(self, use: Use, records: list[Json]) -> Reply:
        """Return an answer that shows new records: all in a list, or the first."""
        if not records:
            return self._sample(use)
        shown = self._show(use, records[0])
        if use.place is None or use.place[-1:] != (FIRST,) or len(records) == 1:
            return shown
        others = [at(self._show(use, each).body, use.place) for each in records[1:]]
        body = put_at(shown.body, use.place[:-1], [at(shown.body, use.place), *others])
        return self._reply(use, body) if self._maker.is_valid(use.schema, body) else shown

    def new_record(self, state: VendorState, sent: Any, arguments: Mapping[str, Any], key: str = "") -> Json:
        """Return a new record as it is stored, of what was sent and the path's values; raise ``NoValue`` for none."""
        resource, collection = self._resource, self._collection(state)  # filled, before a number is counted
        number = _next_number(state, resource.name)
        record = self._forms.new_record(resource.schema, sent, f"{resource.name}/{state.seed}/{number}", state.now())
        name = resource.id_property
        if not name:
            key = key or str(number)
        elif key:
            record = self._forms.overlaid(resource.schema, record, {name: self._typed_id(key)})
        else:
            given = self._forms.known_part(resource.schema, sent).get(name)
            if given is None:
                record = {**record, name: self._free_id(collection, record.get(name), state)}
            key = key_text(record.get(name))
        record = self._with_parents(record, arguments)
        parent = self._parent(arguments)
        return {**record, KEY: self._free_key(state, key, parent), PARENT: parent}

    def _refuse_taken_id(self, state: VendorState, sent: Any, arguments: Mapping[str, Any]) -> None:
        """Refuse a new record with the id of another one."""
        key = self._forms.known_part(self._resource.schema, sent).get(self._resource.id_property)
        if key is not None and self._kept(state, {**arguments, self._resource.id_parameter: key}) is not None:
            raise Refused(409, f"there is a {self._resource.singular} {str(key)!r} already")

    def _typed_id(self, key: str) -> Any:
        part = self._forms.properties(self._resource.schema).get(self._resource.id_property, {})
        return self._forms.typed(part, key)

    def _free_id(self, collection: Collection, made: Any, state: VendorState) -> Any:
        """Return an id of the schema's kind that no record has: the generated one, or one after the highest number."""
        schema = self._resource.id_schema
        if isinstance(made, int) and not isinstance(made, bool):
            taken = [int(key) for key in list(collection.keys()) if key.isdigit()]
            found = max(taken, default=0) + 1
            return found if self._maker.is_valid(schema, found) else made
        tried: list[Any] = []
        for number in range(1, MAX_IDS):
            key = numbered(made, len(collection) + number) if made in tried else made  # some have one value alone
            if key not in (None, "") and key_text(key) not in collection and self._maker.is_valid(schema, key):
                return key
            tried.append(made)
            made = self._maker.generated(
                schema, f"{self._resource.name} id/{state.new_id()}", self._resource.id_property
            )
        raise NoValue

    def _with_parents(self, record: Json, arguments: Mapping[str, Any]) -> Json:
        """Return a record with the ids of the path's parents in its properties of their names."""
        by_plain = {plain(name): name for name in self._forms.properties(self._resource.schema)}
        changes = {}
        for parent in self._resource.parents:
            name = by_plain.get(plain(parent))
            if name is not None and name != self._resource.id_property:
                changes[name] = arguments.get(parent)
        return self._forms.overlaid(self._resource.schema, record, changes) if changes else record

    def _change(self, use: Use) -> Handler:
        def change(state: VendorState, request: RequestFacts, body: Any = None, **arguments: Any) -> Reply:
            stored = self._stored(state, arguments)
            if stored is None:
                return self._unknown(use, arguments)
            base = without_marks(stored)
            if patch_kind(request, body):
                changed = patched_record(self._forms, self._resource, use, base, request, body)
                return self._store(state, use, stored, changed)
            return self._write(state, use, stored, base, at(body, use.sent_place) if use.sent_place else body)

        return change

    def _replace(self, use: Use) -> Handler:
        def replace(state: VendorState, body: Any = None, **arguments: Any) -> Reply:
            sent = at(body, use.sent_place) if use.sent_place else body
            stored = self._kept(state, arguments)
            key = key_text(arguments.get(self._resource.id_parameter))
            if stored is None:
                declared = use.operation.responses
                if "201" not in declared and any(each in declared for each in ("404", "410", "4XX", "default")):
                    return self._unknown(use, arguments)
                try:
                    made = self.new_record(state, sent, arguments, key)
                except NoValue:
                    return self._sample(use)
                self._collection(state).put(made)
                self._deleted(state).delete(self._deleted_key(made[KEY], made[PARENT]))
                self._outgoing.announce(state, self._resource, use, CREATE, made)
                return self._show(use, without_marks(made), 201 if "201" in declared else 0)
            return self._write(state, use, stored, without_marks(stored), sent)

        return replace

    def _upsert(self, use: Use) -> Handler:
        """Return the handler of ``PUT /pet``: it changes the record whose id its body has, or creates it."""

        def upsert(state: VendorState, body: Any = None, **arguments: Any) -> Reply:
            sent = at(body, use.sent_place) if use.sent_place else body
            key = self._forms.known_part(self._resource.schema, sent).get(self._resource.id_property)
            named = {**arguments, self._resource.id_parameter: key}
            stored = None if key is None else self._kept(state, named)
            if stored is not None:
                return self._write(state, use, stored, without_marks(stored), sent)
            declared = use.operation.responses
            if "201" not in declared and any(each in declared for each in ("404", "410", "4XX")):
                raise Refused(404, f"there is no {self._resource.singular} {key!r}")
            try:
                made = self.new_record(state, sent, arguments)
            except NoValue:
                return self._sample(use)
            self._collection(state).put(made)
            self._outgoing.announce(state, self._resource, use, CREATE, made)
            return self._show(use, without_marks(made), 201 if "201" in declared else 0)

        return upsert

    def _write(self, state: VendorState, use: Use, stored: Json, base: Json, sent: Any) -> Reply:
        resource = self._resource
        known = self._forms.known_part(resource.schema, sent)
        known.pop(resource.id_property, None)
        return self._store(state, use, stored, self._forms.overlaid(resource.schema, base, known))

    def _store(self, state: VendorState, use: Use, stored: Json, changed: Json) -> Reply:
        record = self._forms.touched(self._resource.schema, changed, state.now())
        kept = {**record, KEY: stored[KEY], PARENT: stored[PARENT]}
        self._collection(state).put(kept)
        self._outgoing.announce(state, self._resource, use, CHANGE, kept)
        return self._show(use, record)

    def _delete(self, use: Use) -> Handler:
        def delete(state: VendorState, **arguments: Any) -> Reply:
            stored = self._stored(state, arguments)
            if stored is None:
                return self._unknown(use, arguments)
            self._collection(state).delete(stored[KEY])
            self._deleted(state).put({KEY: self._deleted_key(stored[KEY], stored[PARENT])})
            self._outgoing.announce(state, self._resource, use, DELETE, stored)
            if use.schema is None:
                return self._sample(use)
            return self._show_deleted(use, without_marks(stored))

        return delete

    def _show_deleted(self, use: Use, record: Json) -> Reply:
        try:
            body = self._forms.fitted(use.schema, use.place or (), record, f"{use.operation.id}")
        except NoValue:
            return self._sample(use)
        if isinstance(body, Mapping) and isinstance(body.get("deleted"), bool):
            marked = {**body, "deleted": True}
            body = marked if self._maker.is_valid(use.schema, marked) else body
        return self._reply(use, body)

    def _action(self, use: Use) -> Handler:
        name = plain(use.operation.path.rstrip("/").rsplit("/", 1)[-1])

        def act(state: VendorState, body: Any = None, **arguments: Any) -> Reply:
            stored = self._stored(state, arguments)
            if stored is None:
                return self._unknown(use, arguments)
            if name in READING:
                return self._sample(use)
            if use.place is None:
                self._outgoing.announce(state, self._resource, use, CHANGE, stored)
                return self._sample(use)
            record = without_marks(stored)
            for value in ACTION_STATES.get(name, ()):
                for field in STATES:
                    if field in record and record[field] != value:
                        record = self._forms.overlaid(self._resource.schema, record, {field: value})
            record = self._forms.overlaid(
                self._resource.schema, record, self._forms.known_part(self._resource.schema, body)
            )
            record = self._forms.touched(self._resource.schema, record, state.now())
            changed = {**record, KEY: stored[KEY], PARENT: stored[PARENT]}
            self._collection(state).put(changed)
            self._outgoing.announce(state, self._resource, use, CHANGE, changed)
            return self._show(use, record)

        return act

    def _collection(self, state: VendorState) -> Collection:
        return state.collection(self._resource.name)

    @staticmethod
    def _deleted(state: VendorState) -> Collection:
        return state.collection(DELETED)

    def _deleted_key(self, key: str, parent: str) -> str:
        return f"{self._resource.name}/{parent}/{key.removeprefix(f'{parent}/')}"

    def _free_key(self, state: VendorState, key: str, parent: str) -> str:
        """Return the key of a new record: its id, after its parents' if a record below others has the same id."""
        collection = self._collection(state)
        other = collection.get(key)
        is_free = other is None or other[PARENT] in ("", parent)
        return key if is_free and f"{parent}/{key}" not in collection else f"{parent}/{key}"

    def _parent(self, arguments: Mapping[str, Any]) -> str:
        return parent_text(self._resource, arguments)

    def _stored(self, state: VendorState, arguments: Mapping[str, Any]) -> Json | None:
        """Return the stored record that a path names, or ``None``; refuse one that was deleted."""
        key = key_text(arguments.get(self._resource.id_parameter))
        found = self._kept(state, arguments)
        if found is None and self._deleted(state).get(self._deleted_key(key, self._parent(arguments))) is not None:
            raise Refused(404, f"{self._resource.singular} {key!r} is deleted")
        return found

    def _kept(self, state: VendorState, arguments: Mapping[str, Any]) -> Json | None:
        """Return the stored record that a path names, whether or not one of this id was deleted."""
        return stored_record(self._collection(state), self._resource, arguments)

    def _find(self, state: VendorState, arguments: Mapping[str, Any]) -> Json | None:
        found = self._stored(state, arguments)
        return None if found is None else without_marks(found)

    def _unknown(self, use: Use, arguments: Mapping[str, Any]) -> Reply:
        """Return a sample where the document declares no answer for an unknown record; refuse it otherwise."""
        key = key_text(arguments.get(self._resource.id_parameter))
        named = "" if self._resource.is_single else f" {key!r}"
        refusal = Refused(404, f"there is no {self._resource.singular}{named}")
        declared = use.operation.responses
        if any(status in declared for status in ("404", "410", "4XX", "default")):
            raise refusal
        try:
            return self._named_sample(use, key)
        except NoValue:
            raise refusal from None

    def _named_sample(self, use: Use, key: str) -> Reply:
        """Return a sample that bears the id that was asked for, if its schema allows that."""
        reply = sampled_reply(use.operation, use.status, self._maker)
        name = self._resource.id_property
        shown = at(reply.body, use.place) if use.place is not None else None
        if name and isinstance(shown, Mapping) and name in shown:
            body = put_at(reply.body, use.place or (), {**shown, name: self._typed_id(key)})
            if self._maker.is_valid(use.schema, body):
                reply.body = body
        return reply

    def _show(self, use: Use, record: Json, status: int = 0) -> Reply:
        """Return an answer that shows a record, or a sample if it shows none or its schema does not allow this one."""
        use = _with_status(use, status) if status else use
        if use.schema is None or use.place is None:
            return self._sample(use)
        key = f"{use.operation.id} {record.get(self._resource.id_property)}"
        try:
            body = self._forms.fitted(use.schema, use.place, record, key)
        except NoValue:
            return self._sample(use)
        return self._reply(use, self._with_id_beside(use, body, record))

    def _with_id_beside(self, use: Use, body: Any, record: Json) -> Any:
        """Return an answer such as ``{"id": 1, "result": {}}`` with the id of its record, if its schema allows it."""
        key = record.get(self._resource.id_property)
        if use.place != ("result",) or key is None or not isinstance(body, Mapping):
            return body
        names = [name for name in self._forms.properties(use.schema) if plain(name) in IDS]
        for beside in (dict.fromkeys(names, each) for each in (key, key_text(key))):
            if self._maker.is_valid(use.schema, {**body, **beside}):
                return {**body, **beside}
        return body

    def _reply(self, use: Use, body: Any, headers: Mapping[str, str] = NO_HEADERS) -> Reply:
        response = use.operation.response(use.status)
        if response is None:
            raise NoValue
        return Reply(body, use.status, {**sampled_headers(use.operation, response, self._maker), **headers})

    def _sample(self, use: Use) -> Reply:
        return any_sampled_reply(use.operation, self._maker, first=use.status)


def _with_status(use: Use, status: int) -> Use:
    """Return a use as another of its declared statuses answers it, with that one's schema."""
    response = use.operation.response(status)
    if status == use.status or response is None:
        return use
    if not is_json(response.media_type):
        return replace(use, status=status, schema=None, place=None)
    schema = response.node["content"][response.media_type].get("schema")
    return replace(use, status=status, schema=schema, place=None if schema is None else use.place)


def _next_number(state: VendorState, name: str) -> int:
    """Return the number of the next record of a resource, counted from 1 in each world."""
    counters = state.collection(COUNTERS)
    number = (counters.get(name) or {"number": 0})["number"] + 1
    counters.put({KEY: name, "number": number})
    return int(number)
