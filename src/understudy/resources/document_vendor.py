"""Vendor made of a foreign document alone: recognised resources, and samples where none is recognised."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from understudy.contract.compiled_operations import Operation
from understudy.contract.document import Document
from understudy.contract.schema_compiler import compiler_of
from understudy.core.misconfigured import Misconfigured
from understudy.core.option import COUNTS
from understudy.core.steps import Steps
from understudy.core.table import Table, by
from understudy.core.vendor import Vendor
from understudy.resources.conventions import USUAL, ResourceSettings, put_settings, setting_options
from understudy.resources.development_credentials import credential_checks, development_credentials
from understudy.resources.error_replies import ErrorReplies
from understudy.resources.idempotency import FIRST_REPLIES
from understudy.resources.quotas import QUOTA
from understudy.resources.recognition import find_resources
from understudy.resources.record_references import RecordReferences
from understudy.resources.resource import COUNTERS, DELETED, KEY, PARENT, SETTINGS, Resource, plain
from understudy.resources.world_handlers import RecognisedDocument, WorldHandlers
from understudy.samples.sample_maker import SampleMaker
from understudy.state.vendor_state import VendorState


def document_vendor(
    document: Document, operations: tuple[Operation, ...], settings: ResourceSettings = USUAL
) -> Vendor:
    """Return the vendor of a foreign document: each operation has a handler."""
    maker = SampleMaker(document, compiler_of(document, is_lazy=True))
    resources = find_resources(document, operations)
    handlers = WorldHandlers(RecognisedDocument(document, operations, resources, settings), maker)
    return Vendor(
        document.name,
        operations=handlers.handlers(),
        fidelities={each.id: "resource" if each.id in handlers.recognised else "sample" for each in operations},
        security=credential_checks(document),
        start=partial(_start, document, handlers),
        fill=handlers.fill,
        options=setting_options(settings),
        known_records={each.name: partial(handlers.read_stated, each.name) for each in resources},
        tables=_tables(resources),
        refuse=ErrorReplies(maker).reply,
        complete=_Completion(resources).complete,
        references=RecordReferences(resources).find,
        follow=handlers.follow,
        followed=handlers.followed,
        send_webhook=handlers.send_webhook,
    )


def _start(
    document: Document, handlers: WorldHandlers, state: VendorState, _cast: Any, options: Mapping[str, Any]
) -> Steps[dict[str, str]]:
    """Add the start records, if there are few collections; return the development credentials, in steps."""
    for name in options.get(COUNTS, {}):
        if name in handlers.singles:
            raise Misconfigured(f"{document.name}: {name} is a single record: a scenario states it as a list of one")
    put_settings(state, options)
    yield from handlers.records(state).fill_all(state)
    return development_credentials(document)


def _tables(resources: list[Resource]) -> tuple[Table, ...]:
    named = (Table(each.name, KEY, by(PARENT), identify=partial(_identified, each)) for each in resources)
    return (*named, *(Table(name, KEY) for name in (COUNTERS, DELETED, FIRST_REPLIES, QUOTA, SETTINGS)))


def _identified(resource: Resource, record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record that a user's function stores, with its key and the ids of its parents."""
    by_plain = {plain(name): value for name, value in record.items()}
    key = record.get(resource.id_property) if resource.id_property else None
    if key is None:
        raise ValueError(f"a record of {resource.name} needs its id, {resource.id_property or KEY!r}")
    lacking = [parent for parent in resource.parents if by_plain.get(plain(parent)) is None]
    if lacking and PARENT not in record:
        raise ValueError(
            f"a record of {resource.name} needs {', '.join(map(repr, lacking))}, or {PARENT!r}: ids joined by /"
        )
    parent = "/".join(str(by_plain.get(plain(each))) for each in resource.parents)
    return {PARENT: parent, **record, KEY: str(key)}


class _Completion:
    """Marks of records that a user writes directly."""

    def __init__(self, resources: list[Resource]) -> None:
        self._resources = {each.name: each for each in resources}

    def complete(self, _state: Any, collection: str, record: Mapping[str, Any]) -> dict[str, Any]:
        """Return a record with the properties by which it is stored."""
        resource = self._resources.get(collection)
        key = record.get(resource.id_property) if resource is not None and resource.id_property else None
        return {PARENT: "", **record, KEY: str(record.get(KEY, key))}
