"""Conventions that are the same for all operations of a foreign document: references, tags, keys, quotas, views."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from understudy.contract.compiled_operations import Operation
from understudy.contract.document import Document
from understudy.core.option import COUNTS, Option, VendorOptions
from understudy.core.vendor import Handler
from understudy.resources.entity_tags import has_tags, tagged
from understudy.resources.idempotency import idempotent
from understudy.resources.quotas import USUAL_QUOTA, metered
from understudy.resources.record_forms import RecordForms
from understudy.resources.references import CheckedReferences, References
from understudy.resources.resource import KEY, SETTINGS, Resource
from understudy.resources.start_records import USUAL_COUNT
from understudy.resources.views import Views
from understudy.resources.wrapped_calls import call_of, handler_of
from understudy.samples.sample_maker import SampleMaker
from understudy.state.vendor_state import VendorState

FREE, CHECKED = "free", "checked"


@dataclass(frozen=True, slots=True)
class ResourceSettings:
    """Settings of recognised resources.

    ``records`` is the number of start records of each collection. ``checks_references`` refuses references to records
    that do not exist. ``quota`` is the number of calls an hour. ``counts`` are numbers of start records of single
    collections by name.
    """

    records: int = USUAL_COUNT
    checks_references: bool = False
    quota: int = USUAL_QUOTA
    counts: tuple[tuple[str, int], ...] = ()


USUAL = ResourceSettings()
MAX_RECORDS = 100_000
MAX_QUOTA = 1_000_000_000
"""Highest values of the settings."""


def setting_options(settings: ResourceSettings) -> VendorOptions:
    """Return the settings as options that a scenario may set; the server's own are their defaults."""
    return VendorOptions(
        settings={
            "records": Option(str(settings.records), maximum=MAX_RECORDS),
            "references": Option(CHECKED if settings.checks_references else FREE, (FREE, CHECKED)),
            "quota": Option(str(settings.quota), maximum=MAX_QUOTA),
        }
    )


def put_settings(state: VendorState, options: Mapping[str, Any]) -> None:
    """Store the settings that a world's scenario has, so that its forks and snapshots have them, too."""
    known = {name: options[name] for name in ("records", "references", "quota", COUNTS) if name in options}
    if known:
        state.collections[SETTINGS].put({KEY: SETTINGS, **known})


def settings_of(state: VendorState) -> ResourceSettings | None:
    """Return the settings of a world; ``None`` if it was made without."""
    rows = state.collections.get(SETTINGS)
    found = None if rows is None else rows.get(SETTINGS)
    if found is None:
        return None
    counts = tuple(sorted(found.get(COUNTS, {}).items()))
    return ResourceSettings(int(found["records"]), found["references"] == CHECKED, int(found["quota"]), counts)


def with_conventions(
    document: Document,
    operations: Iterable[Operation],
    handlers: Mapping[str, Handler],
    resources: list[Resource],
    forms: RecordForms,
    maker: SampleMaker,
    settings: ResourceSettings,
) -> dict[str, Handler]:
    """Return the handlers with what is the same for all of them: views, checked references, tags, keys, quotas."""
    owners = {use.operation.id: (each, use) for each in reversed(resources) for use in reversed(each.uses)}
    tagged_resources = {each.name for each in resources if any(has_tags(use.operation) for use in each.uses)}
    references = CheckedReferences(References(resources), forms, maker)
    views = Views(document, resources, forms, maker)
    made = {}
    for operation in operations:
        call, owner = call_of(handlers[operation.id]), owners.get(operation.id)
        if owner is not None:
            call = views.viewed(*owner, call)
        if settings.checks_references and owner is not None:
            call = references.checked(*owner, call)
        if has_tags(operation) or (owner is not None and owner[0].name in tagged_resources):
            call = tagged(operation, call, maker, owner)
        call = metered(operation, idempotent(operation, call, forms), settings.quota)
        made[operation.id] = handler_of(call)
    return made
