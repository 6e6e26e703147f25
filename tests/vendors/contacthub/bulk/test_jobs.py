"""Bulk jobs: creation, progress, list and results; their records are tested in test_record_writer.py."""

from datetime import timedelta

import pytest

from tests.vendors.contacthub.bulk_calls import begin, jobs, load, look, results, submit
from tests.vendors.contacthub.calls import AGGREGATE, CLIENT, ID, NO_ONE, NODE, OTHER_NODE, SUSPENDED, WORKSPACE
from understudy.core.caller import Caller
from understudy.core.misconfigured import Misconfigured
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.bulk.csv_files import RECORDS_PER_CHUNK
from understudy.vendors.contacthub.bulk.jobs import run_job, set_pace
from understudy.vendors.contacthub.bulk.paces import BY_THE_CLOCK
from understudy.vendors.contacthub.operations.bulk_jobs import create_bulk_job, get_bulk_job
from understudy.vendors.contacthub.tables import BULK_RECORDS, CUSTOMERS, WORKSPACES

WAITING, DONE = f"{ID}9001", f"{ID}9002"
ONE = "externalId,base.contacts.email\nbulk-1,ada@example.com\n"


def many(count: int) -> str:
    lines = (f"bulk-{number},bulk-{number}@example.com" for number in range(count))
    return "\n".join(("externalId,base.contacts.email", *lines))


@pytest.fixture
def slow(state: VendorState) -> VendorState:
    """A state whose clock stands unless a test moves it, which also moves the jobs."""
    state.clock.set(state.now().replace(microsecond=0), rate=0)
    set_pace(state, BY_THE_CLOCK)
    return state


def refusal(state: VendorState, file: str = ONE, *, node: str = NODE, **form: str) -> Refused:
    with pytest.raises(Refused) as caught:
        list(begin(state, file, node=node, **form))
    return caught.value


def test_a_job_is_loaded_when_its_file_has_arrived(slow: VendorState) -> None:
    job = submit(slow, many(41))

    assert (job["status"], job["totalEntities"], job["filename"]) == ("LOADED", 41, "customers.csv")
    assert (job["processedEntities"], job["failedEntities"], job["errorMessage"]) == (0, 0, None)


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        pytest.param(b"externalId\n\xff\xfe\n", "the file is not UTF-8 text", id="not UTF-8"),
        pytest.param(b'externalId\n"open', "line 2: unexpected end of data", id="open quote"),
        pytest.param(b"", "the first line has no columns", id="empty"),
        pytest.param(b",\n1,2", "the first line has no columns", id="no names"),
        pytest.param(b"externalId,nickname\n1,2", "unknown column 'nickname'", id="unknown"),
        pytest.param(b"extra,extra\n1,2", "the column 'extra' is there twice", id="twice"),
        pytest.param(b"base,base.title\n{},2", "the column 'base' has columns below it", id="overlap"),
        pytest.param(b"base" + b".a" * 20, "unknown column", id="deep"),
        pytest.param(b",".join(b"base.%d" % n for n in range(1001)), "there are more than 1000 columns", id="wide"),
    ],
)
def test_a_file_of_no_use_makes_a_job_that_has_failed(state: VendorState, file: bytes, reason: str) -> None:
    job = submit(state, file)

    assert job["status"] == "FAILED"
    assert job["errorMessage"].startswith(reason)
    assert look(state, job)["status"] == "FAILED"


def test_nothing_is_stored_of_an_invalid_file(state: VendorState) -> None:
    before = state.collection(BULK_RECORDS).keys()

    submit(state, many(50) + '\n"open')

    assert state.collection(BULK_RECORDS).keys() == before


def test_the_results_of_an_invalid_file_have_the_reason(state: VendorState) -> None:
    job = submit(state, "")

    assert results(state, job) == [
        {"line": "", "id": "", "result": "FAILED", "message": "the first line has no columns"}
    ]


def test_a_file_without_records_is_done_at_once(state: VendorState) -> None:
    assert load(state, "externalId\n") == []


def test_a_node_has_at_most_ten_jobs_that_are_loaded(slow: VendorState) -> None:
    for _ in range(10):  # a world starts with an eleventh, which does not count
        submit(slow, ONE)

    assert refusal(slow).status == 400
    assert submit(slow, ONE, node=OTHER_NODE)["status"] == "LOADED"


def test_there_is_room_again_when_jobs_have_moved_on(slow: VendorState) -> None:
    for _ in range(10):
        submit(slow, ONE)
    slow.clock.move(timedelta(seconds=60))

    assert submit(slow, ONE)["status"] == "LOADED"


