"""Handlers of the operations on a resource: create, list, read, change, delete, and actions."""

from collections.abc import Mapping
from typing import Any

from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.core.request_facts import RequestFacts
from understudy.core.vendor import Handler
from understudy.resources.paging import Page, Paging, described
from understudy.resources.record_forms import RecordForms, at, put_at, without_marks
from understudy.resources.resource import COUNTERS, DELETED, KEY, PARENT, Resource, Use, plain
from understudy.resources.sampled_replies import any_sampled_reply, sampled_headers, sampled_reply
from understudy.samples.sample_maker import NoValue, SampleMaker
from understudy.state.collection import Collection
from understudy.state.vendor_state import VendorState

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

    def __init__(self, resource: Resource, forms: RecordForms, maker: SampleMaker) -> None:
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
        filters = self._filters(use, paging)

        def list_records(state: VendorState, request: RequestFacts, **arguments: Any) -> Reply:
            records = self._chosen(state, request, arguments, filters)
            page = paging.page([record[KEY] for record in records], arguments)
            shown = [without_marks(record) for record in records[page.start : page.stop]]
            last = records[page.stop - 1][KEY] if 0 < page.stop <= len(records) else ""
            return self._show_list(use, shown, page, last if paging.takes_key else "")

        return list_records

    def _chosen(
        self,
        state: VendorState,
        request: RequestFacts,
        arguments: Mapping[str, Any],
        filters: Mapping[str, tuple[str, str]],
    ) -> list[Json]:
        """Return the records below the path's parents that the query's filters leave, the oldest first."""
        collection = self._collection(state)
        parent = self._parent(arguments)
        records = [*collection] if not self._resource.parents else collection.find(PARENT, parent)
        for argument, (parameter, name) in filters.items():
            wanted = arguments.get(argument)
            if wanted is not None and parameter in request.query:  # a default is no wish
                records = [record for record in records if _fits(record.get(name), wanted)]
        return records

    def _filters(self, use: Use, paging: Paging) -> dict[str, tuple[str, str]]:
        """Return the record's property by which each parameter of the query filters, by the parameter's argument."""
        properties = self._forms.properties(self._resource.schema)
        by_plain = {plain(name): name for name in properties}
        found = {}
        for parameter in use.operation.parameters:
            if parameter.where != "query" or parameter.argument in paging.names:
                continue
            name = by_plain.get(plain(parameter.name)) or by_plain.get(plain(parameter.name.removeprefix("filter")))
            if name is not None:
                found[parameter.argument] = (parameter.name, name)
        return found

    def _show_list(self, use: Use, records: list[Json], page: Page, last_key: str) -> Reply:
        place = use.place or ()
        key = f"{use.operation.id} list"
        try:
            base = [] if not place else self._maker.value(use.schema, key)
        except NoValue:
            base = {}
        fitting = [record for record in (self._item(use, record) for record in records) if record is not None]
        body = put_at(base, place, fitting)
        for candidate in (described(body, place, page, last_key), body):
            if self._maker.is_valid(use.schema, candidate):
                return self._reply(use, candidate)
        return self._sample(use)

    def _item(self, use: Use, record: Json) -> Any:
        """Return a record in the form of a list's items, or ``None`` if it has none."""
        items = self._forms.items_at(use.schema, use.place or ())
        if self._maker.is_valid(items, record):
            return record
        try:
            return self._forms.fitted(
                items, (), record, f"{use.operation.id} item {record.get(self._resource.id_property)}"
            )
        except NoValue:
            return None

    def _create(self, use: Use) -> Handler:
        def create(state: VendorState, body: Any = None, **arguments: Any) -> Reply:
            collection = self._collection(state)
            sent = at(body, use.sent_place) if use.sent_place else body
            try:
                record = self._new_record(state, sent, arguments)
            except NoValue:
                return self._sample(use)
            collection.put(record)
            self._deleted(state).delete(self._deleted_key(record[KEY]))
            return self._show(use, without_marks(record))

        return create

    def _new_record(self, state: VendorState, sent: Any, arguments: Mapping[str, Any], key: str = "") -> Json:
        resource = self._resource
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
                record = {**record, name: self._free_id(self._collection(state), record.get(name), state)}
            key = str(record.get(name))
        record = self._with_parents(record, arguments)
        return {**record, KEY: key, PARENT: self._parent(arguments)}

    def _typed_id(self, key: str) -> Any:
        part = self._forms.properties(self._resource.schema).get(self._resource.id_property, {})
        return self._forms.typed(part, key)

    def _free_id(self, collection: Collection, made: Any, state: VendorState) -> Any:
        """Return an id of the schema's kind that no record has: the generated one, or one after the highest number."""
        part = self._forms.properties(self._resource.schema).get(self._resource.id_property, {})
        if isinstance(made, int) and not isinstance(made, bool):
            taken = [int(key) for key in list(collection.keys()) if key.isdigit()]
            found = max(taken, default=0) + 1
            return found if self._maker.is_valid(part, found) else made
        number = 0
        while made is None or str(made) in collection or (isinstance(made, str) and not made):
            number += 1
            made = self._maker.generated(part, f"{self._resource.name} id/{state.new_id()}", self._resource.id_property)
            if number > 50:
                raise NoValue
        return made

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
        def change(state: VendorState, body: Any = None, **arguments: Any) -> Reply:
            stored = self._stored(state, arguments)
            if stored is None:
                return self._unknown(use, arguments)
            sent = at(body, use.sent_place) if use.sent_place else body
            return self._write(state, use, stored, without_marks(stored), sent)

        return change

    def _replace(self, use: Use) -> Handler:
        def replace(state: VendorState, body: Any = None, **arguments: Any) -> Reply:
            sent = at(body, use.sent_place) if use.sent_place else body
            stored = self._stored(state, arguments)
            key = str(arguments.get(self._resource.id_parameter))
            if stored is None:
                creates = use.operation.response(201) is not None and "201" in use.operation.responses
                if not creates:
                    return self._unknown(use, arguments)
                try:
                    made = self._new_record(state, sent, arguments, key)
                except NoValue:
                    return self._sample(use)
                self._collection(state).put(made)
                return self._show(use, without_marks(made), 201)
            return self._write(state, use, stored, without_marks(stored), sent)

        return replace

    def _write(self, state: VendorState, use: Use, stored: Json, base: Json, sent: Any) -> Reply:
        resource = self._resource
        known = self._forms.known_part(resource.schema, sent)
        known.pop(resource.id_property, None)
        record = self._forms.touched(resource.schema, self._forms.overlaid(resource.schema, base, known), state.now())
        self._collection(state).put({**record, KEY: stored[KEY], PARENT: stored[PARENT]})
        return self._show(use, record)

    def _delete(self, use: Use) -> Handler:
        def delete(state: VendorState, **arguments: Any) -> Reply:
            stored = self._stored(state, arguments)
            if stored is None:
                return self._unknown(use, arguments)
            self._collection(state).delete(stored[KEY])
            self._deleted(state).put({KEY: self._deleted_key(stored[KEY])})
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
            if use.place is None:
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
            self._collection(state).put({**record, KEY: stored[KEY], PARENT: stored[PARENT]})
            return self._show(use, record)

        return act

    def _collection(self, state: VendorState) -> Collection:
        return state.collection(self._resource.name)

    @staticmethod
    def _deleted(state: VendorState) -> Collection:
        return state.collection(DELETED)

    def _deleted_key(self, key: str) -> str:
        return f"{self._resource.name}/{key}"

    def _parent(self, arguments: Mapping[str, Any]) -> str:
        return "/".join(str(arguments.get(name)) for name in self._resource.parents)

    def _stored(self, state: VendorState, arguments: Mapping[str, Any]) -> Json | None:
        """Return the stored record that a path names; ``None`` if there is none below its parents."""
        key = str(arguments.get(self._resource.id_parameter))
        found = self._collection(state).get(key)
        if found is None:
            if self._deleted(state).get(self._deleted_key(key)) is not None:
                raise Refused(404, f"{self._resource.singular} {key!r} is deleted")
            return None
        return found if found[PARENT] in ("", self._parent(arguments)) else None

    def _find(self, state: VendorState, arguments: Mapping[str, Any]) -> Json | None:
        found = self._stored(state, arguments)
        return None if found is None else without_marks(found)

    def _unknown(self, use: Use, arguments: Mapping[str, Any]) -> Reply:
        """Return a sample where the document declares no answer for an unknown record; refuse it otherwise."""
        key = arguments.get(self._resource.id_parameter)
        refusal = Refused(404, f"there is no {self._resource.singular} {key!r}")
        declared = use.operation.responses
        if any(status in declared for status in ("404", "410", "4XX", "default")):
            raise refusal
        try:
            return self._named_sample(use, str(key))
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
        if use.schema is None or use.place is None:
            return self._sample(use)
        key = f"{use.operation.id} {record.get(self._resource.id_property)}"
        try:
            return self._reply(use, self._forms.fitted(use.schema, use.place, record, key), status)
        except NoValue:
            return self._sample(use)

    def _reply(self, use: Use, body: Any, status: int = 0) -> Reply:
        response = use.operation.response(status or use.status)
        if response is None:
            raise NoValue
        return Reply(body, status or use.status, sampled_headers(use.operation, response, self._maker))

    def _sample(self, use: Use) -> Reply:
        return any_sampled_reply(use.operation, self._maker, first=use.status)


def _next_number(state: VendorState, name: str) -> int:
    """Return the number of the next record of a resource, counted from 1 in each world."""
    counters = state.collection(COUNTERS)
    number = (counters.get(name) or {"number": 0})["number"] + 1
    counters.put({KEY: name, "number": number})
    return int(number)


def _fits(value: Any, wanted: Any) -> bool:
    """Return whether a record's value is the one that a filter wants, or among those that it wants."""
    if isinstance(wanted, list):
        return any(_fits(value, each) for each in wanted)
    if isinstance(value, list):
        return any(_fits(each, wanted) for each in value)
    if isinstance(value, bool) or isinstance(wanted, bool):
        return value is wanted
    return value == wanted or (value is not None and str(value) == str(wanted))
