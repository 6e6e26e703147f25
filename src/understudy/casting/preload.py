"""What people have done before a world begins: a scenario's records, told to the vendors' own operations."""

import inspect
from collections.abc import Generator, Mapping
from typing import Any

from understudy.casting.kind import Kind, Record
from understudy.casting.kind_registry import find_kind
from understudy.casting.population.lazy_cast import LazyCast
from understudy.contract.parameters import python_name
from understudy.core.caller import Caller
from understudy.core.misconfigured import Misconfigured
from understudy.core.refused import Refused
from understudy.core.vendor import Handler, Vendor
from understudy.state.vendor_state import VendorState

AT_ONCE = 512


def preload(cast: LazyCast, vendors: Mapping[str, Vendor], worlds: Mapping[str, VendorState]) -> None:
    """Tell the worlds of those who are there all that the scenario's people have done, in the scenario's order."""
    for name, count in cast.scenario.records.items():
        kind = find_kind(name)
        if kind.vendor in vendors:
            _call_handlers(cast, kind, range(count), vendors[kind.vendor], worlds[kind.vendor])


def _call_handlers(cast: LazyCast, kind: Kind, numbers: range, vendor: Vendor, world: VendorState) -> None:
    operate = vendor.operations.get(kind.operation)
    if operate is None:
        raise Misconfigured(f"{kind.name}: {vendor.name} keeps nothing of what {kind.operation} is told")
    _, *names = inspect.signature(operate).parameters
    blank: dict[str, Any] = dict.fromkeys(names)
    if "caller" in blank:
        blank["caller"] = vendor.anyone(world) if vendor.anyone else Caller("scenario", is_anyone=True)
    make = kind.open(cast)
    for start in range(0, len(numbers), AT_ONCE):
        part = numbers[start : start + AT_ONCE]
        for n, record in zip(part, make(part), strict=True):
            try:
                _perform(operate, world, blank | _arguments(kind, record, blank))
            except Refused as refused:
                raise Misconfigured(f"{kind.name}: {vendor.name} refuses record {n}: {refused.message}") from refused


def _arguments(kind: Kind, record: Record, known: Mapping[str, Any]) -> dict[str, Any]:
    given: dict[str, Any] = {python_name(name): value for name, value in kind.arguments(record).items()}
    return {name: value for name, value in {**given, "body": record}.items() if name in known}


def _perform(operate: Handler, world: VendorState, arguments: Mapping[str, Any]) -> None:
    """Run an operation to its end, a long one too."""
    running = operate(world, **arguments)
    if isinstance(running, Generator):
        for _ in running:
            pass
