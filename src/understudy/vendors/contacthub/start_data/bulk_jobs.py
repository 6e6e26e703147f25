"""Start data: a LOADED and a PROCESSED bulk job."""

from datetime import datetime, timedelta

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.bulk.csv_files import RECORDS_PER_CHUNK
from understudy.vendors.contacthub.bulk.jobs import PROCESSED, START_DATA, new_job, store_results
from understudy.vendors.contacthub.bulk.record_writer import CUSTOMER
from understudy.vendors.contacthub.start_data.fixed_ids import (
    FIRST_CUSTOMER,
    LOADED_JOB,
    PROCESSED_JOB,
    Places,
    example_id,
)
from understudy.vendors.contacthub.tables import BULK_JOBS, BULK_RECORDS
from understudy.vendors.contacthub.timestamps import time_text

LOADED_FOR = timedelta(days=1)
"""Time that the first job stays LOADED at any pace, so that a client can read it in this status."""

CUSTOMERS = (FIRST_CUSTOMER, FIRST_CUSTOMER + 1)


def add_start_jobs(state: VendorState, places: Places, today: datetime) -> None:
    """Add the jobs; the PROCESSED one is of the day before."""
    loaded = _job(state, places, LOADED_JOB)
    due = int((state.now() + LOADED_FOR).timestamp() * 1000)
    loaded |= {"scheduledAt": due, "startsAt": due, "columns": ["externalId", "extra"], "areJson": [False, False]}
    records = [[f"customer-{number}", "from a file"] for number in CUSTOMERS]
    state.collection(BULK_RECORDS).put({"id": f"{LOADED_JOB}/0", "records": records})

    processed = _job(state, places, PROCESSED_JOB)
    at = today - timedelta(days=1)
    times = {"createdAt": time_text(at), "updatedAt": time_text(at + timedelta(minutes=10))}
    processed["data"] |= times | {"status": PROCESSED, "processedEntities": len(CUSTOMERS)}
    processed["next"] = -(-len(CUSTOMERS) // RECORDS_PER_CHUNK)
    results = [(line, example_id(number), "OK", "") for line, number in enumerate(CUSTOMERS, start=1)]
    store_results(state, PROCESSED_JOB, 0, results)
    for job in (processed, loaded):
        state.collection(BULK_JOBS).put(job)


def _job(state: VendorState, places: Places, job_id: str) -> Json:
    job = new_job(
        state,
        job_id,
        Caller(START_DATA),
        {
            "filename": "customers.csv",
            "operation": "UPSERT",
            "workspaceId": places.workspace,
            "nodeId": places.node,
            "entity": CUSTOMER,
            "eventType": None,
        },
    )
    job["data"]["totalEntities"] = len(CUSTOMERS)
    return job
