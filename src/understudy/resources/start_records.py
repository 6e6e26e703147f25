"""Start records of resources: generated when a collection is first used, with references that lead to each other."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from understudy.core.json_types import Json
from understudy.core.steps import Steps, run_to_end
from understudy.resources.record_forms import RecordForms
from understudy.resources.record_ids import numbered
from understudy.resources.references import References
from understudy.resources.resource import COUNTERS, KEY, PARENT, Resource, key_text, plain
from understudy.samples.sample_maker import NoValue, SampleMaker
from understudy.state.vendor_state import VendorState

USUAL_COUNT = 3
MAX_AT_ONCE = 20
"""Number of start records of a collection up to which they are made in one piece."""

MAX_RELATED = 3
"""Number of records in one relationship of a start record."""

MAX_EAGER = 20
"""Number of resources up to which the collections of a document are filled at the start."""


class StartRecords:
    """Start records of the resources of one document."""

    def __init__(
        self,
        resources: list[Resource],
        forms: RecordForms,
        maker: SampleMaker,
        count: int,
        counts: Iterable[tuple[str, int]] = (),
    ) -> None:
        """Make start records: ``count`` of each collection, but for those that ``counts`` names."""
        self._resources = {each.name: each for each in resources if not each.is_single}
        self._references = References(resources)
        self._forms = forms
        self._maker = maker
        self._count = count
        self._counts = dict(counts)
        self._raw: dict[tuple[int, str, int], Json | None] = {}

    def count(self, name: str) -> int:
        """Return the number of start records of a collection."""
        return self._counts.get(name, self._count)

    def fill(self, state: VendorState, name: str) -> None:
        """Add the start records of a collection, unless that is done or the name is of no resource."""
        run_to_end(self._fill(state, name))

    def _fill(self, state: VendorState, name: str) -> Steps[None]:
        resource = self._resources.get(name)
        counters = state.collections[COUNTERS]
        if resource is None or name in counters:
            return
        collection = state.collections[name]
        for number in range(self.count(name)):
            record = self._record(resource, state.seed, number)
            if record is not None and record[KEY] not in collection:
                collection.put(record)
            yield
            if name in counters:  # another request was faster
                return
        counters.put({KEY: name, "number": self.count(name)})

    def steps_before(self, state: VendorState, resource: Resource) -> Steps[None] | None:
        """Return the steps that add the start records to which an operation leads, if these are many and not there."""
        if max(self._count, *self._counts.values(), 0) <= MAX_AT_ONCE:
            return None
        names = [name for name in self._reached(resource) if name not in state.collections[COUNTERS]]
        return self._fill_each(state, names) if names else None

    def _fill_each(self, state: VendorState, names: list[str]) -> Steps[None]:
        for name in names:
            yield from self._fill(state, name)

    def _reached(self, resource: Resource) -> list[str]:
        """Return the names of a resource, of those above it, and of those to which its records refer."""
        referred = (self._references.target(resource, name) for name in self._forms.properties(resource.schema))
        found = [resource, *self._references.parents(resource).values(), *filter(None, referred)]
        return list(dict.fromkeys(each.name for each in found if each.name in self._resources))

    def fill_all(self, state: VendorState) -> Steps[None]:
        """Add the start records of all collections, if there are few of them, in steps."""
        if len(self._resources) <= MAX_EAGER:
            for name in self._resources:
                yield from self._fill(state, name)

    def _record(self, resource: Resource, seed: int, number: int) -> Json | None:
        """Return a start record, or ``None`` if none can be made."""
        raw = self._raw_record(resource, seed, number)
        if raw is None:
            return None
        changes = {}
        for name in raw:
            target = self._references.target(resource, name)
            found = None if target is None else self._id(target, seed, number % max(self.count(target.name), 1))
            if found is not None:
                changes[name] = found
        if isinstance(raw.get("relationships"), Mapping):
            changes["relationships"] = self._related(raw["relationships"], seed, number)
        ids = self._parent_ids(resource, seed, number)
        by_plain = {plain(name): name for name in raw}
        for parent, value in zip(resource.parents, ids, strict=True):
            if plain(parent) in by_plain and by_plain[plain(parent)] != resource.id_property:
                changes[by_plain[plain(parent)]] = value
        record = self._forms.overlaid(resource.schema, raw, changes) if changes else raw
        key = key_text(record[resource.id_property]) if resource.id_property in record else str(number + 1)
        return {**record, KEY: key, PARENT: "/".join(map(key_text, ids))}

    def _related(self, relationships: Mapping[str, Any], seed: int, number: int) -> Json:
        """Return JSON:API's relationships with the ids of start records in place of generated ones."""

        def led(identifier: Any, number: int) -> Any:
            target = self._references.of_type(identifier)
            found = None if target is None else self._id(target, seed, number % max(self.count(target.name), 1))
            return identifier if found is None else {**identifier, "id": found}

        made = {}
        for name, each in relationships.items():
            data = each.get("data") if isinstance(each, Mapping) else None
            if isinstance(data, list):
                led_to = [led(one, number + place) for place, one in enumerate(data[:MAX_RELATED])]
                data = [one for place, one in enumerate(led_to) if one not in led_to[:place]]
            made[name] = (
                each if data is None else {**each, "data": data if isinstance(data, list) else led(data, number)}
            )
        return made

    def _raw_record(self, resource: Resource, seed: int, number: int) -> Json | None:
        """Return a generated record, whose references lead nowhere yet."""
        found = (seed, resource.name, number)
        if found not in self._raw:
            self._raw[found] = self._made(resource, seed, number)
        return self._raw[found]

    def _made(self, resource: Resource, seed: int, number: int) -> Json | None:
        try:
            is_named = bool(self._forms.properties(resource.schema))  # else there is nothing but an example
            make = partial(self._maker.of_number, number=number) if is_named else self._maker.value
            made = make(resource.schema, f"{resource.name}/{seed}/start {number}")
        except NoValue:
            return None
        if not isinstance(made, Mapping):
            return None
        name = resource.id_property
        if not name:
            return dict(made)
        part = self._forms.properties(resource.schema).get(name, {})
        wanted = self._documented_id(resource, part) if number == 0 else None
        if wanted is None:
            wanted = self._other_id(resource, resource.id_schema, made.get(name), seed, number)
        return {**made, name: wanted} if wanted is not None else dict(made)

    def _documented_id(self, resource: Resource, part: Any) -> Any:
        """Return the id that the document shows for the path's parameter, so that its examples lead somewhere."""
        for use in resource.uses:
            for parameter in use.operation.parameters:
                if parameter.where == "path" and parameter.argument == resource.id_parameter:
                    shown = [*self._maker.examples(parameter.node), *self._maker.examples(parameter.node["schema"])]
                    for value in [*shown, parameter.default]:
                        if value is not None and self._maker.is_valid(part, value):
                            return value
        return None

    def _other_id(self, resource: Resource, part: Any, shown: Any, seed: int, number: int) -> Any:
        if isinstance(shown, int) and not isinstance(shown, bool) and self._maker.is_valid(part, number + 1):
            return number + 1
        key = f"{resource.name}/{seed}/start id {number}"
        try:
            made = self._maker.generated(part, key, resource.id_property)
            if number and made == self._maker.generated(part, f"{key} again", resource.id_property):
                other = numbered(made, number + 1)  # a schema that describes a single value
                return other if self._maker.is_valid(part, other) else made
        except NoValue:
            return shown
        return made

    def _id(self, resource: Resource, seed: int, number: int) -> Any:
        raw = self._raw_record(resource, seed, number)
        return None if raw is None else raw.get(resource.id_property)

    def _parent_ids(self, resource: Resource, seed: int, number: int) -> list[Any]:
        """Return the ids of the path's parents: those of start records, as far as they are resources themselves."""
        found = []
        parents = self._references.parents(resource)
        for parent in resource.parents:
            target = parents.get(parent)
            value = (
                None
                if target is None
                else self._id(
                    target, seed, number % max(self.count(target.name), 1) if len(resource.parents) == 1 else 0
                )
            )
            found.append(parent if value is None else value)
        return found
