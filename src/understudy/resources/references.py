"""References: properties of a record whose values are ids of other resources' records."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from understudy.core.refused import Refused
from understudy.core.request_facts import RequestFacts
from understudy.resources.record_forms import RecordForms, at
from understudy.resources.resource import Resource, Use, key_text, plain, singular
from understudy.resources.wrapped_calls import Answer, Call, declared_status
from understudy.samples.sample_maker import SampleMaker
from understudy.state.vendor_state import VendorState

TEMPLATE = re.compile(r"\{[^{}]*\}")
ENDINGS = ("ids", "id", "sid", "uuid", "key", "ref", "reference", "")
"""Endings of names of properties that hold references, after the referred record's name."""

MAX_DEPTH = 6
"""Levels of a body at which references are looked for."""

WRITING = frozenset({"create", "change", "replace", "action"})


class References:
    """References between the resources of one document."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self._resources = tuple(resources)
        self._by_noun: dict[str, Resource] = {}
        self._by_shape = {_shape(each).partition(".")[0]: each for each in self._resources if not each.is_single}
        for each in self._resources:
            if not each.parents:
                self._by_noun.setdefault(plain(each.singular), each)

    def target(self, resource: Resource, name: str) -> Resource | None:
        """Return the resource that a property refers to: ``customer_id`` and ``customer`` lead to customers."""
        if name == resource.id_property:
            return None
        for ending in ENDINGS:
            if plain(name).endswith(ending):
                noun = plain(name).removesuffix(ending)
                target = self._by_noun.get(noun) if noun else None
                if target is not None and target.id_property:
                    return target
        return None

    def of_type(self, identifier: Any) -> Resource | None:
        """Return the resource of JSON:API's resource identifier, by its type."""
        is_identifier = (
            isinstance(identifier, Mapping) and "id" in identifier and isinstance(identifier.get("type"), str)
        )
        found = self._by_noun.get(plain(singular(identifier["type"]))) if is_identifier else None
        return found if found is not None and found.id_property else None

    def parents(self, resource: Resource) -> dict[str, Resource]:
        """Return the resources whose items' paths lead to a resource, by the argument with their records' id."""
        segments = _shape(resource).split("/")
        found = {}
        for end in range(2, len(segments)):
            stem = "/".join(segments[:end])
            other, number = self._by_shape.get(stem), stem.count("{}")
            if other is not None and other is not resource and number <= len(resource.parents):
                found[resource.parents[number - 1]] = other
        return found


def _shape(resource: Resource) -> str:
    return TEMPLATE.sub("{}", resource.item_path)


class CheckedReferences:
    """Check of the references in the bodies of requests."""

    def __init__(self, references: References, forms: RecordForms, maker: SampleMaker) -> None:
        self._references = references
        self._forms = forms
        self._maker = maker

    def checked(self, resource: Resource, use: Use, call: Call) -> Call:
        """Return a call that refuses a reference in the body, or a parent in the path, that leads to no record."""
        if use.role not in WRITING:
            return call
        parents = self._references.parents(resource)

        def check(state: VendorState, request: RequestFacts, body: Any, arguments: Mapping[str, Any]) -> Answer:
            for argument, parent in parents.items():
                key = key_text(arguments.get(argument))
                if key not in state.collection(parent.name):
                    status = declared_status(use.operation, 404, 422, 400, 409)
                    raise Refused(status, f"there is no {parent.singular} {key!r}")
            sent = at(body, use.sent_place)
            for place, target, key in self._found(resource, resource.schema, sent, "", 0):
                if key_text(key) not in state.collection(target.name):
                    status = declared_status(use.operation, 422, 400, 404, 409)
                    raise Refused(status, f"{place}: there is no {target.singular} {str(key)!r}")
            return call(state, request, body, arguments)

        return check

    def _found(
        self, resource: Resource, schema: Any, sent: Any, place: str, depth: int
    ) -> Iterator[tuple[str, Resource, Any]]:
        """Yield the place, the resource and the id of each reference in a body."""
        if depth > MAX_DEPTH:
            return
        if isinstance(sent, list):
            items = self._forms.items_at(schema, ())
            for number, each in enumerate(sent):
                yield from self._found(resource, items, each, f"{place}[{number}]", depth + 1)
        if not isinstance(sent, Mapping):
            return
        properties = self._forms.properties(schema)
        for name, value in sent.items():
            where = f"{place}.{name}" if place else str(name)
            target = self._target(resource, str(name), value, is_top=depth == 0)
            if target is not None:
                yield from self._keys(target, name, value, where)
            elif isinstance(value, Mapping | list):
                yield from self._found(resource, properties.get(name, {}), value, where, depth + 1)

    def _target(self, resource: Resource, name: str, value: Any, *, is_top: bool) -> Resource | None:
        if is_top and name == resource.id_property:
            return None
        found = self._references.target(resource, name) if is_top else self._references.target(NOWHERE, name)
        if found is None and isinstance(value, list):
            found = self._references.target(NOWHERE, singular(name))
        return found

    def _keys(self, target: Resource, name: str, value: Any, place: str) -> Iterator[tuple[str, Resource, Any]]:
        """Yield the ids that a property holds: one, several, or the id within an object.

        A property that is only named like the record refers to it if its value has the form of the record's id.
        """
        if isinstance(value, list):
            for number, each in enumerate(value):
                yield from self._keys(target, name, each, f"{place}[{number}]")
            return
        if isinstance(value, Mapping):
            value = value.get(target.id_property)
        if not isinstance(value, str | int) or isinstance(value, bool) or value == "":
            return
        part = self._forms.properties(target.schema).get(target.id_property, {})
        is_named = plain(name) not in (plain(target.singular), plain(target.name))
        if is_named or self._maker.is_valid(part, value):
            yield place, target, value


NOWHERE = Resource("", "", "", "", (), {}, "", {})
"""Resource of objects within others, whose own id has no name that is known."""
