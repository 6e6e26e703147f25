"""Notifications that jobs would have sent. Nothing runs in the background: due jobs run at the next read or change.

A job fires at every time of its schedules that the world's clock has passed since the job was created or last changed.
Schedules are in UTC (inferred: the vendor's page names no time zone). The newest notifications are stored.
"""

from datetime import UTC, datetime

from understudy.core.json_types import Json
from understudy.state.vendor_state import VendorState
from understudy.vendors.twc.schedules import SCHEDULES, firings
from understudy.vendors.twc.tables import JOBS, ROUNDS, SENT
from understudy.vendors.twc.tenant_collection import TenantCollection

MAX_SENT = 10_000
"""Limit of the stored notifications, and of the firings of a job that one request computes (about a second)."""


def sent(state: VendorState) -> list[Json]:
    """Return the notifications up to now, oldest first."""
    for row in state.collection(JOBS):
        run_due_job(state, row["tenant"], row["value"])
    stored = state.collection(SENT)
    for key in stored.keys()[:-MAX_SENT]:
        stored.delete(key)
    return [row["value"]["sent"] for row in stored]


def run_due_job(state: VendorState, tenant: str, job: Json) -> None:
    """Store a job's due notifications; called at creation, and before each change, so that they have the old values."""
    rounds = TenantCollection(state, ROUNDS, tenant)
    previous = rounds.get(job["id"])
    now = state.now().replace(microsecond=0)
    if previous is not None and _is_running(job):
        since = datetime.fromtimestamp(previous["until"], UTC)
        for at in sorted({at for name in SCHEDULES if name in job for at in firings(job[name], since, now, MAX_SENT)}):
            _store_sent(state, tenant, job, at)
    rounds.put({"id": job["id"], "until": int(now.timestamp())})


def _is_running(job: Json) -> bool:
    return bool(job["is_active"] and job["is_scheduled"] and not job["deleted"])


def _store_sent(state: VendorState, tenant: str, job: Json, at: datetime) -> None:
    details = {name: value for name, value in job.items() if name not in ("id", "deleted", "is_active", "is_scheduled")}
    text = at.isoformat().replace("+00:00", "Z")
    found = {"at": text, "kind": job["notification"], "what": {"job_id": job["id"], "tenant": tenant, **details}}
    TenantCollection(state, SENT, tenant).put({"id": f"{job['id']} {text}", "sent": found})
