"""Answers of a resource as a request wants its records shown: expanded, and with chosen properties."""

from collections.abc import Generator, Iterable, Mapping
from typing import Any

from understudy.contract.document import Document
from understudy.contract.text_values import TextTyper
from understudy.core.json_types import Json
from understudy.core.reply import Reply
from understudy.core.request_facts import RequestFacts
from understudy.core.steps import Steps
from understudy.resources.expansion import Expansion, Sight
from understudy.resources.field_selection import FieldSelection
from understudy.resources.hinted import view_hint
from understudy.resources.included import INCLUDED, Inclusion
from understudy.resources.record_forms import RecordForms, at, put_at
from understudy.resources.resource import Resource, Use, plain
from understudy.resources.view_parameters import ViewParameters, Wishes
from understudy.resources.wrapped_calls import Answer, Call
from understudy.samples.sample_maker import SampleMaker
from understudy.state.vendor_state import VendorState

SHOWN_AT_ONCE = 5
"""Number of records of a list that are shown in one step, if they are not expanded."""


CHECKED_AT_ONCE = 5
"""Number of records of a list that are checked with the rest of the answer."""


class Views:
    """Views of the records of one document's resources."""

    def __init__(
        self, document: Document, resources: Iterable[Resource], forms: RecordForms, maker: SampleMaker
    ) -> None:
        resources = [*resources]
        self._typer = TextTyper(document)
        self._forms = forms
        self._maker = maker
        self._expansion = Expansion(document, resources, forms, maker)
        self._inclusion = Inclusion(resources, forms, maker)
        self._fields = FieldSelection(forms, maker)

    def viewed(self, resource: Resource, use: Use, call: Call) -> Call:
        """Return a call whose answer shows the records as the request wants; what its schema forbids stays."""
        parameters = ViewParameters(use.operation, self._typer, view_hint(use.operation))
        if use.role == "delete" or use.place is None or use.schema is None or not parameters.names:
            return call

        def view(state: VendorState, request: RequestFacts, body: Any, arguments: Mapping[str, Any]) -> Answer:
            answer = call(state, request, body, arguments)
            wishes = parameters.wishes(request, arguments)
            if wishes is None and not self._includes(use, parameters):
                return answer
            sight = Sight(state, resource, arguments)
            return self._shown(sight, use, answer, (wishes or Wishes()).below(use.place or ()))

        return view

    def _includes(self, use: Use, parameters: ViewParameters) -> bool:
        return "expand" in parameters.described() and self._inclusion.is_declared(use.schema)

    def _shown(self, sight: Sight, use: Use, answer: Answer, wishes: Wishes) -> Generator[Any, None, Reply]:
        reply = (yield from answer) if isinstance(answer, Generator) else answer
        if reply.status // 100 != 2 or reply.body is None:
            return reply
        place = use.place or ()
        found = at(reply.body, place)
        is_list = use.role == "list"
        items = self._forms.items_at(use.schema, place) if is_list else _schema_at(self._forms, use.schema, place)
        records = found if is_list and isinstance(found, list) else [found]
        resource, made = sight.resource, []
        for number, record in enumerate(records):
            if isinstance(record, Mapping):
                made.append((yield from self._record(sight, resource, items, dict(record), wishes)))
            else:
                made.append(record)
            if wishes.expanded or number % SHOWN_AT_ONCE == SHOWN_AT_ONCE - 1:
                yield
        body = put_at(reply.body, place, made if records is found else made[0])
        if self._inclusion.is_declared(use.schema):
            body = yield from self._with_included(sight.state, use, body, records, wishes)
        yield
        if self._maker.is_valid(use.schema, self._sketch(use, body) if resource.id_property else body):
            reply.body = body
        return reply

    def _sketch(self, use: Use, body: Any) -> Any:
        """Return a body with a few records of each list: each record is checked by itself, all at once take long."""
        made = body
        for place in [use.place or ()] * (use.role == "list") + [(INCLUDED,)] * self._inclusion.is_declared(use.schema):
            found = at(body, place)
            if isinstance(found, list) and len(found) > CHECKED_AT_ONCE:
                made = put_at(made, place, found[:CHECKED_AT_ONCE])
        return made

    def _record(self, sight: Sight, resource: Resource, schema: Any, record: Json, wishes: Wishes) -> Steps[Json]:
        for path in wishes.expanded:
            record = yield from self._expansion.expanded(sight, resource, schema, record, path)
        names = [resource.id_property or "id"]
        if wishes.kept is not None:
            narrowed = {path[0] for path in wishes.kept}
            kept = [*wishes.kept, *(path[:1] for path in wishes.expanded if path[0] not in narrowed)]
            record = self._fields.kept(schema, record, kept, names)
        record = self._of_type(schema, record, wishes, resource)
        return self._fields.omitted(schema, record, wishes.omitted, names)

    def _of_type(self, schema: Any, record: Json, wishes: Wishes, resource: Resource | None = None) -> Json:
        """Return a record with the fields of its type: of JSON:API's attributes and relationships, if it has these."""
        kinds = {plain(str(record.get("type")))}
        if resource is not None:
            kinds |= {plain(resource.name), plain(resource.singular)}
        for name, paths in wishes.kept_by_type.items():
            if plain(name) not in kinds:
                continue
            parts = [part for part in ("attributes", "relationships") if isinstance(record.get(part), Mapping)]
            if not parts:
                return self._fields.kept(schema, record, paths, [resource.id_property if resource else "id"])
            made = record
            for part in parts:
                inner = self._forms.properties(schema).get(part, {})
                made = {**made, part: self._fields.kept(inner, record[part], paths, ())}
            record = made if self._maker.is_valid(schema, made) else record
        return record

    def _with_included(self, state: VendorState, use: Use, body: Any, records: list[Any], wishes: Wishes) -> Steps[Any]:
        """Return an answer with the included records that a request asks for, and without others."""
        bare = {name: value for name, value in body.items() if name != INCLUDED}
        if not wishes.expanded:
            return bare if self._maker.is_valid(use.schema, bare) else {**bare, INCLUDED: []}
        items = self._forms.items_at(use.schema, (INCLUDED,))
        found = yield from self._inclusion.included(state, use.schema, records, wishes.expanded)
        return {**bare, INCLUDED: [self._of_type(items, each, wishes) for each in found]}


def _schema_at(forms: RecordForms, schema: Any, place: Iterable[str]) -> Any:
    for name in place:
        schema = forms.properties(schema).get(name, {})
    return schema
