"""Faults of a world: list, add and remove them."""

import re
from collections.abc import Iterator
from http import HTTPStatus

from understudy.contract.compiled_operations import Operation
from understudy.contract.given_responses import find_breach
from understudy.control.control_state import ControlState
from understudy.core.json_types import Json
from understudy.core.misconfigured import nearest
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.state.faults import DELIVERY_KINDS, PROPERTIES_BY_KIND, REQUIRED_BY_KIND, Fault

HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
COMPUTED_HEADERS = frozenset(("content-length", "transfer-encoding", "connection"))
SPREADING = ("normal", "long_tailed")
"""Distributions of delays that have a spread."""

KIND_SPECIFIC = frozenset().union(*PROPERTIES_BY_KIND.values())


def list_faults(state: ControlState, world: str) -> Reply:
    """Return the faults of a world that are not used up, oldest first."""
    target = state.world(world)
    target.faults.expire(target.clock.timestamp())
    return Reply([fault.to_json() for fault in target.faults])


def add_fault(state: ControlState, world: str, body: Json) -> Reply:
    """Add a fault; raise ``Refused`` for properties that its kind does not take or lacks."""
    target = state.world(world)
    _check_kind(body)
    _check_values(body)
    _check_operation(state, body)
    _check_canned(state, body)
    return Reply(target.faults.add(Fault(**body), target.clock.timestamp()).to_json(), 201)


def remove_fault(state: ControlState, world: str, fault: str) -> Reply:
    """Remove one fault."""
    if not state.world(world).faults.remove_by_id(fault):
        raise Refused(404, f"there is no fault {fault!r}")
    return Reply(status=204)


def clear_faults(state: ControlState, world: str) -> Reply:
    """Remove every fault of a world."""
    state.world(world).faults.clear()
    return Reply(status=204)


def _check_kind(body: Json) -> None:
    kind = body["kind"]
    unused = (body.keys() & KIND_SPECIFIC) - PROPERTIES_BY_KIND[kind]
    if unused:
        takes = ", ".join(sorted(PROPERTIES_BY_KIND[kind])) or "none of them"
        raise Refused(422, f"{kind} has no use for {', '.join(sorted(unused))} (it takes {takes})")
    if kind in DELIVERY_KINDS and "when" in body:
        raise Refused(422, f"{kind} has no use for when: it strikes a message before its first attempt")
    if kind in REQUIRED_BY_KIND and REQUIRED_BY_KIND[kind] not in body:
        raise Refused(422, f"{kind} needs a {REQUIRED_BY_KIND[kind]}")


def _check_values(body: Json) -> None:
    """Refuse a delay that is not said in full, or has a part without use."""
    distribution, spread = body.get("distribution"), body.get("spread")
    if spread is not None and distribution is None:
        raise Refused(422, f"spread has no use without a distribution ({' or '.join(SPREADING)})")
    if spread and distribution not in SPREADING:
        raise Refused(422, f"{distribution} has no use for spread ({' and '.join(SPREADING)} take it)")
    if distribution in SPREADING and spread is None:
        raise Refused(422, f"{distribution} needs a spread")


def _check_canned(state: ControlState, body: Json) -> None:
    """Refuse a canned response that cannot be sent, or that breaks the document of an operation that it may strike."""
    headers = body.get("headers") or {}
    spelt = {name.lower(): name for name in headers}
    if twice := [name for name in headers if spelt[name.lower()] != name]:
        raise Refused(422, f"headers has {twice[0]!r} and {spelt[twice[0].lower()]!r}, which are one header")
    for name, value in headers.items():
        if not HEADER_NAME.fullmatch(name) or name.lower() in COMPUTED_HEADERS:
            raise Refused(422, f"headers cannot have {name!r}: it is no header's name, or computed by the server")
        if not (value.isascii() and value.isprintable()):
            raise Refused(422, f"headers: the value of {name} is not plain ASCII")
    if body.get("unchecked") or (body.get("body") is None and not headers):
        return
    status = body.get("status", HTTPStatus.SERVICE_UNAVAILABLE)
    for operation in _operations(state, body):
        breach = find_breach(operation, status, body.get("body"), headers)
        if breach:
            place = f"{operation.vendor} {operation.id}"
            raise Refused(422, f"{place}: {breach}; unchecked: true sends it all the same")


def _operations(state: ControlState, body: Json) -> Iterator[Operation]:
    """Yield the operations that a fault may strike."""
    vendor, operation = body.get("vendor"), body.get("operation")
    served = [state.vendors[vendor]] if vendor else state.vendors.values()
    return (each for found in served for each in found.operations if operation in (None, each.id))


def _check_operation(state: ControlState, body: Json) -> None:
    vendor, operation = body.get("vendor"), body.get("operation")
    if vendor is None:
        if operation is not None:
            raise Refused(422, "an operation needs its vendor beside it")
        return
    if vendor not in state.vendors:
        raise Refused(422, f"no vendor {vendor!r} is served{nearest(vendor, state.vendors)}")
    operations = state.vendors[vendor].by_id
    if operation is not None and operation not in operations:
        raise Refused(422, f"{vendor} has no operation {operation!r}{nearest(operation, operations)}")
