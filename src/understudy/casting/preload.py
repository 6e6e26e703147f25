"""Preload: calls of the vendors' handlers with a scenario's records when a world is built."""

import inspect
from collections.abc import Generator, Iterable, Mapping
from typing import Any

from understudy.casting.kind import Kind, Record
from understudy.casting.kind_registry import find_kind, find_seeding_auth
from understudy.casting.population.lazy_cast import LazyCast
from understudy.casting.scenario import StatedRecord
from understudy.casting.seeding_auth import replace_ids
from understudy.contract.parameters import python_name
from understudy.core.caller import Caller
from understudy.core.media_types import JSON
from understudy.core.misconfigured import Misconfigured
from understudy.core.refused import Refused
from understudy.core.steps import Steps
from understudy.core.vendor import Handler, Vendor
from understudy.state.put_record import check_like_others
from understudy.state.snapshot_format import INDEX_ERRORS, why_unfit
from understudy.state.vendor_state import VendorState
from understudy.vendors.record_checks import put_checked_record
from understudy.vendors.served_vendor import ServedVendor

BATCH_SIZE = 64
"""Number of records that are made at a time: they take one step."""


def preload(cast: LazyCast, vendors: Mapping[str, Vendor], states: Mapping[str, VendorState]) -> Steps[None]:
    """Call the handlers of each served vendor with the scenario's records, in the scenario's order, in steps."""
    for name, count in cast.scenario.records.items():
        kind = find_kind(name)
        if kind.vendor in vendors:
            yield from _call_handlers(cast, kind, range(count), vendors[kind.vendor], states[kind.vendor])


def _call_handlers(cast: LazyCast, kind: Kind, numbers: range, vendor: Vendor, state: VendorState) -> Steps[None]:
    handler = vendor.operations.get(kind.operation)
    if handler is None:
        raise Misconfigured(
            f"{kind.name}: {vendor.name} has no handler for {kind.operation}, so a scenario cannot have such records"
        )
    _, *names = inspect.signature(handler).parameters
    defaults: dict[str, Any] = dict.fromkeys(names)
    if "caller" in defaults:
        defaults["caller"] = vendor.anyone(state) if vendor.anyone else Caller("scenario", is_anyone=True)
    if "url_for" in defaults:
        raise Misconfigured(f"{kind.name}: {kind.operation} names a URL of its request, so a scenario cannot call it")
    make = kind.open_stated(cast)
    ids = find_seeding_auth(kind.vendor).replaced_ids(cast.scenario.credentials.get(kind.vendor, {}))
    for start in range(0, len(numbers), BATCH_SIZE):
        part = numbers[start : start + BATCH_SIZE]
        yield
        for n, record in zip(part, make(part), strict=True):
            try:
                arguments = _arguments(kind, record, defaults)
                given = defaults | (replace_ids(arguments, ids) if ids else arguments)
                yield from _run_handler(handler, state, given)
            except Refused as refused:
                raise Misconfigured(f"{kind.name}: {vendor.name} refuses record {n}: {refused.message}") from refused


def _arguments(kind: Kind, record: Record, known: Mapping[str, Any]) -> dict[str, Any]:
    given: dict[str, Any] = {python_name(name): value for name, value in kind.arguments(record).items()}
    return {name: value for name, value in {**given, "body": record}.items() if name in known}


def _run_handler(handler: Handler, state: VendorState, arguments: Mapping[str, Any]) -> Steps[None]:
    """Run a handler to its end, as one step or, if it returns a generator, in steps."""
    reply = handler(state, **arguments)
    if isinstance(reply, Generator):
        for _ in reply:
            yield
    yield


def add_stated_records(
    records: Iterable[StatedRecord], vendors: Mapping[str, ServedVendor], states: Mapping[str, VendorState]
) -> Steps[None]:
    """Write a scenario's stated records to the served vendors' states, in steps.

    Raises ``Misconfigured`` for an invalid one.
    """
    for stated in records:
        if stated.vendor not in vendors:
            continue
        try:
            yield from _add_stated_record(stated, vendors[stated.vendor], states[stated.vendor])
        except Refused as refused:
            violation = next(iter(refused.violations), None)
            what = f"{violation.path}: {violation.message}" if violation else refused.message
            raise Misconfigured(f"{stated.place}: {what}") from refused


def _add_stated_record(stated: StatedRecord, served: ServedVendor, state: VendorState) -> Steps[None]:
    read = served.vendor.known_records.get(stated.collection)
    if read is None:
        yield from check_like_others(state, stated.collection, stated.record)
        yield from put_checked_record(served, state, stated.collection, stated.record)
        yield
        return
    try:
        for found in read(state, stated.record):
            body = served.by_id[found.operation].body if found.operation else None
            violations = body.media[JSON].violations(found.body) if body else []
            if violations:
                raise Refused(400, "not valid", violations=violations)
            found.write()
            yield
    except INDEX_ERRORS as error:
        raise Refused(400, f"{served.vendor.name} cannot read it: {why_unfit(error, stated.record)}") from None
