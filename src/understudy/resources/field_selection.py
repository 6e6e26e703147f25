"""Selection of the properties of a shown record: those that a client names, or all but those."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from understudy.core.json_types import Json
from understudy.resources.record_forms import RecordForms
from understudy.resources.resource import Place, plain
from understudy.resources.view_parameters import ALL
from understudy.samples.sample_maker import SampleMaker

Required = Callable[[Any], frozenset[str]]
"""Function that returns the names of the properties which a schema requires."""


class FieldSelection:
    """Selection of properties by the schemas of one document: what these require stays."""

    def __init__(self, forms: RecordForms, maker: SampleMaker) -> None:
        self._forms = forms
        self._maker = maker

    def kept(self, schema: Any, record: Json, paths: Iterable[Place], identity: Iterable[str]) -> Json:
        """Return a record with the named properties, its identity and what is required; as it was if that is no form.

        Names that it does not have are passed over.
        """
        paths = [*paths]
        if (ALL,) in paths:
            return record
        for required in (self._forms.required, self._forms.required_by_any):
            made: Json = self._kept(schema, record, paths, frozenset(identity), required)
            if self._maker.is_valid(schema, made):
                return made
        return record

    def _kept(
        self, schema: Any, value: Any, paths: Iterable[Place], identity: frozenset[str], required_by: Required
    ) -> Any:
        if isinstance(value, list):
            items = self._forms.items_at(schema, ())
            return [self._kept(items, each, paths, identity, required_by) for each in value]
        if not isinstance(value, Mapping):
            return value
        wanted: dict[str, list[Place]] = {}
        for path in paths:
            name = named_like(path[0], value)
            if name is not None:
                wanted.setdefault(name, []).append(path[1:])
        required = required_by(schema)
        properties = self._forms.properties(schema)
        made = {}
        for name, part in value.items():
            if name in identity or (name in required and name not in wanted):
                made[name] = part
            elif name in wanted:
                deeper = [path for path in wanted[name] if path]
                is_whole = len(deeper) < len(wanted[name]) or (ALL,) in deeper
                inner = properties.get(name, {})
                made[name] = part if is_whole else self._kept(inner, part, deeper, frozenset({"id"}), required_by)
        return made

    def omitted(self, schema: Any, record: Json, paths: Iterable[Place], identity: Iterable[str]) -> Json:
        """Return a record without the named properties, as far as its schema allows each."""
        fixed = frozenset(identity)
        for path in paths:
            made = self._without(schema, record, path, fixed)
            if made is not record and self._maker.is_valid(schema, made):
                record = made
        return record

    def _without(self, schema: Any, value: Any, path: Place, identity: frozenset[str]) -> Any:
        if isinstance(value, list):
            items = self._forms.items_at(schema, ())
            return [self._without(items, each, path, identity) for each in value]
        name = named_like(path[0], value) if isinstance(value, Mapping) and path else None
        if name is None or (len(path) == 1 and (name in identity or name in self._forms.required(schema))):
            return value
        if len(path) == 1:
            return {key: part for key, part in value.items() if key != name}
        part = self._forms.properties(schema).get(name, {})
        return {**value, name: self._without(part, value[name], path[1:], frozenset({"id"}))}


def named_like(name: str, names: Iterable[str]) -> str | None:
    """Return the name among others that is equal, or else equal without case and punctuation; ``None`` for none."""
    names = [*names]
    if name in names:
        return name
    return next((each for each in names if plain(each) == plain(name) and plain(name)), None)
