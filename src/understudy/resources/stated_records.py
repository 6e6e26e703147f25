"""Records that a scenario states for a resource: completed as by a create, and put where a client finds them."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from understudy.core.json_types import Json
from understudy.core.known_record import KnownRecord
from understudy.core.misconfigured import nearest
from understudy.core.refused import Refused
from understudy.resources.record_forms import RecordForms, merged
from understudy.resources.references import References
from understudy.resources.resource import KEY, PARENT, Resource, plain
from understudy.resources.resource_handlers import ResourceHandlers
from understudy.samples.sample_maker import NoValue, SampleMaker
from understudy.state.vendor_state import VendorState

MAX_DEPTH = 12
"""Levels of a record down to which its names are checked."""


class StatedRecords:
    """Reader of the records that a scenario states for one resource."""

    def __init__(
        self,
        resource: Resource,
        handlers: ResourceHandlers,
        forms: RecordForms,
        maker: SampleMaker,
        references: References,
    ) -> None:
        self._resource = resource
        self._handlers = handlers
        self._forms = forms
        self._maker = maker
        self._references = references
        self._parents = references.parents(resource)

    def read(self, state: VendorState, stated: Json) -> Iterator[KnownRecord]:
        """Yield the record to write; raise ``Refused`` for unknown names, invalid values and a missing parent."""
        parents = {argument: self._parent(argument, stated) for argument in self._resource.parents}
        own = {name: value for name, value in stated.items() if not self._names_parent(name)}
        self._check_names(self._resource.schema, own, "", 0)
        try:
            made = self._handlers.new_record(state, own, parents)
        except NoValue:
            raise Refused(400, f"no record of {self._resource.name} was found that its schema allows") from None
        record = merged(made, own)
        shown = {name: value for name, value in record.items() if name not in (KEY, PARENT)}
        violations = self._maker.violations(self._resource.schema, shown)
        if violations:
            raise Refused(400, "not valid", violations=violations)
        yield KnownRecord("", record, partial(self._write, state, record))

    def _write(self, state: VendorState, record: Json) -> None:
        state.collection(self._resource.name).put(record)

    def _parent_names(self, argument: str) -> list[str]:
        """Return the names, beside a record's properties, under which it may state the id of a parent."""
        parent = self._parents.get(argument)
        names = [argument, *([f"{parent.singular}_id"] if parent else [])]
        return [name for name in names if name != self._resource.id_property]

    def _names_parent(self, name: str) -> bool:
        is_property = name in self._forms.properties(self._resource.schema)
        return not is_property and any(name in self._parent_names(each) for each in self._resource.parents)

    def _parent(self, argument: str, stated: Mapping[str, Any]) -> Any:
        names = self._parent_names(argument)
        for name, value in stated.items():
            is_named = name != self._resource.id_property and plain(name) == plain(argument)
            parent = self._parents.get(argument)
            is_reference = parent is not None and self._references.target(self._resource, name) is parent
            if (name in names or is_named or is_reference) and isinstance(value, str | int):
                return value
        wanted = names[-1] if names else argument
        raise Refused(400, f"{wanted} is missing: records of {self._resource.name} are below another record")

    def _check_names(self, schema: Any, value: Any, place: str, depth: int) -> None:
        """Raise ``Refused`` for a name that the schema of an object does not have, at any depth."""
        if depth > MAX_DEPTH:
            return
        if isinstance(value, list):
            for number, each in enumerate(value):
                self._check_names(self._forms.items_at(schema, ()), each, f"{place}[{number}]", depth + 1)
        if not isinstance(value, Mapping):
            return
        properties = self._forms.properties(schema)
        for name, part in value.items():
            where = f"{place}.{name}" if place else str(name)
            if name not in properties and properties and not self._forms.takes_others(schema):
                hint = nearest(str(name), properties) or f"; known are {', '.join(properties)}"
                raise Refused(400, f"unknown property {where!r}{hint}")
            self._check_names(properties.get(name, {}), part, where, depth + 1)
