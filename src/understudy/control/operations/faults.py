"""Faults of a world: list, add and remove them."""

from understudy.control.control_state import ControlState
from understudy.core.json_types import Json
from understudy.core.misconfigured import nearest
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.state.faults import PROPERTIES_BY_KIND, REQUIRED_BY_KIND, Fault

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
    _check_operation(state, body)
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
    if kind in REQUIRED_BY_KIND and REQUIRED_BY_KIND[kind] not in body:
        raise Refused(422, f"{kind} needs a {REQUIRED_BY_KIND[kind]}")


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
