"""Faults of deliveries: what a world's fault does to a message before its first attempt."""

from datetime import timedelta

from understudy.core.clock import MAX_WORLD_TIME
from understudy.core.json_types import Json
from understudy.core.timestamps import iso_microseconds
from understudy.deliveries.waiting_messages import DueMessage
from understudy.state.faults import LATE, LOST, OUT_OF_ORDER, WRONG_SIGNATURE, Fault

MAX_PASSED_SECONDS = 60.0
"""Time of the world's clock after which a message goes that waits for the next one, unless the fault has its own."""

HELD = (LATE, OUT_OF_ORDER)


def strike(due: DueMessage) -> Fault | None:
    """Return the fault that strikes a message, if one does; each message is struck once at most."""
    faults, record = due.world.faults, due.record
    if not faults or record["tries"] or any(attempt["fault"] for attempt in record["attempts"]):
        return None
    return faults.strike_message(due.vendor, record["operation"], record["destination"], due.world.clock.timestamp())


def keep_from_sending(due: DueMessage, fault: Fault) -> bool:
    """Do to a message what its fault asks, and return whether nothing is sent now."""
    state = due.world.vendors[due.vendor]
    now = state.now()
    if fault.kind in HELD:
        seconds = fault.delay or (MAX_PASSED_SECONDS if fault.delay is None else 0.0)
        error = f"held back for {seconds:g} seconds"
        if fault.kind == OUT_OF_ORDER:
            error += ", or until the next message to its destination is delivered"
        until = min(now + timedelta(seconds=seconds), MAX_WORLD_TIME)
        state.outbox.hold(due.id, _attempt(due, error, fault), until)
        return True
    if fault.kind == LOST:
        state.outbox.record_attempt(due.id, _attempt(due, "lost on its way", fault))
        return True
    if fault.kind == WRONG_SIGNATURE and due.rule.signing is None:
        error = f"no rule signs messages to this destination, so that no signature can be wrong: {fault.id}"
        state.outbox.record_attempt(due.id, _attempt(due, error, fault))
        return True
    return False


def _attempt(due: DueMessage, error: str, fault: Fault) -> Json:
    at = iso_microseconds(due.world.clock.now())
    return {"at": at, "status": None, "milliseconds": None, "error": error, "fault": fault.id}
