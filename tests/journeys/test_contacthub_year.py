"""A year in a workspace, over real HTTP: the clock moves, and retention, tokens, throttling and bulk jobs follow."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from understudy.vendors.contacthub.bulk.jobs import set_pace
from understudy.vendors.contacthub.bulk.paces import BY_THE_CLOCK

Json = dict[str, Any]

START = datetime(2026, 11, 21, 12, 0, 30, tzinfo=UTC)
MONTH = timedelta(days=31)


class Year:
    """Workspace whose clock the test moves."""

    def __init__(self, stand_in: Any, client: httpx.Client, node: str) -> None:
        self.clock = stand_in.clock
        self.client = client
        self.node = node

    def send(self, method: str, path: str, status: int = 200, body: Json | None = None, **params: Any) -> Any:
        """Send a request; return the JSON of its response, or ``None`` for a response without a body."""
        answer = self.client.request(method, path, json=body, params=params)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    def pass_time(self, span: timedelta) -> None:
        self.clock.move(span)

    def add_event(self, customer: str, kind: str) -> str:
        body = {"customerId": customer, "type": kind, "context": "OTHER", "properties": {}}
        return str(self.send("POST", "/events", 202, body)["id"])

    def events(self, customer: str) -> list[str]:
        found = self.send("GET", "/events", customerId=customer, size=50)["elements"]
        return [event["type"] for event in found]

    def limit(self, number: int) -> None:
        self.send("PUT", "/configuration/throttling", body={"maxRequestsPerMinute": number})

    def is_throttled(self) -> bool:
        answer = self.client.get("/configuration/throttling")
        if answer.status_code != 429:
            return False
        assert 1 <= int(answer.headers["Retry-After"]) <= 60
        assert set(answer.json()) == {"message", "logref", "data", "errors"}
        return True

    @property
    def jobs(self) -> str:
        """Return the path of the node's bulk jobs."""
        return f"/nodes/{self.node}/bulk-jobs"

    def load(self, lines: list[str], **form: str) -> str:
        """Send a file; return the id of its job."""
        form = {"operation": "UPSERT", "entity": "CUSTOMER", **form}
        answer = self.client.post(self.jobs, data=form, files={"file": "\n".join(lines)})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def look(self, job: str) -> tuple[str, int]:
        """Return the status of a job, and its number of processed records."""
        found = self.send("GET", f"{self.jobs}/{job}")
        return found["status"], found["processedEntities"]


@pytest.fixture
def year(stand_in: Any) -> Iterator[Year]:
    known = stand_in.credentials("contacthub")
    stand_in.clock.set(START, rate=0)
    set_pace(stand_in.world.vendors["contacthub"], BY_THE_CLOCK)
    headers = {"Authorization": f"Bearer {known['token']}"}
    url = f"{stand_in.url('contacthub')}/workspaces/{known['workspace']}"
    with httpx.Client(base_url=url, headers=headers) as client:
        yield Year(stand_in, client, known["node"])


def add_customer(year: Year, email: str) -> str:
    body = {"nodeId": year.node, "base": {"contacts": {"email": email}}}
    return str(year.send("POST", "/customers", 201, body)["id"])


def test_events_leave_as_the_year_goes_by_and_their_customer_stays(year: Year) -> None:
    customer = add_customer(year, "year@example.com")
    for kind in ("viewedPage", "closedTicket", "campaignSent"):
        year.add_event(customer, kind)
    year.send("PUT", "/configuration/retention-policy", body={"campaignSent": {"months": 18}})
    offset = year.send("GET", "/updates/last-offset")["lastOffset"]

    seen = []
    for months in (2, 2, 9, 6):
        year.pass_time(months * MONTH)
        seen.append(sorted(year.events(customer)))

    assert seen == [
        ["campaignSent", "closedTicket", "viewedPage"],
        ["campaignSent", "closedTicket"],
        ["campaignSent"],
        [],
    ]
    assert year.send("GET", f"/customers/{customer}")["id"] == customer
    updates = year.send("GET", "/updates", offset=offset, size=4000)["updates"]
    gone = [each["entity"]["data"] for each in updates if each["operation"] == "DELETE"]
    assert [event["type"] for event in gone if event["customerId"] == customer] == [
        "viewedPage",
        "closedTicket",
        "campaignSent",
    ]


def test_the_status_of_retention_follows_the_clock(year: Year) -> None:
    customer = add_customer(year, "status@example.com")

    def count() -> Json:
        year.add_event(customer, "closedTicket")
        found: Json = year.send("GET", "/configuration/retention-policy/status")[year.node]["closedTicket"]
        return found

    before = count()
    year.pass_time(6 * MONTH)
    half = count()
    year.pass_time(7 * MONTH)
    after = count()

    assert (before["total"], half["total"], after["total"]) == (1, 2, 2)
    assert before["oldestDate"] == half["oldestDate"] < after["oldestDate"]


