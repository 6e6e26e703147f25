"""Work that falls due as a world's clock moves on."""

from datetime import UTC, datetime, timedelta
from operator import itemgetter

from understudy.control.control_state import ControlState
from understudy.control.pattern_checks import check_query
from understudy.control.times import check_time, read_time, write_seconds
from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.core.steps import Steps
from understudy.core.timestamps import iso_microseconds, parse_rfc3339
from understudy.state.vendor_state import VendorState
from understudy.state.world import World

DEFAULT_SPAN = timedelta(days=30)


def list_due(
    state: ControlState, world: str, since: str | None, until: str | None, vendor: str | None, limit: int
) -> Steps[Reply]:
    """Return what falls due after one time of the world up to another, in order; the default is the next 30 days."""
    target = state.world(world)
    check_query(state.vendors, {"vendor": vendor})
    start = check_time(read_time(since)) if since else target.clock.now()
    end = check_time(read_time(until) if until else start + DEFAULT_SPAN)
    if end < start:
        raise Refused(422, "until is before since")
    found = [] if vendor else _ending_faults(target, start, end)
    for name, vendor_state in target.vendors.items():
        if vendor in (None, name):
            found += yield from _due_deliveries(name, vendor_state, start, end)
        function = state.vendors[name].vendor.due
        if function is not None and vendor in (None, name):
            for each in (yield from function(vendor_state, start, end, limit)):
                found.append({"vendor": name, **each, "at": _normal(each["at"])})
                yield
    return Reply(sorted(found, key=itemgetter("at"))[:limit])


def _ending_faults(world: World, since: datetime, until: datetime) -> list[Json]:
    """Return the faults that last for a time which ends in the span."""
    return [
        {"at": write_seconds(end), "vendor": fault.vendor or "", "kind": "fault ends", "what": {"fault": fault.id}}
        for fault in world.faults
        if fault.lasting is not None and since.timestamp() < (end := fault.started + fault.lasting) <= until.timestamp()
    ]


def _due_deliveries(vendor: str, state: VendorState, since: datetime, until: datetime) -> Steps[list[Json]]:
    """Return the attempts at deliveries that fall due in the span."""
    first, last, found = iso_microseconds(since), iso_microseconds(until), []
    for record in state.outbox.open_records():
        if record["next_at"] is not None and first < record["next_at"] <= last:
            what = {"delivery": record["id"], "destination": record["destination"]}
            found.append({"at": record["next_at"], "vendor": vendor, "kind": "delivery", "what": what})
        yield
    return found


def _normal(text: str) -> str:
    """Return a time in the form of the control API, in which texts are in the order of their times."""
    at = parse_rfc3339(text)
    return text if at is None else iso_microseconds(at.astimezone(UTC))
