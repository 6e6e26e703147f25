"""Handlers of a single record, such as ``/account`` or ``/customers/{id}/settings``: it is there from the start."""

from collections.abc import Mapping
from typing import Any

from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.resources.outgoing_requests import OutgoingRequests
from understudy.resources.record_forms import RecordForms
from understudy.resources.references import References
from understudy.resources.resource import KEY, PARENT, Resource, key_text
from understudy.resources.resource_handlers import ResourceHandlers
from understudy.samples.sample_maker import NoValue, SampleMaker
from understudy.state.vendor_state import VendorState


class SingletonHandlers(ResourceHandlers):
    """Handlers of one single record, or of one for each record above it."""

    def __init__(
        self,
        resource: Resource,
        forms: RecordForms,
        maker: SampleMaker,
        references: References,
        outgoing: OutgoingRequests,
    ) -> None:
        super().__init__(resource, forms, maker, outgoing)
        self._above = references.parents(resource)

    def new_record(self, state: VendorState, sent: Any, arguments: Mapping[str, Any], key: str = "") -> Json:
        """Return the record as it is stored, with what was sent; raise ``NoValue`` if none is found."""
        parent = self._parent(arguments)
        key = key or parent or self._resource.name
        made = self._maker.value(self._resource.schema, f"{self._resource.name}/{state.seed}/{key}")
        if not isinstance(made, Mapping):
            raise NoValue
        known = self._forms.known_part(self._resource.schema, sent)
        record = self._with_parents(self._forms.overlaid(self._resource.schema, dict(made), known), arguments)
        return {**record, KEY: key, PARENT: parent}

    def _stored(self, state: VendorState, arguments: Mapping[str, Any]) -> Json | None:
        """Return the record that a path names; refuse one that was deleted. It is made when it is first used."""
        parent = self._parent(arguments)
        place = self._deleted_key(parent or self._resource.name, parent)
        if self._has_owner(state, arguments) and self._deleted(state).get(place) is not None:
            raise Refused(404, f"{self._resource.singular} is deleted")
        return self._kept(state, arguments)

    def _kept(self, state: VendorState, arguments: Mapping[str, Any]) -> Json | None:
        if not self._has_owner(state, arguments):
            return None
        found = self._collection(state).get(self._parent(arguments) or self._resource.name)
        if found is None:
            try:
                found = self.new_record(state, {}, arguments)
            except NoValue:
                return None
            self._collection(state).put(found)
        return found

    def _has_owner(self, state: VendorState, arguments: Mapping[str, Any]) -> bool:
        """Return whether the records above are there, as far as they are recognised."""
        return all(key_text(arguments.get(name)) in state.collection(each.name) for name, each in self._above.items())
