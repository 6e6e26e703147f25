"""Handlers of jobs, which send notifications on a schedule."""

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.twc.known_fields import JOB, keep_known
from understudy.vendors.twc.schedules import SCHEDULES, check_schedules
from understudy.vendors.twc.sent import note_due
from understudy.vendors.twc.tables import JOBS
from understudy.vendors.twc.tenant_collection import open_tenant_collection


def create_job(state: VendorState, body: Json, caller: Caller, x_twc_tenant: str) -> Reply:
    """Store a new job, with the body's id or a new one."""
    collection = open_tenant_collection(state, JOBS, caller, x_twc_tenant)
    given = keep_known(body, JOB)
    check_schedules(given)
    new = {"deleted": False, "is_active": True, "is_scheduled": any(name in given for name in SCHEDULES)}
    job = collection.add({**new, **given})
    note_due(state, x_twc_tenant, job)
    return Reply(job, status=201)


def update_job(state: VendorState, body: Json, job_id: str, caller: Caller, x_twc_tenant: str) -> Reply:
    """Change the fields of a job that the body contains; the others stay. ``deleted: false`` revives a job."""
    collection = open_tenant_collection(state, JOBS, caller, x_twc_tenant)
    job = collection.get_or_refuse(job_id)
    note_due(state, x_twc_tenant, job)
    given = keep_known(body, JOB)
    if given.get("id", job_id) != job_id:
        raise Refused(400, "The id of a job cannot be changed", code="idinvalid", data="job")
    check_schedules(given)
    changed = {**job, **given}
    if "job_parameters" in given:
        changed["job_parameters"] = {**job.get("job_parameters", {}), **given["job_parameters"]}
    collection.put(changed)
    return Reply(changed)


def delete_job(state: VendorState, job_id: str, caller: Caller, x_twc_tenant: str) -> Reply:
    """Mark a job as deleted and no longer find it; it stays stored, so that its id cannot be used again."""
    collection = open_tenant_collection(state, JOBS, caller, x_twc_tenant)
    job = collection.get_or_refuse(job_id)
    note_due(state, x_twc_tenant, job)
    collection.remove({**job, "deleted": True, "is_active": False})
    return Reply(status=204)


def activate_job(
    state: VendorState,
    job_id: str,
    is_active: bool,  # noqa: FBT001 - the vendor passes it so
    caller: Caller,
    x_twc_tenant: str,
) -> Reply:
    """Switch a job on or off."""
    collection = open_tenant_collection(state, JOBS, caller, x_twc_tenant)
    job = collection.get_or_refuse(job_id)
    note_due(state, x_twc_tenant, job)
    changed = {**job, "is_active": is_active}
    collection.put(changed)
    return Reply(changed)
