"""What goes wrong in a world on purpose."""

from understudy.control.control_state import ControlState
from understudy.core.json_types import Json
from understudy.core.misconfigured import nearest
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.state.faults import PROPERTIES_BY_KIND, REQUIRED_BY_KIND, Fault

OF_SOME_KINDS = frozenset().union(*PROPERTIES_BY_KIND.values())


def list_faults(backstage: ControlState, world: str) -> Reply:
    """Return the faults of a world that may still strike, oldest first."""
    scene = backstage.world(world)
    scene.faults.expire(scene.clock.timestamp())
    return Reply([fault.to_json() for fault in scene.faults])


def add_fault(backstage: ControlState, world: str, body: Json) -> Reply:
    """Have something go wrong."""
    scene = backstage.world(world)
    _check_kind(body)
    _check_operation(backstage, body)
    return Reply(scene.faults.add(Fault(**body), scene.clock.timestamp()).to_json(), 201)


def remove_fault(backstage: ControlState, world: str, fault: str) -> Reply:
    """Remove one fault."""
    if not backstage.world(world).faults.remove_by_id(fault):
        raise Refused(404, f"there is no fault {fault!r}")
    return Reply(status=204)


def clear_faults(backstage: ControlState, world: str) -> Reply:
    """Remove every fault of a world."""
    backstage.world(world).faults.clear()
    return Reply(status=204)


def _check_kind(body: Json) -> None:
    kind = body["kind"]
    useless = (body.keys() & OF_SOME_KINDS) - PROPERTIES_BY_KIND[kind]
    if useless:
        takes = ", ".join(sorted(PROPERTIES_BY_KIND[kind])) or "none of them"
        raise Refused(422, f"{kind} has no use for {', '.join(sorted(useless))} (it takes {takes})")
    if kind in REQUIRED_BY_KIND and REQUIRED_BY_KIND[kind] not in body:
        raise Refused(422, f"{kind} needs a {REQUIRED_BY_KIND[kind]}")


def _check_operation(backstage: ControlState, body: Json) -> None:
    vendor, operation = body.get("vendor"), body.get("operation")
    if vendor is None:
        if operation is not None:
            raise Refused(422, "an operation needs its vendor beside it")
        return
    if vendor not in backstage.vendors:
        raise Refused(422, f"no vendor {vendor!r} is served{nearest(vendor, backstage.vendors)}")
    known = backstage.vendors[vendor].operations
    if operation is not None and operation not in known:
        raise Refused(422, f"{vendor} has no operation {operation!r}{nearest(operation, known)}")
