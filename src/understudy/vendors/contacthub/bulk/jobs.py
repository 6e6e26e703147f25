"""Bulk jobs: state and progress of the import of a file into a node.

A job is a row. ``data`` is the job as a response shows it; ``scheduledAt`` and ``startsAt`` (epoch ms) are the times at
which it becomes SCHEDULED and PROCESSING; ``recordsPerSecond`` is its speed (``null``: unlimited); ``columns`` and
``areJson`` describe its records; ``caller`` is the client in whose name they are written; ``next`` is the number of the
next chunk. Each step reads the row and stores it again, so that a copy of a world continues the job by itself
(docs/decisions/0007).
"""

import csv
from collections.abc import Generator, Iterable, Iterator
from datetime import UTC, datetime
from io import StringIO

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.misconfigured import Misconfigured
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.bulk.csv_columns import read_record
from understudy.vendors.contacthub.bulk.csv_files import RECORDS_PER_CHUNK, chunk_id, drop_file, pop_chunk
from understudy.vendors.contacthub.bulk.paces import AT_ONCE, PACES
from understudy.vendors.contacthub.bulk.record_writer import write_record
from understudy.vendors.contacthub.configuration.stored_settings import read_setting, write_setting
from understudy.vendors.contacthub.tables import BULK_JOBS, BULK_RESULTS, NODES, WORKSPACES
from understudy.vendors.contacthub.timestamps import now_text, time_text

LOADED, SCHEDULED, PROCESSING = "LOADED", "SCHEDULED", "PROCESSING"
STOPPED, PROCESSED, FAILED = "STOPPED", "PROCESSED", "FAILED"
MAX_LOADED_JOBS = 10
"""Greatest number of LOADED jobs of a node (documented)."""

MAX_CHUNKS_PER_REQUEST = 500
"""Greatest number of chunks written before a response about a job: 5,000 records, about a second."""

START_DATA = "bulk jobs of the start data"
"""Name of the caller of the jobs that a world starts with."""

PACE_SETTING = "bulkJobs"
HEADER = ("line", "id", "result", "message")


def set_pace(state: VendorState, pace: str) -> None:
    """Set the pace of new jobs, ``at once`` or ``by the clock``; raise ``Misconfigured`` for any other text."""
    if pace not in PACES:
        raise Misconfigured(f"bulk_jobs is 'at once' or 'by the clock', not {pace!r}")
    write_setting(state, state.vendor, PACE_SETTING, {"pace": pace})


def new_job(state: VendorState, job_id: str, caller: Caller, data: Json) -> Json:
    """Return the row of a new LOADED job without its file, at the pace of its world."""
    pace = PACES[read_setting(state, state.vendor, PACE_SETTING, {"pace": AT_ONCE})["pace"]]
    now, at = now_text(state), int(state.now().timestamp() * 1000)
    claims = {"name": caller.name, "scopes": sorted(caller.scopes), "claims": dict(caller.claims)}
    return {
        "id": job_id,
        "data": {
            "id": job_id,
            **data,
            "bulkJobName": None,
            "status": LOADED,
            "errorMessage": None,
            "createdAt": now,
            "updatedAt": now,
            "processedEntities": 0,
            "failedEntities": 0,
            "totalEntities": 0,
        },
        "scheduledAt": at + pace["loaded"] * 1000,
        "startsAt": at + (pace["loaded"] + pace["scheduled"]) * 1000,
        "recordsPerSecond": pace["recordsPerSecond"],
        "columns": [],
        "areJson": [],
        "caller": claims | {"isAnyone": caller.is_anyone},
        "next": 0,
    }


def check_job_limit(state: VendorState, node_id: str) -> None:
    """Refuse another job of a node for which clients have ten LOADED jobs; those of the start data do not count."""
    jobs = state.collection(BULK_JOBS)
    found = [job for job in jobs.find("loaded", node_id) if job["caller"]["name"] != START_DATA]
    loaded = [job for job in found if _advance_status(state, job) == LOADED]
    if len(loaded) >= MAX_LOADED_JOBS:
        raise Refused(400, f"node {node_id} has {MAX_LOADED_JOBS} bulk jobs that are LOADED")


def run_job(state: VendorState, job_id: str, chunks: int = MAX_CHUNKS_PER_REQUEST) -> Generator[None, None, None]:
    """Write the chunks of a job that are due, one in each step, at most ``chunks``."""
    for _ in range(chunks):
        if not run_portion(state, job_id):
            return
        yield


