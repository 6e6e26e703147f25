"""Kinds of a user's own document: a record of each of its schemas, and of each collection that is recognised in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from understudy.casting.kind import Kind, Make, Record
from understudy.casting.population.lazy_cast import LazyCast
from understudy.contract.compiled_operations import compile_operations
from understudy.contract.document import Document
from understudy.contract.foreign.loading import load_foreign
from understudy.contract.schema_compiler import compiler_of
from understudy.core.misconfigured import Misconfigured

MAX_DOCUMENTS = 8
"""Number of documents whose kinds are kept."""


@dataclass(frozen=True, slots=True)
class DocumentSource:
    """Source of a user's document: its name and address, folder of its cache, hosts of its references, overlays."""

    name: str
    entry: str
    cache: Path | None = None
    hosts: tuple[str, ...] = ()
    overlays: tuple[Path, ...] = ()


@lru_cache(maxsize=MAX_DOCUMENTS)
def document_kinds(source: DocumentSource) -> Mapping[str, Kind]:
    """Return the kinds of a document: ``acme.customers`` of a collection, ``acme.Customer`` of a schema."""
    document = load_foreign(source.name, source.entry, source.cache, source.hosts, source.overlays)
    makers = import_module("understudy.samples.sample_maker")  # late: it imports Faker, which takes long
    maker = makers.SampleMaker(document, compiler_of(document, is_lazy=True))
    found = {kind.name: kind for kind in _collections(document, maker)}
    for kind in _schemas(document, maker):
        found.setdefault(kind.name, kind)
    return found


def _collections(document: Document, maker: Any) -> Iterator[Kind]:
    recognition = import_module("understudy.resources.recognition")  # late: the same
    for resource in recognition.find_resources(document, compile_operations(document)):
        name = f"{document.name}.{resource.name}"
        summary = f"Records of the collection {resource.collection_path}."
        yield _Records(name, resource.schema, maker, resource.id_property or "").kind(summary, document)


def _schemas(document: Document, maker: Any) -> Iterator[Kind]:
    for name in sorted(document.raw.get("components", {}).get("schemas", {})):
        reference = {"$ref": f"#/components/schemas/{name.replace('~', '~0').replace('/', '~1')}"}
        if maker.type_of(reference) == "object":
            records = _Records(f"{document.name}.{name}", reference, maker, "id")
            yield records.kind(f"Values of the schema {name}.", document, name)


class _Records:
    """Records of one schema: generated, not the document's examples, so that each is another."""

    def __init__(self, name: str, schema: Any, maker: Any, id_name: str) -> None:
        self._name = name
        self._schema = schema
        self._maker = maker
        self._id_name = id_name

    def kind(self, summary: str, document: Document, schema: str = "") -> Kind:
        """Return the kind of the records."""
        return Kind(
            self._name,
            summary,
            self._open,
            schema=schema,
            document=document,
            record_schema=self._schema,
            ignores=("people",),
        )

    def _open(self, cast: LazyCast) -> Make:
        scenario = cast.scenario
        maker = self._maker.of(scenario.seed, scenario.chosen_locale or self._maker.locale)
        return lambda numbers: [self._record(maker, number) for number in numbers]

    def _record(self, maker: Any, number: int) -> Record:
        made = maker.generated_or_none(self._schema, f"{self._name.partition('.')[2]} {number}")
        if not isinstance(made, dict):
            raise Misconfigured(f"{self._name}: no record was found that its schema allows")
        shown = made.get(self._id_name)
        if isinstance(shown, int) and not isinstance(shown, bool):  # numbers would soon be repeated
            numbered = {**made, self._id_name: number + 1}
            made = numbered if maker.is_valid(self._schema, numbered) else made
        return made
