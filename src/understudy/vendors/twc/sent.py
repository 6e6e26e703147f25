"""What the jobs would have sent: nothing runs in the background, so whoever asks first does what is due.

A job fires at every time of its schedules that the world's clock has passed since the job was made or last changed.
Schedules are read in UTC; the page names no time zone. What would have been sent is kept in the world, the newest
of it.
"""

from datetime import UTC, datetime

from understudy.core.json_types import Json
from understudy.state.vendor_state import VendorState
from understudy.vendors.twc.schedules import SCHEDULES, firings
from understudy.vendors.twc.tables import JOBS, ROUNDS, SENT
from understudy.vendors.twc.tenant_collection import TenantCollection

MOST_KEPT = 10_000
"""How many firings a world remembers, and how many of a job whoever asks waits for: a second or so."""


def sent(state: VendorState) -> list[Json]:
    """Return what the jobs would have sent up to now, oldest first."""
    for row in state.collection(JOBS):
        run_due_job(state, row["tenant"], row["value"])
    outbox = state.collection(SENT)
    for key in outbox.keys()[:-MOST_KEPT]:
        outbox.delete(key)
    return [row["value"]["sent"] for row in outbox]


def run_due_job(state: VendorState, tenant: str, job: Json) -> None:
    """Do what is due of a job: also before it changes, so that it fires as it was, and when it is new."""
    rounds = TenantCollection(state, ROUNDS, tenant)
    done = rounds.get(job["id"])
    now = state.now().replace(microsecond=0)
    if done is not None and _runs(job):
        since = datetime.fromtimestamp(done["until"], UTC)
        for at in sorted({at for name in SCHEDULES if name in job for at in firings(job[name], since, now, MOST_KEPT)}):
            _keep(state, tenant, job, at)
    rounds.put({"id": job["id"], "until": int(now.timestamp())})


def _runs(job: Json) -> bool:
    return bool(job["is_active"] and job["is_scheduled"] and not job["deleted"])


def _keep(state: VendorState, tenant: str, job: Json, at: datetime) -> None:
    told = {name: value for name, value in job.items() if name not in ("id", "deleted", "is_active", "is_scheduled")}
    when = at.isoformat().replace("+00:00", "Z")
    found = {"at": when, "kind": job["notification"], "what": {"job_id": job["id"], "tenant": tenant, **told}}
    TenantCollection(state, SENT, tenant).put({"id": f"{job['id']} {when}", "sent": found})