def test_a_token_is_valid_until_it_is_replaced(year: Year) -> None:
    sources = year.send("GET", "/configuration/sources")["elements"]
    source = next(each for each in sources if each["name"] == "Shop system")

    def is_known(token: str) -> bool:
        headers = {"Authorization": f"Bearer {token}"}
        return year.client.get("/customers", params={"nodeId": year.node}, headers=headers).status_code == 200

    year.pass_time(12 * MONTH)
    old_after_a_year = is_known(source["token"])
    replaced = year.send("POST", f"/configuration/sources/{source['id']}/refresh-token")["token"]
    year.pass_time(12 * MONTH)

    assert (old_after_a_year, is_known(source["token"]), is_known(replaced)) == (True, False, True)


def test_throttling_follows_the_clock(year: Year) -> None:
    year.limit(2)
    first = [year.is_throttled() for _ in range(3)]
    year.pass_time(timedelta(seconds=29))
    within = year.is_throttled()
    year.pass_time(timedelta(seconds=1))
    second = [year.is_throttled() for _ in range(3)]
    year.pass_time(12 * MONTH)
    year.limit(0)

    assert (first, within, second) == ([False, False, True], True, [False, False, True])
    assert not any(year.is_throttled() for _ in range(10))


def test_a_customer_is_exported_and_forgotten_everywhere(year: Year) -> None:
    customer = add_customer(year, "forget-me@example.com")
    aggregate = next(each["id"] for each in year.send("GET", "/configuration/nodes/aggregates")["elements"])
    year.add_event(customer, "closedTicket")
    gathered = year.send("GET", "/customers", nodeId=aggregate, size=50)["elements"]
    whole = next(each["id"] for each in gathered if each["base"]["contacts"]["email"] == "forget-me@example.com")

    exported = year.send("GET", f"/customers/{whole}/export")
    year.send("DELETE", f"/customers/{customer}/forget", 204)

    assert [event["type"] for event in exported["events"]] == ["closedTicket"]
    for gone in (customer, whole):
        year.send("GET", f"/customers/{gone}", 404)
    assert year.events(customer) == []
    updates = year.send("GET", "/updates", size=4000)["updates"]
    assert [each["entity"]["data"] for each in updates if each["entity"]["data"]["id"] == customer] == [
        {"id": customer},
        {"id": customer},
    ]
    log = year.send("GET", "/consent-logs", customerId=customer)["elements"]
    assert {entry["type"] for entry in log} == {"DATA_PORTABILITY_REQUESTED", "FORCED_DELETE"}


def test_a_bulk_job_takes_the_time_of_the_clock(year: Year) -> None:
    register = [f"year-{number},year-{number}@example.com" for number in range(1500)]
    job = year.load(["externalId,base.contacts.email", *register])

    seen = [year.look(job)]
    for seconds in (60, 60, 1, 1):
        assert year.client.get(f"{year.jobs}/{job}/results").status_code == 409
        year.pass_time(timedelta(seconds=seconds))
        seen.append(year.look(job))

    assert seen == [("LOADED", 0), ("SCHEDULED", 0), ("PROCESSING", 0), ("PROCESSING", 1000), ("PROCESSED", 1500)]
    assert len(year.client.get(f"{year.jobs}/{job}/results").text.splitlines()) == 1501


def test_events_that_waited_in_a_job_are_as_old_as_they_say(year: Year) -> None:
    """No request follows a file for a year: the next one stores its events, and the night after deletes them."""
    customer = add_customer(year, "late@example.com")
    line = f"{customer},OTHER,2026-11-20T10:00:00.000+0000"
    job = year.load(["customerId,context,date", line], entity="EVENT", eventType="closedTicket")
    year.pass_time(12 * MONTH)

    assert year.look(job) == ("PROCESSED", 1)
    there = year.events(customer)
    year.pass_time(timedelta(days=1))

    assert (there, year.events(customer)) == (["closedTicket"], [])


def test_a_job_of_a_workspace_that_was_suspended_meanwhile_stops(year: Year) -> None:
    job = year.load(["externalId,base.contacts.email", "stopped-1,stopped@example.com"])

    year.send("PUT", "/status", body={"status": "SUSPENDED"})
    year.pass_time(6 * MONTH)
    stopped = year.look(job)
    year.send("PUT", "/status", body={"status": "ENABLED"})
    year.pass_time(6 * MONTH)

    assert (stopped, year.look(job)) == (("STOPPED", 0), ("STOPPED", 0))
    assert year.send("GET", "/customers", nodeId=year.node, externalId="stopped-1")["elements"] == []


def test_there_is_room_for_jobs_again_when_the_clock_has_moved_those_before(year: Year) -> None:
    file = ["externalId,base.contacts.email", "room-1,room@example.com"]
    for _ in range(10):  # the one that is loaded from the start does not count
        year.load(file)

    refused = year.client.post(year.jobs, data={"operation": "UPSERT"}, files={"file": "\n".join(file)})
    year.pass_time(timedelta(minutes=1))

    assert (refused.status_code, year.look(year.load(file))) == (400, ("LOADED", 0))
