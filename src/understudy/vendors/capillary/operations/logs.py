"""Handlers that read the logs: of changed definitions, and of pushed occurrences."""

from datetime import timedelta

from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.core.steps import Steps
from understudy.state.vendor_state import VendorState
from understudy.vendors.capillary.envelope import list_reply
from understudy.vendors.capillary.epoch_millis import parse_millis

ROWS_PER_STEP = 256
DATE_LENGTH = len("2026-01-31")
DAY = timedelta(days=1) // timedelta(milliseconds=1)


def list_audit_logs(state: VendorState, event_name: str) -> Reply:
    """Return the changes of an event's definition, newest first; none for an event that never was."""
    logs = state.collection("audit_logs")
    return list_reply(logs.newest("eventName", event_name, 0, logs.count("eventName", event_name)))


def list_event_logs(
    state: VendorState, from_date: str | None, to_date: str | None, event_name: str | None
) -> Steps[Reply]:
    """Return what became of the pushes of a period, newest first."""
    after, before = _millis("from_date", from_date), _millis("to_date", to_date)
    if before is not None and to_date is not None and len(to_date) == DATE_LENGTH and not to_date.isdigit():
        before += DAY - 1  # a date without a time is the whole day
    logs = state.collection("event_logs")
    found = []
    for number, key in enumerate(reversed(logs.keys())):
        if number % ROWS_PER_STEP == 0:
            yield
        log = logs.get(key)
        if (
            log is not None
            and (event_name is None or event_name == log["eventName"])
            and (after is None or after <= log["startTime"])
            and (before is None or log["startTime"] <= before)
        ):
            found.append(log)
    found.sort(key=lambda log: log["startTime"], reverse=True)
    return Reply({"warnings": [], "errors": []}, items=found, at=("data",))


def _millis(parameter: str, text: str | None) -> int | None:
    millis = None if text is None else parse_millis(text)
    if text is not None and millis is None:
        raise Refused(400, f"{parameter} is no date and time")
    return millis
