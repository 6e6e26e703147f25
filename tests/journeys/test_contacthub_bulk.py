"""Load of a whole register of customers by one bulk job, over real HTTP, while a shop sends requests."""

import asyncio
import csv
import io
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from understudy.app import create_app
from understudy.settings import Settings

CUSTOMERS = 10_000
BROKEN = range(0, CUSTOMERS, 1000)
"""Numbers of the lines with an invalid e-mail address."""


def address(number: int) -> str:
    return "no address" if number in BROKEN else f"register-{number}@example.com"


def register() -> bytes:
    """Return the file: with a byte order mark, as spreadsheets write, and a quoted field and a number in each line."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["externalId", "base.firstName", "base.contacts.email", "extra", "extended.visits"])
    for number in range(CUSTOMERS):
        writer.writerow([f"register-{number}", "Ada", address(number), f"shelf {number % 7}, left", number % 50])
    return text.getvalue().encode("utf-8-sig")


@pytest.fixture
def hub(stand_in: Any) -> Iterator[httpx.Client]:
    known = stand_in.credentials("contacthub")
    url = f"{stand_in.url('contacthub')}/workspaces/{known['workspace']}"
    headers = {"Authorization": f"Bearer {known['token']}"}
    with httpx.Client(base_url=url, headers=headers, params={"nodeId": known["node"]}, timeout=30) as client:
        yield client


@pytest.fixture
def jobs(stand_in: Any) -> str:
    return f"/nodes/{stand_in.credentials('contacthub')['node']}/bulk-jobs"


def total(hub: httpx.Client, **asked: Any) -> int:
    return int(hub.get("/customers", params={**asked, "size": 1}).json()["page"]["totalElements"])


def test_ten_thousand_customers_arrive_by_bulk_job(hub: httpx.Client, jobs: str) -> None:
    there = total(hub)
    file = {"file": ("register.csv", register(), "text/csv")}

    answer = hub.post(jobs, data={"operation": "UPSERT", "entity": "CUSTOMER"}, files=file)
    assert answer.status_code == 201, answer.text
    job = answer.json()
    deadline = time.monotonic() + 60
    while job["status"] != "PROCESSED" and time.monotonic() < deadline:
        assert hub.get(f"{jobs}/{job['id']}/results").status_code in {200, 409}
        job = hub.get(f"{jobs}/{job['id']}").json()
    assert (job["status"], job["totalEntities"]) == ("PROCESSED", CUSTOMERS)
    assert job["failedEntities"] == len(BROKEN)
    assert total(hub) == there + CUSTOMERS - len(BROKEN)

    results = list(csv.DictReader(io.StringIO(hub.get(f"{jobs}/{job['id']}/results").text)))
    assert [line["line"] for line in results] == [str(number) for number in range(1, CUSTOMERS + 1)]
    refused = {int(line["line"]) - 1: line["message"] for line in results if line["result"] == "FAILED"}
    assert set(refused) == set(BROKEN)
    assert all("/base/contacts/email" in message for message in refused.values())

    made = hub.get(f"/customers/{results[4321]['id']}").json()
    assert (made["externalId"], made["extra"]) == ("register-4321", "shelf 2, left")
    assert (made["base"]["contacts"]["email"], made["extended"]) == ("register-4321@example.com", {"visits": 21})


def test_other_requests_are_served_while_a_job_runs() -> None:
    """Run in one event loop, so that a busy machine slows the job and the client alike; the post ends with the job."""
    served = create_app(Settings(vendors=("contacthub",)))
    known = served.credentials("")["contacthub"]
    headers = {"Authorization": f"Bearer {known['token']}"}
    app: Any = served.asgi
    url = f"http://127.0.0.1{known['base_url']}/workspaces/{known['workspace']}"

    async def count() -> list[int]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), headers=headers) as client:

            async def total() -> int:
                page = await client.get(f"{url}/customers", params={"nodeId": known["node"], "size": 1})
                return int(page.json()["page"]["totalElements"])

            counts = [await total()]
            wanted = counts[0] + CUSTOMERS - len(BROKEN)
            job = f"{url}/nodes/{known['node']}/bulk-jobs"
            posting = asyncio.create_task(client.post(job, data={"operation": "INSERT"}, files={"file": register()}))
            while not posting.done():
                counts.append(await total())
                await asyncio.sleep(0)
            assert (await posting).status_code == 201
            assert await total() == wanted
            return counts

    counts = asyncio.run(count())
    assert counts == sorted(counts)
    assert len(set(counts)) > 10
