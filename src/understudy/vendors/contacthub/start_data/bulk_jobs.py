"""The bulk jobs of a new world: one that waits for its turn, and one that is through."""

from datetime import datetime, timedelta

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.timestamps import iso_milliseconds
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.bulk.csv_files import CHUNK
from understudy.vendors.contacthub.bulk.jobs import PROCESSED, new_job, store_results
from understudy.vendors.contacthub.bulk.record_writer import CUSTOMER
from understudy.vendors.contacthub.start_data.fixed_ids import (
    ENTRY_NODE,
    FIRST_CUSTOMER,
    LOADED_JOB,
    PROCESSED_JOB,
    WORKSPACE,
    example_id,
)
from understudy.vendors.contacthub.tables import BULK_JOBS, BULK_RECORDS

WAIT = timedelta(days=1)
"""How long the first job is LOADED, whatever the pace of the others: long enough to be looked at."""

CUSTOMERS = (FIRST_CUSTOMER, FIRST_CUSTOMER + 1)


def add_start_jobs(state: VendorState, today: datetime) -> None:
    """Add the jobs; the one that is through was of the day before."""
    waiting = _job(state, LOADED_JOB)
    due = int((state.now() + WAIT).timestamp() * 1000)
    waiting |= {"scheduledAt": due, "startsAt": due, "columns": ["externalId", "extra"], "areJson": [False, False]}
    records = [[f"customer-{number}", "from a file"] for number in CUSTOMERS]
    state.collection(BULK_RECORDS).put({"id": f"{LOADED_JOB}/0", "records": records})

    done = _job(state, PROCESSED_JOB)
    at = today - timedelta(days=1)
    times = {"createdAt": iso_milliseconds(at), "updatedAt": iso_milliseconds(at + timedelta(minutes=10))}
    done["data"] |= times | {"status": PROCESSED, "processedEntities": len(CUSTOMERS)}
    done["next"] = -(-len(CUSTOMERS) // CHUNK)
    results = [(line, example_id(number), "OK", "") for line, number in enumerate(CUSTOMERS, start=1)]
    store_results(state, PROCESSED_JOB, 0, results)
    for job in (done, waiting):
        state.collection(BULK_JOBS).put(job)


def _job(state: VendorState, job_id: str) -> Json:
    job = new_job(
        state,
        job_id,
        Caller("bulk jobs"),
        {
            "filename": "customers.csv",
            "operation": "UPSERT",
            "workspaceId": WORKSPACE,
            "nodeId": ENTRY_NODE,
            "entity": CUSTOMER,
            "eventType": None,
        },
    )
    job["data"]["totalEntities"] = len(CUSTOMERS)
    return job