def test_of_two_files_that_arrive_together_one_may_be_too_many(slow: VendorState) -> None:
    for _ in range(9):
        submit(slow, ONE)
    chunks = len(slow.collection(BULK_RECORDS))
    first, second = begin(slow, many(5 * RECORDS_PER_CHUNK)), begin(slow, many(5 * RECORDS_PER_CHUNK))
    next(first)
    next(second)

    list(first)
    with pytest.raises(Refused, match="10 bulk jobs"):
        list(second)

    assert len(jobs(slow, status="LOADED")["elements"]) == 11
    assert len(slow.collection(BULK_RECORDS)) == chunks + 5


def test_a_job_on_events_has_their_type(state: VendorState) -> None:
    refused = refusal(state, "customerId\n", entity="EVENT")

    assert (refused.status, refused.message) == (400, "bulk job is not valid")
    assert [violation.path for violation in refused.violations] == ["/eventType"]


def test_a_job_on_customers_has_no_event_type(state: VendorState) -> None:
    assert submit(state, ONE, entity="CUSTOMER", eventType="viewedPage")["eventType"] is None


def test_a_job_with_an_event_type_and_no_entity_is_one_on_events(state: VendorState) -> None:
    job = submit(state, "customerId\n", eventType="viewedPage")

    assert (job["entity"], job["eventType"]) == ("EVENT", "viewedPage")


@pytest.mark.parametrize("node", [NO_ONE, AGGREGATE])
def test_the_node_is_an_entry_node(state: VendorState, node: str) -> None:
    assert refusal(state, node=node).status == 404


def test_a_suspended_workspace_takes_no_file(state: VendorState) -> None:
    with pytest.raises(Refused) as caught:
        list(create_bulk_job(state, SUSPENDED, f"{ID}0121", {"operation": "INSERT", "file": ONE}, Caller("any")))

    assert caught.value.status == 403


def test_a_file_may_come_as_a_plain_field(state: VendorState) -> None:
    replies = list(create_bulk_job(state, WORKSPACE, NODE, {"operation": "INSERT", "file": ONE}, CLIENT))

    [answer] = [reply.body for reply in replies if reply is not None]
    assert (answer["filename"], answer["totalEntities"]) == (None, 1)


def test_at_once_a_job_is_processed_by_the_first_request_for_it(state: VendorState) -> None:
    job = submit(state, many(41))

    assert job["status"] == "LOADED"
    assert look(state, job) == {
        **job, "status": "PROCESSED", "processedEntities": 41, "updatedAt": look(state, job)["updatedAt"],
    }  # fmt: skip


def test_at_once_a_job_continues_after_its_response_without_further_requests(state: VendorState) -> None:
    list(begin(state, many(41)))

    assert state.collection(CUSTOMERS).count("externalId", (NODE, "bulk-40")) == 1


def test_one_request_processes_at_most_one_portion_of_a_job(state: VendorState) -> None:
    job = submit(state, many(41))

    list(run_job(state, job["id"], chunks=1))

    assert state.collection(CUSTOMERS).count("externalId", (NODE, f"bulk-{RECORDS_PER_CHUNK - 1}")) == 1
    assert state.collection(CUSTOMERS).count("externalId", (NODE, f"bulk-{RECORDS_PER_CHUNK}")) == 0


def test_other_requests_run_between_portions(state: VendorState) -> None:
    job = submit(state, many(2 * RECORDS_PER_CHUNK + 1))

    turns = get_bulk_job(state, WORKSPACE, NODE, job["id"], CLIENT)

    assert sum(1 for _ in turns) == 3


@pytest.mark.parametrize(
    ("seconds", "status", "processed"),
    [
        (59, "LOADED", 0),
        (60, "SCHEDULED", 0),
        (119, "SCHEDULED", 0),
        (120, "PROCESSING", 0),
        (120.02, "PROCESSING", 20),
        (120.0395, "PROCESSING", 40),
        (120.05, "PROCESSED", 41),
        (365 * 86_400, "PROCESSED", 41),
    ],
)
def test_the_clock_moves_a_job(slow: VendorState, seconds: float, status: str, processed: int) -> None:
    job = submit(slow, many(41))
    slow.clock.move(timedelta(seconds=seconds, milliseconds=1))

    found = look(slow, job)

    assert (found["status"], found["processedEntities"]) == (status, processed)


def test_a_job_has_the_times_of_its_status_changes(slow: VendorState) -> None:
    job = submit(slow, ONE)
    slow.clock.move(timedelta(seconds=90))

    assert job["createdAt"] == job["updatedAt"] < look(slow, job)["updatedAt"]


def test_a_copy_of_a_world_goes_on_by_itself(state: VendorState) -> None:
    job = submit(state, many(41))
    next(run_job(state, job["id"]))

    twin = state.fork("twin", state.clock.copy())

    assert look(twin, job)["processedEntities"] == 41
    assert state.collection(CUSTOMERS).count("externalId", (NODE, "bulk-40")) == 0


