"""Notifications of jobs: messages of the outbox, made when the world's clock has passed the time of each.

A job fires at every time of its schedules that the world's clock has passed since the job was created or last changed.
Schedules are in UTC (inferred: the vendor's page names no time zone). The newest notifications are made.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from heapq import merge

from understudy.core.json_types import Json
from understudy.core.steps import Steps
from understudy.state.vendor_state import VendorState
from understudy.vendors.twc.schedules import SCHEDULES, firings
from understudy.vendors.twc.tables import DUE, JOBS, ROUNDS, SENT, SET_BACKS
from understudy.vendors.twc.tenant_collection import TenantCollection

MAX_SENT = 50_000
"""Limit of the notifications that one move of the clock makes: those of a month of a job that fires each minute."""

MAX_SPANS = 10_000
"""Limit of the spans that are due, and of the times at which the clock was set back."""


def sent(state: VendorState) -> Steps[list[Json]]:
    """Add the notifications up to now to the outbox, oldest first, in steps; return none besides."""
    jobs = state.collection(JOBS)
    for key in jobs.keys():  # noqa: SIM118 - a list of them: jobs may be added meanwhile
        row = jobs.get(key)
        if row is not None and not row.get("sample"):
            note_due(state, row["tenant"], row["value"])
        yield
    yield from _make_due(state)
    return []


def set_back(state: VendorState, left: datetime) -> None:
    """Note that the clock was set back from ``left``: a job was due up to there, and is due again from now."""
    times = state.collection(SET_BACKS)
    number = _last_set_back(state) + 1
    times.put({"id": str(number), "left": int(left.timestamp()), "to": int(state.clock.timestamp())})
    times.delete(str(number - MAX_SPANS))


def note_due(state: VendorState, tenant: str, job: Json) -> None:
    """Note in which time a job was due with these values; call it at its creation and before each change."""
    rounds = TenantCollection(state, ROUNDS, tenant)
    previous = rounds.get(job["id"])
    now = int(state.clock.timestamp())
    if previous is not None and is_running(job):
        for since, until in _spans(state, previous, now):
            _add_due(state, tenant, job, since, until)
    rounds.put({"id": job["id"], "until": now, "set_backs": _last_set_back(state)})


def is_running(job: Json) -> bool:
    """Return whether a job fires at the times of its schedules."""
    return bool(job["is_active"] and job["is_scheduled"] and not job["deleted"])


def _last_set_back(state: VendorState) -> int:
    return max(map(int, state.collection(SET_BACKS).keys()[-1:]), default=0)


def _spans(state: VendorState, previous: Json, now: int) -> Iterator[tuple[int, int]]:
    """Yield the spans of time that the clock has passed since the previous round, in seconds since 1970."""
    since = previous["until"]
    for number in range(previous.get("set_backs", 0) + 1, _last_set_back(state) + 1):
        found = state.collection(SET_BACKS).get(str(number))
        if found is not None:
            if found["left"] > since:
                yield since, found["left"]
            since = found["to"]
    if now > since:
        yield since, now


def _add_due(state: VendorState, tenant: str, job: Json, since: int, until: int) -> None:
    """Add a span of time, unless the job does not fire in it."""
    span: Json = {"tenant": tenant, "job": job, "since": since, "until": until}
    if next(_times(span), None) is None:
        return
    due = state.collection(DUE)
    due.put({"id": f"{tenant}\n{job['id']}\n{since} {until}", **span})
    if len(due) > MAX_SPANS:  # the job of each fires, so the newest notifications are all in the others
        due.delete(due.keys()[0])


def _times(span: Json) -> Iterator[datetime]:
    """Yield the times at which a span's job fires, latest first; one may come twice."""
    since, until = (datetime.fromtimestamp(span[name], UTC) for name in ("since", "until"))
    return merge(*(firings(span["job"][name], since, until) for name in SCHEDULES if name in span["job"]), reverse=True)


def _make_due(state: VendorState) -> Steps[None]:
    """Add the notifications of the spans that are due, and those that a snapshot of an older server has stored."""
    stored = state.collection(SENT)
    for row in list(stored):
        job, at = row["value"]["sent"]["what"], row["value"]["sent"]["at"]
        _add(state, row["tenant"], row["value"]["sent"]["kind"], job, datetime.fromisoformat(at))
        stored.delete(row["key"])
        yield
    due = state.collection(DUE)
    spans = list(due)
    newest: dict[str, tuple[int, datetime]] = {}
    for at, number in merge(*(_numbered(span, number) for number, span in enumerate(spans)), reverse=True):
        newest.setdefault(f"{spans[number]['tenant']}\n{spans[number]['job']['id']}\n{at}", (number, at))
        if len(newest) >= MAX_SENT:
            break
        yield
    for number, at in reversed(newest.values()):
        _add_fired(state, spans[number]["tenant"], spans[number]["job"], at)
        yield
    for span in spans:
        if due.get(span["id"]) == span:
            due.delete(span["id"])
        yield


def _numbered(span: Json, number: int) -> Iterator[tuple[datetime, int]]:
    return ((at, number) for at in _times(span))


def _add_fired(state: VendorState, tenant: str, job: Json, at: datetime) -> None:
    details = {name: value for name, value in job.items() if name not in ("id", "deleted", "is_active", "is_scheduled")}
    _add(state, tenant, job["notification"], {"job_id": job["id"], "tenant": tenant, **details}, at)


def _add(state: VendorState, tenant: str, notification: str, what: Json, at: datetime) -> None:
    """Add a notification to the outbox; a job fires once at a time, however often the clock passes it."""
    state.outbox.add(
        notification,
        f"twc:{notification}",
        what,
        because={"collection": JOBS, "id": what["job_id"]},
        at=at,
        once=f"{tenant} {what['job_id']} {at.isoformat()}",
    )
