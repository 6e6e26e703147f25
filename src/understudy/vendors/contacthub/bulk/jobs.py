"""Bulk jobs: files on their way into a node, a portion at a time.

A job is a row: ``data`` is what is answered; ``scheduledAt`` and ``startsAt`` (epoch ms) are when the world's clock
moves it on, and ``recordsPerSecond`` how fast it is then (``null``: at once); ``columns`` and ``areJson`` say how its
records are read, ``caller`` in whose name they are written, ``next`` which chunk is next. Every portion is a step of
its own that begins and ends with the row, so that a copy of a world goes on by itself (docs/decisions/0007).
"""

import csv
from collections.abc import Generator, Iterable, Iterator
from datetime import UTC, datetime
from io import StringIO

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.misconfigured import Misconfigured
from understudy.core.refused import Refused
from understudy.core.timestamps import iso_milliseconds
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.bulk.csv_columns import read_record
from understudy.vendors.contacthub.bulk.csv_files import CHUNK, chunk_id, drop_file, pop_chunk
from understudy.vendors.contacthub.bulk.record_writer import write_record
from understudy.vendors.contacthub.configuration.stored_settings import read_setting, write_setting
from understudy.vendors.contacthub.tables import BULK_JOBS, BULK_RESULTS, NODES, WORKSPACES
from understudy.vendors.contacthub.timestamps import now_text

LOADED, SCHEDULED, PROCESSING = "LOADED", "SCHEDULED", "PROCESSING"
STOPPED, PROCESSED, FAILED = "STOPPED", "PROCESSED", "FAILED"
MOST_LOADED = 10
"""How many jobs of a node may be LOADED (the page)."""

MOST_CHUNKS = 500
"""How many chunks of a job somebody who asks after it waits for: 5,000 records, a second or so."""

PACE = "bulkJobs"
AT_ONCE, BY_THE_CLOCK = "at once", "by the clock"
PACES: dict[str, Json] = {
    AT_ONCE: {"loaded": 0, "scheduled": 0, "recordsPerSecond": None},
    BY_THE_CLOCK: {"loaded": 60, "scheduled": 60, "recordsPerSecond": 1000},
}
"""How many seconds a job is LOADED, then SCHEDULED, and how fast it is PROCESSING; the vendor's own are not known."""

HEADER = ("line", "id", "result", "message")


def set_pace(state: VendorState, pace: str) -> None:
    """Have the jobs that come be done ``at once`` or ``by the clock``; raise ``Misconfigured`` for any other word."""
    if pace not in PACES:
        raise Misconfigured(f"bulk_jobs is 'at once' or 'by the clock', not {pace!r}")
    write_setting(state, state.vendor, PACE, {"pace": pace})


def new_job(state: VendorState, job_id: str, caller: Caller, data: Json) -> Json:
    """Return the row of a job that is LOADED now, at the pace of its world; its file is still to come."""
    pace = PACES[read_setting(state, state.vendor, PACE, {"pace": AT_ONCE})["pace"]]
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
    """Refuse one more job of a node that has ten LOADED ones."""
    jobs = state.collection(BULK_JOBS)
    loaded = [job for job in jobs.find("loaded", node_id) if _follow_clock(state, job) == LOADED]
    if len(loaded) >= MOST_LOADED:
        raise Refused(400, f"node {node_id} has {MOST_LOADED} bulk jobs that are LOADED")


def run_job(state: VendorState, job_id: str, chunks: int = MOST_CHUNKS) -> Generator[None, None, None]:
    """Do what is due of a job, in turns, but no more than so many chunks of it."""
    for _ in range(chunks):
        if not run_portion(state, job_id):
            return
        yield


def run_portion(state: VendorState, job_id: str) -> bool:
    """Do the next portion of a job if one is due; tell whether there was one."""
    jobs = state.collection(BULK_JOBS)
    job = jobs.get(job_id)
    if job is None or _follow_clock(state, job) != PROCESSING:
        return False
    data = job["data"]
    total = data["totalEntities"]
    if _stop(state, job):
        return False
    if job["next"] * CHUNK < total:
        if min((job["next"] + 1) * CHUNK, total) > _due(state, job):
            return False
        _write_chunk(state, job)
        data["updatedAt"] = now_text(state)
    if job["next"] * CHUNK >= total:
        data["status"] = PROCESSED
    jobs.put(job)
    return True


def results_of(state: VendorState, job: Json) -> Iterator[str]:
    """Yield the results of a job as CSV, a part at a time: a line for each of its file's, or why that is of no use."""
    yield write_lines([HEADER])
    if job["data"]["status"] == FAILED:
        yield write_lines([("", "", FAILED, job["data"]["errorMessage"])])
    results = state.collection(BULK_RESULTS)
    for number in range(job["next"]):
        found = results.get(chunk_id(job["id"], number))
        yield "" if found is None else found["text"]


def store_results(state: VendorState, job_id: str, number: int, results: Iterable[tuple[int, str, str, str]]) -> None:
    """Keep what became of a chunk: for each record its line, its id, ``OK`` or ``FAILED``, and why."""
    state.collection(BULK_RESULTS).put({"id": chunk_id(job_id, number), "text": write_lines(results)})


def write_lines(rows: Iterable[tuple[object, ...]]) -> str:
    """Return rows as lines of CSV."""
    text = StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _follow_clock(state: VendorState, job: Json) -> str:
    """Move a job on as far as the clock says; return its status."""
    data, at = job["data"], state.now().timestamp() * 1000
    before = data["status"]
    for status, following, moment in ((LOADED, SCHEDULED, "scheduledAt"), (SCHEDULED, PROCESSING, "startsAt")):
        if data["status"] == status and job[moment] <= at:
            data |= {
                "status": following,
                "updatedAt": iso_milliseconds(datetime.fromtimestamp(job[moment] / 1000, UTC)),
            }
    if data["status"] != before:
        state.collection(BULK_JOBS).put(job)
    return str(data["status"])


def _stop(state: VendorState, job: Json) -> bool:
    """Stop a job whose workspace takes no writes any more; tell whether it had to."""
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


def _due(state: VendorState, job: Json) -> float:
    """How many records of a job the clock has had time for."""
    if job["recordsPerSecond"] is None:
        return float("inf")
    return float((state.now().timestamp() - job["startsAt"] / 1000) * job["recordsPerSecond"])


def _write_chunk(state: VendorState, job: Json) -> None:
    data, number = job["data"], job["next"]
    known = job["caller"]
    caller = Caller(known["name"], frozenset(known["scopes"]), known["claims"], is_anyone=known["isAnyone"])
    results = []
    for line, cells in enumerate(pop_chunk(state, job["id"], number), start=number * CHUNK + 1):
        try:
            record = read_record(job["columns"], job["areJson"], cells)
            results.append((line, write_record(state, caller, data, record), "OK", ""))
        except Refused as refused:
            results.append((line, "", "FAILED", _why(refused)))
    refusals = sum(result == "FAILED" for _, _, result, _ in results)
    data["processedEntities"] += len(results) - refusals
    data["failedEntities"] += refusals
    job["next"] = number + 1
    store_results(state, job["id"], number, results)


def _why(refused: Refused) -> str:
    places = "; ".join(f"{violation.path} {violation.message}" for violation in refused.violations)
    return f"{refused.message}: {places}" if places else refused.message