def test_nothing_stays_stored_of_a_processed_file(state: VendorState) -> None:
    before = state.collection(BULK_RECORDS).keys()

    load(state, many(41))

    assert state.collection(BULK_RECORDS).keys() == before


def test_a_job_stops_when_its_workspace_takes_no_writes_any_more(state: VendorState) -> None:
    job = submit(state, many(41))
    next(run_job(state, job["id"]))
    workspace = state.collection(WORKSPACES).get(WORKSPACE)
    assert workspace
    state.collection(WORKSPACES).put({**workspace, "data": {**workspace["data"], "status": "SUSPENDED"}})

    found = look(state, job)

    assert (found["status"], found["processedEntities"]) == ("STOPPED", RECORDS_PER_CHUNK)
    assert found["errorMessage"] == f"workspace suspended: {WORKSPACE}"


@pytest.mark.parametrize("status", ["LOADED", "SCHEDULED", "PROCESSING"])
def test_results_are_refused_before_the_end(slow: VendorState, status: str) -> None:
    job = submit(slow, ONE)
    slow.clock.move(timedelta(seconds=["LOADED", "SCHEDULED", "PROCESSING"].index(status) * 60))

    with pytest.raises(Refused) as caught:
        results(slow, job)

    assert caught.value.status == 409
    assert caught.value.message == f"bulk job {job['id']} is {status}, its results are not there yet"


def test_results_have_a_line_for_each_record(state: VendorState) -> None:
    found = load(state, many(41))

    assert [line["line"] for line in found] == [str(number) for number in range(1, 42)]
    assert {line["result"] for line in found} == {"OK"}
    assert state.collection(CUSTOMERS).get(found[-1]["id"])


def test_a_new_world_has_a_job_that_waits_and_one_that_is_through(state: VendorState) -> None:
    assert [job["id"] for job in jobs(state, status="LOADED")["elements"]] == [WAITING]
    assert [job["id"] for job in jobs(state, status="PROCESSED")["elements"]] == [DONE]


def test_the_waiting_job_is_done_when_its_day_has_come(state: VendorState) -> None:
    state.clock.move(timedelta(days=1))

    assert look(state, {"id": WAITING, "nodeId": NODE})["processedEntities"] == 2


def test_jobs_are_listed_youngest_first(slow: VendorState) -> None:
    ids: list[str] = []
    for _ in range(2):
        slow.clock.move(timedelta(seconds=1))
        ids.insert(0, submit(slow, ONE)["id"])

    assert [job["id"] for job in jobs(slow)["elements"]] == [*ids, WAITING, DONE]


def test_jobs_are_listed_in_another_order_if_asked(state: VendorState) -> None:
    assert [job["id"] for job in jobs(state, sort=["createdAt,asc"])["elements"]] == [DONE, WAITING]
    assert [job["id"] for job in jobs(state, sort=["processedEntities,desc"])["elements"]] == [DONE, WAITING]
    assert [job["id"] for job in jobs(state, sort=["entity", "createdAt,asc"])["elements"]] == [DONE, WAITING]
    assert [job["id"] for job in jobs(state, sort=["entity", "createdAt,DESC"])["elements"]] == [WAITING, DONE]


def test_jobs_are_listed_by_entity(state: VendorState) -> None:
    job = submit(state, "customerId\n", entity="EVENT", eventType="viewedPage")

    assert [found["id"] for found in jobs(state, entity="EVENT")["elements"]] == [job["id"]]


def test_jobs_are_listed_a_page_at_a_time(state: VendorState) -> None:
    found = jobs(state, size=1, page=1)

    assert [job["id"] for job in found["elements"]] == [DONE]
    assert (found["page"]["totalElements"], found["page"]["totalPages"]) == (2, 2)


def test_a_list_is_of_one_node_only(state: VendorState) -> None:
    assert jobs(state, node=OTHER_NODE)["elements"] == []


@pytest.mark.parametrize(("job", "node"), [(NO_ONE, NODE), (WAITING, OTHER_NODE), ("no-uuid", NODE)])
def test_a_job_that_is_not_the_nodes_is_unknown(state: VendorState, job: str, node: str) -> None:
    with pytest.raises(Refused) as caught:
        look(state, {"id": job, "nodeId": node})

    assert (caught.value.status, caught.value.message) == (404, f"bulk job not found {job}")


def test_an_unknown_pace_stops_the_start(state: VendorState) -> None:
    with pytest.raises(Misconfigured, match="bulk_jobs is 'at once' or 'by the clock', not 'soon'"):
        set_pace(state, "soon")
