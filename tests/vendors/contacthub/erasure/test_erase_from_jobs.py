"""Erasure of a customer from bulk jobs: from waiting lines, and from reasons of refusals."""

from datetime import timedelta

import orjson
import pytest

from tests.vendors.contacthub.bulk_calls import load, look, results, submit
from tests.vendors.contacthub.calls import CLIENT, NODE, OTHER_NODE, WORKSPACE, Json, create, sent
from tests.vendors.contacthub.steps import finish
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.bulk.jobs import set_pace
from understudy.vendors.contacthub.bulk.paces import BY_THE_CLOCK
from understudy.vendors.contacthub.erasure.erase_from_jobs import CustomerIdentifiers
from understudy.vendors.contacthub.operations.data_protection import forget_customer
from understudy.vendors.contacthub.operations.sessions import create_session
from understudy.vendors.contacthub.tables import BULK_RECORDS, BULK_RESULTS, CUSTOMERS

WAIT = timedelta(minutes=3)


@pytest.fixture
def slow(state: VendorState) -> VendorState:
    """A state whose jobs wait until its clock is moved."""
    state.clock.set(state.now().replace(microsecond=0), rate=0)
    set_pace(state, BY_THE_CLOCK)
    return state


@pytest.fixture
def ada(slow: VendorState) -> Json:
    customer = create(slow, sent("ada@example.com") | {"externalId": "ada-1"})
    create_session(slow, WORKSPACE, customer["id"], {"value": "ada-session"}, CLIENT)
    return customer


def erase(state: VendorState, customer: str) -> None:
    finish(forget_customer(state, WORKSPACE, customer, CLIENT))


def waiting(state: VendorState) -> str:
    return orjson.dumps([row["records"] for row in state.collection(BULK_RECORDS)]).decode()


@pytest.mark.parametrize(
    "file",
    [
        "externalId,extra\nada-1,telltale\nelse,kept\n",
        "base.contacts.email,extra\nADA@example.com,telltale\nelse@example.com,kept\n",
        'base.contacts,extra\n"{""email"": ""ada@example.com""}",telltale\n"{""email"": ""else@example.com""}",kept\n',
        "id,extra\n{id},telltale\n,kept\n",
    ],
    ids=["external id", "e-mail", "object", "id"],
)
def test_a_line_that_waits_is_gone_with_its_customer(slow: VendorState, ada: Json, file: str) -> None:
    job = submit(slow, file.replace("{id}", ada["id"]))

    erase(slow, ada["id"])

    assert "telltale" not in waiting(slow)
    slow.clock.move(WAIT)
    assert look(slow, job)["failedEntities"] >= 1
    first, second = results(slow, job)
    assert (first["result"], first["message"]) == ("FAILED", "the line's customer has been forgotten")
    assert second["line"] == "2"
    assert slow.collection(CUSTOMERS).first("email", (NODE, "ada@example.com")) is None


@pytest.mark.parametrize(
    ("columns", "named"),
    [
        ("customerId", "{id}"),
        ("bringBackProperties.type,bringBackProperties.value", "EXTERNAL_ID,ada-1"),
        ("bringBackProperties.type,bringBackProperties.value", "SESSION_ID,ada-session"),
    ],
)
def test_an_event_that_waits_is_gone_with_its_customer(slow: VendorState, ada: Json, columns: str, named: str) -> None:
    file = f"{columns},context,properties.keyword\n{named.replace('{id}', ada['id'])},WEB,telltale\n"
    submit(slow, file, entity="EVENT", eventType="searched")

    erase(slow, ada["id"])

    assert "telltale" not in waiting(slow)


def test_lines_of_others_stay(slow: VendorState, ada: Json) -> None:
    submit(slow, "externalId,extra\nelse,ada-1\n")
    before = waiting(slow)

    erase(slow, ada["id"])

    assert waiting(slow) == before


def test_lines_of_another_node_stay(slow: VendorState) -> None:
    elsewhere = create(slow, sent("ada@example.com", node=OTHER_NODE) | {"externalId": "ada-1"})
    submit(slow, "externalId,extra\nada-1,here\n")
    before = waiting(slow)

    erase(slow, elsewhere["id"])

    assert waiting(slow) == before


def test_a_reason_that_quotes_the_customer_is_emptied(state: VendorState) -> None:
    ada = create(state, sent("ada@example.com"))
    file = "base.contacts.email,base.firstName\nada@example.com,Ada\nbroken,Eve\n"
    job = submit(state, file, operation="INSERT")
    look(state, job)
    assert ada["id"] in results(state, job)[0]["message"]

    erase(state, ada["id"])

    first, second = results(state, job)
    assert first == {"line": "1", "id": "", "result": "FAILED", "message": ""}
    assert "/base/contacts/email" in second["message"]


def test_results_keep_no_more_than_the_id(state: VendorState) -> None:
    [line] = load(state, "externalId,base.contacts.email,extra\nada-1,ada@example.com,telltale\n")

    erase(state, line["id"])

    kept = "".join(row["text"] for row in state.collection(BULK_RESULTS))
    assert line["id"] in kept
    assert [mark for mark in ("telltale", "ada-1", "ada@example.com") if mark in kept] == []


@pytest.mark.parametrize(
    ("message", "is_quoted"),
    [
        ('/base/contacts/email "ada@example.com" is not unique', True),
        ('/base {"contacts":{"email":"ADA@example.com"}} is not of type "string"', True),
        ("another customer has the session Ada's visit", True),
        ("Conflict with exiting customer 4711-0", True),
        ("Conflict with exiting customer 4711-01", False),
        ("/base/contacts/email 'nevada@example.com' is not unique", False),
        ("the line has 2 values, the first line 3 columns", False),
    ],
)
def test_a_reason_quotes_what_it_names_as_a_word(message: str, *, is_quoted: bool) -> None:
    trace = CustomerIdentifiers(NODE, frozenset({"ada@example.com", "ada's visit", "4711-0"}))

    assert trace.is_quoted_in(message) is is_quoted