def run_portion(state: VendorState, job_id: str) -> bool:
    """Write the next chunk of a job if it is due; return whether it was due."""
    jobs = state.collection(BULK_JOBS)
    job = jobs.get(job_id)
    if job is None or _advance_status(state, job) != PROCESSING:
        return False
    data = job["data"]
    total = data["totalEntities"]
    if _stop_if_not_writable(state, job):
        return False
    if job["next"] * RECORDS_PER_CHUNK < total:
        if min((job["next"] + 1) * RECORDS_PER_CHUNK, total) > _records_due(state, job):
            return False
        _write_chunk(state, job)
        data["updatedAt"] = now_text(state)
    if job["next"] * RECORDS_PER_CHUNK >= total:
        data["status"] = PROCESSED
    jobs.put(job)
    return True


def results_of(state: VendorState, job: Json) -> Iterator[str]:
    """Yield the results of a job as CSV, in parts: a line for each line of the file, or the reason it FAILED."""
    yield write_lines([HEADER])
    if job["data"]["status"] == FAILED:
        yield write_lines([("", "", FAILED, job["data"]["errorMessage"])])
    results = state.collection(BULK_RESULTS)
    for number in range(job["next"]):
        found = results.get(chunk_id(job["id"], number))
        yield "" if found is None else found["text"]


def store_results(state: VendorState, job_id: str, number: int, results: Iterable[tuple[int, str, str, str]]) -> None:
    """Store the results of a chunk: line, id, ``OK`` or ``FAILED``, and reason of each record."""
    state.collection(BULK_RESULTS).put({"id": chunk_id(job_id, number), "text": write_lines(results)})


def write_lines(rows: Iterable[tuple[object, ...]]) -> str:
    """Return rows as lines of CSV."""
    text = StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _advance_status(state: VendorState, job: Json) -> str:
    """Advance a job's status to the time of the clock; return it."""
    data, at = job["data"], state.now().timestamp() * 1000
    before = data["status"]
    for status, next_status, time_key in ((LOADED, SCHEDULED, "scheduledAt"), (SCHEDULED, PROCESSING, "startsAt")):
        if data["status"] == status and job[time_key] <= at:
            data |= {
                "status": next_status,
                "updatedAt": time_text(datetime.fromtimestamp(job[time_key] / 1000, UTC)),
            }
    if data["status"] != before:
        state.collection(BULK_JOBS).put(job)
    return str(data["status"])


def _stop_if_not_writable(state: VendorState, job: Json) -> bool:
    """Stop a job whose workspace or node no longer accepts writes; return whether it was stopped."""
    data = job["data"]
    workspace = state.collection(WORKSPACES).get(data["workspaceId"])
    status = workspace["data"]["status"] if workspace else "DISABLED"
    if status == "ENABLED" and data["nodeId"] in state.collection(NODES):
        return False
    message = f"workspace {status.lower()}: {data['workspaceId']}"
    data |= {"status": STOPPED, "errorMessage": message, "updatedAt": now_text(state)}
    state.collection(BULK_JOBS).put(job)
    drop_file(state, job["id"], job["next"])
    return True


def _records_due(state: VendorState, job: Json) -> float:
    """Return the number of records that are due by the clock."""
    if job["recordsPerSecond"] is None:
        return float("inf")
    return float((state.now().timestamp() - job["startsAt"] / 1000) * job["recordsPerSecond"])


def _write_chunk(state: VendorState, job: Json) -> None:
    data, number = job["data"], job["next"]
    stored = job["caller"]
    caller = Caller(stored["name"], frozenset(stored["scopes"]), stored["claims"], is_anyone=stored["isAnyone"])
    results = []
    for line, cells in enumerate(pop_chunk(state, job["id"], number), start=number * RECORDS_PER_CHUNK + 1):
        try:
            record = read_record(job["columns"], job["areJson"], cells)
            results.append((line, write_record(state, caller, data, record), "OK", ""))
        except Refused as refused:
            results.append((line, "", "FAILED", _reason(refused)))
    refusals = sum(result == "FAILED" for _, _, result, _ in results)
    data["processedEntities"] += len(results) - refusals
    data["failedEntities"] += refusals
    job["next"] = number + 1
    store_results(state, job["id"], number, results)


def _reason(refused: Refused) -> str:
    places = "; ".join(f"{violation.path} {violation.message}" for violation in refused.violations)
    return f"{refused.message}: {places}" if places else refused.message
