"""Notifications that jobs will send in a span of time, by their schedules."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from heapq import merge
from itertools import islice

from understudy.core.json_types import Json
from understudy.core.steps import Steps
from understudy.state.vendor_state import VendorState
from understudy.vendors.twc.schedules import SCHEDULES, firings
from understudy.vendors.twc.sent import is_running
from understudy.vendors.twc.tables import JOBS

FIRST_WINDOW = timedelta(hours=1)
MAX_IN_WINDOW = 10_000
"""Number of times above which a window is made shorter; a job that fires each second has 3,600 in the first."""


def due(state: VendorState, since: datetime, until: datetime, limit: int) -> Steps[list[Json]]:
    """Return the notifications after ``since`` up to ``until``, the first ``limit`` of each job, in steps."""
    found = []
    for row in state.collection(JOBS):
        job = row.get("value")
        if job is not None and not row.get("sample") and not row.get("removed") and is_running(job):
            for at in (yield from _first_times(job, since, until, limit)):
                what = {"job_id": job["id"], "tenant": row["tenant"]}
                found.append({"at": at, "kind": job["notification"], "what": what})
        yield
    return found


def _first_times(job: Json, since: datetime, until: datetime, limit: int) -> Steps[list[str]]:
    """Return the first times of a job, window by window: the times of one come latest first."""
    found: list[str] = []
    window = FIRST_WINDOW
    while since < until and len(found) < limit:
        end = until if until - since <= window else since + window
        times = list(islice(_times(job, since, end), MAX_IN_WINDOW))
        yield
        if len(times) == MAX_IN_WINDOW and window > FIRST_WINDOW:
            window /= 2
            continue
        found += [at.isoformat().replace("+00:00", "Z") for at in reversed(dict.fromkeys(times))]
        since, window = end, window * 2
    return found[:limit]


def _times(job: Json, since: datetime, until: datetime) -> Iterator[datetime]:
    return merge(*(firings(job[name], since, until) for name in SCHEDULES if name in job), reverse=True)
