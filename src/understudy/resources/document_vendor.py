"""Vendor made of a foreign document alone: recognised resources, and samples where none is recognised."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from understudy.contract.compiled_operations import Operation
from understudy.contract.document import Document
from understudy.contract.schema_compiler import SchemaCompiler
from understudy.core.steps import Steps
from understudy.core.table import Table, by
from understudy.core.vendor import Handler, Vendor
from understudy.resources.development_credentials import credential_checks, development_credentials
from understudy.resources.entity_tags import has_tags, tagged
from understudy.resources.error_replies import ErrorReplies
from understudy.resources.idempotency import FIRST_REPLIES, idempotent
from understudy.resources.quotas import QUOTA, USUAL_QUOTA, metered
from understudy.resources.recognition import find_resources
from understudy.resources.record_forms import RecordForms
from understudy.resources.references import CheckedReferences, References
from understudy.resources.resource import COUNTERS, DELETED, KEY, PARENT, Resource
from understudy.resources.resource_handlers import ResourceHandlers
from understudy.resources.sampled_replies import sampled_handler
from understudy.resources.start_records import USUAL_COUNT, StartRecords
from understudy.resources.wrapped_calls import call_of, handler_of
from understudy.samples.sample_maker import SampleMaker
from understudy.state.vendor_state import VendorState


@dataclass(frozen=True, slots=True)
class ResourceSettings:
    """Settings of recognised resources.

    ``records`` is the number of start records of each collection. ``checks_references`` refuses references to records
    that do not exist. ``quota`` is the number of calls an hour.
    """

    records: int = USUAL_COUNT
    checks_references: bool = False
    quota: int = USUAL_QUOTA


USUAL = ResourceSettings()


def document_vendor(
    document: Document, operations: tuple[Operation, ...], settings: ResourceSettings = USUAL
) -> Vendor:
    """Return the vendor of a foreign document: each operation has a handler."""
    maker = SampleMaker(document, SchemaCompiler(document, is_lazy=True))
    resources = find_resources(document, operations)
    forms = RecordForms(document, maker)
    handlers = _handlers(resources, forms, maker)
    records = StartRecords(resources, forms, maker, settings.records)
    recognised = dict.fromkeys(handlers, "resource")
    for each in operations:
        handlers.setdefault(each.id, sampled_handler(each, maker))
    return Vendor(
        document.name,
        operations=_with_conventions(operations, handlers, resources, forms, maker, settings),
        fidelities={each.id: "sample" for each in operations} | recognised,
        security=credential_checks(document),
        start=partial(_start, document, records),
        fill=records.fill,
        tables=_tables(resources),
        refuse=ErrorReplies(maker).reply,
        complete=_Completion(resources).complete,
    )


def _handlers(resources: list[Resource], forms: RecordForms, maker: SampleMaker) -> dict[str, Handler]:
    found: dict[str, Handler] = {}
    for resource in resources:
        handlers = ResourceHandlers(resource, forms, maker)
        for use in resource.uses:
            found.setdefault(use.operation.id, handlers.handler(use))
    return found


def _with_conventions(
    operations: Iterable[Operation],
    handlers: Mapping[str, Handler],
    resources: list[Resource],
    forms: RecordForms,
    maker: SampleMaker,
    settings: ResourceSettings,
) -> dict[str, Handler]:
    """Return the handlers with what is the same for all of them: checked references, tags, keys, quotas."""
    owners = {use.operation.id: (each, use) for each in reversed(resources) for use in reversed(each.uses)}
    tagged_resources = {each.name for each in resources if any(has_tags(use.operation) for use in each.uses)}
    references = CheckedReferences(References(resources), forms, maker)
    made = {}
    for operation in operations:
        call, owner = call_of(handlers[operation.id]), owners.get(operation.id)
        if settings.checks_references and owner is not None:
            call = references.checked(*owner, call)
        if has_tags(operation) or (owner is not None and owner[0].name in tagged_resources):
            call = tagged(operation, call, maker, owner)
        call = metered(operation, idempotent(operation, call, forms), settings.quota)
        made[operation.id] = handler_of(call)
    return made


def _start(
    document: Document, records: StartRecords, state: VendorState, _cast: Any, _options: Mapping[str, Any]
) -> Steps[dict[str, str]]:
    """Add the start records, if there are few collections; return the development credentials, in steps."""
    yield from records.fill_all(state)
    return development_credentials(document)


def _tables(resources: list[Resource]) -> tuple[Table, ...]:
    named = (Table(each.name, KEY, by(PARENT)) for each in resources)
    return (*named, *(Table(name, KEY) for name in (COUNTERS, DELETED, FIRST_REPLIES, QUOTA)))


class _Completion:
    """Marks of records that a user writes directly."""

    def __init__(self, resources: list[Resource]) -> None:
        self._resources = {each.name: each for each in resources}

    def complete(self, _state: Any, collection: str, record: Mapping[str, Any]) -> dict[str, Any]:
        """Return a record with the properties by which it is stored."""
        resource = self._resources.get(collection)
        key = record.get(resource.id_property) if resource is not None and resource.id_property else None
        return {PARENT: "", **record, KEY: str(record.get(KEY, key))}
