"""Work that falls due by the clock: the stages of bulk jobs, and the deletion of events by the retention policy."""

from collections.abc import Iterator
from datetime import UTC, datetime

from understudy.core.json_types import Json
from understudy.core.steps import Steps
from understudy.core.timestamps import iso_microseconds
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.bulk.jobs import FAILED, PROCESSED, STOPPED
from understudy.vendors.contacthub.retention.retention_policy import (
    earliest_retained,
    is_in_force,
    months_by_type,
    retained_until,
)
from understudy.vendors.contacthub.tables import BULK_JOBS, EVENTS, NODES

ENDED = (STOPPED, PROCESSED, FAILED)
EVENTS_PER_STEP = 200


def due(state: VendorState, since: datetime, until: datetime, limit: int) -> Steps[list[Json]]:
    """Return the stages of bulk jobs and the expiry of events after ``since`` up to ``until``, in steps.

    Events of one node and type are one object, with the time of the oldest; the daily deletion removes them.
    """
    del limit  # an object for each stage of a job, and for each node and event type
    found = []
    jobs = state.collection(BULK_JOBS)
    for key in jobs.keys():  # noqa: SIM118 - a list of them: jobs may be added meanwhile
        job = jobs.get(key)
        if job is not None and job["data"]["status"] not in ENDED:
            for at, kind in _stages(job):
                if since.timestamp() < at <= until.timestamp():
                    what = {"id": key, "workspaceId": job["data"]["workspaceId"], "nodeId": job["data"]["nodeId"]}
                    found.append({"at": iso_microseconds(datetime.fromtimestamp(at, UTC)), "kind": kind, "what": what})
        yield
    for node in state.collection(NODES):
        if is_in_force(state, node["id"]):
            for event_type, months in months_by_type(state, node["workspaceId"], node["id"]).items():
                found += yield from _expiring(state, node, event_type, months, since, until)
    return found


def _stages(job: Json) -> Iterator[tuple[float, str]]:
    """Yield the times at which a job gets on, in seconds since 1970."""
    yield job["scheduledAt"] / 1000, "bulk job scheduled"
    yield job["startsAt"] / 1000, "bulk job starts"
    if job["recordsPerSecond"]:
        yield job["startsAt"] / 1000 + job["data"]["totalEntities"] / job["recordsPerSecond"], "bulk job ends"


def _expiring(
    state: VendorState, node: Json, event_type: str, months: int, since: datetime, until: datetime
) -> Steps[list[Json]]:
    """Return an object on a node's events of a type that expire in a span of time, or nothing."""
    events, dates = state.collection(EVENTS), []
    first, last = (earliest_retained(at, months) for at in (since, until))
    for number, row in enumerate(events.read(events.keys_of("nodeId+type", (node["id"], event_type)))):
        if row["data"]["date"] >= last:
            break
        if row["data"]["date"] >= first:
            dates.append(row["data"]["date"])
        if number % EVENTS_PER_STEP == 0:
            yield
    yield
    if not dates:
        return []
    what = {"workspaceId": node["workspaceId"], "nodeId": node["id"], "type": event_type, "events": len(dates)}
    return [{"at": retained_until(dates[0], months), "kind": "retention", "what": what}]
