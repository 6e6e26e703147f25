"""References in stored records of a document: the records that their properties and their parents' ids lead to."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from understudy.core.json_pointer import escape
from understudy.resources.references import MAX_DEPTH, NOWHERE, References
from understudy.resources.resource import KEY, PARENT, Resource, key_text, singular

OWN = frozenset((KEY, PARENT))
Found = tuple[str, str, str]
"""Place of a reference (a JSON pointer), and the collection and the key of the record that it leads to."""


class RecordReferences:
    """References between the stored records of one document's resources."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self._by_name = {each.name: each for each in resources}
        self._references = References(self._by_name.values())

    def find(self, collection: str, record: Mapping[str, Any]) -> Iterator[Found]:
        """Yield the references of a record; the records that they lead to need not exist."""
        resource = self._by_name.get(collection)
        if resource is None:
            return
        parents = self._references.parents(resource)
        for argument, key in zip(resource.parents, str(record.get(PARENT, "")).split("/"), strict=False):
            if argument in parents and key:
                yield f"/{PARENT}", parents[argument].name, key
        for name, value in record.items():
            if name not in OWN and name != resource.id_property:
                yield from self._of_member(resource, name, value, f"/{escape(name)}", 1)

    def _of_member(self, resource: Resource, name: str, value: Any, place: str, depth: int) -> Iterator[Found]:
        target = self._references.target(resource, name)
        if target is None and isinstance(value, list):
            target = self._references.target(NOWHERE, singular(name))
        if target is not None:
            yield from _keys(target, value, place)
        elif depth < MAX_DEPTH:
            yield from self._within(value, place, depth + 1)

    def _within(self, value: Any, place: str, depth: int) -> Iterator[Found]:
        identified = self._references.of_type(value)
        if identified is not None:
            yield f"{place}/id", identified.name, key_text(value["id"])
        elif isinstance(value, Mapping):
            for name, part in value.items():
                yield from self._of_member(NOWHERE, str(name), part, f"{place}/{escape(str(name))}", depth)
        elif isinstance(value, list) and depth < MAX_DEPTH:
            for number, part in enumerate(value):
                yield from self._within(part, f"{place}/{number}", depth + 1)


def _keys(target: Resource, value: Any, place: str) -> Iterator[Found]:
    """Yield the ids that a property holds: one, several, or the id within an object."""
    if isinstance(value, list):
        for number, each in enumerate(value):
            yield from _keys(target, each, f"{place}/{number}")
        return
    if isinstance(value, Mapping):
        place, value = f"{place}/{escape(target.id_property)}", value.get(target.id_property)
    if isinstance(value, str | int) and not isinstance(value, bool) and value != "":
        yield place, target.name, key_text(value)
