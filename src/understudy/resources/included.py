"""JSON:API's compound documents: ``include=author`` adds the related records as ``included``."""

from collections.abc import Iterable, Mapping
from typing import Any

from understudy.core.json_types import Json
from understudy.core.steps import Steps
from understudy.resources.field_selection import named_like
from understudy.resources.record_forms import RecordForms, without_marks
from understudy.resources.resource import Place, Resource, plain
from understudy.samples.sample_maker import NoValue, SampleMaker
from understudy.state.vendor_state import VendorState

INCLUDED = "included"
MAX_INCLUDED = 1000
"""Number of records that are included in one answer."""


class Inclusion:
    """Inclusion of related records by the resources of one document."""

    def __init__(self, resources: Iterable[Resource], forms: RecordForms, maker: SampleMaker) -> None:
        self._forms = forms
        self._maker = maker
        self._by_type: dict[str, Resource] = {}
        for each in sorted(resources, key=lambda found: len(found.parents)):
            for name in (each.singular, each.name):
                self._by_type.setdefault(plain(name), each)

    def is_declared(self, schema: Any) -> bool:
        """Return whether an answer has a place for included records."""
        return INCLUDED in self._forms.properties(schema)

    def included(self, state: VendorState, schema: Any, records: list[Any], paths: list[Place]) -> Steps[list[Json]]:
        """Return the records to which those of an answer are related by the paths, each once; in steps."""
        items = self._forms.items_at(schema, (INCLUDED,))
        found: dict[tuple[str, str], Json] = {}
        for record in records:
            for path in paths:
                yield from self._add(state, items, record, path, found)
        return list(found.values())[:MAX_INCLUDED]

    def _add(
        self, state: VendorState, items: Any, record: Any, path: Place, found: dict[tuple[str, str], Json]
    ) -> Steps[None]:
        if not path or len(found) >= MAX_INCLUDED:
            return
        for each in identifiers(record, path[0]):
            mark = (str(each["type"]), str(each["id"]))
            if mark not in found:
                related = self._related(state, items, *mark)
                if related is None:
                    continue
                found[mark] = related
                yield
            yield from self._add(state, items, found[mark], path[1:], found)

    def _related(self, state: VendorState, items: Any, kind: str, key: str) -> Json | None:
        resource = self._by_type.get(plain(kind))
        stored = None if resource is None else state.collection(resource.name).get(key)
        if stored is None:
            return None
        try:
            shown = self._forms.fitted(items, (), without_marks(stored), f"included {kind} {key}")
        except NoValue:
            return None
        is_it = isinstance(shown, Mapping) and (shown.get("type"), str(shown.get("id"))) == (kind, key)
        return dict(shown) if is_it else None


def identifiers(record: Any, name: str) -> list[Mapping[str, Any]]:
    """Return the resource identifiers (``type`` and ``id``) of a record's relationship."""
    relationships = record.get("relationships") if isinstance(record, Mapping) else None
    if not isinstance(relationships, Mapping):
        return []
    found = relationships.get(named_like(name, relationships))
    data = found.get("data") if isinstance(found, Mapping) else None
    listed = data if isinstance(data, list) else [data]
    return [each for each in listed if isinstance(each, Mapping) and "id" in each and "type" in each]
