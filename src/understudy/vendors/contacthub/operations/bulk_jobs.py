"""Bulk jobs: import of customers and events into a node from CSV files."""

from collections.abc import Generator
from io import BytesIO

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.refused import Refused, Violation
from understudy.core.reply import Reply
from understudy.core.upload import Upload
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.bulk.csv_columns import CUSTOMER_ROOTS, EVENT_ROOTS, customer_columns, event_columns
from understudy.vendors.contacthub.bulk.csv_files import InvalidFile, drop_file, store_file
from understudy.vendors.contacthub.bulk.jobs import (
    FAILED,
    PROCESSED,
    check_job_limit,
    new_job,
    results_of,
    run_job,
    run_portion,
)
from understudy.vendors.contacthub.bulk.record_writer import CUSTOMER, EVENT
from understudy.vendors.contacthub.nodes.node_access import ENTRY, find_node
from understudy.vendors.contacthub.paging import page_info
from understudy.vendors.contacthub.queries.sorting import parse_sort, sort_found
from understudy.vendors.contacthub.tables import BULK_JOBS
from understudy.vendors.contacthub.workspace_access import enter_workspace

DEFAULT_SORT = "createdAt,desc"


def list_bulk_jobs(
    state: VendorState,
    workspace_id: str,
    node_id: str,
    status: str | None,
    entity: str | None,
    size: int,
    page: int,
    sort: list[str] | None,
    caller: Caller,
) -> Generator[None, None, Reply]:
    """Return a page of a node's jobs, after writing the chunks that are due."""
    enter_workspace(state, caller, workspace_id)
    find_node(state, caller, workspace_id, node_id, ENTRY)
    jobs = state.collection(BULK_JOBS)
    for job_id in jobs.keys_of("open", node_id):
        yield from run_job(state, job_id)

    rows = jobs.find("data.nodeId", node_id)
    found = {
        job["id"]: job["data"]
        for job in reversed(rows)
        if status in (None, job["data"]["status"]) and entity in (None, job["data"]["entity"])
    }
    order = parse_sort(sort or [DEFAULT_SORT])
    ranked = [(job_id, tuple(key.rank(data) for key in order)) for job_id, data in found.items()]
    sort_found(ranked, order)
    shown = [found[job_id] for job_id, _ in ranked[page * size : (page + 1) * size]]
    return Reply({"elements": shown, "page": page_info(len(found), size, page, len(rows), is_search=True)})


def create_bulk_job(
    state: VendorState, workspace_id: str, node_id: str, body: Json, caller: Caller
) -> Generator[Reply | None, None, None]:
    """Store a file as a new job, return the job, and write the chunks that are due after the reply."""
    enter_workspace(state, caller, workspace_id, is_write=True)
    find_node(state, caller, workspace_id, node_id, ENTRY, is_write=True)
    event_type = body.get("eventType")
    entity = body.get("entity") or (CUSTOMER if event_type is None else EVENT)
    if entity == EVENT and event_type is None:
        violation = Violation("body", "/eventType", "required", "required for events")
        raise Refused(400, "bulk job is not valid", violations=[violation])
    check_job_limit(state, node_id)

    job = new_job(
        state,
        state.new_id(),
        caller,
        {
            "filename": (body["file"].filename or None) if isinstance(body["file"], Upload) else None,
            "operation": body["operation"],
            "workspaceId": workspace_id,
            "nodeId": node_id,
            "entity": entity,
            "eventType": event_type if entity == EVENT else None,
        },
    )
    yield from _store_job(state, job, body["file"])
    yield Reply(job["data"], status=201)
    while run_portion(state, job["id"]):
        yield None


def get_bulk_job(
    state: VendorState, workspace_id: str, node_id: str, job_id: str, caller: Caller
) -> Generator[None, None, Reply]:
    """Return a job, after writing the chunks that are due."""
    job = yield from _updated_job(state, caller, workspace_id, node_id, job_id)
    return Reply(job["data"])


def get_bulk_job_results(
    state: VendorState, workspace_id: str, node_id: str, job_id: str, caller: Caller
) -> Generator[None, None, Reply]:
    """Return the result of each record of a job that is PROCESSED or FAILED, as CSV."""
    job = yield from _updated_job(state, caller, workspace_id, node_id, job_id)
    status = job["data"]["status"]
    if status not in {PROCESSED, FAILED}:
        raise Refused(409, f"bulk job {job_id} is {status}, its results are not there yet")

    parts = []
    for number, part in enumerate(results_of(state, job)):
        parts.append(part)
        if number % 100 == 0:
            yield
    return Reply("".join(parts))


def _updated_job(
    state: VendorState, caller: Caller, workspace_id: str, node_id: str, job_id: str
) -> Generator[None, None, Json]:
    """Return a job's row, after writing the chunks that are due."""
    enter_workspace(state, caller, workspace_id)
    find_node(state, caller, workspace_id, node_id, ENTRY)
    _find_job(state, node_id, job_id)
    yield from run_job(state, job_id)
    return _find_job(state, node_id, job_id)


def _find_job(state: VendorState, node_id: str, job_id: str) -> Json:
    job = state.collection(BULK_JOBS).get(job_id)
    if job is None or job["data"]["nodeId"] != node_id:
        raise Refused(404, f"bulk job not found {job_id}")
    return job


def _store_job(state: VendorState, job: Json, file: Upload | str) -> Generator[None, None, None]:
    """Store a job with its file, or as FAILED if the file is invalid; refuse it if the node has ten LOADED jobs."""
    data = job["data"]
    content = file.content if isinstance(file, Upload) else BytesIO(file.encode())
    is_event = data["entity"] == EVENT
    try:
        stored = yield from store_file(state, job["id"], content, EVENT_ROOTS if is_event else CUSTOMER_ROOTS)
    except InvalidFile as error:
        drop_file(state, job["id"])
        data |= {"status": FAILED, "errorMessage": str(error)}
    else:
        columns = stored.columns
        job["columns"] = columns
        job["areJson"] = (
            event_columns(state, data["workspaceId"], data["eventType"], columns)
            if is_event
            else customer_columns(state, data["workspaceId"], columns)
        )
        data["totalEntities"] = stored.records
        try:
            check_job_limit(state, data["nodeId"])  # other jobs may have been created while this file was read
        except Refused:
            drop_file(state, job["id"])
            raise
    state.collection(BULK_JOBS).put(job)
