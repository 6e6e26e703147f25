"""Expansion of a shown record: references are replaced by the records to which they lead, related ones are added."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from understudy.contract.document import Document
from understudy.contract.text_values import CachedTyper
from understudy.core.json_types import Json
from understudy.core.steps import Steps
from understudy.resources.field_selection import named_like
from understudy.resources.record_forms import RecordForms, put_at, without_marks
from understudy.resources.references import NOWHERE, References
from understudy.resources.resource import KEY, PARENT, Place, Resource, plain
from understudy.samples.sample_maker import NoValue, SampleMaker
from understudy.state.vendor_state import VendorState

MAX_PATH = 6
"""Number of names of a path that are followed."""

MAX_RELATED = 100
"""Number of related records that are shown in one other."""

SHOWN_AT_ONCE = 10
"""Number of related records that one step shows."""

READ_AT_ONCE = 200
"""Number of records that one step reads."""

ENDINGS = ("_id", "Id", "ID", "_ids", "Ids", "_uuid", "_key")
"""Endings of the property that holds the reference of one without them."""

MORE = ("has_more", "hasMore")


@dataclass(slots=True)
class Sight:
    """State of a world as one request sees it, with the records that it found by what they refer to.

    ``resource`` and ``arguments`` are those of the request's path.
    """

    state: VendorState
    resource: Resource
    arguments: Mapping[str, Any]
    referring: dict[tuple[str, str], dict[str, list[Json]]] = field(default_factory=dict)


class Expansion:
    """Expansion by the resources of one document."""

    def __init__(
        self, document: Document, resources: Iterable[Resource], forms: RecordForms, maker: SampleMaker
    ) -> None:
        self._document = document
        self._typer = CachedTyper(document)
        self._forms = forms
        self._maker = maker
        self._resources = [each for each in resources if not each.is_single]
        self.references = References(self._resources)
        self._by_reference: dict[str, list[Resource]] = {}
        for each in sorted(self._resources, key=lambda found: len(found.parents)):
            if isinstance(each.schema, Mapping) and "$ref" in each.schema:
                self._by_reference.setdefault(each.schema["$ref"], []).append(each)

    def expanded(self, sight: Sight, resource: Resource, schema: Any, record: Json, path: Place) -> Steps[Json]:
        """Return a record with what a path names; as it was where its schema does not allow that, in steps."""
        made = yield from self._followed(sight, resource, schema, record, path[:MAX_PATH])
        return made if made is record or self._maker.is_valid(schema, made) else record

    def _followed(self, sight: Sight, resource: Resource, schema: Any, value: Any, path: Place) -> Steps[Any]:
        if isinstance(value, list):
            items = self._forms.items_at(schema, ())
            made = list(value)
            for number, each in enumerate(value):
                made[number] = yield from self._followed(sight, resource, items, each, path)
            return made
        if not isinstance(value, Mapping) or not path:
            return value
        properties = self._forms.properties(schema)
        name = named_like(path[0], [*properties, *value]) or path[0]
        part = properties.get(name)
        found = yield from self._replaced(sight, resource, name, part, dict(value))
        if found is None:
            return value
        targets = self._targets(resource, name, part)
        shown = yield from self._followed(sight, targets[0] if targets else NOWHERE, part or {}, found, path[1:])
        return {**value, name: shown} if shown is not value.get(name) else value

    def _replaced(self, sight: Sight, resource: Resource, name: str, part: Any, record: Json) -> Steps[Any]:
        """Return the value of a property with records in place of references, or related records; ``None`` for none."""
        value = record.get(name)
        targets = self._targets(resource, name, part)
        beside = next((record[name + end] for end in ENDINGS if record.get(name + end) not in (None, "")), None)
        if targets and beside is not None:
            value = beside
        if value is None and part is not None and resource is sight.resource:
            above = self.references.parents(resource).items()
            value = next((sight.arguments.get(each) for each, parent in above if parent in targets), None)
        if isinstance(value, list) and targets:
            made = list(value)
            for number, each in enumerate(value):
                made[number] = self._record(sight, targets, part, each, record, in_list=True)
                if number % SHOWN_AT_ONCE == SHOWN_AT_ONCE - 1:
                    yield
            return made
        if targets and _key(value, targets) is not None:
            found = self._record(sight, targets, part, value, record)
            return record.get(name) if found is value else found
        related = yield from self._related(sight, resource, name, part, record)
        return value if related is None else related

    def _record(
        self, sight: Sight, targets: list[Resource], part: Any, value: Any, record: Json, *, in_list: bool = False
    ) -> Any:
        """Return the record to which a value leads, in the form of its property; the value for none."""
        schema = self._forms.items_at(part, ()) if in_list else part
        for target in targets:
            key = _key(value, [target])
            collection = sight.state.collection(target.name)
            stored = collection.get(str(key)) or collection.get(f"{record.get(resource_id(target))}/{key}")
            if stored is not None:
                try:
                    return self._fitted(target.schema if schema is None else schema, target, stored)
                except NoValue:
                    continue
        return value

    def _fitted(self, schema: Any, target: Resource, stored: Json) -> Any:
        record = without_marks(stored)
        found = self._forms.fitted(schema, (), record, f"{target.name} within {stored[KEY]}")
        if isinstance(found, Mapping) and found.get(target.id_property) == record.get(target.id_property):
            return found
        raise NoValue

    def _targets(self, resource: Resource, name: str, part: Any) -> list[Resource]:
        """Return the resources to which a property may lead: by its schema, then by its name."""
        found = [target for each in self._referred(part, 0) for target in self._by_reference.get(each, ())]
        by_name = self.references.target(resource, name) or self.references.target(resource, f"{name}_id")
        return _unique([*found, by_name])

    def _referred(self, part: Any, depth: int) -> Iterator[str]:
        """Yield the named schemas that a property's value, or an item of it, may be of."""
        if not isinstance(part, Mapping) or depth > MAX_PATH:
            return
        if "$ref" in part:
            yield part["$ref"]
            if part["$ref"] not in self._by_reference:
                yield from self._referred(self._document.resolve(part), depth + 1)
        for key in ("anyOf", "oneOf", "allOf"):
            for each in part.get(key, ()):
                yield from self._referred(each, depth + 1)
        yield from self._referred(part.get("items"), depth + 1)

    def _related(self, sight: Sight, resource: Resource, name: str, part: Any, record: Json) -> Steps[Any]:
        """Return the records below this one, or that refer to it, in the form of a property; ``None`` for no such."""
        place = self._list_place(part)
        own = record.get(resource.id_property)
        if place is None or own is None:
            return None
        items = self._forms.items_at(part, place)
        for other in self._others(items, name):
            below = self.references.parents(other)
            if other.parents and below.get(other.parents[-1]) is resource:
                parent = _path_of(sight.state, resource, own)
                rows = sight.state.collection(other.name)
                found: list[Json] | None = [*rows.read([*rows.keys_of(PARENT, parent)][:MAX_RELATED])]
            else:
                found = yield from self._referring(sight, resource, other, str(own))
            if found is not None:
                return (yield from self._listed(part, place, items, other, found, record.get(name)))
        return None

    def _others(self, items: Any, name: str) -> list[Resource]:
        """Return the resources of which related records may be: by the items' schema, then by the name."""
        by_schema = [target for each in self._referred(items, 0) for target in self._by_reference.get(each, ())]
        ends = [each for each in self._resources if plain(each.name) == plain(name)]
        ends += [each for each in self._resources if plain(each.collection_path.rpartition("/")[2]) == plain(name)]
        return _unique([*[each for each in by_schema if each in ends], *ends, *by_schema])

    def _list_place(self, part: Any) -> Place | None:
        """Return where the records are in the value of a property: itself, or its only list."""
        if part is None:
            return None
        if self._typer.items(part) is not None:
            return ()
        properties = self._forms.properties(part)
        lists = [name for name, each in properties.items() if self._typer.items(each) is not None]
        return (lists[0],) if len(lists) == 1 else None

    def _referring(self, sight: Sight, resource: Resource, other: Resource, key: str) -> Steps[list[Json] | None]:
        """Return the records of another resource that refer to one; ``None`` if none of its properties does."""
        names = self._forms.properties(other.schema)
        name = next((each for each in names if self.references.target(other, each) is resource), None)
        if name is None:
            return None
        known = sight.referring.get((other.name, name))
        if known is None:
            known = {}
            for number, row in enumerate(sight.state.collection(other.name)):
                value = row.get(name)
                for each in value if isinstance(value, list) else [value]:
                    found = _key(each, [resource])
                    if found is not None:
                        known.setdefault(str(found), []).append(row)
                if number % READ_AT_ONCE == READ_AT_ONCE - 1:
                    yield
            sight.referring[other.name, name] = known
        return known.get(key, [])[:MAX_RELATED]

    def _listed(self, part: Any, place: Place, items: Any, other: Resource, rows: list[Json], old: Any) -> Steps[Any]:
        """Return records in the form of a property; those that its items' schema does not allow are left out."""
        shown = []
        for number, row in enumerate(rows):
            with suppress(NoValue):
                shown.append(self._fitted(items, other, row))
            if number % SHOWN_AT_ONCE == SHOWN_AT_ONCE - 1:
                yield
        if not place:
            return shown
        if not isinstance(old, Mapping):
            try:
                old = self._maker.value(part, f"{other.name} within")
            except NoValue:
                old = {}
        made = put_at(old, place, shown)
        return {name: False if name in MORE else value for name, value in made.items()}


def resource_id(resource: Resource) -> str:
    """Return the name of the property with a record's id; ``id`` if it has none."""
    return resource.id_property or "id"


def _key(value: Any, targets: list[Resource]) -> Any:
    """Return the id that a value is or has; ``None`` for none."""
    if isinstance(value, Mapping):
        value = next((value[each.id_property] for each in targets if each.id_property in value), None)
    return value if isinstance(value, str | int) and not isinstance(value, bool) and value != "" else None


def _path_of(state: VendorState, resource: Resource, own: Any) -> str:
    """Return the ids in the path of the records below a record, joined with slashes."""
    stored = state.collection(resource.name).get(str(own)) if resource.parents else None
    return f"{stored[PARENT]}/{own}" if stored is not None and stored[PARENT] else str(own)


def _unique(resources: Iterable[Resource | None]) -> list[Resource]:
    return list({id(each): each for each in resources if each is not None}.values())
