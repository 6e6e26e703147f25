"""Helpers that load files by bulk job, as a client of the first workspace."""

import csv
from collections.abc import Iterator
from io import BytesIO, StringIO
from typing import Any

from tests.vendors.contacthub.calls import CLIENT, NODE, WORKSPACE
from tests.vendors.contacthub.steps import finish
from understudy.core.reply import Reply
from understudy.core.upload import Upload
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.operations.bulk_jobs import (
    create_bulk_job,
    get_bulk_job,
    get_bulk_job_results,
    list_bulk_jobs,
)

Json = dict[str, Any]


def begin(state: VendorState, file: str | bytes, *, node: str = NODE, **form: str) -> Iterator[Reply | None]:
    """Send a file; return the handler's steps, which the test must run."""
    content = BytesIO(file.encode() if isinstance(file, str) else file)
    body = {"operation": "UPSERT", **form, "file": Upload("customers.csv", "text/csv", content)}
    return create_bulk_job(state, WORKSPACE, node, body, CLIENT)


def submit(state: VendorState, file: str | bytes, **form: str) -> Json:
    """Send a file, stop at the reply, and return the job in it."""
    [answer] = [reply for reply in _until_reply(begin(state, file, **form)) if reply is not None]
    assert answer.status == 201
    return dict(answer.body)


def load(state: VendorState, file: str | bytes, **form: str) -> list[Json]:
    """Send a file, run its job to its end, and return the lines of its results."""
    job = submit(state, file, **form)
    assert look(state, job)["status"] == "PROCESSED"
    return results(state, job)


def look(state: VendorState, job: Json) -> Json:
    return dict(finish(get_bulk_job(state, WORKSPACE, job["nodeId"], job["id"], CLIENT)).body)


def results(state: VendorState, job: Json) -> list[Json]:
    text = finish(get_bulk_job_results(state, WORKSPACE, job["nodeId"], job["id"], CLIENT)).body
    return list(csv.DictReader(StringIO(text)))


def jobs(
    state: VendorState,
    *,
    node: str = NODE,
    size: int = 20,
    page: int = 0,
    sort: list[str] | None = None,
    **filters: str,
) -> Json:
    wanted = {"status": None, "entity": None, **filters}
    listed = list_bulk_jobs(state, WORKSPACE, node, size=size, page=page, sort=sort, caller=CLIENT, **wanted)
    return dict(finish(listed).body)


def _until_reply(turns: Iterator[Reply | None]) -> Iterator[Reply | None]:
    for reply in turns:
        yield reply
        if reply is not None:
            return
